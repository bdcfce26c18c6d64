/*
 * parent_process.c  [outside]  building a ParentProcess, and talking to its
 * child
 *
 * What initProcess and setnsProcess have in common: the five acts that build
 * them (P1-P5, "creating the ParentProcess" in the chapter), the conversation
 * on the pipe, and afterwards waiting, signalling and finding out how it
 * ended. What differs, their start, is in init_process.c and setns_process.c.
 */
#include "libcontainer/parent_process.h"

#include "libcontainer/cgroups/manager.h"
#include "libcontainer/container.h"
#include "libcontainer/factory.h"
#include "libcontainer/process.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/proc.h"
#include "libcontainer/trace.h"
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

/* P2: what will be executed, and with which descriptors. */
static int build_cmd(struct parent_process *p, struct error *err)
{
	const struct factory *f = p->container->factory;
	cleanup_free char *path = NULL;

	path = f->init_path ? xstrdup(f->init_path) : reexec_self(err);
	if (!path)
		return -1;
	p->cmd.exe = reexec_open(path, f->plain_init, err);
	if (p->cmd.exe < 0)
		return -1;
	strv_append(&p->cmd.argv, f->init_name);
	for (int i = 0; i < 3; i++)
		p->cmd.stdio[i] = p->process->tty ? -1 : p->process->stdio[i];
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

/* P4's other half: namespaces with a path are not cloned but joined. */
static uint64_t clone_flags(const struct config *config)
{
	uint64_t flags = 0;

	for (size_t i = 0; i < config->namespaces_len; i++)
		if (!config->namespaces[i].path)
			flags |= (uint64_t)config->namespaces[i].type;
	/* Step 7 makes the mount namespace, and a cgroup namespace must see
	 * the cgroup that act S2 has put it in. */
	return flags & ~(uint64_t)(CLONE_NEWNS | CLONE_NEWCGROUP);
}

/* What the device "cgroup" is to show; the strings stay the manager's. */
static void merge_cgroups(struct parent_process *p)
{
	const struct cgroup_manager *m = p->container->cgroup_manager;

	p->config.own_cgroups =
		xcalloc(m->paths_len, sizeof(*p->config.own_cgroups));
	for (size_t i = 0; i < m->paths_len; i++)
		p->config.own_cgroups[p->config.own_cgroups_len++] =
			(struct own_cgroup){
				.controllers = m->paths[i].controller,
				.path = m->paths[i].path,
			};
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
		.console_rows = process->console_rows,
		.console_columns = process->console_columns,
		.passed_fds = (int)process->extra_fds_len,
	};
	if (p->ops == &init_process_ops)
		merge_cgroups(p);
}

int parent_process_new(const struct parent_process_ops *ops,
		       struct container *container, struct process *process,
		       struct parent_process **out, struct error *err)
{
	struct parent_process *p = xcalloc(1, sizeof(*p));

	p->ops = ops;
	p->container = container;
	p->process = process;
	p->pidfd = p->trace_outside = p->trace_inside = -1;
	syncpipe_open(&p->outside, -1);
	syncpipe_open(&p->inside, -1);
	cmd_init(&p->cmd);

	/* [P1] Create a pipe, to talk with the process in the container. */
	if (syncpipe_pair(&p->outside, &p->inside, err) < 0)
		goto undo;
	if (process->tracer &&
	    trace_pair(&p->trace_outside, &p->trace_inside, err) < 0)
		goto undo;

	/* [P2] Create a cmd object, the start command of that process: the
	 * file dockerinit, under the factory's name for it ("native"). */
	if (build_cmd(p, err) < 0)
		goto undo;

	/* [P3] Add an environment variable to cmd, which tells the process
	 * that it is being created (and not that it joins). */
	set_env(p, ENV_INIT_TYPE, ops->init_type);
	set_env_fd(p, ENV_INIT_PIPE, p->inside.fd);
	if (process->tracer)
		set_env_fd(p, ENV_TRACE, p->trace_inside);

	/* [P4] Add the container's namespaces to cmd's clone flags. */
	if (ops == &init_process_ops)
		p->cmd.clone_flags = clone_flags(container->config);

	/* [P5] Merge the container's configuration and the Process's
	 * entrypoint into one configuration. */
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

/* The child ended without a word: say how. */
static int died(struct parent_process *p, struct error *err);

/* Its first word, said before its exec: it is in its cgroups, if it could. */
static int await_joined(struct parent_process *p, struct error *err)
{
	struct message message;
	int rc = syncpipe_receive(&p->outside, &message, err);

	if (rc == 0)
		return died(p, err);
	if (rc > 0 && message.type == MSG_ERROR)
		*err = message.error;
	else if (rc > 0 && message.type != MSG_JOINED)
		error_set(err, ERROR_SYSTEM,
			  "message %d came instead of JOINED", message.type);
	rc = message.type == MSG_JOINED ? 0 : -1;
	message_free(&message);
	return rc;
}

int parent_process_execute(struct parent_process *p, struct error *err)
{
	p->cmd.cgroup_dir = p->container->cgroup_manager->join_dir;
	p->cmd.cgroup_tasks = p->container->cgroup_manager->join_fds;
	p->cmd.cgroup_tasks_len = p->container->cgroup_manager->join_fds_len;
	if (cmd_start(&p->cmd, &p->pid, &p->pidfd, err) < 0)
		return -1;
	syncpipe_close(&p->inside);
	if (p->trace_inside >= 0)
		close(p->trace_inside);
	p->trace_inside = -1;
	if (proc_start_time(p->pid, &p->start_time, NULL, err) < 0)
		return -1;
	return await_joined(p, err);
}

static int died(struct parent_process *p, struct error *err)
{
	const int64_t limit = p->container->config->cgroups.memory;
	int status;

	if (parent_process_wait(p, &status, err) < 0)
		return -1;
	if (WIFSIGNALED(status))
		return error_set(err, ERROR_SYSTEM,
				 "dockerinit was killed by signal %d (%s)%s",
				 WTERMSIG(status), strsignal(WTERMSIG(status)),
				 WTERMSIG(status) == SIGKILL && limit > 0
					 ? "; is a memory limit too low?"
					 : "");
	return error_set(err, ERROR_SYSTEM,
			 "dockerinit exited with %d before it was ready",
			 WEXITSTATUS(status));
}

int parent_process_send_config(struct parent_process *p, struct error *err)
{
	struct message message = { .type = MSG_CONFIG,
				   .config = &p->config,
				   .fd = -1 };

	if (syncpipe_send(&p->outside, &message, err) == 0)
		return 0;
	/* It is gone; what it said before is the reason. */
	return err->errnum == EPIPE ? parent_process_await(p, err) : -1;
}

/*
 * A process that joined a pid namespace has to be born again in it. Its first
 * life sends the pid of the second, its sibling and so our child, and ends.
 */
static int follow(struct parent_process *p, pid_t pid, struct error *err)
{
	struct message resume = { .type = MSG_RESUME, .fd = -1 };
	int pidfd = pidfd_open(pid, 0);

	if (pidfd < 0)
		return error_errno(err, "follow dockerinit to pid %d", pid);
	while (waitpid(p->pid, NULL, 0) < 0)
		if (errno != EINTR)
			break;
	close(p->pidfd);
	p->pidfd = pidfd;
	p->pid = pid;
	if (proc_start_time(pid, &p->start_time, NULL, err) < 0)
		return -1;
	return syncpipe_send(&p->outside, &resume, err);
}

/* Let the tracer have its say until there is something on the pipe. */
static int serve_tracer(struct parent_process *p, struct error *err)
{
	while (p->trace_outside >= 0 && !syncpipe_pending(&p->outside)) {
		struct pollfd fds[2] = {
			{ .fd = p->outside.fd, .events = POLLIN },
			{ .fd = p->trace_outside, .events = POLLIN },
		};

		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return error_errno(err, "wait for dockerinit");
		/* The trace first: a step is over before its result is said. */
		if (fds[1].revents == 0)
			return 0;
		if (!trace_serve(p->trace_outside, p->process->tracer,
				 p->pid)) {
			close(p->trace_outside);
			p->trace_outside = -1;
		}
	}
	return 0;
}

/* One message. Returns 0; 1 when this was the last word; -1 on failure. */
static int answer(struct parent_process *p, struct message *m, bool *ready,
		  struct error *err)
{
	switch (m->type) {
	case MSG_PID:
		return follow(p, m->pid, err);
	case MSG_CONSOLE:
		p->process->console = steal_fd(&m->fd);
		return 0;
	case MSG_NOTE:
		if (p->container->factory->note && m->note)
			p->container->factory->note(m->note);
		return 0;
	case MSG_READY:
		*ready = true;
		return 0;
	case MSG_ERROR:
		*err = m->error;
		return -1;
	default:
		return error_set(err, ERROR_SYSTEM,
				 "dockerinit sent message %d out of turn",
				 m->type);
	}
}

int parent_process_await(struct parent_process *p, struct error *err)
{
	bool ready = false;

	for (;;) {
		struct message message;
		int rc = serve_tracer(p, err);

		if (rc == 0)
			rc = syncpipe_receive(&p->outside, &message, err);
		else
			message = (struct message){ .fd = -1 };
		if (rc == 0)
			return ready ? 0 : died(p, err);
		if (rc > 0)
			rc = answer(p, &message, &ready, err);
		message_free(&message);
		if (rc < 0)
			return -1;
	}
}

int parent_process_wait(struct parent_process *p, int *status,
			struct error *err)
{
	while (!p->reaped) {
		if (waitpid(p->pid, &p->status, 0) == p->pid)
			p->reaped = true;
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

void parent_process_terminate(struct parent_process *p)
{
	int status;

	if (p->pid == 0 || p->reaped)
		return;
	parent_process_signal(p, SIGKILL, NULL);
	parent_process_wait(p, &status, NULL);
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
	if (p->pidfd >= 0)
		close(p->pidfd);
	for (size_t i = 0; i < p->config.join_len; i++)
		close(p->join_fds[i]);
	free(p->join_fds);
	free(p->config.join);
	for (size_t i = 0; i < p->config.networks_len; i++)
		free(p->config.networks[i].temp_veth_peer_name);
	free(p->config.networks);
	free(p->config.own_cgroups);
	cmd_free(&p->cmd);
	free(p);
}
