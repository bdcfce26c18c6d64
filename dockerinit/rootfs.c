/*
 * rootfs.c  [inside]  paths that stay inside the rootfs
 *
 * openat2(2) with RESOLVE_IN_ROOT lets the kernel do what chroot would: it
 * resolves each link against the rootfs and cannot be raced by a rename.
 * Without it we walk ourselves, one part at a time: every directory is held
 * open, a link is read and its text put before what remains, ".." starts again
 * from the root (the parent of an open directory may have been moved out of
 * the rootfs since; a path from the root cannot leave it).
 *
 * Creating works on the parent's descriptor, never on a path (CVE-2024-45310),
 * and only after opening has said ENOENT.
 * Source: openat2(2), path_resolution(7).
 */
#include "dockerinit/rootfs.h"

#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/linux.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { LINKS_MAX = 40, RETRIES = 64 };

int rootfs_open(int root_fd, const char *path, int flags, bool links)
{
	uint64_t resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;

	if (!links)
		resolve |= RESOLVE_NO_SYMLINKS;
	/* EAGAIN: something was renamed while ".." was resolved. */
	for (int i = 0; i < RETRIES; i++) {
		int fd = sys_openat2(root_fd, path,
				     (uint64_t)(flags | O_CLOEXEC), 0, resolve);

		if (fd >= 0)
			return fd;
		/* EPERM: a seccomp profile older than the call. */
		if (errno == ENOSYS || errno == EPERM)
			break;
		if (errno != EAGAIN)
			return -1;
	}
	return rootfs_walk(root_fd, path, flags, links);
}

/* Where a walk stands. */
struct walk {
	int root_fd, fd;
	char done[PATH_MAX]; /* from the root to fd, without links */
	char rest[PATH_MAX]; /* what is still to be walked         */
	int links;
};

static int reopen_root(struct walk *w)
{
	int fd = openat(w->root_fd, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return -1;
	if (w->fd >= 0)
		close(w->fd);
	w->fd = fd;
	w->done[0] = '\0';
	return 0;
}

/* Put text before the rest; text may lie in the rest itself. */
static int push(struct walk *w, const char *text)
{
	cleanup_free char *joined = xasprintf("%s/%s", text, w->rest);

	if (strlen(joined) >= sizeof(w->rest)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(w->rest, joined);
	return 0;
}

/* Take the first part off the rest; *last: it was the last one. false when
 * nothing remains. */
static bool pop(struct walk *w, char part[NAME_MAX + 2], bool *last)
{
	size_t skip = strspn(w->rest, "/");
	size_t len = strcspn(w->rest + skip, "/");
	size_t copied = len <= NAME_MAX ? len : NAME_MAX + 1;
	const char *after = w->rest + skip + len;

	if (len == 0)
		return false;
	memcpy(part, w->rest + skip, copied);
	part[copied] = '\0';
	*last = after[strspn(after, "/")] == '\0';
	memmove(w->rest, after, strlen(after) + 1);
	return true;
}

static int go_up(struct walk *w)
{
	cleanup_free char *parent = xstrdup(w->done);
	char *slash = strrchr(parent, '/');

	if (slash)
		*slash = '\0';
	else
		parent[0] = '\0';
	if (push(w, parent) < 0)
		return -1;
	return reopen_root(w);
}

static int go_down(struct walk *w, const char *part, int flags)
{
	int fd = openat(w->fd, part, flags | O_NOFOLLOW | O_CLOEXEC);
	size_t len = strlen(w->done);
	struct stat st;

	if (fd < 0)
		return -1;
	/* With O_PATH a link that appeared just now is opened itself. */
	if (fstat(fd, &st) < 0 || S_ISLNK(st.st_mode)) {
		close(fd);
		errno = ELOOP;
		return -1;
	}
	close(w->fd);
	w->fd = fd;
	if (len + strlen(part) + 2 > sizeof(w->done)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	snprintf(w->done + len, sizeof(w->done) - len, "/%s", part);
	return 0;
}

/* Follow part if it is a link: 1 followed, 0 it is none, -1 errno. */
static int follow(struct walk *w, const char *part, bool links)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(w->fd, part, target, sizeof(target) - 1);

	if (n < 0)
		return errno == EINVAL ? 0 : -1;
	target[n] = '\0';
	if (!links || ++w->links > LINKS_MAX) {
		errno = ELOOP;
		return -1;
	}
	if (push(w, target) < 0)
		return -1;
	if (target[0] == '/' && reopen_root(w) < 0)
		return -1;
	return 1;
}

/* One part: "." and ".." and links are ways, the rest are places. */
static int step(struct walk *w, const char *part, bool last, int flags,
		bool links)
{
	int followed;

	if (strcmp(part, ".") == 0)
		return 0;
	if (strcmp(part, "..") == 0)
		return go_up(w);
	if (last && (flags & O_NOFOLLOW) && (flags & O_PATH)) {
		int fd = openat(w->fd, part, flags | O_CLOEXEC);

		if (fd < 0)
			return -1;
		close(w->fd);
		w->fd = fd;
		return 0;
	}
	followed = follow(w, part, links && !(last && (flags & O_NOFOLLOW)));
	if (followed != 0)
		return followed < 0 ? -1 : 0;
	return go_down(w, part, last ? flags : O_PATH | O_DIRECTORY);
}

int rootfs_walk(int root_fd, const char *path, int flags, bool links)
{
	struct walk w = { .root_fd = root_fd, .fd = -1 };
	char part[NAME_MAX + 2];
	bool last = false, opened = false;

	if (strlen(path) >= sizeof(w.rest)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(w.rest, path);
	if (reopen_root(&w) < 0)
		return -1;
	while (pop(&w, part, &last)) {
		if (step(&w, part, last, flags, links) < 0) {
			int saved = errno;

			close(w.fd);
			errno = saved;
			return -1;
		}
		opened = last && w.rest[strspn(w.rest, "/")] == '\0' &&
			 strcmp(part, ".") != 0 && strcmp(part, "..") != 0;
	}
	/* A path that ends in the root or in ".." was opened on the way as a
	 * place to pass; now it is wanted itself. */
	if (!opened) {
		int fd = openat(w.fd, ".", flags | O_CLOEXEC);
		int saved = errno;

		close(w.fd);
		errno = saved;
		return fd;
	}
	return w.fd;
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
