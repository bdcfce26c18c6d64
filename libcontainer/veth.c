/*
 * veth.c  [outside]  one veth pair: a container's cable to a bridge
 *
 * A bridge is a switch, and a veth pair a cable: what goes in at one end comes
 * out at the other. The host end becomes a port of the bridge; the other end,
 * the peer, is born in the container's network namespace, where step 5 gives
 * it its name and its addresses.
 *
 * A namespace takes its devices along when it ends, and of a pair both ends.
 * That is soon after the last process is gone, but not at once, and it never
 * is while somebody else holds the namespace. Therefore who destroys the
 * container deletes the pair. A name alone does not say whose a device is; the
 * host end's alias does, which `ip link` shows: the container's directory.
 * Source: veth(4), bridge(8).
 */
#include "libcontainer/veth.h"

#include "libcontainer/stats.h"
#include "libcontainer/system/address.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/netlink.h"

#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/random.h>

static int find_bridge(int netlink, const char *name, struct link *link,
		       struct error *err)
{
	struct error why;

	if (netlink_link_find(netlink, name, link, &why) < 0) {
		if (why.errnum == ENODEV)
			return error_set(err, ERROR_CONFIG_INVALID,
					 "there is no network device %s here",
					 name);
		if (err)
			*err = why;
		return -1;
	}
	if (strcmp(link->kind, "bridge") != 0)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "the network device %s is no bridge", name);
	return 0;
}

static bool same_address(const struct sockaddr *one,
			 const struct address *other)
{
	struct sockaddr_in ipv4;
	struct sockaddr_in6 ipv6;

	if (!one || one->sa_family != other->family)
		return false;
	if (other->family == AF_INET) {
		memcpy(&ipv4, one, sizeof(ipv4));
		return memcmp(&ipv4.sin_addr, other->bytes, 4) == 0;
	}
	memcpy(&ipv6, one, sizeof(ipv6));
	return memcmp(&ipv6.sin6_addr, other->bytes, 16) == 0;
}

/* What both ends of a cable are called by, neither can be reached by. */
static int refuse_bridges_own(const char *bridge, const char *key,
			      const char *text, struct error *err)
{
	struct ifaddrs *list = NULL, *a;
	struct address wanted;

	if (!address_parse_cidr(text, &wanted))
		return 0;
	if (getifaddrs(&list) < 0)
		return error_errno(err, "list the addresses of %s", bridge);
	for (a = list; a; a = a->ifa_next)
		if (strcmp(a->ifa_name, bridge) == 0 &&
		    same_address(a->ifa_addr, &wanted))
			break;
	if (a)
		error_set(err, ERROR_CONFIG_INVALID,
			  "%s: %s is the own address of the bridge %s", key,
			  text, bridge);
	freeifaddrs(list);
	return a ? -1 : 0;
}

int veth_check(int netlink, const struct network *network, struct error *err)
{
	const char *host = network->host_interface_name;
	struct link link;

	if (find_bridge(netlink, network->bridge, &link, err) < 0)
		return error_wrap(err, "bridge");
	if (host && if_nametoindex(host) != 0)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "host_interface_name: there is a network "
				 "device %s already",
				 host);
	if (refuse_bridges_own(network->bridge, "address", network->address,
			       err) < 0)
		return -1;
	return refuse_bridges_own(network->bridge, "ipv6_address",
				  network->ipv6_address, err);
}

/* prefix and seven random digits that no device here is called by; NULL on
 * failure. */
static char *random_name(const char *prefix, struct error *err)
{
	for (int tries = 0; tries < 10; tries++) {
		cleanup_free char *name = NULL;
		unsigned int number;

		if (getrandom(&number, sizeof(number), 0) != sizeof(number)) {
			error_errno(err, "get random bytes");
			return NULL;
		}
		name = xasprintf("%s%07x", prefix, number & 0xfffffff);
		if (if_nametoindex(name) == 0)
			return steal_ptr(&name);
	}
	error_set(err, ERROR_SYSTEM,
		  "ten random names that begin with %s are all taken", prefix);
	return NULL;
}

int veth_name(struct network *network, struct network_state *state,
	      struct error *err)
{
	const char *prefix =
		network->veth_prefix ? network->veth_prefix : "veth";

	state->temp_veth_peer_name = random_name("veth", err);
	if (!state->temp_veth_peer_name)
		return -1;
	if (!network->host_interface_name)
		network->host_interface_name = random_name(prefix, err);
	return network->host_interface_name ? 0 : -1;
}

int veth_create(int netlink, const struct network *network,
		const struct network_state *state, const char *owner, pid_t pid,
		struct error *err)
{
	const struct veth_pair pair = {
		.host = network->host_interface_name,
		.peer = state->temp_veth_peer_name,
		.pid = pid,
		.mtu = (uint32_t)network->mtu,
		.txqueuelen = (uint32_t)network->txqueuelen,
	};
	struct link bridge;

	if (find_bridge(netlink, network->bridge, &bridge, err) < 0 ||
	    netlink_veth_create(netlink, &pair, err) < 0)
		return -1;
	if (netlink_link_attach(netlink, pair.host, bridge.index, owner, err) <
	    0)
		goto undo;
	if (network->hairpin_mode &&
	    netlink_link_hairpin(netlink, pair.host, err) < 0)
		goto undo;
	if (netlink_link_up(netlink, pair.host, err) < 0)
		goto undo;
	return 0;
undo:
	netlink_link_delete(netlink, pair.host, NULL);
	return -1;
}

/* The alias may have room for the end of a long name alone. */
static bool belongs_to(const struct link *link, const char *owner)
{
	size_t len = strlen(owner);

	if (len > LINK_ALIAS_MAX)
		owner += len - LINK_ALIAS_MAX;
	return strcmp(link->kind, "veth") == 0 &&
	       strcmp(link->alias, owner) == 0;
}

int veth_destroy(int netlink, const struct network *network, const char *owner,
		 struct error *err)
{
	const char *host = network->host_interface_name;
	struct error why;
	struct link link;
	int rc;

	if (!host)
		return 0;
	rc = netlink_link_find(netlink, host, &link, &why);
	if (rc == 0 && belongs_to(&link, owner))
		rc = netlink_link_delete(netlink, host, &why);
	/* The namespace may end, and take it along, while we look. */
	if (rc == 0 || why.errnum == ENODEV)
		return 0;
	if (err)
		*err = why;
	return -1;
}

int veth_stats(int netlink, const struct network *network,
	       struct interface_stats *stats, struct error *err)
{
	const char *host = network->host_interface_name;
	struct link link;

	if (netlink_link_find(netlink, host, &link, err) < 0)
		return -1;
	/* What the host's end sends comes out of the container's. */
	*stats = (struct interface_stats){
		.name = xstrdup(host),
		.rx_bytes = link.sent.bytes,
		.rx_packets = link.sent.packets,
		.rx_errors = link.sent.errors,
		.rx_dropped = link.sent.dropped,
		.tx_bytes = link.received.bytes,
		.tx_packets = link.received.packets,
		.tx_errors = link.received.errors,
		.tx_dropped = link.received.dropped,
	};
	return 0;
}
