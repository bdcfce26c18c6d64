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

#include "libcontainer/interrupt.h"
#include "libcontainer/system/cleanup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SOON_ROUNDS = 500, SOON_MS = 2, LATER_MS = 20, GONE = -2 };

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

/*
 * Try, and try again: flock(2) itself would wait without looking for a fatal
 * signal. For a second often, for whoever only starts a container is done by
 * then; after that waiting is told.
 */
static int lock(int fd, const char *path, int operation,
		void (*waiting)(const char *id), const char *id,
		struct error *err)
{
	cleanup_close int interrupts = -1;

	for (int round = 0; flock(fd, operation | LOCK_NB) < 0; round++) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return error_errno(err, "lock %s", path);
		if (round == 0 && interrupt_open(&interrupts, err) < 0)
			return -1;
		if (round == SOON_ROUNDS && waiting)
			waiting(id);
		if (interrupt_wait(interrupts, -1, 0,
				   round < SOON_ROUNDS ? SOON_MS : LATER_MS,
				   err) < 0)
			return error_wrap(err, "wait for the lock of %s", path);
	}
	return 0;
}

/* Open and lock; GONE also when it has just been removed; -1 with *err. */
static int open_locked(const char *path, int operation,
		       void (*waiting)(const char *id), const char *id,
		       struct error *err)
{
	cleanup_close int fd =
		open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	int there;

	if (fd < 0)
		return errno == ENOENT ? GONE
				       : error_errno(err, "open %s", path);
	if (lock(fd, path, operation, waiting, id, err) < 0)
		return -1;
	there = directory_is_at(fd, path, err);
	if (there < 0)
		return -1;
	return there ? steal_fd(&fd) : GONE;
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
 * is free. Returns 1 with *fd, 0 when it is another's or gone, -1.
 */
static int lock_made(const char *path, int *fd, struct error *err)
{
	cleanup_close int open_one =
		open_locked(path, LOCK_EX, NULL, NULL, err);
	int own;

	if (open_one < 0)
		return open_one == GONE ? 0 : -1;
	own = is_empty(open_one);
	if (own < 0)
		return error_errno(err, "list %s", path);
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
		made = lock_made(path, &fd, err);
		if (made > 0)
			return fd;
		if (made < 0) {
			rmdir(path);
			return -1;
		}
	}
}

int directory_open(const char *path, void (*waiting)(const char *id),
		   const char *id, struct error *err)
{
	int fd = open_locked(path, LOCK_SH, waiting, id, err);

	if (fd == GONE)
		return error_set(err, ERROR_CONTAINER_NOT_EXISTS,
				 "%s: there is no such container", path);
	if (fd < 0)
		return -1;
	flock(fd, LOCK_UN);
	return fd;
}
