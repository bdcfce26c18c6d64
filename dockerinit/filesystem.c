/*
 * filesystem.c  [inside]  proc, sysfs, tmpfs, devpts, mqueue: a new instance
 *
 * Each of these shows something of the namespaces of the process that mounts
 * it: proc the pid namespace, sysfs the network's devices, mqueue the ipc
 * namespace's queues. That is why they are mounted by a process that is in
 * all of them already, and cannot be prepared by somebody outside.
 *
 * A proc or sysfs that a link in the image has moved elsewhere would leave
 * masks and labels on a false one (CVE-2019-19921): for these two no part of
 * the destination may be a link.
 */
#include "dockerinit/copy_up.h"
#include "dockerinit/host_mounts.h"
#include "dockerinit/label.h"
#include "dockerinit/mount.h"
#include "dockerinit/propagation.h"
#include "dockerinit/rootfs.h"

#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <errno.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#ifndef MQUEUE_MAGIC
#define MQUEUE_MAGIC 0x19800202
#endif

struct filesystem {
	const char *device;
	long magic;
	bool real_directory; /* no link leads to it                       */
	bool labelled;	     /* takes SELinux' context= as an option      */
};

static const struct filesystem filesystems[] = {
	{ "proc", PROC_SUPER_MAGIC, true, false },
	{ "sysfs", SYSFS_MAGIC, true, false },
	{ "tmpfs", TMPFS_MAGIC, false, true },
	{ "devpts", DEVPTS_SUPER_MAGIC, false, true },
	{ "mqueue", MQUEUE_MAGIC, false, false },
};

static const struct filesystem *find(const char *device)
{
	for (size_t i = 0; i < sizeof(filesystems) / sizeof(*filesystems); i++)
		if (device && strcmp(filesystems[i].device, device) == 0)
			return &filesystems[i];
	return NULL;
}

bool filesystem_is(const char *device)
{
	return find(device) != NULL;
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

/* And what may be had in its place in a user namespace; elsewhere a refusal is
 * an error. -1 with errno. */
static int mount_new(const struct init *init, const struct mount *m,
		     int target_fd, unsigned long flags, const char *data)
{
	const char *source = m->source ? m->source : m->device;
	cleanup_free char *without = NULL;

	if (mount_on(init, source, target_fd, m->device, flags, data) == 0)
		return 0;
	if (!init->in_user_namespace)
		return -1;
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

static int do_mount(const struct init *init, const struct mount *m,
		    const struct filesystem *fs, int target_fd,
		    struct error *err)
{
	cleanup_free char *data = fs->labelled ? label_mount_data(init, m->data)
					       : xstrdup(m->data);
	unsigned long flags = m->flags & ~(unsigned long)PROPAGATION_FLAGS;

	/* Devices and mount points are still to be made in a tmpfs; step 9
	 * makes it read-only. */
	if (fs->magic == TMPFS_MAGIC) {
		flags &= ~(unsigned long)MS_RDONLY;
		if (keep_mode(target_fd, &data) < 0)
			return error_errno(err, "stat %s", m->destination);
	}
	if (mount_new(init, m, target_fd, flags, data) == 0)
		return 0;
	if (m->data)
		return error_errno(err, "mount %s on %s with \"%s\"", m->device,
				   m->destination, m->data);
	return error_errno(err, "mount %s on %s", m->device, m->destination);
}

int filesystem_mount(const struct init *init, const struct mount *m,
		     struct error *err)
{
	const struct filesystem *fs = find(m->device);
	cleanup_close int target_fd = -1, fd = -1;
	struct statfs mounted;

	target_fd = rootfs_create(init->rootfs_fd, m->destination, S_IFDIR,
				  !fs->real_directory, err);
	if (target_fd < 0)
		return error_wrap(err, "mount %s", m->device);
	if (mount_check_target(init, m, target_fd, err) < 0 ||
	    do_mount(init, m, fs, target_fd, err) < 0)
		return -1;
	fd = mount_reopen(init, m, !fs->real_directory, err);
	if (fd < 0)
		return -1;
	if (fstatfs(fd, &mounted) < 0)
		return error_errno(err, "look at the mount %s on %s", m->device,
				   m->destination);
	if (mounted.f_type != fs->magic)
		return error_set(err, ERROR_SYSTEM,
				 "mount %s on %s: another file system is there",
				 m->device, m->destination);
	if (fs->magic == MQUEUE_MAGIC && label_file(init, fd, err) < 0)
		return -1;
	/* target_fd still shows what the image has there. */
	if (m->tmpcopyup && copy_up(target_fd, fd, err) < 0)
		return error_wrap(err, "copy %s up", m->destination);
	return steal_fd(&fd);
}
