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

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { SOON_ROUNDS = 500, SOON_ROUND_MS = 2 }; /* a second */

bool directory_is_at(int fd, const char *path)
{
	struct stat open_one, named;

	/* Who cannot look must not take it for gone, and leave it there. */
	if (fstat(fd, &open_one) < 0)
		return true;
	if (lstat(path, &named) < 0)
		return errno != ENOENT;
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

	if (fd < 0)
		return -1;
	if (!waiting || !lock_soon(fd, operation)) {
		if (waiting && errno == EWOULDBLOCK)
			waiting(id);
		while (flock(fd, operation) < 0)
			if (errno != EINTR)
				return -1;
	}
	if (!directory_is_at(fd, path)) {
		errno = ENOENT;
		return -1;
	}
	return steal_fd(&fd);
}

int directory_create(const char *path, struct error *err)
{
	for (;;) {
		int fd;

		if (mkdir(path, 0700) < 0) {
			if (errno != EEXIST)
				return error_errno(err, "mkdir %s", path);
			return error_set(err, ERROR_ID_IN_USE,
					 "%s exists: the id is in use", path);
		}
		fd = open_locked(path, LOCK_EX, NULL, NULL);
		if (fd >= 0)
			return fd;
		if (errno != ENOENT) {
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
