/*
 * network.c  [outside]  the host's half of a container's network devices
 *
 * A network is one of three strategies, as in libcontainer:
 *
 *   loopback  A new network namespace is born with its lo, down: the host has
 *             nothing to make for it, and step 5 brings it up from inside.
 *   veth      A cable from the container to a bridge, made here (veth.c),
 *             configured by step 5.
 *   netns     A network namespace that somebody else made: step 4 joins it.
 *
 * So what the host does is all about veths. They are named before state.json
 * is written, and made after that, when there is a process whose namespace the
 * other end goes to.
 */
#include "libcontainer/network.h"

#include "libcontainer/container.h"
#include "libcontainer/stats.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/netlink.h"
#include "libcontainer/veth.h"

#include <stdlib.h>
#include <string.h>

static bool is_veth(const struct network *network)
{
	return network->type && strcmp(network->type, "veth") == 0;
}

/* Most containers have none, and then no socket is made. */
static bool has_veth(const struct config *config)
{
	for (size_t i = 0; i < config->networks_len; i++)
		if (is_veth(&config->networks[i]))
			return true;
	return false;
}

int network_check(const struct config *config, struct error *err)
{
	cleanup_close int netlink = -1;

	if (!has_veth(config))
		return 0;
	netlink = netlink_open(err);
	if (netlink < 0)
		return -1;
	for (size_t i = 0; i < config->networks_len; i++) {
		struct error why;

		if (is_veth(&config->networks[i]) &&
		    veth_check(netlink, &config->networks[i], &why) < 0)
			return error_set(err, why.code, "networks[%zu].%s", i,
					 why.message);
	}
	return 0;
}

int network_name(struct config *config, struct init_config *init_config,
		 struct error *err)
{
	init_config->networks =
		xcalloc(config->networks_len, sizeof(*init_config->networks));
	init_config->networks_len = config->networks_len;
	for (size_t i = 0; i < config->networks_len; i++)
		if (is_veth(&config->networks[i]) &&
		    veth_name(&config->networks[i], &init_config->networks[i],
			      err) < 0)
			return error_wrap(err, "networks[%zu]", i);
	return 0;
}

int network_create(const struct container *c,
		   const struct init_config *init_config, pid_t pid,
		   struct error *err)
{
	const struct config *config = c->config;
	cleanup_close int netlink = -1;

	if (!has_veth(config))
		return 0;
	netlink = netlink_open(err);
	if (netlink < 0)
		return -1;
	for (size_t i = 0; i < config->networks_len; i++)
		if (is_veth(&config->networks[i]) &&
		    veth_create(netlink, &config->networks[i],
				&init_config->networks[i], c->root, pid,
				err) < 0)
			return error_wrap(err, "networks[%zu]", i);
	return 0;
}

int network_destroy(const struct container *c, struct error *err)
{
	const struct config *config = c->config;
	cleanup_close int netlink = -1;

	if (!has_veth(config))
		return 0;
	netlink = netlink_open(err);
	if (netlink < 0)
		return -1;
	for (size_t i = 0; i < config->networks_len; i++)
		if (is_veth(&config->networks[i]) &&
		    veth_destroy(netlink, &config->networks[i], c->root, err) <
			    0)
			return -1;
	return 0;
}

int network_stats(const struct config *config, struct stats *stats,
		  struct error *err)
{
	cleanup_close int netlink = -1;

	if (!has_veth(config))
		return 0;
	netlink = netlink_open(err);
	if (netlink < 0)
		return -1;
	stats->interfaces =
		xcalloc(config->networks_len, sizeof(*stats->interfaces));
	for (size_t i = 0; i < config->networks_len; i++)
		if (is_veth(&config->networks[i]) &&
		    veth_stats(netlink, &config->networks[i],
			       &stats->interfaces[stats->interfaces_len++],
			       err) < 0)
			return -1;
	return 0;
}
