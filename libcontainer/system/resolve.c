/* resolve.c  [both]  openat2(2): a path that cannot lead astray */
#include "libcontainer/system/resolve.h"

#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/linux.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

enum { RETRIES = 64 };

int resolve(int dir_fd, const char *path, int flags, uint64_t rules)
{
	int fd = -1;

	/* A fifo would make us wait, a terminal would become ours. */
	if (!(flags & O_PATH))
		flags |= O_NONBLOCK | O_NOCTTY;
	/* EAGAIN: something was renamed while ".." was resolved. */
	for (int i = 0; i < RETRIES && fd < 0; i++) {
		fd = sys_openat2(dir_fd, path, (uint64_t)(flags | O_CLOEXEC), 0,
				 rules);
		if (fd < 0 && errno != EAGAIN)
			break;
	}
	return fd;
}

int resolve_is_possible(struct error *err)
{
	cleanup_close int fd = resolve(AT_FDCWD, "/", O_PATH | O_DIRECTORY,
				       RESOLVE_NO_SYMLINKS);

	if (fd < 0)
		return error_errno(err, "resolve / by openat2, which every "
					"start needs (Linux 5.6, and no system "
					"call filter that refuses it)");
	return 0;
}

bool same_file(int a, int b)
{
	struct stat one, two;

	if (fstat(a, &one) < 0 || fstat(b, &two) < 0)
		return false;
	errno = 0;
	return one.st_dev == two.st_dev && one.st_ino == two.st_ino;
}
