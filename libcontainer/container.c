/*
 * container.c  [outside]  the verbs of the logical container
 *
 * A container's truth is in the kernel: it runs if the process with its pid
 * and start time lives, it is paused if its cgroup is frozen. state.json only
 * says where to look. The directory is the container's name-plate and its
 * lock: whoever starts or destroys holds a flock(2) on it.
 */
#include "libcontainer/container.h"

#include "libcontainer/cgroups/manager.h"
#include "libcontainer/directory.h"
#include "libcontainer/factory.h"
#include "libcontainer/network.h"
#include "libcontainer/parent_process.h"
#include "libcontainer/process.h"
#include "libcontainer/state.h"
#include "libcontainer/stats.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/file.h"
#include "libcontainer/system/proc.h"
#include "libcontainer/trace/tracer.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/pidfd.h>
#include <unistd.h>

enum container_status container_status(struct container *c)
{
	if (c->init_pid == 0)
		return c->starting ? CONTAINER_CREATED : CONTAINER_STOPPED;
	/* Of a half-made one the init may still be dying, with its maker. */
	if (c->half_made || !proc_is_alive(c->init_pid, c->init_start_time))
		return CONTAINER_STOPPED;
	if (cgroup_manager_is_frozen(c->cgroup_manager))
		return CONTAINER_PAUSED;
	return CONTAINER_RUNNING;
}

const char *container_status_name(enum container_status status)
{
	static const char *const names[] = {
		[CONTAINER_CREATED] = "created",
		[CONTAINER_RUNNING] = "running",
		[CONTAINER_PAUSED] = "paused",
		[CONTAINER_STOPPED] = "stopped",
	};

	return names[status];
}

/* A first process that did not come to life takes along what was made for it.
 */
static void undo_start(struct container *c, struct parent_process *parent)
{
	parent_process_terminate(parent);
	if (parent->ops != &init_process_ops)
		return;
	network_destroy(c, NULL);
	cgroup_manager_destroy(c->cgroup_manager, NULL);
	c->init_pid = 0;
}

int container_start(struct container *c, struct process *p, struct error *err)
{
	enum container_status status = container_status(c);
	const struct parent_process_ops *ops = &init_process_ops;
	struct parent_process *parent;

	if (status == CONTAINER_PAUSED)
		return error_set(err, ERROR_CONTAINER_PAUSED,
				 "container %s is paused", c->id);
	if (status == CONTAINER_STOPPED)
		return error_set(err, ERROR_CONTAINER_NOT_RUNNING,
				 "container %s has ended", c->id);
	if (status == CONTAINER_RUNNING)
		ops = &setns_process_ops;
	if (parent_process_new(ops, c, p, &parent, err) < 0)
		return -1;
	if (ops->start(parent, err) < 0) {
		parent_process_hear_out(parent, err);
		trace_done(c->factory->tracer, parent->pid, err);
		undo_start(c, parent);
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

static int require_running(struct container *c, const char *act,
			   struct error *err)
{
	enum container_status status = container_status(c);

	if (status == CONTAINER_RUNNING || status == CONTAINER_PAUSED)
		return 0;
	return error_set(err, ERROR_CONTAINER_NOT_RUNNING,
			 "%s container %s: it is %s", act, c->id,
			 container_status_name(status));
}

int container_stats(struct container *c, struct stats *stats, struct error *err)
{
	*stats = (struct stats){ 0 };
	if (require_running(c, "read the figures of", err) < 0 ||
	    network_stats(c->config, stats, err) < 0)
		return -1;
	if (cgroup_manager_get_stats(c->cgroup_manager, &stats->cgroup_stats,
				     err) == 0)
		return 0;
	stats_free(stats);
	return -1;
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

/* Who is at work on it holds the lock. Had he it while we loaded, a process
 * may have been born of which we do not know. */
static bool changed_since_load(const struct container *c)
{
	struct state state;
	bool changed;

	if (c->starting || state_load(c->root, &state, NULL) <= 0)
		return false;
	changed = state.init_process_pid != c->init_pid ||
		  state.starting != c->half_made;
	state_free(&state);
	return changed;
}

int container_destroy(struct container *c, struct error *err)
{
	enum container_status status = container_status(c);

	if (status == CONTAINER_RUNNING || status == CONTAINER_PAUSED)
		return error_set(err, ERROR_CONTAINER_NOT_STOPPED,
				 "destroy container %s: it is %s", c->id,
				 container_status_name(status));
	if (c->directory < 0)
		return 0;
	while (flock(c->directory, LOCK_EX) < 0)
		if (errno != EINTR)
			return error_errno(err, "lock %s", c->root);
	if (changed_since_load(c)) {
		flock(c->directory, LOCK_UN);
		return error_set(err, ERROR_CONTAINER_NOT_STOPPED,
				 "destroy container %s: it was just started",
				 c->id);
	}
	/* Somebody else may have destroyed it, and made a new one there. */
	if (directory_is_at(c->directory, c->root) &&
	    (network_destroy(c, err) < 0 ||
	     cgroup_manager_destroy(c->cgroup_manager, err) < 0 ||
	     remove_all(c->root, err) < 0)) {
		flock(c->directory, LOCK_UN);
		return -1;
	}
	close(c->directory);
	c->directory = -1;
	return 0;
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
