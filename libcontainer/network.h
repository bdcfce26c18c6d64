/* network.h  [outside]  the host's half of a container's network devices */
#ifndef LIBCONTAINER_NETWORK_H
#define LIBCONTAINER_NETWORK_H

#include "libcontainer/configs/config.h"
#include "libcontainer/system/error.h"

#include <sys/types.h>

/*
 * network_create - make, for each of config's networks, what has to be made
 * from outside for the process pid. What was made is undone on failure.
 * Returns 0 or -1 with the network's JSON path.
 */
int network_create(const struct config *config, pid_t pid, struct error *err);

#endif
