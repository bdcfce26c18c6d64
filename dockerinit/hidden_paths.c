/*
 * hidden_paths.c  [inside]  read-only and masked paths
 *
 * Parts of /proc and /sys speak about the whole host and are not divided by
 * any namespace: /proc/sysrq-trigger, /proc/kcore, /proc/bus. They cannot be
 * removed, but mounts can cover them: a read-only bind of a path on itself
 * refuses writing, /dev/null over a file or an empty tmpfs over a directory
 * refuses reading. Without CAP_SYS_ADMIN nobody inside can take them off.
 *
 * The places are resolved in the rootfs to descriptors; what covers a file
 * must be the real null device (CVE-2025-31133).
 */
#include "dockerinit/hidden_paths.h"

#include "dockerinit/devices.h"
#include "dockerinit/label.h"
#include "dockerinit/mount.h"
#include "dockerinit/rootfs.h"

#include "libcontainer/system/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>

/* 1 and *fd, 0 when there is nothing at path, or -1. */
static int find(const struct init *init, const char *path, int *fd,
		struct error *err)
{
	*fd = rootfs_open(init->rootfs_fd, path, O_PATH, true);
	if (*fd >= 0)
		return 1;
	if (errno == ENOENT)
		return 0;
	return error_errno(err, "open %s", path);
}

static int make_readonly(const struct init *init, const char *path,
			 struct error *err)
{
	cleanup_close int fd = -1, covered_fd = -1;
	int found = find(init, path, &covered_fd, err);

	if (found <= 0)
		return found;
	if (mount_bind(init, covered_fd, covered_fd, MS_REC) < 0)
		return error_errno(err, "bind %s on itself", path);
	found = find(init, path, &fd, err);
	if (found < 0)
		return -1;
	if (found == 0 || !mount_is_root(fd))
		return error_answer(
			err, "read-only path %s: it moved away meanwhile",
			path);
	if (mount_add_flags(init, fd, MS_RDONLY) < 0)
		return error_errno(err, "make %s read-only", path);
	return 0;
}

int paths_make_readonly(const struct init *init, struct error *err)
{
	char *const *path = init->config->config->readonly_paths;

	for (; path && *path; path++)
		if (make_readonly(init, *path, err) < 0)
			return -1;
	return 0;
}

static int mask_directory(const struct init *init, int fd, const char *path,
			  struct error *err)
{
	cleanup_free char *data = label_mount_data(init, "mode=0555");

	if (mount_on(init, "tmpfs", fd, "tmpfs",
		     MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, data) < 0)
		return error_errno(err, "mask %s with an empty directory",
				   path);
	return 0;
}

int paths_mask(const struct init *init, struct error *err)
{
	char *const *path = init->config->config->mask_paths;
	cleanup_close int null_fd = -1;

	for (; path && *path; path++) {
		cleanup_close int fd = -1;
		int found = find(init, *path, &fd, err);
		struct stat st;

		if (found < 0)
			return -1;
		if (found == 0)
			continue;
		if (fstat(fd, &st) < 0)
			return error_errno(err, "stat %s", *path);
		if (S_ISDIR(st.st_mode)) {
			if (mask_directory(init, fd, *path, err) < 0)
				return -1;
			continue;
		}
		if (null_fd < 0)
			null_fd = devices_open_null(init, err);
		if (null_fd < 0)
			return error_wrap(err, "mask %s", *path);
		if (mount_bind(init, null_fd, fd, 0) < 0)
			return error_errno(err, "mask %s", *path);
	}
	return 0;
}
