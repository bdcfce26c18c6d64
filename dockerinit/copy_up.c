/*
 * copy_up.c  [inside]  what a new tmpfs hides, copied into it
 *
 * A tmpfs on /run or /var hides what the image has there. With tmpcopyup it
 * begins as a copy: writable, gone with the container, and the image stays as
 * it was. The image is hostile, so each name is opened below the descriptor of
 * its directory with O_NOFOLLOW, and what was opened is looked at, not what
 * had the name a moment ago.
 */
#include "dockerinit/copy_up.h"

#include "libcontainer/system/cleanup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEPTH_MAX = 128, CHUNK = 1 << 20 };

/* One directory that is being copied. */
struct copy {
	int from_fd, to_fd;
	dev_t dev; /* of all directories that are copied */
	int depth;
};

static int copy_directory(const struct copy *c, struct error *err);

/* The owner first: changing it takes the set-user-id bit away. */
static int set_attributes(int fd, const struct stat *st)
{
	const struct timespec times[2] = { st->st_atim, st->st_mtim };

	if (fchown(fd, st->st_uid, st->st_gid) < 0 ||
	    fchmod(fd, st->st_mode & 07777) < 0)
		return -1;
	return futimens(fd, times);
}

static int copy_bytes(int from, int to)
{
	ssize_t n;

	do
		n = sendfile(to, from, NULL, CHUNK);
	while (n > 0 || (n < 0 && errno == EINTR));
	return n < 0 ? -1 : 0;
}

static int copy_file(const struct copy *c, const char *name)
{
	cleanup_close int from = -1, to = -1;
	struct stat st;

	/* A fifo or a terminal may stand there by now. */
	from = openat(c->from_fd, name,
		      O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY |
			      O_CLOEXEC);
	if (from < 0 || fstat(from, &st) < 0)
		return -1;
	if (!S_ISREG(st.st_mode)) {
		errno = EAGAIN;
		return -1;
	}
	to = openat(c->to_fd, name,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (to < 0 || copy_bytes(from, to) < 0)
		return -1;
	return set_attributes(to, &st);
}

static int copy_link(const struct copy *c, const char *name,
		     const struct stat *st)
{
	char target[PATH_MAX];
	ssize_t n = readlinkat(c->from_fd, name, target, sizeof(target) - 1);

	if (n < 0)
		return -1;
	target[n] = '\0';
	if (symlinkat(target, c->to_fd, name) < 0)
		return -1;
	return fchownat(c->to_fd, name, st->st_uid, st->st_gid,
			AT_SYMLINK_NOFOLLOW);
}

static int copy_node(const struct copy *c, const char *name,
		     const struct stat *st)
{
	/* The umask is step 8's; the mode shall be the node's own. */
	mode_t mask = umask(0);
	int result = mknodat(c->to_fd, name, st->st_mode, st->st_rdev);

	umask(mask);
	if (result < 0)
		return -1;
	return fchownat(c->to_fd, name, st->st_uid, st->st_gid,
			AT_SYMLINK_NOFOLLOW);
}

static int copy_below(const struct copy *c, const char *name, struct error *err)
{
	cleanup_close int from = -1, to = -1;
	struct copy below;
	struct stat st;

	from = openat(c->from_fd, name,
		      O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (from < 0 || fstat(from, &st) < 0)
		return error_errno(err, "open %s", name);
	if (mkdirat(c->to_fd, name, 0700) < 0)
		return error_errno(err, "make %s", name);
	to = openat(c->to_fd, name,
		    O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (to < 0)
		return error_errno(err, "open the new %s", name);
	below = (struct copy){ from, to, c->dev, c->depth + 1 };
	if (st.st_dev == c->dev && copy_directory(&below, err) < 0)
		return error_wrap(err, "in %s", name);
	if (set_attributes(to, &st) < 0)
		return error_errno(err, "set the owner and mode of %s", name);
	return 0;
}

static int copy_entry(const struct copy *c, const char *name, struct error *err)
{
	struct stat st;
	int result;

	if (fstatat(c->from_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return error_errno(err, "stat %s", name);
	if (S_ISDIR(st.st_mode))
		return copy_below(c, name, err);
	if (S_ISREG(st.st_mode))
		result = copy_file(c, name);
	else if (S_ISLNK(st.st_mode))
		result = copy_link(c, name, &st);
	else
		result = copy_node(c, name, &st);
	return result < 0 ? error_errno(err, "copy %s", name) : 0;
}

static int copy_directory(const struct copy *c, struct error *err)
{
	cleanup_closedir DIR *dir = NULL;
	struct dirent *entry;
	int fd;

	if (c->depth > DEPTH_MAX)
		return error_set(err, ERROR_SYSTEM,
				 "folders are more than %d deep", DEPTH_MAX);
	fd = fcntl(c->from_fd, F_DUPFD_CLOEXEC, 0);
	dir = fd < 0 ? NULL : fdopendir(fd);
	if (!dir) {
		error_errno(err, "read a folder");
		if (fd >= 0)
			close(fd);
		return -1;
	}
	for (errno = 0; (entry = readdir(dir)); errno = 0) {
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		if (copy_entry(c, entry->d_name, err) < 0)
			return -1;
	}
	return errno ? error_errno(err, "read a folder") : 0;
}

int copy_up(int from_fd, int to_fd, struct error *err)
{
	cleanup_close int from = -1, to = -1;
	struct stat st, own;
	struct copy c;

	from = openat(from_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	to = openat(to_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (from < 0 || to < 0 || fstat(from, &st) < 0 || fstat(to, &own) < 0)
		return error_errno(err, "open it");
	/* Unless the mount's data gave it to somebody. */
	if (own.st_uid == 0 && own.st_gid == 0 &&
	    fchown(to, st.st_uid, st.st_gid) < 0)
		return error_errno(err, "set its owner");
	c = (struct copy){ from, to, st.st_dev, 0 };
	return copy_directory(&c, err);
}
