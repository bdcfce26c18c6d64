/* host_mounts.h  [inside]  the host's own mount, where none may be made */
#ifndef DOCKERINIT_HOST_MOUNTS_H
#define DOCKERINIT_HOST_MOUNTS_H

#include "dockerinit/inside.h"

/*
 * host_mount_instead - after mount(2) of m on target_fd has said EPERM in a
 * user namespace: show the host's proc, sysfs or mqueue there, with all that
 * is mounted below it. Returns 0, or -1 with errno; EPERM when nothing of the
 * host's would be the right thing.
 */
int host_mount_instead(const struct init *init, const struct mount *m,
		       int target_fd);

/*
 * devpts_without_group - data without "gid=", for a user namespace that does
 * not have that group; the caller's: free(). NULL when it names none.
 */
char *devpts_without_group(const char *data);

#endif
