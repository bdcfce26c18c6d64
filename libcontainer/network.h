/* network.h  [outside]  the host's half of a container's network devices */
#ifndef LIBCONTAINER_NETWORK_H
#define LIBCONTAINER_NETWORK_H

#include "libcontainer/configs/config.h"
#include "libcontainer/syncpipe/init_config.h"
#include "libcontainer/system/error.h"

#include <sys/types.h>

struct container;
struct stats;

/*
 * network_check - what only the kernel knows of a valid config (F1): is each
 * bridge there, and a bridge, is no host_interface_name taken? Changes nothing.
 * Returns 0, or -1 with CONFIG_INVALID and the JSON path.
 */
int network_check(const struct config *config, struct error *err);

/*
 * network_name - choose what the config leaves open: the name of each veth's
 * host end becomes host_interface_name, and the one by which step 5 finds its
 * peer goes to init_config->networks, which the caller frees.
 */
int network_name(struct config *config, struct init_config *init_config,
		 struct error *err);

/*
 * network_create - make, for each of the config's networks, what has to be
 * made from outside for the process pid, by the names chosen before (S3). The
 * devices are marked as c's. On failure network_destroy takes back what was
 * made. Returns 0, or -1 with the network's JSON path.
 */
int network_create(const struct container *c,
		   const struct init_config *init_config, pid_t pid,
		   struct error *err);

/* network_destroy - delete the devices that are marked as c's; none is fine. */
int network_destroy(const struct container *c, struct error *err);

/* network_stats - add the veths' figures to stats. Returns 0 or -1. */
int network_stats(const struct config *config, struct stats *stats,
		  struct error *err);

#endif
