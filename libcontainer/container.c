/*
 * container.c  [outside]  the verbs of the logical container
 *
 * A container's truth is in the kernel: it runs if the process with its pid
 * and start time lives, it is paused if its cgroup is frozen. state.json only
 * says where to look. How it ends is in container_end.c.
 */
#include "libcontainer/container.h"

#include "libcontainer/cgroups/manager.h"
#include "libcontainer/factory.h"
#include "libcontainer/interrupt.h"
#include "libcontainer/network.h"
#include "libcontainer/parent_process.h"
#include "libcontainer/process.h"
#include "libcontainer/stats.h"
#include "libcontainer/stragglers.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/proc.h"
#include "libcontainer/trace/tracer.h"

#include <sched.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/pidfd.h>
#include <unistd.h>

/* Without a pid namespace of its own, its first process is not its last. */
static int others_live(struct container *c, struct error *err)
{
	int empty;

	if (config_makes_namespace(c->config, CLONE_NEWPID))
		return 0;
	empty = cgroup_manager_is_empty(c->cgroup_manager, err);
	return empty < 0 ? -1 : !empty;
}

/* Returns 1, 0 or -1. *lives: does its first process live? It may have ended
 * since, and its supervisor after it: only who outlives that one is left. */
static int is_orphan(struct container *c, int *lives, struct error *err)
{
	int supervised;

	if (c->supervisor_pid == 0)
		return 0;
	supervised = proc_is_alive(c->supervisor_pid, c->supervisor_start, err);
	if (supervised != 0)
		return supervised < 0 ? -1 : 0;
	if (*lives)
		*lives = proc_is_alive(c->init_pid, c->init_start_time, err);
	return *lives ? *lives : others_live(c, err);
}

int container_status(struct container *c, enum container_status *status,
		     struct error *err)
{
	int lives, orphan, frozen;

	*status = CONTAINER_STOPPED;
	if (c->init_pid == 0 && c->starting)
		*status = CONTAINER_CREATED;
	/* Of a half-made one the init may still be dying, with its maker. */
	if (c->init_pid == 0 || c->half_made)
		return 0;
	lives = proc_is_alive(c->init_pid, c->init_start_time, err);
	frozen = lives > 0 ? cgroup_manager_is_frozen(c->cgroup_manager, err)
			   : lives;
	/* Who kills what a dead one has left freezes it: look again. */
	if (frozen > 0)
		lives = proc_is_alive(c->init_pid, c->init_start_time, err);
	if (frozen < 0)
		return -1;
	orphan = lives < 0 ? -1 : is_orphan(c, &lives, err);
	if (orphan < 0)
		return -1;
	if (orphan)
		*status = CONTAINER_ORPHANED;
	else if (lives)
		*status = frozen ? CONTAINER_PAUSED : CONTAINER_RUNNING;
	return 0;
}

bool container_lives(enum container_status status)
{
	return status == CONTAINER_RUNNING || status == CONTAINER_PAUSED ||
	       status == CONTAINER_ORPHANED;
}

const char *container_status_name(enum container_status status)
{
	static const char *const names[] = {
		[CONTAINER_CREATED] = "created",
		[CONTAINER_RUNNING] = "running",
		[CONTAINER_PAUSED] = "paused",
		[CONTAINER_STOPPED] = "stopped",
		[CONTAINER_ORPHANED] = "orphaned",
	};

	return names[status];
}

static int say_what_was_interrupted(const struct container *c,
				    const struct parent_process_ops *ops,
				    struct error *err)
{
	return error_wrap(err, "%s container %s",
			  ops == &init_process_ops ? "start" : "enter", c->id);
}

/*
 * A first process that did not come to life takes along what was made for it.
 * Whatever else went wrong while a fatal signal waited, as when Ctrl-C reaches
 * dockerinit as well, the signal was the reason.
 */
static void undo_start(struct container *c, struct parent_process *parent,
		       struct error *err)
{
	bool joins = parent->ops != &init_process_ops;

	parent_process_hear_out(parent, err);
	if (err->code != ERROR_INTERRUPTED)
		interrupt_check(err);
	if (err->code == ERROR_INTERRUPTED)
		say_what_was_interrupted(c, parent->ops, err);
	trace_done(c->factory->tracer, parent->pid, err);
	if (!parent_process_terminate(parent))
		error_append(err, "; process %d does not die (is it frozen?)",
			     (int)parent->pid);
	if (joins)
		return;
	if (parent->user_ns >= 0)
		stragglers_kill(parent->user_ns, NULL);
	network_destroy(c, NULL);
	cgroup_manager_destroy(c->cgroup_manager, NULL);
	c->init_pid = 0;
}

/* Who may be started in it, by which ops? */
static int choose_ops(struct container *c,
		      const struct parent_process_ops **ops, struct error *err)
{
	enum container_status status;

	if (container_status(c, &status, err) < 0)
		return -1;
	/* Or only until those in it are killed? */
	if (status == CONTAINER_PAUSED) {
		int ending = container_was_ending(c, err);

		if (ending < 0)
			return -1;
		if (ending)
			status = CONTAINER_STOPPED;
	}
	if (status == CONTAINER_PAUSED)
		return error_set(err, ERROR_CONTAINER_PAUSED,
				 "container %s is paused", c->id);
	if (status == CONTAINER_STOPPED)
		return error_set(err, ERROR_CONTAINER_NOT_RUNNING,
				 "container %s has ended", c->id);
	if (status == CONTAINER_ORPHANED)
		return error_set(err, ERROR_CONTAINER_NOT_RUNNING,
				 "container %s is orphaned: process %d, which "
				 "stayed with it, is dead",
				 c->id, (int)c->supervisor_pid);
	*ops = status == CONTAINER_RUNNING ? &setns_process_ops
					   : &init_process_ops;
	return 0;
}

/* Who comes too late meets all that an end looks like from inside (no memory,
 * no device, no such process). Say what it was. */
static void explain_join(struct container *c, struct error *err)
{
	const struct tracer *tracer = c->factory->tracer;

	if (!err || (tracer && tracer->given_up) || err->code != ERROR_SYSTEM)
		return;
	if (container_was_ending(c, err) > 0)
		error_set(err, ERROR_CONTAINER_NOT_RUNNING,
			  "container %s has ended", c->id);
}

int container_start(struct container *c, struct process *p, struct error *err)
{
	const struct parent_process_ops *ops;
	struct parent_process *parent;

	if (choose_ops(c, &ops, err) < 0)
		return -1;
	if (interrupt_check(err) < 0)
		return say_what_was_interrupted(c, ops, err);
	if (parent_process_new(ops, c, p, &parent, err) < 0)
		return -1;
	if (ops->start(parent, err) < 0) {
		undo_start(c, parent, err);
		if (ops == &setns_process_ops)
			explain_join(c, err);
		parent_process_free(parent);
		process_free(p);
		return -1;
	}
	trace_done(c->factory->tracer, parent->pid, NULL);
	p->parent = parent;
	c->starting = false;
	if (c->directory >= 0)
		flock(c->directory, LOCK_UN);
	return 0;
}

int container_processes(struct container *c, pid_t **pids, size_t *len,
			struct error *err)
{
	return cgroup_manager_get_pids(c->cgroup_manager, pids, len, err);
}

static int not_running(const struct container *c, const char *act,
		       enum container_status status, struct error *err)
{
	return error_set(err, ERROR_CONTAINER_NOT_RUNNING,
			 "%s container %s: it is %s", act, c->id,
			 container_status_name(status));
}

static int require_running(struct container *c, const char *act,
			   struct error *err)
{
	enum container_status status;

	if (container_status(c, &status, err) < 0)
		return -1;
	if (container_lives(status) && status != CONTAINER_ORPHANED)
		return 0;
	return not_running(c, act, status, err);
}

int container_stats(struct container *c, struct stats *stats, struct error *err)
{
	enum container_status status;

	*stats = (struct stats){ 0 };
	if (container_status(c, &status, err) < 0)
		return -1;
	if (!container_lives(status))
		return not_running(c, "read the figures of", status, err);
	if (network_stats(c->config, stats, err) < 0)
		return -1;
	if (cgroup_manager_get_stats(c->cgroup_manager, &stats->cgroup_stats,
				     err) < 0) {
		stats_free(stats);
		return -1;
	}
	if (status == CONTAINER_ORPHANED)
		stats->status = xstrdup(container_status_name(status));
	return 0;
}

int container_signal(struct container *c, int sig, struct error *err)
{
	int pidfd = c->init_pid > 0 ? pidfd_open(c->init_pid, 0) : -1;
	int rc;

	/* The start time is compared when the pidfd holds the process. */
	rc = require_running(c, "signal", err);
	if (rc == 0 && pidfd < 0)
		rc = error_errno(err, "signal process %d", (int)c->init_pid);
	if (rc == 0 && pidfd_send_signal(pidfd, sig, NULL, 0) < 0)
		rc = error_errno(err, "send signal %d to process %d", sig,
				 (int)c->init_pid);
	if (pidfd >= 0)
		close(pidfd);
	return rc;
}

int container_pause(struct container *c, struct error *err)
{
	if (require_running(c, "pause", err) < 0)
		return -1;
	return cgroup_manager_freeze(c->cgroup_manager, true, err);
}

int container_resume(struct container *c, struct error *err)
{
	if (require_running(c, "resume", err) < 0)
		return -1;
	return cgroup_manager_freeze(c->cgroup_manager, false, err);
}

void container_free(struct container *c)
{
	if (!c)
		return;
	cgroup_manager_free(c->cgroup_manager);
	config_free(c->config);
	if (c->directory >= 0)
		close(c->directory);
	if (c->rootfs_fd >= 0)
		close(c->rootfs_fd);
	free(c->id);
	free(c->root);
	free(c);
}
