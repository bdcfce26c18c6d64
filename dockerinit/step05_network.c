/*
 * step05_network.c  [inside]  step 5: initialize the network devices
 *
 * A new network namespace holds one device, lo, and it is down: not even
 * 127.0.0.1 answers. A "loopback" network asks for it to be set up; the kernel
 * itself gives it 127.0.0.1 and ::1 when it comes up. For each "veth" there is
 * a second device, the inner end of the pair that act S3 has made, under a
 * name nobody else has. Here it gets what the config says, in an order that is
 * partly forced: a device that is up cannot be renamed, and a gateway can be
 * reached only through a device that is up and has an address.
 *
 * This is done from inside, because an address or a name belongs to the
 * namespace of the one who sets it. That is also true of the MAC address: where
 * none is asked for it follows from the IPv4 address, for the neighbours
 * remember both together. Did the kernel choose it, whoever spoke to the last
 * container of that address would speak to nobody for up to half a minute.
 * Only a namespace that this container made
 * is touched: one that was joined was set up by its owner, and without any, lo
 * is the host's.
 * Source: rtnetlink(7), veth(4).
 */
#include "dockerinit/inside.h"

#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/netlink.h"

#include <sched.h>
#include <string.h>

/* What the acts below work on. */
struct interface {
	int netlink;
	const struct network *network;
	const char *found; /* as S3 called it       */
	const char *name;  /* as it is to be called */
};

static int rename_it(const struct interface *d, struct error *err)
{
	return netlink_link_rename(d->netlink, d->found, d->name, err);
}

/* The one that is asked for; else 02:42 and the four bytes of the address, as
 * Docker's daemon gave them to its containers. False: the kernel's choice. */
static bool find_mac(const struct network *network, uint8_t mac[MAC_LEN])
{
	struct address address;

	if (mac_parse(network->mac_address, mac))
		return true;
	if (!address_parse_cidr(network->address, &address))
		return false;
	mac[0] = 0x02; /* chosen here, not sold with a device */
	mac[1] = 0x42;
	memcpy(mac + 2, address.bytes, 4);
	return true;
}

static int set_mac(const struct interface *d, struct error *err)
{
	uint8_t mac[MAC_LEN];

	if (!find_mac(d->network, mac))
		return 0;
	return netlink_link_set_mac(d->netlink, d->name, mac, err);
}

static int set_mtu(const struct interface *d, struct error *err)
{
	if (d->network->mtu == 0)
		return 0;
	return netlink_link_set_mtu(d->netlink, d->name,
				    (uint32_t)d->network->mtu, err);
}

static int add_address(const struct interface *d, const char *text,
		       struct error *err)
{
	struct address address;

	if (!address_parse_cidr(text, &address))
		return 0;
	return netlink_address_add(d->netlink, d->name, &address, err);
}

static int add_ipv4(const struct interface *d, struct error *err)
{
	return add_address(d, d->network->address, err);
}

static int add_ipv6(const struct interface *d, struct error *err)
{
	return add_address(d, d->network->ipv6_address, err);
}

static int set_up(const struct interface *d, struct error *err)
{
	return netlink_link_up(d->netlink, d->name, err);
}

static int add_gateway(const struct interface *d, const char *text,
		       struct error *err)
{
	struct address gateway;
	const struct netlink_route route = { .gateway = &gateway,
					     .device = d->name };

	if (!address_parse(text, &gateway))
		return 0;
	if (netlink_route_add(d->netlink, &route, err) < 0)
		return error_wrap(err, "default route by %s", text);
	return 0;
}

static int add_ipv4_gateway(const struct interface *d, struct error *err)
{
	return add_gateway(d, d->network->gateway, err);
}

static int add_ipv6_gateway(const struct interface *d, struct error *err)
{
	return add_gateway(d, d->network->ipv6_gateway, err);
}

//> step-05
/* What is done for a network, in this order, and the key that asks for it
 * (NULL: the network itself). */
struct act {
	const char *key;
	int (*run)(const struct interface *d, struct error *err);
};

static const struct act loopback_acts[] = {
	{ "mtu", set_mtu },
	{ NULL, set_up },
	{ NULL, NULL },
};

static const struct act veth_acts[] = {
	{ "name", rename_it },
	{ "mac_address", set_mac },
	{ "mtu", set_mtu },
	{ "address", add_ipv4 },
	{ "ipv6_address", add_ipv6 },
	{ NULL, set_up },
	{ "gateway", add_ipv4_gateway },
	{ "ipv6_gateway", add_ipv6_gateway },
	{ NULL, NULL },
};
//< step-05

static int initialize(int netlink, const struct init_config *config, size_t i,
		      struct error *err)
{
	const struct network *network = &config->config->networks[i];
	bool veth = strcmp(network->type, "veth") == 0;
	const struct act *act = veth ? veth_acts : loopback_acts;
	struct interface interface = { netlink, network, "lo", "lo" };

	if (veth && i < config->networks_len) {
		interface.found = config->networks[i].temp_veth_peer_name;
		interface.name = network_device(network);
	} else if (veth) {
		return error_set(err, ERROR_SYSTEM,
				 "networks[%zu]: nothing was made for it", i);
	}
	for (; act->run; act++)
		if (act->run(&interface, err) < 0)
			return error_wrap(err, "networks[%zu]%s%s", i,
					  act->key ? "." : "",
					  act->key ? act->key : "");
	return 0;
}

int step05_network(struct init *init, struct error *err)
{
	const struct config *config = init->config->config;
	cleanup_close int netlink = -1;

	if (!config_makes_namespace(config, CLONE_NEWNET) ||
	    !config->networks_len)
		return 0;
	netlink = netlink_open(err);
	if (netlink < 0)
		return -1;
	for (size_t i = 0; i < config->networks_len; i++)
		if (initialize(netlink, init->config, i, err) < 0)
			return -1;
	return 0;
}
