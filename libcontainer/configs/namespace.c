/* namespace.c  [both]  a namespace that is there already, given by its path
 *
 * A namespace has no name but a file of the kernel's own file system, nsfs:
 * the links in /proc/PID/ns lead there, and such a file can be bound on any
 * path, which keeps the namespace alive without a process ("ip netns add").
 * What the path leads to is asked before setns(2) is tried: another file, or a
 * namespace of another kind, would only be EINVAL then.
 * Sources: namespaces(7), ioctl_ns(2).
 */
#include "libcontainer/configs/namespace.h"

#include "libcontainer/configs/names.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/nsfs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>

int namespace_open(const char *path, int type, struct error *err)
{
	/* A fifo must not let us wait, nor a terminal become ours. */
	cleanup_close int fd =
		open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct statfs fs;
	int found = 0;

	if (fd < 0)
		return error_errno(err, "%s", path);
	if (fstatfs(fd, &fs) < 0)
		return error_errno(err, "look at %s", path);
	if (fs.f_type == NSFS_MAGIC) {
		found = ioctl(fd, NS_GET_NSTYPE);
		if (found < 0)
			return error_errno(err, "ask for the type of %s", path);
	}
	if (found <= 0)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "%s: this is no namespace", path);
	if (found != type)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "%s: this is a namespace of type %s, not %s",
				 path, namespace_file(found),
				 namespace_file(type));
	return steal_fd(&fd);
}

int namespace_is_own(int fd, int type, struct error *err)
{
	cleanup_free char *own =
		xasprintf("/proc/self/ns/%s", namespace_file(type));
	struct stat theirs, ours;

	if (fstat(fd, &theirs) < 0)
		return error_errno(err, "look at a %s namespace",
				   namespace_file(type));
	if (stat(own, &ours) < 0)
		return error_errno(err, "look at %s", own);
	return theirs.st_ino == ours.st_ino && theirs.st_dev == ours.st_dev;
}
