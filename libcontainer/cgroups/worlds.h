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
 * what allowed_devices names; denied_devices is taken away last. For an
 * ordinary user the rules of a new config forbid nothing: see manager.h.
 */
const char *cgroup_asked_devices(const struct cgroup *cgroup);

/*
 * cgroup_same_devices - must the rules be written? Not when a living cgroup
 * of m has them already: between two sets of rules all would be forbidden.
 */
bool cgroup_same_devices(const struct cgroup_manager *m,
			 const struct cgroup *cgroup);

/* cgroup_forget - the i-th path is the manager's no longer; nothing is removed.
 */
void cgroup_forget(struct cgroup_manager *m, size_t i);

/*
 * cgroup_leave_out - prepare failed with *err for m->paths[i]. Where we may
 * not make it, it moves to m->left_out and true is returned; the next path is
 * then at i. Parents that are empty now go.
 */
bool cgroup_leave_out(struct cgroup_manager *m, size_t i,
		      const struct error *err);

/* cgroup_not_there - the error for key, which needs a controller that no
 * path has: it is left out, and why, or not mounted at all. */
int cgroup_not_there(const struct cgroup_manager *m, const char *controller,
		     const char *key, struct error *err);

/* The methods both worlds have in common; shared.c. */
int cgroup_join(struct cgroup_manager *m, pid_t pid, struct error *err);
int cgroup_get_pids(struct cgroup_manager *m, pid_t **pids, size_t *len,
		    struct error *err);
int cgroup_destroy(struct cgroup_manager *m, struct error *err);
/* cgroup_destroy_empty - the same for those that are empty; was that all? */
bool cgroup_destroy_empty(struct cgroup_manager *m);

/* cgroup_v1_path - the directory of a controller, NULL if not mounted. */
const char *cgroup_v1_path(const struct cgroup_manager *m, const char *name);

/* cgroup_v2_path - the v2 directory, also of a hybrid manager; or NULL. */
const char *cgroup_v2_path(const struct cgroup_manager *m);
/* cgroup_v2_open - open it for CLONE_INTO_CGROUP. */
int cgroup_v2_open(struct cgroup_manager *m, struct error *err);
/* cgroup_v2_hand_down - have every cgroup above path give its controllers. What
 * one refuses to give matters only to a limit, which then finds no file. */
int cgroup_v2_hand_down(const char *path, const struct cgroup *cgroup,
			struct error *err);

/* What both write to files of the same name; shared.c. Of hugetlb the name's
 * ending differs: hugetlb.2MB.ENDING. */
int cgroup_set_cpuset(const char *dir, const struct cgroup *cgroup,
		      struct error *err);
int cgroup_set_pids(const char *dir, const struct cgroup *cgroup,
		    struct error *err);
int cgroup_set_hugetlb(const char *dir, const char *ending,
		       const struct cgroup *cgroup, struct error *err);

/* v1_limits.c: write what a cgroup asks for. */
int cgroup_v1_set(struct cgroup_manager *m, const struct cgroup *cgroup,
		  struct error *err);
/* v1_cpu.c: cpu_... and which of them is asked for. */
int cgroup_v1_set_cpu(const char *dir, const struct cgroup *cgroup,
		      struct error *err);
const char *cgroup_v1_asked_cpu(const struct cgroup *cgroup);
/* cgroup_v1_write - write the number that a row describes. */
int cgroup_v1_write(const char *dir, const struct cgroup *cgroup,
		    const struct cgroup_limit *row, struct error *err);
/* cgroup_v1_check - did the kernel keep that number, and not do as it likes?
 * Not exact: a lower one will do. */
int cgroup_v1_check(const char *dir, const struct cgroup *cgroup,
		    const struct cgroup_limit *row, bool exact,
		    struct error *err);
/* cgroup_v1_cpuset - fill an empty cpuset from the cgroups above it. fresh:
 * directory was just made, and is empty. */
int cgroup_v1_cpuset(const char *directory, bool fresh, struct error *err);

/* device_rules.c: v1's files. */
int cgroup_v1_set_devices(const char *dir, const struct cgroup *cgroup,
			  struct error *err);

/* io_limits.c: block devices, v1's blkio and v2's io. cgroup_asked_io is the
 * key of the first limit asked for, or NULL. */
const char *cgroup_asked_io(const struct cgroup *cgroup);
int cgroup_v1_set_io(const char *dir, const struct cgroup *cgroup,
		     struct error *err);
int cgroup_v2_set_io(const char *dir, const struct cgroup *cgroup,
		     struct error *err);

/* v1_stats.c, v2_stats.c */
int cgroup_v1_stats(struct cgroup_manager *m, struct cgroup_stats *stats,
		    struct error *err);
int cgroup_v2_stats(struct cgroup_manager *m, struct cgroup_stats *stats,
		    struct error *err);
/* cgroup_hugetlb_stats - one entry for each file hugetlb.SIZE and then ending,
 * with its usage; shared.c. */
void cgroup_hugetlb_stats(const char *directory, const char *ending,
			  struct cgroup_stats *stats);
void cgroup_v2_hugetlb_stats(const char *directory, struct cgroup_stats *stats);

/* v2_limits.c */
int cgroup_v2_set(struct cgroup_manager *m, const struct cgroup *cgroup,
		  struct error *err);
/* cgroup_v2_set_beside - only those limits whose controllers directory has. */
int cgroup_v2_set_beside(const char *directory, const struct cgroup *cgroup,
			 struct error *err);
/* cgroup_v2_has - has the cgroup at directory that controller? 1, 0 or -1. */
int cgroup_v2_has(const char *directory, const char *controller,
		  struct error *err);
/* cgroup_v2_wants - does a limit asked for need that controller? */
bool cgroup_v2_wants(const struct cgroup *cgroup, const char *controller);

#endif
