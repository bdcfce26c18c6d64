/*
 * init_process.c  [outside]  initProcess.start: a container is born
 *
 * The chapter: "the Container executes initProcess.start(), and the real
 * Docker container can at last be born", in five acts, S1 to S5. Two things
 * are prepared before them, so that a crash at any moment leaves nothing
 * unnamed and nobody waits: state.json says where the cgroup will be, and what
 * the network devices will be called, before they exist; and the cgroup stands
 * ready before the child is made, which then enters it by itself.
 */
#include "libcontainer/parent_process.h"

#include "libcontainer/cgroups/manager.h"
#include "libcontainer/container.h"
#include "libcontainer/network.h"
#include "libcontainer/process.h"
#include "libcontainer/state.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* Namespaces that the config gives by path: the outside opens them, while
 * paths still mean what their author meant. */
static int open_given_namespaces(struct parent_process *p, struct error *err)
{
	const struct config *config = p->container->config;

	for (size_t i = 0; i < config->namespaces_len; i++) {
		const struct namespace *ns = &config->namespaces[i];
		int fd;

		if (!ns->path)
			continue;
		fd = open(ns->path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			return error_errno(err, "open namespace %s", ns->path);
		parent_process_join(p, ns->type, fd);
	}
	return 0;
}

/*
 * Inside a user namespace nobody may raise a hard limit, so we do it from
 * here. What we may not raise either, step 6 will report.
 */
static void raise_hard_limits(const struct parent_process *p)
{
	const struct config *config = p->container->config;

	for (size_t i = 0; i < config->rlimits_len; i++) {
		const struct rlimit_entry *want = &config->rlimits[i];
		__rlimit_resource_t resource = (__rlimit_resource_t)want->type;
		struct rlimit now;

		if (prlimit(p->pid, resource, NULL, &now) < 0 ||
		    now.rlim_max >= want->hard)
			continue;
		now.rlim_max = want->hard;
		prlimit(p->pid, resource, &now, NULL);
	}
}

static int record_birth(struct parent_process *p, struct error *err)
{
	p->container->init_pid = p->pid;
	p->container->init_start_time = p->start_time;
	return state_save(p->container, err);
}

/* "freezer": "FROZEN". A child that is frozen earlier could not come here. */
static int begin_paused(struct container *c, struct error *err)
{
	const char *freezer = c->config->cgroups.freezer;

	if (!freezer || strcmp(freezer, "FROZEN") != 0)
		return 0;
	return cgroup_manager_freeze(c->cgroup_manager, true, err);
}

static int init_process_start(struct parent_process *p, struct error *err)
{
	struct container *c = p->container;
	pid_t born;

	if (open_given_namespaces(p, err) < 0 ||
	    network_name(c->config, &p->config, err) < 0 ||
	    state_save(c, err) < 0 ||
	    cgroup_manager_prepare(c->cgroup_manager, err) < 0)
		return -1;

	/* [S1] Execute initProcess.cmd: a new process, in new namespaces. */
	if (parent_process_execute(p, err) < 0)
		return -1;

	/* [S2] Put dockerinit's pid under the control of the cgroup. Mostly it
	 * has entered by itself (cmd.c), and this finds it there. */
	if (cgroup_manager_join(c->cgroup_manager, p->pid, err) < 0)
		return -1;
	born = p->pid;
	if (record_birth(p, err) < 0)
		return -1;

	/* [S3] Create the network devices of the container: lo and veth. (The
	 * kernel makes lo together with its namespace.) */
	if (network_create(c, &p->config, p->pid, err) < 0)
		return -1;

	/* [S4] Send the container's configuration through the pipe. */
	raise_hard_limits(p);
	if (parent_process_send_config(p, err) < 0)
		return -1;

	/* [S5] Wait through the pipe until dockerinit has done all its work
	 * by that configuration, or comes back with an error. */
	if (parent_process_await(p, err) < 0 ||
	    (p->pid != born && record_birth(p, err) < 0))
		return -1;
	return begin_paused(c, err);
}

/* The end of pid 1 ends its pid namespace. In a shared one, what the
 * container has started would outlive it. */
static int init_process_wait(struct parent_process *p, int *status,
			     struct error *err)
{
	struct container *c = p->container;

	if (parent_process_wait(p, status, err) < 0)
		return -1;
	if (config_makes_namespace(c->config, CLONE_NEWPID))
		return 0;
	return cgroup_manager_kill(c->cgroup_manager, err);
}

const struct parent_process_ops init_process_ops = {
	.init_type = "standard",
	.start = init_process_start,
	.wait = init_process_wait,
};
