/* paths.h  [outside]  the container's directory in each hierarchy */
#ifndef LIBCONTAINER_CGROUPS_PATHS_H
#define LIBCONTAINER_CGROUPS_PATHS_H

#include "libcontainer/cgroups/manager.h"
#include "libcontainer/cgroups/mounts.h"

#include <sys/types.h>

/*
 * cgroup_in_proc - the cgroup of a hierarchy in the text of /proc/PID/cgroup
 * (cgroups(7)), the caller's; NULL when it is not there.
 */
char *cgroup_in_proc(const char *text, const char *controllers);

/* cgroup_read_proc - that text for a living process; 0 is ourselves. */
int cgroup_read_proc(pid_t pid, char **text, struct error *err);

/* cgroup_directory - where a cgroup as /proc shows it is seen below a mount;
 * the caller's; NULL when the mount does not show it. */
char *cgroup_directory(const struct cgroup_mount *mount, const char *cgroup);

/* cgroup_shown - the way back: what /proc shows for a directory. */
char *cgroup_shown(const struct cgroup_mount *mount, const char *directory);

/*
 * cgroup_place - cgroup.path, or cgroup.parent/cgroup.name, as one relative
 * or absolute path, the caller's. NULL and CONFIG_INVALID when it is empty or
 * holds a "..".
 */
char *cgroup_place(const struct cgroup *cgroup, struct error *err);

/* cgroup_paths_find - fill m->paths: the container's directory in each
 * hierarchy. Nothing is made. */
int cgroup_paths_find(struct cgroup_manager *m,
		      const struct cgroup_mounts *mounts, struct error *err);

#endif
