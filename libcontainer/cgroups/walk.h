/* walk.h  [outside]  through a cgroup's directory and all below it */
#ifndef LIBCONTAINER_CGROUPS_WALK_H
#define LIBCONTAINER_CGROUPS_WALK_H

#include "libcontainer/system/error.h"

/*
 * cgroup_walk - call visit with a descriptor of directory, and of each one
 * below it. visit returns 0, or the errno for which the walk ends. It may see
 * one twice. A directory that is not there has nothing. Returns 0, or -1 when
 * not all was seen.
 */
int cgroup_walk(const char *directory, int (*visit)(int fd, void *data),
		void *data, struct error *err);

/* cgroup_remove_once - rmdir directory and those below it, the deepest first.
 * One that stays keeps all above it. Returns 0, or -1 with errno. */
int cgroup_remove_once(const char *directory);

#endif
