/*
 * self.c  [both]  finding dockerinit, and lending it safely
 *
 * A process inside a container can reach the file it was started from through
 * /proc/PID/exe. If that were the host's own dockerinit, root in a container
 * could write to it and wait for the host to run it (CVE-2019-5736). So the
 * child executes it through a detached, read-only clone of its mount
 * (open_tree(2), mount_setattr(2)): the file is the same, but no path of that
 * mount can ever be opened for writing. An ordinary user may not clone mounts;
 * then it is a copy in memory, sealed against every change (memfd_create(2)).
 */
#include "reexec/reexec.h"

#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef LIBEXECDIR
#define LIBEXECDIR "/usr/libexec/libcontainer"
#endif

char *reexec_self(struct error *err)
{
	char self[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);
	cleanup_free char *beside = NULL;
	int beside_errno;
	char *slash;

	if (len < 0) {
		error_errno(err, "find dockerinit: read /proc/self/exe");
		return NULL;
	}
	self[len] = '\0';
	slash = strrchr(self, '/');
	if (slash)
		*slash = '\0';
	beside = xasprintf("%s/dockerinit", self);
	if (access(beside, X_OK) == 0)
		return steal_ptr(&beside);
	beside_errno = errno;
	if (access(LIBEXECDIR "/dockerinit", X_OK) == 0)
		return xstrdup(LIBEXECDIR "/dockerinit");
	/* Where there is none, that is not the reason. */
	if (errno == ENOENT)
		errno = beside_errno;
	error_errno(err, "find dockerinit: neither %s nor %s can be executed",
		    beside, LIBEXECDIR "/dockerinit");
	return NULL;
}

/* The file on a read-only mount of its own that hangs nowhere. */
static int open_clone(const char *path)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_RDONLY };
	cleanup_close int fd =
		open_tree(AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);

	if (fd < 0 ||
	    mount_setattr(fd, "", AT_EMPTY_PATH, &attr, sizeof(attr)) < 0)
		return -1;
	return steal_fd(&fd);
}

/*
 * The kernel makes who executes a file that he may not read non-dumpable, and
 * protects him by the user namespace in which somebody may read it (execve(2),
 * PR_SET_DUMPABLE in prctl(2)). Root of a user namespace may read what belongs
 * to an id of it: so this belongs to an id that nobody has.
 */
static int make_unreadable(int copy)
{
	const uid_t nobodys = (uid_t)-2;

	/* EINVAL: we are in a user namespace, which does not have it either. */
	if (fchown(copy, nobodys, nobodys) < 0 && errno != EINVAL)
		return -1;
	return fchmod(copy, 0111);
}

/* A copy of the file in memory that nobody can change any more. */
static int open_copy(const char *path, bool readable)
{
	cleanup_close int file = open(path, O_RDONLY | O_CLOEXEC);
	cleanup_close int copy =
		memfd_create("dockerinit", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	struct stat st;

	if (file < 0 || copy < 0 || fstat(file, &st) < 0)
		return -1;
	for (off_t left = st.st_size; left > 0;) {
		ssize_t n = sendfile(copy, file, NULL, (size_t)left);

		if (n == 0)
			errno = EIO;
		if (n <= 0)
			return -1;
		left -= n;
	}
	if ((readable ? fchmod(copy, 0555) : make_unreadable(copy)) < 0 ||
	    fcntl(copy, F_ADD_SEALS,
		  F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) < 0)
		return -1;
	return steal_fd(&copy);
}

/* In a user namespace the child is not the file's owner any more. */
static bool others_may_execute(const char *path)
{
	const mode_t mode = S_IROTH | S_IXOTH;
	struct stat st;

	return stat(path, &st) == 0 && (st.st_mode & mode) == mode;
}

int reexec_open(const char *path, enum reexec_kind kind, struct error *err)
{
	int fd = -1;

	if (kind == REEXEC_PLAIN)
		fd = open(path, O_PATH | O_CLOEXEC);
	else if (kind == REEXEC_PROTECTED && others_may_execute(path))
		fd = open_clone(path);
	if (fd < 0 && kind != REEXEC_PLAIN)
		fd = open_copy(path, kind == REEXEC_PROTECTED);
	if (fd < 0)
		return error_errno(err, "open %s", path);
	return fd;
}
