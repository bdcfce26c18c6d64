/* validate_network.c  [both]  the rules for networks and routes
 *
 * What each strategy reads is judged, and nothing else: every container.json
 * of 2014 and 2015 gives its loopback the address "127.0.0.1/0" and the
 * gateway "localhost", which nobody ever looked at.
 *
 * A network namespace that is joined belongs to whoever made it, with its
 * devices and its routes. Whether the bridge is there is asked of the kernel,
 * not here (libcontainer/network.c).
 */
#include "libcontainer/configs/validate.h"

#include "libcontainer/configs/names.h"
#include "libcontainer/system/address.h"

#include <sched.h>
#include <string.h>
#include <sys/socket.h>

enum {
	MTU_MIN = 68,	     /* RFC 791: every link carries that              */
	MTU_MIN_IPV6 = 1280, /* RFC 8200; below it, the kernel has no IPv6 */
	MTU_MAX = 65535,
	PREFIX_MAX = 8, /* 7 random digits follow, 15 bytes are a name   */
};

static const char *const types[] = { "loopback", "veth", "netns", NULL };

static bool is_type(const struct network *network, const char *type)
{
	return network->type && strcmp(network->type, type) == 0;
}

/* --- one network ----------------------------------------------------------*/

static int check_type(const struct network *n, size_t i, struct error *err)
{
	const char *nearest;

	if (!n->type)
		return invalid(err, "networks[%zu].type: missing", i);
	for (size_t j = 0; types[j]; j++)
		if (is_type(n, types[j]))
			return 0;
	nearest = nearest_name(n->type, types);
	return invalid(err,
		       "networks[%zu].type: unknown network type \"%s\"%s%s%s",
		       i, n->type, nearest ? "; did you mean \"" : "",
		       nearest ? nearest : "", nearest ? "\"?" : "");
}

static int check_names(const struct network *n, size_t i, struct error *err)
{
	const struct {
		const char *key, *name;
	} rows[] = {
		{ "name", n->name },
		{ "bridge", n->bridge },
		{ "host_interface_name", n->host_interface_name },
		{ "veth_prefix", n->veth_prefix },
	};

	for (size_t j = 0; j < sizeof(rows) / sizeof(rows[0]); j++)
		if (rows[j].name && !device_name_is_legal(rows[j].name))
			return invalid(err,
				       "networks[%zu].%s: \"%s\" is no name of "
				       "a network device (1-15 bytes, none of "
				       "them a space or one of / : %%)",
				       i, rows[j].key, rows[j].name);
	if (n->veth_prefix && strlen(n->veth_prefix) > PREFIX_MAX)
		return invalid(err,
			       "networks[%zu].veth_prefix: longer than %d "
			       "bytes",
			       i, PREFIX_MAX);
	return 0;
}

static int check_numbers(const struct network *n, size_t i, struct error *err)
{
	if (n->mtu != 0 && (n->mtu < MTU_MIN || n->mtu > MTU_MAX))
		return invalid(err,
			       "networks[%zu].mtu: %lld is not between %d and "
			       "%d",
			       i, (long long)n->mtu, MTU_MIN, MTU_MAX);
	if (n->mtu != 0 && n->mtu < MTU_MIN_IPV6 && n->ipv6_address)
		return invalid(err,
			       "networks[%zu].mtu: %lld is less than the %d "
			       "that IPv6 needs",
			       i, (long long)n->mtu, MTU_MIN_IPV6);
	if (n->txqueuelen < 0 || n->txqueuelen > UINT32_MAX)
		return invalid(err,
			       "networks[%zu].txqueuelen: %lld is not between "
			       "0 and %u",
			       i, (long long)n->txqueuelen, UINT32_MAX);
	return 0;
}

static int check_addresses(const struct network *n, size_t i, struct error *err)
{
	const struct {
		const char *key, *text;
		int family;
		bool cidr;
		const char *wanted;
	} rows[] = {
		{ "address", n->address, AF_INET, true,
		  "an IPv4 address with its prefix length (10.0.0.2/24)" },
		{ "gateway", n->gateway, AF_INET, false, "an IPv4 address" },
		{ "ipv6_address", n->ipv6_address, AF_INET6, true,
		  "an IPv6 address with its prefix length (2001:db8::2/64)" },
		{ "ipv6_gateway", n->ipv6_gateway, AF_INET6, false,
		  "an IPv6 address" },
	};

	for (size_t j = 0; j < sizeof(rows) / sizeof(rows[0]); j++) {
		struct address address;
		bool good = rows[j].cidr
				    ? address_parse_cidr(rows[j].text, &address)
				    : address_parse(rows[j].text, &address);

		if (rows[j].text && (!good || address.family != rows[j].family))
			return invalid(
				err, "networks[%zu].%s: \"%s\" is not %s", i,
				rows[j].key, rows[j].text, rows[j].wanted);
	}
	return 0;
}

/* Two addresses of a network are no device's: the first is the network, the
 * last is all of it. A network of one or two has no room for them (RFC 3021),
 * and IPv6 knows neither. */
static int check_host(const char *key, const char *text,
		      const struct address *a, size_t i, struct error *err)
{
	const char *what = NULL;

	if (a->family != AF_INET || a->prefix > 30)
		return 0;
	if (address_is_network(a))
		what = "the network itself";
	else if (address_is_broadcast(a))
		what = "the broadcast address of its network";
	if (!what)
		return 0;
	return invalid(err, "networks[%zu].%s: %s is %s, and no device's", i,
		       key, text, what);
}

static bool is_link_local(const struct address *a)
{
	return a->family == AF_INET6 && a->bytes[0] == 0xfe &&
	       (a->bytes[1] & 0xc0) == 0x80;
}

/* The kernel reaches a gateway by the device's own network alone, or, by
 * IPv6, on the link. */
static int check_reach(const char *key, const char *gateway, const char *own,
		       size_t i, struct error *err)
{
	struct address to, from;

	if (!address_parse(gateway, &to) || is_link_local(&to))
		return 0;
	if (!address_parse_cidr(own, &from))
		return invalid(err,
			       "networks[%zu].%s: %s cannot be reached without "
			       "an address in its network",
			       i, key, gateway);
	if (!address_in_network(&to, &from))
		return invalid(err,
			       "networks[%zu].%s: %s is not in the network of "
			       "the address %s",
			       i, key, gateway, own);
	if (memcmp(to.bytes, from.bytes, address_len(&to)) == 0)
		return invalid(err,
			       "networks[%zu].%s: %s is the container's own "
			       "address",
			       i, key, gateway);
	to.prefix = from.prefix;
	return check_host(key, gateway, &to, i, err);
}

static int check_places(const struct network *n, size_t i, struct error *err)
{
	struct address own;

	if (address_parse_cidr(n->address, &own) &&
	    check_host("address", n->address, &own, i, err) < 0)
		return -1;
	if (check_reach("gateway", n->gateway, n->address, i, err) < 0)
		return -1;
	return check_reach("ipv6_gateway", n->ipv6_gateway, n->ipv6_address, i,
			   err);
}

static int check_mac(const char *text, size_t i, struct error *err)
{
	static const uint8_t zero[MAC_LEN];
	uint8_t mac[MAC_LEN];

	if (!mac_parse(text, mac))
		return invalid(err,
			       "networks[%zu].mac_address: \"%s\" is no MAC "
			       "address (02:42:ac:11:00:02)",
			       i, text);
	/* The first bit on the wire says: to more than one. */
	if (mac[0] & 1 || memcmp(mac, zero, MAC_LEN) == 0)
		return invalid(err,
			       "networks[%zu].mac_address: %s is not the "
			       "address of one device",
			       i, text);
	return 0;
}

static int check_veth(const struct config *config, size_t i, struct error *err)
{
	const struct network *n = &config->networks[i];

	if (!config_makes_namespace(config, CLONE_NEWNET))
		return invalid(err,
			       "networks[%zu].type: a veth needs a network "
			       "namespace of its own, this one is joined",
			       i);
	if (!n->bridge)
		return invalid(err, "networks[%zu].bridge: missing", i);
	if (check_names(n, i, err) < 0 || check_addresses(n, i, err) < 0 ||
	    check_places(n, i, err) < 0)
		return -1;
	return n->mac_address ? check_mac(n->mac_address, i, err) : 0;
}

static int check_netns(const struct config *config, size_t i, struct error *err)
{
	const struct namespace *ns = config_namespace(config, CLONE_NEWNET);
	const char *path = config->networks[i].ns_path;

	if (!path || *path != '/')
		return invalid(err,
			       "networks[%zu].ns_path: an absolute path is "
			       "wanted",
			       i);
	if (!ns->path || strcmp(ns->path, path) != 0)
		return invalid(err,
			       "networks[%zu].ns_path: %s is not the network "
			       "namespace that is joined",
			       i, path);
	return 0;
}

/* --- all of them ----------------------------------------------------------*/

static int check_twice(const struct config *config, size_t i, struct error *err)
{
	const struct network *n = &config->networks[i];
	const char *host = n->host_interface_name;

	if (strcmp(network_device(n), "lo") == 0)
		return invalid(err, "networks[%zu].name: lo is the loopback's",
			       i);
	for (size_t j = 0; j < i; j++) {
		const struct network *other = &config->networks[j];

		if (!is_type(other, "veth"))
			continue;
		if (!strcmp(network_device(n), network_device(other)))
			return invalid(err,
				       "networks[%zu].name: networks[%zu] is "
				       "called %s already",
				       i, j, network_device(n));
		if (host && other->host_interface_name &&
		    !strcmp(host, other->host_interface_name))
			return invalid(err,
				       "networks[%zu].host_interface_name: "
				       "networks[%zu] is called %s already",
				       i, j, host);
	}
	return 0;
}

int validate_networks(const struct config *config, struct error *err)
{
	for (size_t i = 0; i < config->networks_len; i++) {
		const struct network *n = &config->networks[i];

		if (check_type(n, i, err) < 0 || check_numbers(n, i, err) < 0)
			return -1;
		if (is_type(n, "netns") && check_netns(config, i, err) < 0)
			return -1;
		if (is_type(n, "veth") && (check_veth(config, i, err) < 0 ||
					   check_twice(config, i, err) < 0))
			return -1;
	}
	return 0;
}

/* --- routes ---------------------------------------------------------------*/

static bool has_device(const struct config *config, const char *name)
{
	if (strcmp(name, "lo") == 0)
		return true;
	for (size_t i = 0; i < config->networks_len; i++)
		if (is_type(&config->networks[i], "veth") &&
		    !strcmp(network_device(&config->networks[i]), name))
			return true;
	return false;
}

static int check_route_addresses(const struct route *r, size_t i,
				 struct error *err)
{
	const struct {
		const char *key, *text;
		bool plain, cidr;
		const char *wanted;
	} rows[] = {
		{ "destination", r->destination, false, true,
		  "a network (10.0.0.0/8)" },
		{ "source", r->source, true, true, "an address" },
		{ "gateway", r->gateway, true, false, "an address" },
	};
	int family = AF_UNSPEC;

	for (size_t j = 0; j < sizeof(rows) / sizeof(rows[0]); j++) {
		struct address a;

		if (!rows[j].text)
			continue;
		if (!(rows[j].plain && address_parse(rows[j].text, &a)) &&
		    !(rows[j].cidr && address_parse_cidr(rows[j].text, &a)))
			return invalid(err, "routes[%zu].%s: \"%s\" is not %s",
				       i, rows[j].key, rows[j].text,
				       rows[j].wanted);
		if (!rows[j].plain && !address_is_network(&a))
			return invalid(err,
				       "routes[%zu].%s: %s has bits behind its "
				       "prefix",
				       i, rows[j].key, rows[j].text);
		if (family != AF_UNSPEC && a.family != family)
			return invalid(err,
				       "routes[%zu].%s: %s is of another "
				       "family than what stands before it",
				       i, rows[j].key, rows[j].text);
		family = a.family;
	}
	return 0;
}

int validate_routes(const struct config *config, struct error *err)
{
	if (config->routes_len && !config_makes_namespace(config, CLONE_NEWNET))
		return invalid(err, "routes: the network namespace that is "
				    "joined has its own");
	for (size_t i = 0; i < config->routes_len; i++) {
		const struct route *r = &config->routes[i];

		if (!r->destination && !r->source && !r->gateway)
			return invalid(err,
				       "routes[%zu]: one of destination, "
				       "source and gateway is wanted",
				       i);
		if (check_route_addresses(r, i, err) < 0)
			return -1;
		if (!r->interface_name && !r->gateway)
			return invalid(err,
				       "routes[%zu].interface_name: missing, "
				       "there is no gateway to find it by",
				       i);
		if (r->interface_name && !has_device(config, r->interface_name))
			return invalid(err,
				       "routes[%zu].interface_name: none of "
				       "the networks is called \"%s\"",
				       i, r->interface_name);
	}
	return 0;
}
