/*
 * null_device.c  [outside]  a null device that is not the host's
 *
 * Who holds a descriptor may change the mode and the owner of its file, if he
 * is root or owns it, and no mount namespace is in his way. Standard input that
 * is /dev/null, as every daemon's is, would thus give the host's device away to
 * root in a container, and chmod 0 of it stops half the host.
 *
 * So the container gets another inode of the same device: a node 1:3 in a file
 * system of its own, a tmpfs that is mounted nowhere (fsmount(2)) and goes with
 * the last descriptor. Nothing of the image is looked at for it, and it is made
 * here, outside, for whoever starts and whoever joins: later there may be no
 * privilege left to make it, and no device cgroup that allows it.
 *
 * An ordinary user may make no node (mknod(2) wants CAP_MKNOD of the first user
 * namespace). In his containers the host's stays: its owner is not among their
 * ids, and so nobody in there may change it.
 * Sources: fsopen(2), fsmount(2), mknod(2), user_namespaces(7).
 */
#include "libcontainer/null_device.h"

#include "libcontainer/system/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* What the container sees as the link of its descriptors. */
static const char folder[] = "dev", file[] = "dev/null";

static int make_tmpfs(void)
{
	cleanup_close int context = fsopen("tmpfs", FSOPEN_CLOEXEC);

	if (context < 0 ||
	    fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		return -1;
	return fsmount(context, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOEXEC);
}

/* A new null device, open for reading and writing; -1 with errno. */
static int make(void)
{
	cleanup_close int root = make_tmpfs();

	if (root < 0 || mkdirat(root, folder, 0755) < 0 ||
	    mknodat(root, file, S_IFCHR | 0666, makedev(1, 3)) < 0 ||
	    fchmodat(root, file, 0666, 0) < 0) /* whatever the umask is */
		return -1;
	return openat(root, file, O_RDWR | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC);
}

/* Is the owner of that file, a number of ours, somebody in the container? */
static bool has_owner(const struct config *config, uid_t owner)
{
	if (!config_namespace(config, CLONE_NEWUSER) ||
	    config->uid_mappings_len == 0) /* joined: its map is unknown */
		return owner == geteuid();
	for (size_t i = 0; i < config->uid_mappings_len; i++) {
		const struct id_map *map = &config->uid_mappings[i];

		if (owner >= map->host_id && owner - map->host_id < map->size)
			return true;
	}
	return false;
}

/* The host's, where none could be made (errno says why). */
static int open_host(const struct config *config, int number, struct error *err)
{
	int refused = errno;
	cleanup_close int fd =
		open("/dev/null", O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return error_errno(err, "open /dev/null");
	errno = refused;
	if (has_owner(config, st.st_uid))
		return error_errno(err,
				   "descriptor %d would be the host's null "
				   "device, which root in the container could "
				   "change: make another one",
				   number);
	return steal_fd(&fd);
}

static int open_one(const struct config *config, int number, struct error *err)
{
	int fd = make();

	if (fd >= 0)
		return fd;
	/* Not ours to make: no privilege, a user namespace (whose tmpfs opens
	 * no device), a system call filter. */
	if (errno == EPERM || errno == EACCES || errno == ENOSYS)
		return open_host(config, number, err);
	return error_errno(err, "make a null device for descriptor %d", number);
}

/* 1, 0, or -1 and *err. */
static int is_wanted(int fd, int number, struct error *err)
{
	struct stat st;

	if (fd < 0)
		return 1;
	if (fstat(fd, &st) < 0)
		return errno == EBADF
			       ? 1
			       : error_errno(err, "stat descriptor %d", number);
	return S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3);
}

int null_device_replace(const struct config *config, int stdio[3], int *own,
			struct error *err)
{
	*own = -1;
	for (int i = 0; i < 3; i++) {
		int wanted = is_wanted(stdio[i], i, err);

		if (wanted < 0)
			return -1;
		if (!wanted)
			continue;
		if (*own < 0)
			*own = open_one(config, i, err);
		if (*own < 0)
			return -1;
		stdio[i] = *own;
	}
	return 0;
}
