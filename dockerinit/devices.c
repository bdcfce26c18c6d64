/*
 * devices.c  [inside]  device nodes and links below /dev
 *
 * A node is only a name for a number; whether it may be opened is decided by
 * the devices cgroup. Nodes are made relative to the descriptor of their
 * directory, and mknodat never follows a link in the last part, so an image
 * whose /dev or /dev/null is a link to the host's gains nothing.
 *
 * In a user namespace mknod is refused (EPERM); there the host's node is bound
 * over an empty file, whose owner root inside is not. Root of the host without
 * CAP_MKNOD gets an error: a bound node would be his to change.
 *
 * The links are those that programs expect: /dev/fd and the three of stdio,
 * /dev/core, and /dev/ptmx, which must lead to the container's own devpts and
 * not to the host's. Source: devpts.rst of the kernel, LSB on /dev.
 */
#include "dockerinit/devices.h"

#include "dockerinit/mount.h"
#include "dockerinit/rootfs.h"

#include "libcontainer/system/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static mode_t node_type(const struct device *device)
{
	if (device->type == 'b')
		return S_IFBLK;
	return device->type == 'p' ? S_IFIFO : S_IFCHR;
}

static dev_t node_number(const struct device *device)
{
	if (device->type == 'p')
		return 0;
	return makedev((unsigned int)device->major,
		       (unsigned int)device->minor);
}

static bool is_node(const struct stat *st, const struct device *device)
{
	return (st->st_mode & S_IFMT) == node_type(device) &&
	       (device->type == 'p' || st->st_rdev == node_number(device));
}

static int bind_node(const struct init *init, const struct device *device,
		     int dir_fd, const char *name, struct error *err)
{
	cleanup_close int source_fd = -1, target_fd = -1, node_fd = -1;
	struct stat st;

	source_fd = open(device->path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (source_fd < 0 || fstat(source_fd, &st) < 0)
		return error_errno(err, "bind device %s: open the host's",
				   device->path);
	if (!is_node(&st, device))
		return error_set(err, ERROR_SYSTEM,
				 "bind device %s: the host's is another one",
				 device->path);
	target_fd = openat(dir_fd, name,
			   O_RDONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			   0600);
	if (target_fd < 0)
		return error_errno(err, "bind device %s", device->path);
	node_fd = mount_clone(source_fd, target_fd, false);
	if (node_fd < 0 || mount_add_flags(init, node_fd, MS_RDONLY) < 0)
		return error_errno(err, "bind device %s", device->path);
	return 0;
}

static int make_node(const struct init *init, const struct device *device,
		     int dir_fd, const char *name, struct error *err)
{
	mode_t mode = node_type(device) | (device->file_mode & 07777);
	struct stat st;

	/* An image may bring its own, or a link in its place. */
	if (fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    !is_node(&st, device) && unlinkat(dir_fd, name, 0) < 0)
		return error_errno(err, "replace %s", device->path);
	if (mknodat(dir_fd, name, mode, node_number(device)) < 0) {
		if (errno == EEXIST)
			return 0;
		if (errno == EPERM && init->in_user_namespace)
			return bind_node(init, device, dir_fd, name, err);
		return error_errno(err, "mknod %s", device->path);
	}
	if (fchownat(dir_fd, name, device->uid, device->gid,
		     AT_SYMLINK_NOFOLLOW) < 0)
		return error_errno(err, "chown %s", device->path);
	return 0;
}

int devices_create(const struct init *init, struct error *err)
{
	const struct config *config = init->config->config;

	for (size_t i = 0; i < config->devices_len; i++) {
		const struct device *device = &config->devices[i];
		cleanup_free char *name = NULL;
		cleanup_close int dir_fd = -1;

		if (!device->path || !*device->path)
			continue;
		dir_fd = rootfs_parent(init->rootfs_fd, device->path, &name,
				       err);
		if (dir_fd < 0)
			return error_wrap(err, "device %s", device->path);
		if (make_node(init, device, dir_fd, name, err) < 0)
			return -1;
	}
	return 0;
}

int devices_link(const struct init *init, struct error *err)
{
	static const struct {
		const char *name, *target;
	} links[] = {
		{ "fd", "/proc/self/fd" },
		{ "stdin", "/proc/self/fd/0" },
		{ "stdout", "/proc/self/fd/1" },
		{ "stderr", "/proc/self/fd/2" },
		{ "core", "/proc/kcore" },
		{ "ptmx", "pts/ptmx" },
	};
	cleanup_close int dev_fd =
		rootfs_create(init->rootfs_fd, "/dev", S_IFDIR, true, err);

	if (dev_fd < 0)
		return -1;
	/* An image's node would be the host's terminals. */
	if (unlinkat(dev_fd, "ptmx", 0) < 0 && errno != ENOENT)
		return error_errno(err, "remove the image's /dev/ptmx");
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		if (symlinkat(links[i].target, dev_fd, links[i].name) < 0 &&
		    errno != EEXIST)
			return error_errno(err, "link /dev/%s to %s",
					   links[i].name, links[i].target);
	return 0;
}

bool devices_is_null(int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return false;
	errno = 0;
	return S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3);
}

int devices_open_null(const struct init *init, struct error *err)
{
	int fd = rootfs_open(init->rootfs_fd, "/dev/null", O_PATH | O_NOFOLLOW,
			     true);

	if (fd < 0)
		return error_errno(err, "open the container's /dev/null");
	if (devices_is_null(fd))
		return fd;
	error_answer(err, "the container's /dev/null is not the null device");
	close(fd);
	return -1;
}
