/*
 * mount.c  [inside]  one mount entry, done safely in the rootfs
 *
 * mount(2) takes a path, and a path can be changed under it: a check of the
 * destination followed by a mount on its name is the race of CVE-2021-30465.
 * Here the destination is resolved once into a descriptor, and the path that
 * the kernel gets is that descriptor's magic link in the host's /proc,
 * "self/fd/N", relative to the /proc that step 7 has checked. The descriptor
 * still shows what is under the new mount; so the destination is resolved
 * again after it, and what is found there must be a mount's root of the right
 * kind.
 *
 * What a mount's own flags are can only be said whole: a remount with
 * MS_REMOUNT|MS_BIND replaces all of them. Those that are there (nosuid,
 * nodev, noexec, ro, the kind of atime) are read first and kept: in a user
 * namespace taking one away is refused, and nobody asked for it.
 * Sources: mount(2), mount_setattr(2), proc(5) on /proc/PID/fd.
 */
#include "dockerinit/mount.h"

#include "dockerinit/propagation.h"
#include "dockerinit/rootfs.h"

#include "libcontainer/configs/validate.h"
#include "libcontainer/system/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>

#ifndef ST_NOSYMFOLLOW
#define ST_NOSYMFOLLOW 8192
#endif
#ifndef MOUNT_ATTR_NOSYMFOLLOW
#define MOUNT_ATTR_NOSYMFOLLOW 0x200000
#endif

enum { FD_LINK = 24 };

static void fd_link(char link[FD_LINK], int fd)
{
	snprintf(link, FD_LINK, "self/fd/%d", fd);
}

int mount_on(const struct init *init, const char *source, int target_fd,
	     const char *type, unsigned long flags, const char *data)
{
	char target[FD_LINK];

	fd_link(target, target_fd);
	if (fchdir(init->proc_fd) < 0)
		return -1;
	return mount(source, target, type, flags, data);
}

int mount_bind(const struct init *init, int source_fd, int target_fd,
	       unsigned long flags)
{
	char source[FD_LINK];

	fd_link(source, source_fd);
	return mount_on(init, source, target_fd, NULL, MS_BIND | flags, NULL);
}

int mount_clone(int source_fd, int target_fd, bool recursive)
{
	cleanup_close int tree =
		open_tree(source_fd, "",
			  AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC |
				  (recursive ? AT_RECURSIVE : 0u));

	if (tree < 0 ||
	    move_mount(tree, "", target_fd, "",
		       MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) < 0)
		return -1;
	return steal_fd(&tree);
}

/* A mount's own flags in the three languages of the kernel: what mount(2)
 * takes, what statvfs(3) answers, and what mount_setattr(2) takes. */
static const struct {
	unsigned long ms, st;
	uint64_t attr;
} mount_flags[] = {
	{ MS_RDONLY, ST_RDONLY, MOUNT_ATTR_RDONLY },
	{ MS_NOSUID, ST_NOSUID, MOUNT_ATTR_NOSUID },
	{ MS_NODEV, ST_NODEV, MOUNT_ATTR_NODEV },
	{ MS_NOEXEC, ST_NOEXEC, MOUNT_ATTR_NOEXEC },
	{ MS_NOSYMFOLLOW, ST_NOSYMFOLLOW, MOUNT_ATTR_NOSYMFOLLOW },
	{ MS_NODIRATIME, ST_NODIRATIME, MOUNT_ATTR_NODIRATIME },
	/* One of these three holds; the last is what no other is. */
	{ MS_NOATIME, ST_NOATIME, MOUNT_ATTR_NOATIME },
	{ MS_RELATIME, ST_RELATIME, MOUNT_ATTR_RELATIME },
	{ MS_STRICTATIME, 0, MOUNT_ATTR_STRICTATIME },
};

enum { MOUNT_FLAGS = sizeof(mount_flags) / sizeof(*mount_flags) };

static const unsigned long atime_kinds =
	MS_NOATIME | MS_RELATIME | MS_STRICTATIME;

static unsigned long flags_of(const struct statvfs *now)
{
	unsigned long flags = 0;

	for (size_t i = 0; i < MOUNT_FLAGS; i++)
		if (now->f_flag & mount_flags[i].st)
			flags |= mount_flags[i].ms;
	return flags & atime_kinds ? flags : flags | MS_STRICTATIME;
}

int mount_add_flags(const struct init *init, int fd, unsigned long flags)
{
	unsigned long wanted = 0, kept;
	struct statvfs now;

	for (size_t i = 0; i < MOUNT_FLAGS; i++)
		wanted |= flags & mount_flags[i].ms;
	if (!wanted)
		return 0;
	if (fstatvfs(fd, &now) < 0)
		return -1;
	kept = flags_of(&now);
	if (wanted & atime_kinds)
		kept &= ~atime_kinds;
	return mount_on(init, NULL, fd, NULL,
			MS_REMOUNT | MS_BIND | wanted | kept, NULL);
}

int mount_add_flags_below(int fd, uint64_t flags)
{
	struct mount_attr attr = { 0 };

	for (size_t i = 0; i < MOUNT_FLAGS; i++)
		if (flags & mount_flags[i].ms)
			attr.attr_set |= mount_flags[i].attr;
	if (flags & atime_kinds)
		attr.attr_clr = MOUNT_ATTR__ATIME;
	return mount_setattr(fd, "", AT_EMPTY_PATH | AT_RECURSIVE, &attr,
			     sizeof(attr));
}

bool mount_is_root(int fd)
{
	struct statx st;

	if (statx(fd, "", AT_EMPTY_PATH, 0, &st) < 0)
		return false;
	errno = 0;
	/* Before Linux 5.8 the kernel does not say: that is no yes. */
	if (!(st.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT)) {
		errno = ENOSYS;
		return false;
	}
	return st.stx_attributes & STATX_ATTR_MOUNT_ROOT;
}

bool mount_is_same(int a, int b)
{
	unsigned int mask = STATX_INO | STATX_MNT_ID;
	struct statx one, other;

	if (statx(a, "", AT_EMPTY_PATH, mask, &one) < 0 ||
	    statx(b, "", AT_EMPTY_PATH, mask, &other) < 0)
		return false;
	errno = 0;
	return one.stx_ino == other.stx_ino &&
	       one.stx_dev_major == other.stx_dev_major &&
	       one.stx_dev_minor == other.stx_dev_minor &&
	       one.stx_mnt_id == other.stx_mnt_id;
}

int mount_check_target(const struct init *init, const struct mount *m,
		       int target_fd, struct error *err)
{
	cleanup_free char *plain = path_plain(m->destination);
	struct stat target, root;
	struct statfs fs;

	if (fstat(target_fd, &target) < 0 || fstatfs(target_fd, &fs) < 0 ||
	    fstat(init->rootfs_fd, &root) < 0)
		return error_errno(err, "stat %s", m->destination);
	if (target.st_dev == root.st_dev && target.st_ino == root.st_ino)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "%s on %s: it is the root itself", m->device,
				 m->destination);
	if (fs.f_type != PROC_SUPER_MAGIC)
		return 0;
	if (strcmp(m->device, "bind") == 0 && path_may_cover_proc(plain))
		return 0;
	if (strcmp(m->device, "proc") == 0 && mount_is_root(target_fd))
		return 0;
	return error_set(err, ERROR_CONFIG_INVALID,
			 "%s on %s: inside /proc this is not allowed",
			 m->device, m->destination);
}

int mount_reopen(const struct init *init, const struct mount *m, bool links,
		 struct error *err)
{
	int fd = rootfs_open(init->rootfs_fd, m->destination, O_PATH, links);

	if (fd < 0)
		return error_errno(err, "open %s after mounting it",
				   m->destination);
	if (!mount_is_root(fd)) {
		error_answer(err, "mount on %s: it moved away meanwhile",
			     m->destination);
		close(fd);
		return -1;
	}
	return fd;
}

int mount_entry(const struct init *init, const struct mount *m,
		struct error *err)
{
	cleanup_close int fd = -1;

	if (filesystem_is(m->device))
		fd = filesystem_mount(init, m, err);
	else if (m->device && strcmp(m->device, "bind") == 0)
		fd = bind_mount(init, m, err);
	else if (m->device && strcmp(m->device, "cgroup") == 0)
		fd = cgroup_mount(init, m, err);
	else
		return error_set(err, ERROR_CONFIG_INVALID,
				 "mount on %s: %s is no kind that we mount",
				 m->destination,
				 m->device ? m->device : "\"\"");
	if (fd < 0 || propagation_set(init, m, fd, err) < 0)
		return -1;
	return steal_fd(&fd);
}
