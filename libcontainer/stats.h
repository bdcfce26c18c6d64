/* stats.h  [outside]  the figures of a container */
#ifndef LIBCONTAINER_STATS_H
#define LIBCONTAINER_STATS_H

#include "libcontainer/cgroups/stats.h"

struct stats {
	struct cgroup_stats cgroup_stats;
};

/*
 * stats_print - the figures as indented JSON with a final newline, the
 * caller's to free(). The keys are those of libcontainer 2.2.1.
 */
char *stats_print(const struct stats *stats);

/* stats_free - release what the members own; NULL is allowed. */
void stats_free(struct stats *stats);

#endif
