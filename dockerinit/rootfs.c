/*
 * rootfs.c  [inside]  paths that stay inside the rootfs
 *
 * openat2(2) with RESOLVE_IN_ROOT lets the kernel do what chroot would: it
 * resolves each link against the rootfs and cannot be raced by a rename.
 *
 * Creating works on the parent's descriptor, never on a path (CVE-2024-45310),
 * and only after opening has said ENOENT.
 * Source: openat2(2), path_resolution(7).
 */
#include "dockerinit/rootfs.h"

#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/resolve.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>

int rootfs_open(int root_fd, const char *path, int flags, bool links)
{
	uint64_t rules = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;

	if (!links)
		rules |= RESOLVE_NO_SYMLINKS;
	return resolve(root_fd, path, flags, rules);
}

int rootfs_parent(int root_fd, const char *path, char **name, struct error *err)
{
	const char *slash = strrchr(path, '/');
	const char *last = slash ? slash + 1 : path;
	cleanup_free char *parent =
		slash ? xstrndup(path, (size_t)(slash - path)) : xstrdup("");
	int fd;

	if (!*last || strcmp(last, ".") == 0 || strcmp(last, "..") == 0)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "%s: does not end in a name", path);
	fd = rootfs_create(root_fd, *parent ? parent : "/", S_IFDIR, true, err);
	if (fd >= 0)
		*name = xstrdup(last);
	return fd;
}

/* The last part of path, whose parent is open. EEXIST is no error: someone
 * made it, or it is "..", and opening it once more will tell. */
static int create_last(int parent_fd, const char *last, mode_t type)
{
	int fd;

	if (S_ISDIR(type))
		return mkdirat(parent_fd, last, 0755) < 0 && errno != EEXIST
			       ? -1
			       : 0;
	fd = openat(parent_fd, last,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0755);
	if (fd < 0)
		return errno == EEXIST ? 0 : -1;
	close(fd);
	return 0;
}

int rootfs_create(int root_fd, const char *path, mode_t type, bool links,
		  struct error *err)
{
	int flags = O_PATH | (S_ISDIR(type) ? O_DIRECTORY : 0);
	cleanup_free char *copy = xstrdup(path);
	cleanup_close int parent_fd = -1;
	size_t len = strlen(copy);
	char *last;
	int fd = rootfs_open(root_fd, *path ? path : "/", flags, links);

	if (fd >= 0)
		return fd;
	if (errno != ENOENT)
		return error_errno(err, "open %s in the rootfs", path);
	while (len > 1 && copy[len - 1] == '/')
		copy[--len] = '\0';
	last = strrchr(copy, '/');
	if (last)
		*last++ = '\0';
	parent_fd = rootfs_create(root_fd, last && *copy ? copy : "/", S_IFDIR,
				  links, err);
	if (parent_fd < 0)
		return -1;
	if (create_last(parent_fd, last ? last : copy, type) < 0)
		return error_errno(err, "create %s in the rootfs", path);
	fd = rootfs_open(root_fd, path, flags, links);
	if (fd < 0 && errno == ENOENT)
		return error_set(err, ERROR_SYSTEM,
				 "%s in the rootfs is a link to nowhere", path);
	if (fd < 0)
		return error_errno(err, "open %s in the rootfs", path);
	return fd;
}
