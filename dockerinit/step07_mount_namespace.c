/*
 * step07_mount_namespace.c  [inside]  step 7: a mount table of our own
 *
 * Until here the process saw the host's mounts. unshare(CLONE_NEWNS) copies
 * the table: same mounts, own copy. (In 2015 the flag was part of the clone,
 * and this step had little to do; here /proc/PID/ns/mnt changes between two
 * steps.) The copies are still peers of the originals where the host's mounts
 * are shared: a mount made in one appears in the other. Making everything a
 * slave cuts the way out and leaves the way in; private cuts both
 * (propagation.c). After that no mount is shared, as pivot_root demands of the
 * roots and their parents. (The one who starts us may live in a chroot:
 * leave_chroot.c.)
 *
 * pivot_root also wants a mount point, so the rootfs is bound on itself.
 *
 * Two descriptors are opened for the later steps: the rootfs, below which
 * every path is resolved from now on, and the host's /proc. A path like /proc
 * will soon mean what the image says; writing to a descriptor that was checked
 * here cannot be redirected (CVE-2019-16884, CVE-2025-52881).
 * Sources: mount_namespaces(7), pivot_root(2).
 */
#include "dockerinit/inside.h"
#include "dockerinit/mount.h"
#include "dockerinit/propagation.h"

#include "libcontainer/configs/names.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/resolve.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

//> step-07-unshare
static int make_namespaces(const struct config *config, struct error *err)
{
	int flags = 0;

	if (config_makes_namespace(config, CLONE_NEWNS))
		flags |= CLONE_NEWNS;
	/* Here, because only now the process is in its cgroup, which becomes
	 * the root of what the namespace shows. */
	if (config_makes_namespace(config, CLONE_NEWCGROUP))
		flags |= CLONE_NEWCGROUP;
	if (flags && unshare(flags) < 0)
		return error_errno(err, "unshare the mount namespace");
	return 0;
}
//< step-07-unshare

static int join_mount_namespace(const struct init *init, struct error *err)
{
	for (size_t i = 0; i < init->config->join_len; i++) {
		struct joined_namespace *join = &init->config->join[i];

		if (join->type != CLONE_NEWNS)
			continue;
		if (setns(join->fd, CLONE_NEWNS) < 0)
			return error_errno(err,
					   "setns to the given mnt namespace");
		close(join->fd);
		join->fd = -1;
	}
	return 0;
}

static int open_proc(struct init *init, struct error *err)
{
	struct statfs fs;

	init->proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (init->proc_fd < 0)
		return error_errno(err, "open the host's /proc");
	if (fstatfs(init->proc_fd, &fs) < 0)
		return error_errno(err, "statfs the host's /proc");
	if (fs.f_type != PROC_SUPER_MAGIC)
		return error_set(err, ERROR_SYSTEM,
				 "the host's /proc is no proc file system");
	return 0;
}

/* What a user namespace may not do (mount the host's file systems, make device
 * nodes) steps 8 and 9 do in another way; for others a refusal is an error.
 * The number of the first user namespace is the kernel's for ever. */
static int look_at_user_namespace(struct init *init, struct error *err)
{
	static const ino_t first = 0xEFFFFFFD; /* PROC_USER_INIT_INO */
	struct stat st;

	if (fstatat(init->proc_fd, "self/ns/user", &st, 0) < 0)
		return error_errno(err, "look at the user namespace");
	init->in_user_namespace = st.st_ino != first;
	return 0;
}

/*
 * The descriptor that came down with the config is the folder that act F1 has
 * checked; but it lies in the mount namespace of the outside, from which
 * nothing can be bound. So the path is looked up once more, in this one, and
 * must lead to that very folder: who may rename a parent of it would choose
 * the container's root else.
 */
static int find_rootfs(const struct init *init, struct error *err)
{
	const char *path = init->config->config->rootfs;
	cleanup_close int fd = resolve(AT_FDCWD, path, O_PATH | O_DIRECTORY,
				       RESOLVE_NO_SYMLINKS);

	if (fd < 0)
		return error_errno(err, "open rootfs %s", path);
	if (!same_file(fd, init->config->rootfs_fd))
		return error_answer(err,
				    "rootfs %s is not the folder that was "
				    "checked: it was moved meanwhile",
				    path);
	return steal_fd(&fd);
}

/* From here on no path is looked up but below what was found. */
static int open_rootfs(struct init *init, struct error *err)
{
	const struct config *config = init->config->config;
	cleanup_close int fd = find_rootfs(init, err);

	if (fd < 0)
		return -1;
	if ((config->root_propagation & MS_SHARED) &&
	    propagation_close_parent(init, fd, err) < 0)
		return -1;
	init->rootfs_fd = mount_clone(fd, fd, true);
	if (init->rootfs_fd < 0)
		return error_errno(err, "bind rootfs %s on itself",
				   config->rootfs);
	close(init->config->rootfs_fd);
	init->config->rootfs_fd = -1;
	return 0;
}

static int open_own_root(struct init *init, struct error *err)
{
	init->rootfs_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (init->rootfs_fd < 0)
		return error_errno(err, "open /");
	return 0;
}

//> step-07
int step07_mount_namespace(struct init *init, struct error *err)
{
	const struct config *config = init->config->config;

	if (make_namespaces(config, err) < 0)
		return -1;
	if (config_makes_namespace(config, CLONE_NEWNS) &&
	    propagation_separate(config, err) < 0)
		return -1;
	/* Before a join, for after it /proc is somebody else's. */
	if (open_proc(init, err) < 0 || look_at_user_namespace(init, err) < 0)
		return -1;
	if (join_mount_namespace(init, err) < 0)
		return -1;
	if (init_changes_root(init))
		return open_rootfs(init, err);
	return open_own_root(init, err);
}
//< step-07
