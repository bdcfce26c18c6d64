/*
 * setns_process.c  [outside]  setnsProcess.start: one more process inside
 *
 * It is the same pipe, the same dockerinit and the same staircase, with the
 * stairs skipped that only the first process of a container walks. It is born
 * with no clone flags: the namespaces are there already, and step 4 joins them.
 *
 * A container can end while we look, and its pid and its cgroup's name can be
 * given to somebody else. So its cgroup and its namespaces are opened first,
 * and the start time of its init is compared after that: what is open is then
 * its own. A namespace that is also ours is not joined: the container shares
 * the host's.
 */
#include "libcontainer/parent_process.h"

#include "libcontainer/cgroups/manager.h"
#include "libcontainer/configs/names.h"
#include "libcontainer/container.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>

static const int types[] = {
	CLONE_NEWUSER, CLONE_NEWIPC, CLONE_NEWUTS,    CLONE_NEWNET,
	CLONE_NEWPID,  CLONE_NEWNS,  CLONE_NEWCGROUP,
};

/* Is that namespace of pid another than ours? */
static bool differs(const char *path, int type)
{
	cleanup_free char *own =
		xasprintf("/proc/self/ns/%s", namespace_file(type));
	struct stat theirs, ours;

	return stat(path, &theirs) < 0 || stat(own, &ours) < 0 ||
	       theirs.st_ino != ours.st_ino || theirs.st_dev != ours.st_dev;
}

static int open_namespaces(struct parent_process *p, struct error *err)
{
	const struct container *c = p->container;

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		cleanup_free char *path =
			xasprintf("/proc/%d/ns/%s", (int)c->init_pid,
				  namespace_file(types[i]));
		int fd;

		if (!differs(path, types[i]))
			continue;
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0 && errno == ENOENT) /* a kernel without that type */
			continue;
		if (fd < 0)
			return error_errno(err, "open namespace %s", path);
		parent_process_join(p, types[i], fd);
	}
	if (!proc_is_alive(c->init_pid, c->init_start_time))
		return error_set(err, ERROR_CONTAINER_NOT_RUNNING,
				 "enter container %s: process %d has ended",
				 c->id, (int)c->init_pid);
	return 0;
}

static int setns_process_start(struct parent_process *p, struct error *err)
{
	struct cgroup_manager *cgroups = p->container->cgroup_manager;

	if (cgroup_manager_open(cgroups, err) < 0 ||
	    open_namespaces(p, err) < 0 || parent_process_execute(p, err) < 0 ||
	    cgroup_manager_join(cgroups, p->pid, err) < 0 ||
	    parent_process_send_config(p, err) < 0)
		return -1;
	return parent_process_await(p, err);
}

const struct parent_process_ops setns_process_ops = {
	.init_type = "setns",
	.start = setns_process_start,
	.wait = parent_process_wait,
};
