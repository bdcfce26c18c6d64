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
#include "libcontainer/configs/namespace.h"
#include "libcontainer/container.h"
#include "libcontainer/factory.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/file.h"
#include "libcontainer/system/proc.h"
#include "libcontainer/system/resolve.h"
#include "libcontainer/trace/tracer.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

static const int types[] = {
	CLONE_NEWUSER, CLONE_NEWIPC, CLONE_NEWUTS,    CLONE_NEWNET,
	CLONE_NEWPID,  CLONE_NEWNS,  CLONE_NEWCGROUP,
};

/* Not there: has the kernel no such type, or the process none any more, for it
 * is ending? Who joined only the others would run on the host. */
static int check_kernel_lacks(int type, const char *path, struct error *err)
{
	cleanup_free char *own =
		xasprintf("/proc/self/ns/%s", namespace_file(type));
	int there = file_is_there(own, err);

	errno = ENOENT;
	if (there > 0)
		error_errno(err, "open namespace %s", path);
	return there == 0 ? 0 : -1;
}

static int open_namespaces(struct parent_process *p, struct error *err)
{
	const struct container *c = p->container;
	int lives;

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		cleanup_free char *path =
			xasprintf("/proc/%d/ns/%s", (int)c->init_pid,
				  namespace_file(types[i]));
		int fd, own;

		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0 && errno == ENOENT) {
			if (check_kernel_lacks(types[i], path, err) < 0)
				return -1;
			continue;
		}
		if (fd < 0)
			return error_errno(err, "open namespace %s", path);
		own = namespace_is_own(fd, types[i], err);
		if (own == 0)
			parent_process_join(p, types[i], fd);
		else
			close(fd);
		if (own < 0)
			return -1;
	}
	lives = proc_is_alive(c->init_pid, c->init_start_time, err);
	if (lives == 0)
		return error_set(err, ERROR_CONTAINER_NOT_RUNNING,
				 "container %s has ended", c->id);
	return lives < 0 ? -1 : 0;
}

static int setns_process_start(struct parent_process *p, struct error *err)
{
	struct cgroup_manager *cgroups = p->container->cgroup_manager;
	struct tracer *tracer = p->container->factory->tracer;

	if (resolve_is_possible(err) < 0 ||
	    cgroup_manager_open(cgroups, err) < 0 ||
	    open_namespaces(p, err) < 0)
		return -1;
	/* The acts of init_process.c, but for the third: the network stands. */
	trace_act(tracer, ACT_S1, 0);
	if (parent_process_execute(p, err) < 0)
		return -1;
	trace_act(tracer, ACT_S2, p->pid);
	if (cgroup_manager_join(cgroups, p->pid, err) < 0)
		return -1;
	trace_act(tracer, ACT_S4, p->pid);
	if (alloc_check(err) < 0 || parent_process_send_config(p, err) < 0)
		return -1;
	trace_act(tracer, ACT_S5, p->pid);
	return parent_process_await(p, err);
}

const struct parent_process_ops setns_process_ops = {
	.init_type = "setns",
	.start = setns_process_start,
	.wait = parent_process_wait,
};
