/*
 * propagation.c  [inside]  which mounts are seen across mount namespaces
 *
 * A new mount namespace is a copy of the old one's table, but where a mount is
 * shared the copies are peers: what is mounted below one appears below the
 * other. There are four kinds:
 *
 *	shared      mounts come in and go out
 *	slave       they come in only
 *	private     neither
 *	unbindable  neither, and it cannot be the source of a bind
 *
 * and each can be set for one mount, or with MS_REC for the tree below it.
 *
 * Step 7 makes everything a slave (or private), so nothing that this process
 * mounts reaches the host. A container whose binds shall be shared with the
 * host (rootPropagation shared) needs the opposite: a slave never becomes a
 * peer again. Then only the mount that the rootfs lies in is closed.
 *
 * The container's own / gets its kind last of all (step 10): from an
 * unbindable mount no path could be bound on itself to make it read-only.
 * Sources: mount_namespaces(7), pivot_root(2).
 */
#include "dockerinit/propagation.h"

#include "dockerinit/leave_chroot.h"
#include "dockerinit/mount.h"

#include "libcontainer/system/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

int propagation_separate(const struct config *config, struct error *err)
{
	bool private = config->privatefs;

	if (config->root_propagation & MS_SHARED)
		return leave_chroot(0, err);
	if (config->root_propagation)
	private = !(config->root_propagation & MS_SLAVE);
	return leave_chroot(private ? MS_PRIVATE : MS_SLAVE, err);
}

/* The root of the mount that fd lies in: upwards until it is one. */
static int find_mount_root(int fd)
{
	struct stat here, above;

	while (fd >= 0 && !mount_is_root(fd)) {
		int up = openat(fd, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);

		if (up >= 0 && fstat(fd, &here) == 0 &&
		    fstat(up, &above) == 0 && here.st_dev == above.st_dev &&
		    here.st_ino == above.st_ino) {
			close(up); /* a chroot's /, which is no mount */
			up = -1;
			errno = EINVAL;
		}
		close(fd);
		fd = up;
	}
	return fd;
}

int propagation_close_parent(const struct init *init, int rootfs_fd,
			     struct error *err)
{
	cleanup_close int fd = -1;

	fd = find_mount_root(
		openat(rootfs_fd, ".", O_PATH | O_DIRECTORY | O_CLOEXEC));
	if (fd < 0)
		return error_errno(err,
				   "find the mount that the rootfs lies in");
	if (mount_on(init, NULL, fd, NULL, MS_PRIVATE, NULL) < 0)
		return error_errno(err, "make the mount that the rootfs lies "
					"in private");
	return 0;
}

/* Each kind is a call of its own. A bind mount for which none is asked gets
 * private: what the host mounts below its source later is not for the
 * container. */
int propagation_set(const struct init *init, const struct mount *m, int fd,
		    struct error *err)
{
	unsigned long in_flags = m->flags & PROPAGATION_FLAGS;

	if (strcmp(m->device, "bind") == 0 && !in_flags &&
	    !m->propagation_flags_len)
		in_flags = MS_PRIVATE | (m->flags & MS_REC);
	else if (in_flags)
		in_flags |= m->flags & MS_REC;
	if (in_flags && mount_on(init, NULL, fd, NULL, in_flags, NULL) < 0)
		return error_errno(err, "set the propagation of %s",
				   m->destination);
	for (size_t i = 0; i < m->propagation_flags_len; i++)
		if (mount_on(init, NULL, fd, NULL, m->propagation_flags[i],
			     NULL) < 0)
			return error_errno(err, "set the propagation of %s",
					   m->destination);
	return 0;
}

int propagation_of_root(const struct config *config, struct error *err)
{
	if (config->root_propagation &&
	    mount(NULL, "/", NULL, config->root_propagation, NULL) < 0)
		return error_errno(err, "set the propagation of /");
	return 0;
}
