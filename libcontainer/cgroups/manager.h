/*
 * manager.h  [outside]  v1 and v2 behind one door
 *
 * The callers know eight words (new, prepare, join, set, get_pids, get_stats,
 * freeze, destroy) and neither of the two worlds.
 *
 * A process enters its cgroup by itself where that is possible: on v1 the
 * single-threaded child writes "0" to each controller's tasks file through
 * descriptors that prepare opened, on v2 clone3 makes it there
 * (CLONE_INTO_CGROUP). A parent that writes the child's pid to cgroup.procs
 * waits 7 to 13 ms for an RCU grace period instead; join does so only where
 * the other ways failed, and otherwise just verifies.
 */
#ifndef LIBCONTAINER_CGROUPS_MANAGER_H
#define LIBCONTAINER_CGROUPS_MANAGER_H

#include "libcontainer/cgroups/stats.h"
#include "libcontainer/configs/config.h"
#include "libcontainer/system/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { CGROUP_PATHS_MAX = 16 };

/* v1: one per mounted hierarchy; hybrid: controller "" is the last, where a
 * limit needs the v2 tree beside them. v2: exactly one, controller "". */
struct cgroup_path {
	char *controller; /* "memory"; joined mounts: "cpu,cpuacct"      */
	char *path;	  /* the directory, absolute                      */
};

/* A directory that prepare may not make, and that no limit needs. */
struct cgroup_left_out {
	char *controller;
	char *why; /* "mkdir /sys/fs/cgroup/...: Permission denied"      */
};

struct cgroup_manager;

struct cgroup_ops {
	int (*prepare)(struct cgroup_manager *m, struct error *err);
	int (*join)(struct cgroup_manager *m, pid_t pid, struct error *err);
	int (*set)(struct cgroup_manager *m, const struct cgroup *cgroup,
		   struct error *err);
	int (*get_pids)(struct cgroup_manager *m, pid_t **pids, size_t *len,
			struct error *err);
	int (*get_stats)(struct cgroup_manager *m, struct cgroup_stats *stats,
			 struct error *err);
	int (*freeze)(struct cgroup_manager *m, bool frozen, struct error *err);
	int (*destroy)(struct cgroup_manager *m, struct error *err);
	/* what the eight words need of each world */
	int (*open)(struct cgroup_manager *m, struct error *err);
	int (*is_frozen)(struct cgroup_manager *m, struct error *err);
	bool (*kill)(struct cgroup_manager *m); /* the kernel does it all */
	/* thaw what the container has frozen itself, below its own */
	int (*thaw_below)(struct cgroup_manager *m, struct error *err);
};

struct cgroup_manager {
	const struct cgroup_ops *ops;
	const struct cgroup *cgroup; /* the limits asked for; the caller's  */
	struct cgroup_path paths[CGROUP_PATHS_MAX];
	char *shown[CGROUP_PATHS_MAX]; /* the same as /proc/PID/cgroup says
					* it; NULL until somebody asks     */
	/* which directories they are, once they are made; else 0 */
	uint64_t inodes[CGROUP_PATHS_MAX];
	size_t paths_len;
	int join_fds[CGROUP_PATHS_MAX]; /* v1: open tasks files, for the child
					 * to write "0" to                 */
	size_t join_fds_len;
	int join_dir; /* v2: for CLONE_INTO_CGROUP, or -1    */
	struct cgroup_left_out left_out[CGROUP_PATHS_MAX];
	size_t left_out_len;
	bool ours;   /* made by prepare, or named by a state or a pid; what
		      * stands there before is not ours to kill or remove */
	bool unborn; /* named by a state that has no process yet: whoever is
		      * in it is somebody else's, and not killed         */
};

/*
 * cgroup_manager_new - where the container's cgroups will be; makes nothing.
 * mount_root: where the hierarchies are mounted; NULL asks mountinfo (tests
 * give a directory of plain files). cgroup must outlive the manager. *out is
 * the caller's: cgroup_manager_free. A machine with no cgroups at all gives a
 * manager with no paths; a limit is then refused by prepare.
 */
int cgroup_manager_new(const struct cgroup *cgroup, const char *mount_root,
		       struct cgroup_manager **out, struct error *err);

/* cgroup_manager_load - the same for paths that a state.json remembers. */
int cgroup_manager_load(const struct cgroup *cgroup,
			const struct cgroup_path *paths, size_t paths_len,
			struct cgroup_manager **out, struct error *err);

/*
 * cgroup_manager_keep_own - inodes: what a state.json remembers of them,
 * numbers by controller. A path at which there is another directory by now is
 * somebody else's cgroup, and forgotten. Returns 0, or -1 when one cannot be
 * looked at.
 */
int cgroup_manager_keep_own(struct cgroup_manager *m,
			    const struct cgroup_path *inodes, size_t len,
			    struct error *err);

/* cgroup_manager_of_pid - the cgroups that a living process is in. */
int cgroup_manager_of_pid(const struct cgroup *cgroup, pid_t pid,
			  struct cgroup_manager **out, struct error *err);

/*
 * cgroup_manager_prepare - make the directories, write the limits, open what
 * the child joins by. A limit whose controller is not there, or that the
 * kernel refuses, is an error that names the key and the file; then nothing is
 * left. A cgroup with processes in it is refused: it is somebody else's.
 *
 * No cgroup unless a limit is asked for: an ordinary user, or who has his
 * cgroups mounted read-only, may make no directories. Where nothing that was
 * asked for needs one, it goes from paths to left_out, which says why, and
 * prepare succeeds; so in the end there may be no paths, and then join, kill
 * and destroy have nothing to do, freeze and get_pids are errors. A limit that
 * does need it is an error with the key and that reason. Device rules that
 * allow what a new config does are nobody's wish where an ordinary user starts
 * the container: he can make no node, and opens what the host lets him.
 * On v2 the place is below our own cgroup's parent if we may make a directory
 * and move processes there, else below our own cgroup (delegation).
 */
int cgroup_manager_prepare(struct cgroup_manager *m, struct error *err);

/* cgroup_manager_open - open what a child joins by, for cgroups that exist. */
int cgroup_manager_open(struct cgroup_manager *m, struct error *err);

/* cgroup_manager_join - see that pid is in every cgroup, or put it there. On
 * v1 a child that is just writing itself in is waited for, up to 50 ms. What
 * prepare or open opened is closed then. */
int cgroup_manager_join(struct cgroup_manager *m, pid_t pid, struct error *err);

/* cgroup_manager_set - write new limits to living cgroups; freezer too. m
 * goes on remembering the limits it was made with. */
int cgroup_manager_set(struct cgroup_manager *m, const struct cgroup *cgroup,
		       struct error *err);

/* cgroup_manager_get_pids - all pids in it; *pids is the caller's. */
int cgroup_manager_get_pids(struct cgroup_manager *m, pid_t **pids, size_t *len,
			    struct error *err);

/* cgroup_manager_get_stats - fill *stats; release with cgroup_stats_free. */
int cgroup_manager_get_stats(struct cgroup_manager *m,
			     struct cgroup_stats *stats, struct error *err);

/* cgroup_manager_was_oom_killed - has the kernel killed something in it because
 * its memory was at the limit? False when that cannot be read. */
bool cgroup_manager_was_oom_killed(const struct cgroup_manager *m);

/* cgroup_manager_freeze - freeze or thaw, and wait until it is so. */
int cgroup_manager_freeze(struct cgroup_manager *m, bool frozen,
			  struct error *err);

/* cgroup_manager_is_frozen - asked of the kernel: 1, also while it is just
 * becoming so; 0, also when the cgroup is gone; -1. */
int cgroup_manager_is_frozen(struct cgroup_manager *m, struct error *err);

/* cgroup_manager_is_empty - is nobody in any of its cgroups, and below? 1, also
 * when it has none or they are gone; 0; -1. */
int cgroup_manager_is_empty(struct cgroup_manager *m, struct error *err);

/* cgroup_manager_kill - SIGKILL every process in it, also one that is frozen,
 * by us or by the container itself; returns when the cgroup is empty, or -1
 * after a deadline of 10 s. A cgroup that prepare did not come to make, or
 * refused, is left alone, here and in destroy. */
int cgroup_manager_kill(struct cgroup_manager *m, struct error *err);

/* cgroup_manager_destroy - remove the directories (and empty parents that
 * are ours to make); those already gone are success. Whoever is still in one
 * is killed first, as by cgroup_manager_kill. */
int cgroup_manager_destroy(struct cgroup_manager *m, struct error *err);

/* cgroup_manager_free - close and release; NULL is allowed. */
void cgroup_manager_free(struct cgroup_manager *m);

#endif
