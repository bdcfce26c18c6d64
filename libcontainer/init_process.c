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
#include "libcontainer/configs/namespace.h"
#include "libcontainer/container.h"
#include "libcontainer/factory.h"
#include "libcontainer/network.h"
#include "libcontainer/process.h"
#include "libcontainer/state.h"
#include "libcontainer/stragglers.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/trace/tracer.h"

#include <sched.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/*
 * Namespaces that the config gives by path: the outside opens them, while
 * paths still mean what their author meant. Step 4 joins them, but a user
 * namespace changes two things. Out of a new one no way leads into those of
 * others, so the child enters these before it is made. To a joined one all that
 * is made new shall belong, so nothing is made before step 4.
 */
static int open_given_namespaces(struct parent_process *p, struct error *err)
{
	const struct config *config = p->container->config;
	bool new_user = config_makes_namespace(config, CLONE_NEWUSER);

	for (size_t i = 0; i < config->namespaces_len; i++) {
		const struct namespace *ns = &config->namespaces[i];
		int fd;

		if (!config_joins_namespace(config, ns->type))
			continue;
		fd = namespace_open(ns->path, ns->type, err);
		if (fd < 0)
			return error_wrap(err, "namespaces[%zu].path", i);
		if (new_user)
			parent_process_enter(p, ns->type, fd);
		else
			parent_process_join(p, ns->type, fd);
		if (ns->type == CLONE_NEWUSER)
			p->cmd.clone_flags = 0;
	}
	return 0;
}

/* Step 7 knows the folder that F1 has checked by this descriptor. */
static void pass_rootfs(struct parent_process *p)
{
	if (p->container->rootfs_fd >= 0)
		p->config.rootfs_fd =
			cmd_pass(&p->cmd, p->container->rootfs_fd);
}

/* The child has it now; else nobody could unmount what we hold. */
static void let_go_of_rootfs(struct container *c)
{
	if (c->rootfs_fd >= 0)
		close(steal_fd(&c->rootfs_fd));
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

/* What the device "cgroup" is to show: known when act S2 is over. The strings
 * stay the manager's. */
static void tell_cgroups(struct parent_process *p)
{
	const struct cgroup_manager *m = p->container->cgroup_manager;

	p->config.own_cgroups =
		xcalloc(m->paths_len, sizeof(*p->config.own_cgroups));
	p->config.own_cgroups_len = m->paths_len;
	for (size_t i = 0; i < m->paths_len; i++)
		p->config.own_cgroups[i] = (struct own_cgroup){
			.controllers = m->paths[i].controller,
			.path = m->paths[i].path,
		};
}

static void note_left_out(const struct container *c)
{
	const struct cgroup_manager *m = c->cgroup_manager;

	for (size_t i = 0; i < m->left_out_len; i++) {
		cleanup_free char *text = xasprintf(
			"no cgroup%s%s of its own: %s",
			*m->left_out[i].controller ? " " : "",
			m->left_out[i].controller, m->left_out[i].why);

		trace_note(c->factory->tracer, text);
		if (c->factory->note)
			c->factory->note(text);
	}
}

/* The mount "cgroup" shows a container its own cgroups: where it may have
 * none, an empty folder is not what was asked for. */
static int refuse_empty_view(const struct container *c, struct error *err)
{
	const struct cgroup_manager *m = c->cgroup_manager;

	if (c->factory->cgroup_view_is_default || m->paths_len > 0 ||
	    m->left_out_len == 0)
		return 0;
	for (size_t i = 0; i < c->config->mounts_len; i++) {
		const char *device = c->config->mounts[i].device;

		if (device && strcmp(device, "cgroup") == 0)
			return error_set(err, ERROR_SYSTEM,
					 "mounts[%zu].device: there is no "
					 "cgroup to show: %s",
					 i, m->left_out[0].why);
	}
	return 0;
}

/* Without a pid namespace and without a cgroup, who is left in the end is known
 * by his user namespace. */
static int keep_user_namespace(struct parent_process *p, struct error *err)
{
	const struct container *c = p->container;
	cleanup_free char *path = NULL;

	if (config_namespace(c->config, CLONE_NEWPID) ||
	    !config_makes_namespace(c->config, CLONE_NEWUSER) ||
	    c->cgroup_manager->paths_len > 0)
		return 0;
	path = xasprintf("/proc/%d/ns/user", (int)p->pid);
	p->user_ns = namespace_open(path, CLONE_NEWUSER, err);
	return p->user_ns < 0 ? -1 : 0;
}

static int init_process_start(struct parent_process *p, struct error *err)
{
	struct container *c = p->container;
	struct tracer *tracer = c->factory->tracer;

	if (open_given_namespaces(p, err) < 0 ||
	    network_name(c->config, &p->config, err) < 0 ||
	    state_save(c, err) < 0 ||
	    cgroup_manager_prepare(c->cgroup_manager, err) < 0 ||
	    alloc_check(err) < 0)
		return -1;
	note_left_out(c);
	if (refuse_empty_view(c, err) < 0)
		return -1;
	pass_rootfs(p);

	//> five-acts
	/* [S1] Execute initProcess.cmd: a new process, in new namespaces. */
	trace_act(tracer, ACT_S1, 0);
	if (parent_process_execute(p, err) < 0)
		return -1;
	let_go_of_rootfs(c);

	/* [S2] Put dockerinit's pid under the control of the cgroup. Mostly it
	 * has entered by itself (cmd.c), and this finds it there. */
	trace_act(tracer, ACT_S2, p->pid);
	if (cgroup_manager_join(c->cgroup_manager, p->pid, err) < 0)
		return -1;
	if (record_birth(p, err) < 0 || keep_user_namespace(p, err) < 0)
		return -1;

	/* [S3] Create the network devices of the container: lo and veth. (The
	 * kernel makes lo together with its namespace.) */
	trace_act(tracer, ACT_S3, p->pid);
	if (network_create(c, &p->config, p->pid, err) < 0)
		return -1;

	/* [S4] Send the container's configuration through the pipe. */
	trace_act(tracer, ACT_S4, p->pid);
	raise_hard_limits(p);
	tell_cgroups(p);
	if (alloc_check(err) < 0 || parent_process_send_config(p, err) < 0)
		return -1;

	/* [S5] Wait through the pipe until dockerinit has done all its work
	 * by that configuration, or comes back with an error. */
	trace_act(tracer, ACT_S5, p->pid);
	if (parent_process_await(p, err) < 0)
		return -1;
	//< five-acts
	/* From now on others may join it. */
	c->starting = false;
	if (record_birth(p, err) == 0 && begin_paused(c, err) == 0)
		return 0;
	c->starting = true;
	return -1;
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
	if (p->user_ns >= 0)
		return stragglers_kill(p->user_ns, err);
	return container_kill_rest(c, err);
}

const struct parent_process_ops init_process_ops = {
	.init_type = "standard",
	.start = init_process_start,
	.wait = init_process_wait,
};
