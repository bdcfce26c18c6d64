/* file.h  [both]  whole files, directories, and paths that stay inside a root
 */
#ifndef LIBCONTAINER_SYSTEM_FILE_H
#define LIBCONTAINER_SYSTEM_FILE_H

#include "libcontainer/system/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/*
 * file_read_fd - everything that is left to read from fd, as a string.
 * limit: bytes allowed; more is an error. *len (may be NULL) gets the length;
 * the text is NUL-terminated, owned by the caller. Returns 0 or -1.
 */
int file_read_fd(int fd, size_t limit, char **text, size_t *len,
		 struct error *err);

/*
 * file_open - a regular file below dirfd, for reading; opening it never waits.
 * flags: more for open(2), such as O_NOFOLLOW. Returns the descriptor, the
 * caller's; or -1, with errno as the kernel set it, and EINVAL when name is a
 * fifo, a device, a directory or a socket.
 */
int file_open(int dirfd, const char *name, int flags, struct error *err);

/* file_read - file_read_fd for a path, as file_open opens it; the message
 * names the path. */
int file_read(const char *path, size_t limit, char **text, size_t *len,
	      struct error *err);

/* file_readat - the same below dirfd; errno is left as the kernel set it. */
int file_readat(int dirfd, const char *name, size_t limit, char **text,
		struct error *err);

/*
 * file_write - write text to an existing file in one write(2), as /proc and
 * cgroup files want it. Returns 0, or -1 with the path and the text in *err.
 */
int file_write(const char *path, const char *text, struct error *err);
int file_writeat(int dirfd, const char *name, const char *text,
		 struct error *err);

/*
 * file_replace - make path hold text, at once: written to path.tmp with
 * mode, then renamed over it. Returns 0 or -1; no .tmp file is left.
 */
int file_replace(const char *path, const char *text, mode_t mode,
		 struct error *err);

/* write_all - write(2) until all len bytes are out. 0, or -1 with errno. */
int write_all(int fd, const void *data, size_t len);

/* mkdir_all - mkdir -p with mode for what is missing. Returns 0 or -1. */
int mkdir_all(const char *path, mode_t mode, struct error *err);

/*
 * remove_all - rm -rf path without following links or leaving its file
 * system. A path that does not exist is success. Returns 0 or -1.
 */
int remove_all(const char *path, struct error *err);

/* file_is_there - is there something at path (not following a last link)? 1, 0,
 * or -1 when the kernel does not tell. */
int file_is_there(const char *path, struct error *err);

/* file_exists - the same; false also when the kernel does not tell. */
bool file_exists(const char *path);

#endif
