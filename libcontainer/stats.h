/* stats.h  [outside]  the figures of a container */
#ifndef LIBCONTAINER_STATS_H
#define LIBCONTAINER_STATS_H

#include "libcontainer/cgroups/stats.h"

/* A veth, by the name of the host's end, as the container sees it: received
 * is what came into the container. */
struct interface_stats {
	char *name;
	uint64_t rx_bytes, rx_packets, rx_errors, rx_dropped;
	uint64_t tx_bytes, tx_packets, tx_errors, tx_dropped;
};

struct stats {
	char *status; /* "orphaned"; NULL: nothing is to be said of it */
	struct interface_stats *interfaces;
	size_t interfaces_len;
	struct cgroup_stats cgroup_stats;
};

/*
 * stats_print - the figures as indented JSON with a final newline, the
 * caller's to free(). The keys are those of libcontainer 2.2.1, and
 * of an orphan "Status".
 */
char *stats_print(const struct stats *stats);

/* stats_free - release what the members own; NULL is allowed. */
void stats_free(struct stats *stats);

#endif
