/*
 * tree.h  [outside]  a cgroup's directory with all that is below it
 *
 * A container that may write to its cgroups makes more of them below its own;
 * who counts, kills or removes must go down there, too.
 */
#ifndef LIBCONTAINER_CGROUPS_TREE_H
#define LIBCONTAINER_CGROUPS_TREE_H

#include "libcontainer/configs/config.h"
#include "libcontainer/system/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* A list of pids that grows; all zero is the empty one. */
struct pid_list {
	pid_t *pids; /* the owner's: free() */
	size_t len;
};

/* cgroup_pids - append the pids in directory and below it. A directory that is
 * not there has none. Returns 0, or -1 when not all can be read. */
int cgroup_pids(const char *directory, struct pid_list *list,
		struct error *err);

/* cgroup_write_below - write text to that file of directory and of all below
 * it. Those that are gone, or lack the file, are passed over. */
int cgroup_write_below(const char *directory, const char *file,
		       const char *text, struct error *err);

/* What cgroup_make has made. */
struct cgroup_made {
	bool itself;
	size_t above; /* how many of its parents */
};

/*
 * cgroup_make - make directory (0755) and the parents it misses. *made says
 * what was not there before; of a failure nothing is left. One with processes
 * in it is refused: "cgroup PATH is in use: pid N is in it". anew: an empty one
 * that somebody has left there is removed first, so that it is not his.
 */
int cgroup_make(const char *directory, bool anew, struct cgroup_made *made,
		struct error *err);

/* cgroup_unmake - remove what was made again, as far as it is empty. */
void cgroup_unmake(const char *directory, const struct cgroup_made *made);

/*
 * cgroup_remove - remove directory and those below it, the deepest first;
 * waits until deadline (values.h) for processes that are just dying. Already
 * gone is success. A mount point is never touched.
 */
int cgroup_remove(const char *directory, int64_t deadline, struct error *err);

/*
 * cgroup_remove_parents - remove the directories that cgroup names above its
 * own, directory, as long as they are empty. Only those of a relative parent:
 * an absolute one is somebody's own.
 */
void cgroup_remove_parents(const struct cgroup *cgroup, const char *directory);

#endif
