/* file.c  [both]  whole files and directories */
#include "libcontainer/system/file.h"

#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int file_read_fd(int fd, size_t limit, char **text, size_t *len,
		 struct error *err)
{
	cleanup_free char *buf = NULL;
	size_t used = 0, size = 0;

	for (;;) {
		ssize_t n;

		if (used + 1 >= size) {
			size = size ? size * 2 : 4096;
			buf = xreallocarray(buf, size, 1);
		}
		n = read(fd, buf + used, size - used - 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_errno(err, "read");
		if (n == 0)
			break;
		used += (size_t)n;
		if (used > limit)
			return error_set(err, ERROR_SYSTEM,
					 "larger than %zu bytes", limit);
	}
	buf[used] = '\0';
	if (len)
		*len = used;
	*text = steal_ptr(&buf);
	return 0;
}

/* Whoever made the file may have made it anything: a fifo that nobody writes
 * to must not let us wait, nor a terminal become ours. */
int file_open(int dirfd, const char *name, int flags, struct error *err)
{
	cleanup_close int fd =
		openat(dirfd, name,
		       O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | flags);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return error_errno(err, "open %s", name);
	if (S_ISREG(st.st_mode))
		return steal_fd(&fd);
	errno = EINVAL;
	return error_set(err, ERROR_SYSTEM, "%s is not a regular file", name);
}

int file_read(const char *path, size_t limit, char **text, size_t *len,
	      struct error *err)
{
	cleanup_close int fd = file_open(AT_FDCWD, path, 0, err);

	if (fd < 0)
		return -1;
	if (file_read_fd(fd, limit, text, len, err) < 0)
		return error_wrap(err, "%s", path);
	return 0;
}

int file_readat(int dirfd, const char *name, size_t limit, char **text,
		struct error *err)
{
	cleanup_close int fd = file_open(dirfd, name, 0, err);

	if (fd < 0)
		return -1;
	if (file_read_fd(fd, limit, text, NULL, err) < 0)
		return error_wrap(err, "%s", name);
	return 0;
}

int file_writeat(int dirfd, const char *name, const char *text,
		 struct error *err)
{
	cleanup_close int fd = openat(dirfd, name, O_WRONLY | O_CLOEXEC);
	size_t len = strlen(text);

	if (fd < 0)
		return error_errno(err, "open %s", name);
	if (write(fd, text, len) != (ssize_t)len)
		return error_errno(err, "write \"%s\" to %s", text, name);
	return 0;
}

int file_write(const char *path, const char *text, struct error *err)
{
	return file_writeat(AT_FDCWD, path, text, err);
}

int write_all(int fd, const void *data, size_t len)
{
	const char *p = data;

	while (len > 0) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

int file_replace(const char *path, const char *text, mode_t mode,
		 struct error *err)
{
	cleanup_free char *tmp = xasprintf("%s.tmp", path);
	cleanup_close int fd = -1;

	unlink(tmp);
	fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
	if (fd < 0)
		return error_errno(err, "create %s", tmp);
	if (write_all(fd, text, strlen(text)) < 0) {
		error_errno(err, "write %s", tmp);
		unlink(tmp);
		return -1;
	}
	if (rename(tmp, path) < 0) {
		error_errno(err, "rename %s to %s", tmp, path);
		unlink(tmp);
		return -1;
	}
	return 0;
}

/* From the leaf up, for mostly all but the leaf is there. */
static int mkdir_parents(char *path, mode_t mode)
{
	char *slash;
	int rc;

	if (mkdir(path, mode) == 0 || errno == EEXIST)
		return 0;
	slash = strrchr(path, '/');
	if (errno != ENOENT || !slash || slash == path)
		return -1;
	*slash = '\0';
	rc = mkdir_parents(path, mode);
	*slash = '/';
	if (rc < 0)
		return -1;
	return mkdir(path, mode) < 0 && errno != EEXIST ? -1 : 0;
}

int mkdir_all(const char *path, mode_t mode, struct error *err)
{
	cleanup_free char *copy = xstrdup(path);
	struct stat st;

	if (mkdir_parents(copy, mode) < 0 || stat(path, &st) < 0)
		return error_errno(err, "mkdir %s", path);
	if (!S_ISDIR(st.st_mode)) {
		errno = ENOTDIR;
		return error_errno(err, "mkdir %s", path);
	}
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

int remove_all(const char *path, struct error *err)
{
	if (nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT) < 0 &&
	    errno != ENOENT)
		return error_errno(err, "remove %s", path);
	return 0;
}

int file_is_there(const char *path, struct error *err)
{
	struct stat st;

	if (lstat(path, &st) == 0)
		return 1;
	return errno == ENOENT ? 0 : error_errno(err, "look at %s", path);
}

bool file_exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}
