/*
 * step05_network.c  [inside]  step 5: initialize the network devices
 *
 * A new network namespace holds one device, lo, and it is down: not even
 * 127.0.0.1 answers. A "loopback" network asks for it to be set up; the kernel
 * itself gives it 127.0.0.1 and ::1 when it comes up. This is done from
 * inside, because an address or a name belongs to the namespace of the one who
 * sets it.
 *
 * Only a namespace that this container made is touched: one that was joined
 * was set up by its owner, and without any, lo is the host's.
 * Source: rtnetlink(7).
 */
#include "dockerinit/inside.h"

#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/netlink.h"

#include <sched.h>
#include <string.h>

static bool wants_loopback(const struct config *config)
{
	for (size_t i = 0; i < config->networks_len; i++) {
		const char *type = config->networks[i].type;

		if (type && strcmp(type, "loopback") == 0)
			return true;
	}
	return false;
}

int step05_network(struct init *init, struct error *err)
{
	const struct config *config = init->config->config;
	cleanup_close int netlink = -1;

	if (!config_makes_namespace(config, CLONE_NEWNET) ||
	    !wants_loopback(config))
		return 0;
	netlink = netlink_open(err);
	if (netlink < 0)
		return -1;
	return netlink_link_up(netlink, "lo", err);
}
