/* veth.h  [outside]  one veth pair: a container's cable to a bridge */
#ifndef LIBCONTAINER_VETH_H
#define LIBCONTAINER_VETH_H

#include "libcontainer/configs/config.h"
#include "libcontainer/syncpipe/init_config.h"
#include "libcontainer/system/error.h"

#include <sys/types.h>

struct interface_stats;

/*
 * Below, netlink is a socket to our network namespace (netlink_open), and
 * network->type is "veth". Errors of veth_check begin with the key.
 */

/* veth_check - is the bridge there, and the host's name free? */
int veth_check(int netlink, const struct network *network, struct error *err);

/* veth_name - fill in host_interface_name, if it is open, and the state. */
int veth_name(struct network *network, struct network_state *state,
	      struct error *err);

/* veth_create - make the pair, with the host end a port of the bridge, up,
 * and owner for its alias. On failure nothing is left of it. */
int veth_create(int netlink, const struct network *network,
		const struct network_state *state, const char *owner, pid_t pid,
		struct error *err);

/* veth_destroy - delete the pair if owner is whose it is; none is fine. */
int veth_destroy(int netlink, const struct network *network, const char *owner,
		 struct error *err);

/* veth_stats - its figures, as the container sees them; name is the
 * caller's to free(). */
int veth_stats(int netlink, const struct network *network,
	       struct interface_stats *stats, struct error *err);

#endif
