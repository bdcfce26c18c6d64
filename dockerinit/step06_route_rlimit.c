/*
 * step06_route_rlimit.c  [inside]  step 6: routes and RLIMITs
 *
 * A route says by which device, and by which neighbour there, a destination is
 * reached. The kernel itself adds one for the network of each address; step 5
 * has added those by the gateways of the networks; these are all others. They
 * need devices that are up and have addresses, hence after step 5.
 *
 * Limits belong to the process and are inherited over execve, so the user's
 * program gets what is set here. Lowering is free; raising a hard limit needs
 * CAP_SYS_RESOURCE in the host's user namespace, which this process may not
 * have any more: the outside has raised them already (prlimit, act S4), and
 * only lowering is left. Every later step lives under these limits, too. So
 * the stack, which could not grow any more, grows before to what they need,
 * and of descriptors they keep a few more than a program may have: step 12
 * takes these away.
 * Source: rtnetlink(7), setrlimit(2).
 */
#include "dockerinit/inside.h"

#include "libcontainer/configs/names.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/netlink.h"

#include <errno.h>
#include <string.h>
#include <sys/resource.h>

enum { STACK_LATER = 32 * 1024, FILES_LATER = 32 }; /* for steps 7 to 12 */

static bool same(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

/* The files of June 2014 list the default route a second time. */
static bool is_there(const struct config *config, const struct route *route,
		     const struct address *destination)
{
	if ((route->destination && destination->prefix > 0) || route->source)
		return false;
	for (size_t i = 0; i < config->networks_len; i++) {
		const struct network *n = &config->networks[i];

		if (same(n->type, "veth") &&
		    (same(route->gateway, n->gateway) ||
		     same(route->gateway, n->ipv6_gateway)) &&
		    (!route->interface_name ||
		     same(route->interface_name, network_device(n))))
			return true;
	}
	return false;
}

static const struct address *read_address(const char *text,
					  struct address *address)
{
	if (address_parse(text, address) || address_parse_cidr(text, address))
		return address;
	return NULL;
}

static int add_route(int netlink, const struct config *config, size_t i,
		     struct error *err)
{
	const struct route *route = &config->routes[i];
	struct address destination = { 0 }, source, gateway;
	const struct netlink_route message = {
		.destination = read_address(route->destination, &destination),
		.source = read_address(route->source, &source),
		.gateway = read_address(route->gateway, &gateway),
		.device = route->interface_name,
	};

	if (is_there(config, route, &destination))
		return 0;
	if (netlink_route_add(netlink, &message, err) < 0)
		return error_wrap(err, "routes[%zu]", i);
	return 0;
}

static int add_routes(const struct config *config, struct error *err)
{
	cleanup_close int netlink = -1;

	if (!config->routes_len)
		return 0;
	netlink = netlink_open(err);
	if (netlink < 0)
		return -1;
	for (size_t i = 0; i < config->routes_len; i++)
		if (add_route(netlink, config, i, err) < 0)
			return -1;
	return 0;
}

/* What the stack has grown to stays when its limit falls below. Not inlined, so
 * that the room is given back; the kernel takes none of it back. */
static __attribute__((noinline)) void grow_stack(void)
{
	volatile char *room = __builtin_alloca(STACK_LATER);

	for (size_t i = 0; i < STACK_LATER; i += 1024)
		room[i] = 0;
}

/* How many descriptors that limit leaves to us until step 12, if it is one of
 * descriptors, and lower: no more than we may have now. Else 0. */
static rlim_t files_for_now(const struct rlimit_entry *entry)
{
	struct rlimit now;

	if (entry->type != RLIMIT_NOFILE || entry->soft >= FILES_LATER ||
	    getrlimit(RLIMIT_NOFILE, &now) < 0)
		return 0;
	return now.rlim_max < FILES_LATER ? now.rlim_max : FILES_LATER;
}

//> step-06
static int set_rlimit(const struct rlimit_entry *entry, rlim_t least,
		      struct error *err)
{
	struct rlimit limit = {
		.rlim_cur = entry->soft < least ? least : entry->soft,
		.rlim_max = entry->hard < least ? least : entry->hard
	};
	const char *name = number_to_name(rlimit_names, entry->type);
	struct rlimit now = { 0 };

	if (setrlimit((__rlimit_resource_t)entry->type, &limit) == 0)
		return 0;
	if (errno != EPERM)
		return error_errno(err, "set %s", name ? name : "an rlimit");
	getrlimit((__rlimit_resource_t)entry->type, &now);
	errno = EPERM;
	return error_errno(err, "raise %s from %llu to %llu",
			   name ? name : "an rlimit",
			   (unsigned long long)now.rlim_max,
			   (unsigned long long)entry->hard);
}

int step06_route_rlimit(struct init *init, struct error *err)
{
	const struct config *config = init->config->config;

	if (init->type == INIT_STANDARD && add_routes(config, err) < 0)
		return -1;
	grow_stack();
	for (size_t i = 0; i < config->rlimits_len; i++)
		if (set_rlimit(&config->rlimits[i],
			       files_for_now(&config->rlimits[i]), err) < 0)
			return -1;
	return 0;
}
//< step-06

int rlimits_finish(const struct init *init, struct error *err)
{
	const struct config *config = init->config->config;

	for (size_t i = 0; i < config->rlimits_len; i++)
		if (config->rlimits[i].type == RLIMIT_NOFILE &&
		    set_rlimit(&config->rlimits[i], 0, err) < 0)
			return -1;
	return 0;
}
