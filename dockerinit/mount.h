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
 * mount_clone - bind what source_fd is onto target_fd, which may be the same:
 * a directory becomes a mount's root so. recursive: with what is mounted below
 * it. No path is looked up. Returns an O_PATH descriptor of the new mount's
 * root, the caller's, or -1 with errno. Source: open_tree(2), move_mount(2).
 */
int mount_clone(int source_fd, int target_fd, bool recursive);

/*
 * mount_add_flags - remount the mount whose root fd is, with its own flags
 * kept and flags (MS_RDONLY, MS_NOSUID ...; others are ignored) added; other
 * mounts of the same file system stay as they are. Returns 0, or -1 with
 * errno.
 */
int mount_add_flags(const struct init *init, int fd, unsigned long flags);

/* mount_add_flags_below - the same for all mounts of the tree that begins at
 * fd (mount_setattr(2), Linux 5.12). Returns 0, or -1 with errno. */
int mount_add_flags_below(int fd, uint64_t flags);

/* mount_is_root - is fd the root of a mount? false also when the kernel does
 * not say; errno then says why, else it is 0. */
bool mount_is_root(int fd);

/* mount_is_same - are a and b one file, seen through one mount? (Before Linux
 * 5.8 the kernel does not tell mounts apart.) false also when the kernel does
 * not say; errno then says why, else it is 0. */
bool mount_is_same(int a, int b);

/*
 * mount_check_target - may m be mounted on target_fd? Not on the root itself,
 * and in /proc only what programs merely read. Returns 0 or -1.
 */
int mount_check_target(const struct init *init, const struct mount *m,
		       int target_fd, struct error *err);

/*
 * mount_reopen - open m's destination again, after the mount, and see that a
 * mount is what is there. links: false refuses symbolic links. Returns an
 * O_PATH descriptor, the caller's, or -1 and *err.
 */
int mount_reopen(const struct init *init, const struct mount *m, bool links,
		 struct error *err);

/*
 * The kinds of mounts. Each returns an O_PATH descriptor of the new mount's
 * root, the caller's, or -1 and *err.
 */
int filesystem_mount(const struct init *init, const struct mount *m,
		     struct error *err); /* proc sysfs tmpfs devpts mqueue */
int bind_mount(const struct init *init, const struct mount *m,
	       struct error *err);
int cgroup_mount(const struct init *init, const struct mount *m,
		 struct error *err);

/* filesystem_is - is device one that filesystem_mount mounts? */
bool filesystem_is(const char *device);

/*
 * mount_entry - one entry of config.mounts, into the rootfs. Missing parts of
 * its destination are made. Returns an O_PATH descriptor of the new mount's
 * root, the caller's, or -1.
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
