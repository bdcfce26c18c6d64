/*
 * cgroup_mount.c  [inside]  what a container sees of its cgroups
 *
 * The device "cgroup" shows a container its own cgroups and no other's. There
 * are two ways. Without a cgroup namespace the container's directory in each
 * hierarchy is bound: /sys/fs/cgroup/memory inside is .../memory/<its own>
 * outside. In a cgroup namespace, whose root its own cgroups are, the
 * hierarchies are mounted anew, and show nothing above.
 *
 *	v1      a tmpfs, with a directory for each hierarchy; those that are
 *	        mounted together share one, "cpu,cpuacct", which "cpu" and
 *	        "cpuacct" link to
 *	v2      the only hierarchy is the mount itself
 *	hybrid  as v1, the v2 tree below "unified" where it is used
 *
 * The limits are in these files, so a mount that is not read-only lets root
 * inside change them.
 * Sources: cgroups(7), cgroup_namespaces(7).
 */
#include "dockerinit/mount.h"
#include "dockerinit/rootfs.h"

#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>

static const unsigned long no_nodes = MS_NOSUID | MS_NODEV | MS_NOEXEC;

static bool is_v2(const struct own_cgroup *cgroup)
{
	return !cgroup->controllers || !*cgroup->controllers;
}

static bool has_namespace(const struct init *init)
{
	return config_namespace(init->config->config, CLONE_NEWCGROUP) != NULL;
}

static int bind_own(const struct init *init, const struct own_cgroup *cgroup,
		    int target_fd, struct error *err)
{
	long magic = is_v2(cgroup) ? CGROUP2_SUPER_MAGIC : CGROUP_SUPER_MAGIC;
	cleanup_close int source_fd = open(
		cgroup->path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct statfs fs;

	if (source_fd < 0 || fstatfs(source_fd, &fs) < 0)
		return error_errno(err, "open the cgroup %s", cgroup->path);
	if (fs.f_type != magic)
		return error_set(err, ERROR_SYSTEM, "%s is no cgroup",
				 cgroup->path);
	if (mount_bind(init, source_fd, target_fd, 0) < 0)
		return error_errno(err, "bind the cgroup %s", cgroup->path);
	return 0;
}

static int mount_new(const struct init *init, const struct own_cgroup *cgroup,
		     int target_fd, struct error *err)
{
	const char *device = is_v2(cgroup) ? "cgroup2" : "cgroup";
	const char *data = is_v2(cgroup) ? NULL : cgroup->controllers;

	if (mount_on(init, device, target_fd, device, no_nodes, data) == 0)
		return 0;
	/* v2 in a user namespace that does not own the cgroup namespace. */
	if (is_v2(cgroup) && init->in_user_namespace &&
	    (errno == EPERM || errno == EBUSY))
		return bind_own(init, cgroup, target_fd, err);
	return error_errno(err, "mount the cgroup hierarchy %s",
			   data ? data : device);
}

/* One hierarchy, on target_fd; the mount is then opened again as name below
 * dir_fd, for its flags. Returns its descriptor or -1. */
static int show(const struct init *init, const struct mount *m,
		const struct own_cgroup *cgroup, int target_fd, int dir_fd,
		const char *name, struct error *err)
{
	cleanup_close int fd = -1;

	if (has_namespace(init) ? mount_new(init, cgroup, target_fd, err) < 0
				: bind_own(init, cgroup, target_fd, err) < 0)
		return -1;
	fd = rootfs_open(dir_fd, name, O_PATH | O_DIRECTORY, true);
	if (fd < 0 || !mount_is_root(fd))
		return error_answer(err, "%s: it moved away meanwhile", name);
	if (mount_add_flags(init, fd, m->flags | no_nodes) < 0)
		return error_errno(err, "remount %s with its flags", name);
	return steal_fd(&fd);
}

/* "cpu" and "cpuacct" lead to "cpu,cpuacct". */
static int link_joined(int dir_fd, const char *controllers, struct error *err)
{
	cleanup_free char *names = xstrdup(controllers);
	char *rest = names, *name;

	if (!strchr(controllers, ','))
		return 0;
	while ((name = strsep(&rest, ",")))
		if (symlinkat(controllers, dir_fd, name) < 0)
			return error_errno(err, "link %s to %s", name,
					   controllers);
	return 0;
}

/* What a hierarchy is called inside: "memory", "systemd" for name=systemd. */
static const char *directory_name(const struct own_cgroup *cgroup)
{
	if (is_v2(cgroup))
		return "unified";
	if (strncmp(cgroup->controllers, "name=", 5) == 0)
		return cgroup->controllers + 5;
	return cgroup->controllers;
}

static int show_all(const struct init *init, const struct mount *m, int dir_fd,
		    struct error *err)
{
	for (size_t i = 0; i < init->config->own_cgroups_len; i++) {
		const struct own_cgroup *c = &init->config->own_cgroups[i];
		const char *name = directory_name(c);
		cleanup_close int target_fd = -1, fd = -1;

		if (mkdirat(dir_fd, name, 0755) < 0)
			return error_errno(err, "make %s", name);
		target_fd =
			rootfs_open(dir_fd, name, O_PATH | O_DIRECTORY, false);
		if (target_fd < 0)
			return error_errno(err, "open %s", name);
		fd = show(init, m, c, target_fd, dir_fd, name, err);
		if (fd < 0)
			return -1;
		if (link_joined(dir_fd, name, err) < 0)
			return -1;
	}
	return 0;
}

static int mount_v1(const struct init *init, const struct mount *m,
		    struct error *err)
{
	struct mount tmpfs = {
		.device = (char *)"tmpfs",
		.source = (char *)"tmpfs",
		.destination = m->destination,
		.flags = no_nodes,
		.data = (char *)"mode=755",
	};
	cleanup_close int fd = filesystem_mount(init, &tmpfs, err);

	if (fd < 0 || show_all(init, m, fd, err) < 0)
		return -1;
	if (mount_add_flags(init, fd, m->flags & MS_RDONLY) < 0)
		return error_errno(err, "make it read-only");
	return steal_fd(&fd);
}

static int mount_v2(const struct init *init, const struct mount *m,
		    struct error *err)
{
	cleanup_close int target_fd = rootfs_create(
		init->rootfs_fd, m->destination, S_IFDIR, true, err);

	if (target_fd < 0 || mount_check_target(init, m, target_fd, err) < 0)
		return -1;
	return show(init, m, &init->config->own_cgroups[0], target_fd,
		    init->rootfs_fd, m->destination, err);
}

int cgroup_mount(const struct init *init, const struct mount *m,
		 struct error *err)
{
	const struct init_config *config = init->config;
	int fd;

	if (config->own_cgroups_len == 0)
		init_note(init,
			  "mount cgroup on %s: it will be empty, for the "
			  "container has no cgroups of its own",
			  m->destination);
	if (config->own_cgroups_len == 1 && is_v2(&config->own_cgroups[0]))
		fd = mount_v2(init, m, err);
	else
		fd = mount_v1(init, m, err);
	if (fd < 0)
		return error_wrap(err, "mount cgroup on %s", m->destination);
	return fd;
}
