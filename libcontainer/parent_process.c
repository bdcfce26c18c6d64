/*
 * parent_process.c  [outside]  building a ParentProcess, from P1 to its end
 *
 * What initProcess and setnsProcess have in common: the five acts that build
 * them (P1-P5, "creating the ParentProcess" in the chapter), the cmd that is
 * executed, and afterwards waiting, signalling and finding out how it ended.
 * What is said on the pipe meanwhile is in conversation.c; what differs, their
 * start, in init_process.c and setns_process.c.
 */
#include "libcontainer/parent_process.h"

#include "libcontainer/cgroups/manager.h"
#include "libcontainer/container.h"
#include "libcontainer/factory.h"
#include "libcontainer/interrupt.h"
#include "libcontainer/null_device.h"
#include "libcontainer/process.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/proc.h"
#include "libcontainer/trace/socket.h"
#include "reexec/reexec.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

enum { KILL_ROUNDS = 100, KILL_ROUND_MS = 100 };

/* Why, and when not: step04_join_namespaces.c. */
static bool shall_hide(const struct parent_process *p)
{
	const struct config *config = p->container->config;

	if (p->container->factory->plain_init)
		return false;
	return geteuid() == 0 || p->ops == &setns_process_ops ||
	       !config_makes_namespace(config, CLONE_NEWUSER) ||
	       !config_makes_namespace(config, CLONE_NEWPID);
}

static bool makes_user_namespace(const struct parent_process *p)
{
	return p->ops == &init_process_ops &&
	       config_makes_namespace(p->container->config, CLONE_NEWUSER);
}

/* P2: what will be executed, and with which descriptors. */
static int build_cmd(struct parent_process *p, struct error *err)
{
	const struct factory *f = p->container->factory;
	cleanup_free char *path = NULL;

	path = f->init_path ? xstrdup(f->init_path) : reexec_self(err);
	if (!path)
		return -1;
	p->cmd.hidden = shall_hide(p) && geteuid() == 0;
	if (f->plain_init)
		p->cmd.exe = reexec_open(path, REEXEC_PLAIN, err);
	else if (p->cmd.hidden && makes_user_namespace(p))
		p->cmd.exe = reexec_open(path, REEXEC_UNREADABLE, err);
	else
		p->cmd.exe = reexec_open(path, REEXEC_PROTECTED, err);
	if (p->cmd.exe < 0)
		return -1;
	strv_append(&p->cmd.argv, f->init_name);
	/* A console takes their place. */
	for (int i = 0; i < 3; i++)
		p->cmd.stdio[i] = p->process->tty ? -1 : p->process->stdio[i];
	if (!p->process->tty &&
	    null_device_replace(p->container->config, p->cmd.stdio, &p->null_fd,
				err) < 0)
		return -1;
	for (size_t i = 0; i < p->process->extra_fds_len; i++)
		cmd_pass(&p->cmd, p->process->extra_fds[i]);
	p->cmd.report = &p->inside;
	return 0;
}

static void set_env(struct parent_process *p, const char *name,
		    const char *value)
{
	cleanup_free char *entry = xasprintf("%s=%s", name, value);

	strv_append(&p->cmd.env, entry);
}

static void set_env_fd(struct parent_process *p, const char *name, int fd)
{
	cleanup_free char *number = xasprintf("%d", cmd_pass(&p->cmd, fd));

	set_env(p, name, number);
}

static void merge_config(struct parent_process *p)
{
	const struct process *process = p->process;

	p->config = (struct init_config){
		.config = p->container->config,
		.args = process->args,
		.env = process->env,
		.user = process->user,
		.cwd = process->cwd,
		.additional_groups = process->additional_groups,
		.capabilities = (struct capabilities *)process->capabilities,
		.no_new_privileges = process->no_new_privileges,
		.tty = process->tty,
		.hidden = shall_hide(p),
		.console_rows = process->console_rows,
		.console_columns = process->console_columns,
		.passed_fds = (int)process->extra_fds_len,
		.rootfs_fd = -1,
	};
}

int parent_process_new(const struct parent_process_ops *ops,
		       struct container *container, struct process *process,
		       struct parent_process **out, struct error *err)
{
	struct parent_process *p = xcalloc(1, sizeof(*p));
	struct tracer *tracer = container->factory->tracer;

	p->ops = ops;
	p->container = container;
	p->process = process;
	p->walk.joining = ops == &setns_process_ops;
	p->pidfd = p->interrupts = p->trace_outside = p->trace_inside =
		p->user_ns = p->null_fd = -1;
	syncpipe_open(&p->outside, -1);
	syncpipe_open(&p->inside, -1);
	cmd_init(&p->cmd);
	if (interrupt_open(&p->interrupts, err) < 0 ||
	    trace_begin(tracer, container, process, ops == &setns_process_ops,
			err) < 0)
		goto undo;

	/* [P1] Create a pipe, to talk with the process in the container. */
	trace_act(tracer, ACT_P1, 0);
	if (syncpipe_pair(&p->outside, &p->inside, err) < 0)
		goto undo;
	p->outside.wait = parent_process_await_pipe;
	p->outside.waiter = p;
	if (tracer && trace_pair(&p->trace_outside, &p->trace_inside, err) < 0)
		goto undo;

	/* [P2] Create a cmd object, the start command of that process: the
	 * file dockerinit, under the factory's name for it ("native"). */
	trace_act(tracer, ACT_P2, 0);
	if (build_cmd(p, err) < 0)
		goto undo;

	/* [P3] Add an environment variable to cmd, which tells the process
	 * that it is being created (and not that it joins). */
	trace_act(tracer, ACT_P3, 0);
	set_env(p, ENV_INIT_TYPE, ops->init_type);
	set_env_fd(p, ENV_INIT_PIPE, p->inside.fd);
	if (tracer)
		set_env_fd(p, ENV_TRACE, p->trace_inside);

	/* [P4] Add the container's namespaces to cmd's clone flags. Those with
	 * a path are not cloned but joined; step 7 makes the mount namespace,
	 * and the cgroup namespace, which must see what act S2 has done. */
	trace_act(tracer, ACT_P4, 0);
	if (ops == &init_process_ops)
		p->cmd.clone_flags = config_clone_flags(container->config);

	/* [P5] Merge the container's configuration and the Process's
	 * entrypoint into one configuration. */
	trace_act(tracer, ACT_P5, 0);
	merge_config(p);
	*out = p;
	return 0;
undo:
	parent_process_free(p);
	return -1;
}

void parent_process_join(struct parent_process *p, int type, int fd)
{
	size_t len = p->config.join_len;

	p->config.join =
		xreallocarray(p->config.join, len + 1, sizeof(*p->config.join));
	p->join_fds = xreallocarray(p->join_fds, len + 1, sizeof(*p->join_fds));
	p->config.join[len] =
		(struct joined_namespace){ .type = type,
					   .fd = cmd_pass(&p->cmd, fd) };
	p->join_fds[len] = fd;
	p->config.join_len++;
}

void parent_process_enter(struct parent_process *p, int type, int fd)
{
	size_t len = p->cmd.enter_len++;

	p->enter = xreallocarray(p->enter, len + 1, sizeof(*p->enter));
	p->enter[len] = (struct joined_namespace){ .type = type, .fd = fd };
	p->cmd.enter = p->enter;
}

/* Of what the child has got now; else nobody could unmount what we hold. */
static void close_namespaces(struct parent_process *p)
{
	for (size_t i = 0; i < p->config.join_len; i++)
		if (p->join_fds[i] >= 0)
			close(steal_fd(&p->join_fds[i]));
	for (size_t i = 0; i < p->cmd.enter_len; i++)
		if (p->enter[i].fd >= 0)
			close(steal_fd(&p->enter[i].fd));
}

int parent_process_execute(struct parent_process *p, struct error *err)
{
	p->cmd.cgroup_dir = p->container->cgroup_manager->join_dir;
	p->cmd.cgroup_tasks = p->container->cgroup_manager->join_fds;
	p->cmd.cgroup_tasks_len = p->container->cgroup_manager->join_fds_len;
	if (cmd_start(&p->cmd, &p->pid, &p->pidfd, err) < 0)
		return -1;
	syncpipe_close(&p->inside);
	close_namespaces(p);
	if (p->trace_inside >= 0)
		close(p->trace_inside);
	p->trace_inside = -1;
	if (proc_start_time(p->pid, &p->start_time, NULL, err) < 0)
		return -1;
	if (parent_process_await_joined(p, err) < 0)
		return -1;
	/* Who watches wants it where nothing moves. */
	if (p->trace_outside >= 0 &&
	    interrupt_wait(p->interrupts, p->trace_outside, POLLIN, -1, err) <
		    0)
		return -1;
	return 0;
}

int parent_process_wait(struct parent_process *p, int *status,
			struct error *err)
{
	while (!p->reaped) {
		pid_t pid = waitpid(p->pid, &p->status, 0);

		/* One that is traced by us might stop first. */
		if (pid == p->pid)
			p->reaped = !WIFSTOPPED(p->status);
		else if (errno != EINTR)
			return error_errno(err, "wait for process %d", p->pid);
	}
	*status = p->status;
	return 0;
}

int parent_process_signal(struct parent_process *p, int sig, struct error *err)
{
	if (p->reaped)
		return error_set(err, ERROR_CONTAINER_NOT_RUNNING,
				 "signal process %d: it has ended", p->pid);
	if (pidfd_send_signal(p->pidfd, sig, NULL, 0) < 0)
		return error_errno(err, "send signal %d to process %d", sig,
				   p->pid);
	return 0;
}

static bool is_frozen(const struct parent_process *p)
{
	const struct config *config = p->container->config;
	struct cgroup_manager *m;
	int frozen;

	if (cgroup_manager_of_pid(&config->cgroups, p->pid, &m, NULL) < 0)
		return false;
	frozen = cgroup_manager_is_frozen(m, NULL);
	cgroup_manager_free(m);
	return frozen > 0;
}

static bool kill_and_reap(struct parent_process *p)
{
	int status;

	if (p->reaped)
		return true;
	parent_process_signal(p, SIGKILL, NULL);
	for (int i = 0; i < KILL_ROUNDS; i++) {
		if (interrupt_wait(-1, p->pidfd, POLLIN, KILL_ROUND_MS, NULL))
			return parent_process_wait(p, &status, NULL) == 0;
		if (is_frozen(p))
			break;
	}
	return false;
}

bool parent_process_terminate(struct parent_process *p)
{
	struct error unheard = { .code = ERROR_INTERRUPTED };
	pid_t first;

	if (p->pid == 0)
		return true;
	do {
		first = p->pid;
		if (!kill_and_reap(p))
			return false;
		/* It may have been born again as it was killed. */
		parent_process_hear_out(p, &unheard);
	} while (p->pid != first);
	return true;
}

void parent_process_free(struct parent_process *p)
{
	if (!p)
		return;
	syncpipe_close(&p->outside);
	syncpipe_close(&p->inside);
	if (p->trace_outside >= 0)
		close(p->trace_outside);
	if (p->trace_inside >= 0)
		close(p->trace_inside);
	if (p->interrupts >= 0)
		close(p->interrupts);
	if (p->pidfd >= 0)
		close(p->pidfd);
	if (p->user_ns >= 0)
		close(p->user_ns);
	if (p->null_fd >= 0)
		close(p->null_fd);
	close_namespaces(p);
	free(p->join_fds);
	free(p->config.join);
	for (size_t i = 0; i < p->config.networks_len; i++)
		free(p->config.networks[i].temp_veth_peer_name);
	free(p->config.networks);
	free(p->config.own_cgroups);
	free(p->enter);
	cmd_free(&p->cmd);
	free(p);
}
