/*
 * bridge.c  [outside]  command.json's network.interface -> networks
 *
 * Docker's network mode "bridge" as it was up to 1.6: the daemon allocates an
 * address and names its bridge, and libcontainer makes the cable. (From 1.7 on
 * the daemon makes everything by itself and gives a namespace_path.)
 */
#include "execdriver/native/native.h"

#include "libcontainer/system/address.h"
#include "libcontainer/system/alloc.h"

#include <sys/socket.h>

/* "IP/LENGTH" in *cidr, which is the caller's; NULL when no ip is given. */
static int join_cidr(const char *key, const char *ip, int family, int length,
		     char **cidr, struct error *err)
{
	struct address address;

	*cidr = NULL;
	if (!ip)
		return 0;
	if (!address_parse(ip, &address) || address.family != family)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "network.interface.%s: \"%s\" is not an %s "
				 "address",
				 key, ip, family == AF_INET ? "IPv4" : "IPv6");
	if (length < 1 || length > address.prefix)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "network.interface.%s_prefix_len: %d is not "
				 "between 1 and %d",
				 key, length, address.prefix);
	*cidr = xasprintf("%s/%d", ip, length);
	return 0;
}

int native_bridge(struct config *config, const struct command_network *network,
		  struct error *err)
{
	const struct network_interface *from = network->interface;
	struct network *to;

	if (!from->bridge)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "network.interface.bridge: missing");
	config->networks =
		xreallocarray(config->networks, config->networks_len + 1,
			      sizeof(*config->networks));
	to = &config->networks[config->networks_len++];
	*to = (struct network){
		.type = xstrdup("veth"),
		.name = xstrdup("eth0"),
		.bridge = xstrdup(from->bridge),
		.mac_address = xstrdup(from->mac),
		.gateway = xstrdup(from->gateway),
		.ipv6_gateway = xstrdup(from->ipv6_gateway),
		.mtu = network->mtu,
		.hairpin_mode = from->hairpin_mode,
	};
	if (join_cidr("ip", from->ip, AF_INET, from->ip_prefix_len,
		      &to->address, err) < 0)
		return -1;
	return join_cidr("global_ipv6", from->global_ipv6, AF_INET6,
			 from->global_ipv6_prefix_len, &to->ipv6_address, err);
}
