/*
 * host_mounts.c  [inside]  the host's own mount, where none may be made
 *
 * A user namespace may mount the file systems that show a namespace, if that
 * one belongs to it: proc a pid namespace, sysfs a network namespace, mqueue
 * an ipc namespace. When the container shares such a namespace with the host,
 * what would be shown is the host's, and the kernel says EPERM; but then the
 * host's own mount shows just that, and can be bound in its place. (It must
 * not stand for a namespace that is not the host's: a /proc with the host's
 * pids would be a lie.) sysfs is read-only then, with all that lies below it:
 * cgroups are mounted there, which the user may be allowed to write.
 *
 * A copy of the tree is made, changed while it hangs nowhere, and attached.
 * Sources: user_namespaces(7), mount_namespaces(7), mount_setattr(2).
 */
#include "dockerinit/host_mounts.h"

#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/vfs.h>

#ifndef MQUEUE_MAGIC
#define MQUEUE_MAGIC 0x19800202
#endif

struct host_mount {
	const char *device, *path;
	long magic;
	int shows;	  /* a namespace of that type    */
	bool shared_only; /* ... and of no other than the host's */
	uint64_t attributes;
};

static const struct host_mount host_mounts[] = {
	{ "proc", "/proc", PROC_SUPER_MAGIC, CLONE_NEWPID, true, 0 },
	/* Also where the host's is covered in part: the kernel then makes no
	 * new one. What it tells of the machine is the same. */
	{ "sysfs", "/sys", SYSFS_MAGIC, CLONE_NEWNET, false,
	  MOUNT_ATTR_RDONLY },
	{ "mqueue", "/dev/mqueue", MQUEUE_MAGIC, CLONE_NEWIPC, true, 0 },
};

static const struct host_mount *find(const char *device)
{
	for (size_t i = 0; i < sizeof(host_mounts) / sizeof(*host_mounts); i++)
		if (strcmp(host_mounts[i].device, device) == 0)
			return &host_mounts[i];
	return NULL;
}

/* A detached copy of what the host has mounted there; -1 with errno. */
static int copy_tree(const struct host_mount *host, uint64_t attributes)
{
	struct mount_attr attr = { .attr_set = attributes,
				   .propagation = MS_PRIVATE };
	cleanup_close int tree =
		open_tree(AT_FDCWD, host->path,
			  OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE |
				  AT_SYMLINK_NOFOLLOW);
	struct statfs fs;

	if (tree < 0 || fstatfs(tree, &fs) < 0)
		return -1;
	if (fs.f_type != host->magic) {
		errno = EPERM;
		return -1;
	}
	if (mount_setattr(tree, "", AT_EMPTY_PATH | AT_RECURSIVE, &attr,
			  sizeof(attr)) < 0)
		return -1;
	return steal_fd(&tree);
}

int host_mount_instead(const struct init *init, const struct mount *m,
		       int target_fd)
{
	const struct config *config = init->config->config;
	const struct host_mount *host = find(m->device);
	cleanup_close int tree = -1;
	uint64_t attributes;

	if (!host ||
	    (host->shared_only && config_namespace(config, host->shows))) {
		errno = EPERM;
		return -1;
	}
	attributes = host->attributes;
	if (m->flags & MS_RDONLY)
		attributes |= MOUNT_ATTR_RDONLY;
	if (m->flags & MS_NOSUID)
		attributes |= MOUNT_ATTR_NOSUID;
	if (m->flags & MS_NODEV)
		attributes |= MOUNT_ATTR_NODEV;
	if (m->flags & MS_NOEXEC)
		attributes |= MOUNT_ATTR_NOEXEC;
	tree = copy_tree(host, attributes);
	if (tree < 0 ||
	    move_mount(tree, "", target_fd, "",
		       MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH) < 0)
		return -1;
	init_note(init,
		  "%s is the host's %s: the user namespace may mount none",
		  m->destination, host->path);
	return 0;
}

char *devpts_without_group(const char *data)
{
	cleanup_free char *copy = xstrdup(data ? data : "");
	char *rest = copy, *option, *without = xstrdup("");
	bool found = false;

	while ((option = strsep(&rest, ","))) {
		char *longer;

		if (strncmp(option, "gid=", 4) == 0) {
			found = true;
			continue;
		}
		longer = xasprintf("%s%s%s", without, *without ? "," : "",
				   option);
		free(without);
		without = longer;
	}
	if (found)
		return without;
	free(without);
	return NULL;
}
