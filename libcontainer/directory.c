/*
 * directory.c  [outside]  a container's directory is its name-plate and lock
 *
 * mkdir(2) decides who owns an id: it succeeds for one only. flock(2) says
 * that the owner is still at work, and the kernel gives it up when the owner
 * dies, so no crash leaves a lock behind. Between the mkdir and the flock, and
 * between an open and the flock, somebody may remove the directory; therefore
 * everyone looks again, once the lock is held, whether it is still there.
 */
#include "libcontainer/directory.h"

#include "libcontainer/system/cleanup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { SOON_ROUNDS = 500, SOON_ROUND_MS = 2 }; /* a second */

int directory_is_at(int fd, const char *path, struct error *err)
{
	struct stat open_one, named;

	/* Who cannot look must neither take it for gone, and leave it there,
	 * nor for his own, and remove somebody else's. */
	if (fstat(fd, &open_one) < 0)
		return error_errno(err, "look at the open directory of %s",
				   path);
	if (lstat(path, &named) < 0)
		return errno == ENOENT ? 0
				       : error_errno(err, "look at %s", path);
	return open_one.st_ino == named.st_ino &&
	       open_one.st_dev == named.st_dev;
}

/* Try for a second; whoever only starts a container is done by then. */
static bool lock_soon(int fd, int operation)
{
	const struct timespec round = { 0, SOON_ROUND_MS * 1000000L };

	for (int i = 0; i < SOON_ROUNDS; i++) {
		if (flock(fd, operation | LOCK_NB) == 0)
			return true;
		if (errno != EWOULDBLOCK)
			return false;
		nanosleep(&round, NULL);
	}
	errno = EWOULDBLOCK;
	return false;
}

/* Open and lock; -1 with errno. ENOENT also when it has just been removed. */
static int open_locked(const char *path, int operation,
		       void (*waiting)(const char *id), const char *id)
{
	cleanup_close int fd =
		open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int there;

	if (fd < 0)
		return -1;
	if (!waiting || !lock_soon(fd, operation)) {
		if (waiting && errno == EWOULDBLOCK)
			waiting(id);
		while (flock(fd, operation) < 0)
			if (errno != EINTR)
				return -1;
	}
	there = directory_is_at(fd, path, NULL);
	if (there == 0)
		errno = ENOENT;
	return there == 1 ? steal_fd(&fd) : -1;
}

/* 1, 0 or -1 with errno. */
static int is_empty(int fd)
{
	int own = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cleanup_closedir DIR *stream = own < 0 ? NULL : fdopendir(own);
	struct dirent *entry;

	if (!stream) {
		if (own >= 0)
			close(own);
		return -1;
	}
	while ((errno = 0, entry = readdir(stream)))
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			return 0;
	return errno ? -1 : 1;
}

/*
 * Lock what mkdir has made. Somebody may have taken it for what a crash left,
 * have removed it and made his own there: that one is not empty once its lock
 * is free. Returns 1 with *fd, 0 when it is another's or gone, -1 with errno.
 */
static int lock_made(const char *path, int *fd)
{
	cleanup_close int open_one = open_locked(path, LOCK_EX, NULL, NULL);
	int own = open_one < 0 ? -1 : is_empty(open_one);

	if (open_one < 0 && errno == ENOENT)
		return 0;
	if (own > 0)
		*fd = steal_fd(&open_one);
	return own;
}

int directory_create(const char *path, struct error *err)
{
	for (;;) {
		int fd, made;

		if (mkdir(path, 0700) < 0) {
			if (errno != EEXIST)
				return error_errno(err, "mkdir %s", path);
			return error_set(err, ERROR_ID_IN_USE,
					 "%s exists: the id is in use", path);
		}
		made = lock_made(path, &fd);
		if (made > 0)
			return fd;
		if (made < 0) {
			error_errno(err, "lock %s", path);
			rmdir(path);
			return -1;
		}
	}
}

int directory_open(const char *path, void (*waiting)(const char *id),
		   const char *id, struct error *err)
{
	int fd = open_locked(path, LOCK_SH, waiting, id);

	if (fd < 0 && errno == ENOENT)
		return error_set(err, ERROR_CONTAINER_NOT_EXISTS,
				 "%s: there is no such container", path);
	if (fd < 0)
		return error_errno(err, "open %s", path);
	flock(fd, LOCK_UN);
	return fd;
}
