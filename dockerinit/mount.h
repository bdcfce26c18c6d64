/* mount.h  [inside]  mount(2), onto descriptors instead of paths */
#ifndef DOCKERINIT_MOUNT_H
#define DOCKERINIT_MOUNT_H

#include "dockerinit/inside.h"

/*
 * mount_on - mount(2) with the place given by target_fd. Needs proc_fd.
 * Changes the working directory. Returns 0, or -1 with errno.
 */
int mount_on(const struct init *init, const char *source, int target_fd,
	     const char *type, unsigned long flags, const char *data);

/* mount_bind - bind what source_fd is onto target_fd; flags: 0 or MS_REC. */
int mount_bind(const struct init *init, int source_fd, int target_fd,
	       unsigned long flags);

/*
 * mount_add_flags - remount the mount whose root fd is, with its own flags
 * kept and flags (MS_RDONLY, MS_NOSUID ...) added; other mounts of the same
 * file system stay as they are. Returns 0, or -1 with errno.
 */
int mount_add_flags(const struct init *init, int fd, unsigned long flags);

/* mount_is_root - is fd the root of a mount? */
bool mount_is_root(int fd);

/*
 * mount_entry - one entry of config.mounts, into the rootfs. Missing parts of
 * its destination are made. Returns 0 or -1.
 */
int mount_entry(const struct init *init, const struct mount *mount,
		struct error *err);

/*
 * mount_commands - run premount_cmds or postmount_cmds, one after the other;
 * the first that fails is the error, with the end of what it printed.
 */
int mount_commands(const struct mount_command *commands, size_t len,
		   struct error *err);

#endif
