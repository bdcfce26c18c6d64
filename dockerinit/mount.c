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
 * A bind mount cannot be made read-only in one call: the flags of the first
 * mount(2) are ignored, a second one, MS_REMOUNT|MS_BIND, sets them. It sets
 * all of them, so those that the source has (nosuid, nodev, noexec, ro) are
 * read first and kept.
 * Sources: mount(2), proc(5) on /proc/PID/fd.
 */
#include "dockerinit/mount.h"

#include "dockerinit/host_mounts.h"
#include "dockerinit/label.h"
#include "dockerinit/rootfs.h"

#include "libcontainer/system/alloc.h"
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

#ifndef MQUEUE_MAGIC
#define MQUEUE_MAGIC 0x19800202
#endif

enum { FD_LINK = 24 };

/* The flags that belong to a mount and not to its file system. */
static const unsigned long mount_flags =
	MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_NOATIME |
	MS_NODIRATIME | MS_RELATIME | MS_STRICTATIME | MS_NOSYMFOLLOW;

static const unsigned long propagation_flags =
	MS_SHARED | MS_SLAVE | MS_PRIVATE | MS_UNBINDABLE;

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

int mount_add_flags(const struct init *init, int fd, unsigned long flags)
{
	struct statvfs now;

	if (fstatvfs(fd, &now) < 0)
		return -1;
	/* A remount that names no atime flag keeps the one there is. */
	flags |= now.f_flag & (ST_RDONLY | ST_NOSUID | ST_NODEV | ST_NOEXEC);
	return mount_on(init, NULL, fd, NULL, MS_REMOUNT | MS_BIND | flags,
			NULL);
}

bool mount_is_root(int fd)
{
	struct statx st;

	if (statx(fd, "", AT_EMPTY_PATH, 0, &st) < 0)
		return false;
	/* Before Linux 5.8 the kernel does not say. */
	if (!(st.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT))
		return true;
	return st.stx_attributes & STATX_ATTR_MOUNT_ROOT;
}

/* The file systems that we mount. A proc or sysfs that a link has moved
 * elsewhere would leave masks and labels on a false one (CVE-2019-19921). */
struct filesystem {
	const char *device;
	long magic;
	bool real_directory;
};

static const struct filesystem filesystems[] = {
	{ "proc", PROC_SUPER_MAGIC, true },
	{ "sysfs", SYSFS_MAGIC, true },
	{ "tmpfs", TMPFS_MAGIC, false },
	{ "devpts", DEVPTS_SUPER_MAGIC, false },
	{ "mqueue", MQUEUE_MAGIC, false },
};

static const struct filesystem *find_filesystem(const char *device)
{
	for (size_t i = 0; i < sizeof(filesystems) / sizeof(*filesystems); i++)
		if (device && strcmp(filesystems[i].device, device) == 0)
			return &filesystems[i];
	return NULL;
}

/* Open the destination again, and see that the mount is what is there. */
static int open_mounted(const struct init *init, const struct mount *m,
			bool links, struct error *err)
{
	int fd = rootfs_open(init->rootfs_fd, m->destination, O_PATH, links);

	if (fd < 0)
		return error_errno(err, "open %s after mounting it",
				   m->destination);
	if (!mount_is_root(fd)) {
		close(fd);
		return error_set(err, ERROR_SYSTEM,
				 "mount on %s: it moved away meanwhile",
				 m->destination);
	}
	return fd;
}

/* A tmpfs hides a directory of the image, and takes over its mode when the
 * data names none. */
static int keep_mode(int target_fd, char **data)
{
	struct stat st;
	char *with;

	if (*data && strstr(*data, "mode="))
		return 0;
	if (fstat(target_fd, &st) < 0)
		return -1;
	with = xasprintf("%s%smode=%o", *data ? *data : "",
			 *data && **data ? "," : "", st.st_mode & 07777);
	free(*data);
	*data = with;
	return 0;
}

/* And what may be had in its place in a user namespace. -1 with errno. */
static int mount_new(const struct init *init, const struct mount *m,
		     int target_fd, unsigned long flags, const char *data)
{
	const char *source = m->source ? m->source : m->device;
	cleanup_free char *without = NULL;

	if (mount_on(init, source, target_fd, m->device, flags, data) == 0)
		return 0;
	if (errno == EPERM)
		return host_mount_instead(init, m, target_fd);
	/* The group tty, whom the user namespace may not have. */
	if (errno != EINVAL || strcmp(m->device, "devpts") != 0)
		return -1;
	without = devpts_without_group(data);
	errno = EINVAL;
	if (!without ||
	    mount_on(init, source, target_fd, m->device, flags, without) < 0)
		return -1;
	init_note(init, "%s without gid=: no such group in the user namespace",
		  m->destination);
	return 0;
}

static int mount_filesystem(const struct init *init, const struct mount *m,
			    const struct filesystem *fs, struct error *err)
{
	bool links = !fs->real_directory;
	cleanup_free char *data = label_mount_data(init, m->data);
	cleanup_close int target_fd = -1;
	unsigned long flags = m->flags & ~propagation_flags;
	struct statfs mounted;
	int fd;

	target_fd = rootfs_create(init->rootfs_fd, m->destination, S_IFDIR,
				  links, err);
	if (target_fd < 0)
		return error_wrap(err, "mount %s", m->device);
	/* Devices and mount points are still to be made in a tmpfs; step 9
	 * makes it read-only. */
	if (fs->magic == TMPFS_MAGIC) {
		flags &= ~(unsigned long)MS_RDONLY;
		if (keep_mode(target_fd, &data) < 0)
			return error_errno(err, "stat %s", m->destination);
	}
	if (mount_new(init, m, target_fd, flags, data) < 0)
		return error_errno(err, "mount %s on %s", m->device,
				   m->destination);
	fd = open_mounted(init, m, links, err);
	if (fd < 0)
		return -1;
	if (fstatfs(fd, &mounted) < 0 || mounted.f_type != fs->magic) {
		close(fd);
		return error_set(err, ERROR_SYSTEM,
				 "mount %s on %s: another file system is there",
				 m->device, m->destination);
	}
	return fd;
}

/* What lies in /proc speaks for the kernel; only these may be replaced. */
static const char *const proc_files[] = { "/proc/cpuinfo", "/proc/diskstats",
					  "/proc/loadavg", "/proc/meminfo",
					  "/proc/net/dev", "/proc/slabinfo",
					  "/proc/stat",	   "/proc/swaps",
					  "/proc/uptime",  NULL };

static int check_bind_target(const struct init *init, const struct mount *m,
			     int target_fd, struct error *err)
{
	struct statfs fs;
	struct stat target, root;

	if (fstat(target_fd, &target) < 0 || fstatfs(target_fd, &fs) < 0 ||
	    fstat(init->rootfs_fd, &root) < 0)
		return error_errno(err, "stat %s", m->destination);
	if (target.st_dev == root.st_dev && target.st_ino == root.st_ino)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "bind on %s: it is the root itself",
				 m->destination);
	if (fs.f_type != PROC_SUPER_MAGIC)
		return 0;
	for (const char *const *file = proc_files; *file; file++)
		if (strcmp(*file, m->destination) == 0)
			return 0;
	return error_set(err, ERROR_CONFIG_INVALID,
			 "bind on %s: inside /proc this is not allowed",
			 m->destination);
}

static bool same_file(int a, int b)
{
	struct stat one, two;

	return fstat(a, &one) == 0 && fstat(b, &two) == 0 &&
	       one.st_dev == two.st_dev && one.st_ino == two.st_ino;
}

static int bind_entry(const struct init *init, const struct mount *m,
		      struct error *err)
{
	cleanup_close int source_fd = -1, target_fd = -1, fd = -1;
	struct stat st;

	source_fd = open(m->source, O_PATH | O_CLOEXEC);
	if (source_fd < 0 || fstat(source_fd, &st) < 0)
		return error_errno(err, "bind %s on %s: open the source",
				   m->source, m->destination);
	target_fd = rootfs_create(init->rootfs_fd, m->destination,
				  S_ISDIR(st.st_mode) ? S_IFDIR : S_IFREG, true,
				  err);
	if (target_fd < 0)
		return error_wrap(err, "bind %s", m->source);
	if (check_bind_target(init, m, target_fd, err) < 0)
		return -1;
	if (mount_bind(init, source_fd, target_fd, m->flags & MS_REC) < 0)
		return error_errno(err, "bind %s on %s", m->source,
				   m->destination);
	fd = open_mounted(init, m, true, err);
	if (fd < 0)
		return -1;
	if (!same_file(fd, source_fd))
		return error_set(err, ERROR_SYSTEM,
				 "bind %s on %s: another file is there",
				 m->source, m->destination);
	if ((m->flags & mount_flags) &&
	    mount_add_flags(init, fd, m->flags & mount_flags) < 0)
		return error_errno(err, "remount %s with its flags",
				   m->destination);
	return steal_fd(&fd);
}

/* Each kind of propagation is a call of its own. A bind mount for which none
 * is asked gets private: what the host mounts below its source later is not
 * for the container. */
static int set_propagation(const struct init *init, const struct mount *m,
			   int fd, struct error *err)
{
	unsigned long in_flags = m->flags & propagation_flags;

	if (strcmp(m->device, "bind") == 0 && !in_flags &&
	    !m->propagation_flags_len)
		in_flags = MS_PRIVATE | (m->flags & MS_REC);
	else if (in_flags)
		in_flags |= m->flags & MS_REC;
	if (in_flags && mount_on(init, NULL, fd, NULL, in_flags, NULL) < 0)
		return error_errno(err, "set the propagation of %s",
				   m->destination);
	for (size_t i = 0; i < m->propagation_flags_len; i++)
		if (mount_on(init, NULL, fd, NULL, m->propagation_flags[i],
			     NULL) < 0)
			return error_errno(err, "set the propagation of %s",
					   m->destination);
	return 0;
}

int mount_entry(const struct init *init, const struct mount *m,
		struct error *err)
{
	const struct filesystem *fs = find_filesystem(m->device);
	cleanup_close int fd = -1;

	if (fs)
		fd = mount_filesystem(init, m, fs, err);
	else if (m->device && strcmp(m->device, "bind") == 0)
		fd = bind_entry(init, m, err);
	else
		return error_set(err, ERROR_CONFIG_INVALID,
				 "mount on %s: %s is no kind that we mount",
				 m->destination,
				 m->device ? m->device : "\"\"");
	if (fd < 0)
		return -1;
	return set_propagation(init, m, fd, err);
}
