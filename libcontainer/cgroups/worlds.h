/* worlds.h  [outside]  what manager.c, v1 and v2 share behind the door */
#ifndef LIBCONTAINER_CGROUPS_WORLDS_H
#define LIBCONTAINER_CGROUPS_WORLDS_H

#include "libcontainer/cgroups/manager.h"

extern const struct cgroup_ops cgroup_v1_ops;
extern const struct cgroup_ops cgroup_v2_ops;

/* An integer member of struct cgroup and the file that takes it. */
struct cgroup_limit {
	const char *file;
	size_t offset;	 /* of an int64_t: 0 not asked for, -1 no limit */
	const char *key; /* in config.json, for messages                */
};

#define LIMIT(f, m)                                            \
	{                                                      \
		(f), offsetof(struct cgroup, m), "cgroups." #m \
	}

/* cgroup_limit_value - the member that a row describes. */
int64_t cgroup_limit_value(const struct cgroup *cgroup,
			   const struct cgroup_limit *row);

/*
 * cgroup_asked_devices - the key of the device rules when there are some that
 * forbid something, else NULL. Without allow_all_devices all is forbidden but
 * what allowed_devices names; denied_devices is taken away last.
 */
const char *cgroup_asked_devices(const struct cgroup *cgroup);

/*
 * cgroup_same_devices - must the rules be written? Not when a living cgroup
 * of m has them already: between two sets of rules all would be forbidden.
 */
bool cgroup_same_devices(const struct cgroup_manager *m,
			 const struct cgroup *cgroup);

/* The methods both worlds have in common; manager.c. */
int cgroup_join(struct cgroup_manager *m, pid_t pid, struct error *err);
int cgroup_get_pids(struct cgroup_manager *m, pid_t **pids, size_t *len,
		    struct error *err);
int cgroup_destroy(struct cgroup_manager *m, struct error *err);

/* cgroup_v1_path - the directory of a controller, NULL if not mounted. */
const char *cgroup_v1_path(const struct cgroup_manager *m, const char *name);

/* v1_limits.c: write what a cgroup asks for. */
int cgroup_v1_set(struct cgroup_manager *m, const struct cgroup *cgroup,
		  struct error *err);
/* cgroup_v1_asks - is a limit asked for that one of these controllers (a list
 * as in struct cgroup_path; NULL: any) would keep? */
bool cgroup_v1_asks(const struct cgroup *cgroup, const char *controllers);
/* cgroup_v1_cpuset - fill an empty cpuset from the cgroups above it. */
int cgroup_v1_cpuset(const char *directory, struct error *err);

/* v1_stats.c, v2_stats.c */
int cgroup_v1_stats(struct cgroup_manager *m, struct cgroup_stats *stats,
		    struct error *err);
int cgroup_v2_stats(struct cgroup_manager *m, struct cgroup_stats *stats,
		    struct error *err);

/* v2_limits.c */
int cgroup_v2_set(struct cgroup_manager *m, const struct cgroup *cgroup,
		  struct error *err);
/* cgroup_v2_wants - does a limit asked for need that controller? */
bool cgroup_v2_wants(const struct cgroup *cgroup, const char *controller);

#endif
