/*
 * container_end.c  [outside]  how a container ends, and who cleans up
 *
 * Mostly its first process ends, and whoever started it (its supervisor, who
 * has waited) removes what was made for it. Three things can come in between:
 * the supervisor is killed, then the next who comes does its work; the two
 * come at the same time; and somebody comes while the kernel still takes the
 * first process apart.
 *
 * The directory is the container's name-plate and its lock: whoever starts or
 * removes it holds a flock(2) on it. Another container may have the same id,
 * and so the same paths of cgroups, a moment later. So who kills or removes by
 * these paths holds the lock, and then looks whether the directory that he has
 * open is still the one of that name.
 */
#include "libcontainer/container.h"

#include "libcontainer/cgroups/manager.h"
#include "libcontainer/configs/namespace.h"
#include "libcontainer/directory.h"
#include "libcontainer/factory.h"
#include "libcontainer/interrupt.h"
#include "libcontainer/network.h"
#include "libcontainer/state.h"
#include "libcontainer/stragglers.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/file.h"
#include "libcontainer/system/proc.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/pidfd.h>
#include <time.h>
#include <unistd.h>

enum { ROUND_MS = 10, SIGN_ROUNDS = 10, END_ROUNDS = 1000 };

static void pause_round(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = ROUND_MS * 1000000L }, NULL);
}

/* Who is at work on it holds the lock. If he held it while we were loading, a
 * process
 * may have been born of which we do not know. */
static int changed_since_load(const struct container *c, struct error *err)
{
	struct state state;
	int changed, found;

	if (c->starting)
		return 0;
	found = state_load(c->directory, c->root, &state, err);
	if (found <= 0)
		return found;
	changed = state.init_process_pid != c->init_pid ||
		  state.starting != c->half_made;
	state_free(&state);
	return changed;
}

static void unlock(struct container *c)
{
	flock(c->directory, LOCK_UN);
}

static void let_go(struct container *c)
{
	close(c->directory);
	c->directory = -1;
}

/* Returns 1 with the lock held, and then it is the one that was loaded; 0 when
 * it is gone; -1. */
static int lock_own(struct container *c, const char *act, struct error *err)
{
	int there, changed;

	if (c->directory < 0)
		return 0;
	while (flock(c->directory, LOCK_EX) < 0)
		if (errno != EINTR)
			return error_errno(err, "lock %s", c->root);
	/* First of all: what stands at that path may be another's. */
	there = directory_is_at(c->directory, c->root, err);
	if (there == 0)
		let_go(c);
	if (there <= 0)
		return there;
	changed = changed_since_load(c, err);
	if (changed > 0)
		error_set(err, ERROR_CONTAINER_NOT_STOPPED,
			  "%s container %s: it was just started", act, c->id);
	if (changed == 0)
		return 1;
	unlock(c);
	return -1;
}

/* With the lock held, which goes with the directory. */
static int remove_locked(struct container *c, struct error *err)
{
	if (network_destroy(c, err) < 0 ||
	    cgroup_manager_destroy(c->cgroup_manager, err) < 0 ||
	    remove_all(c->root, err) < 0)
		return -1;
	let_go(c);
	return 0;
}

int container_destroy(struct container *c, struct error *err)
{
	enum container_status status;
	int own;

	if (container_status(c, &status, err) < 0)
		return -1;
	if (container_lives(status))
		return error_set(err, ERROR_CONTAINER_NOT_STOPPED,
				 "destroy container %s: it is %s", c->id,
				 container_status_name(status));
	own = lock_own(c, "destroy", err);
	if (own <= 0)
		return own;
	if (remove_locked(c, err) == 0)
		return 0;
	unlock(c);
	return -1;
}

int container_kill_rest(struct container *c, struct error *err)
{
	int own = lock_own(c, "end", err);
	int rc;

	if (own <= 0)
		return own;
	rc = cgroup_manager_kill(c->cgroup_manager, err);
	unlock(c);
	return rc;
}

static int wait_until_dead(const struct container *c, struct error *err)
{
	for (int i = 0; i < END_ROUNDS; i++) {
		int lives = proc_is_alive(c->init_pid, c->init_start_time, err);

		if (lives <= 0)
			return lives;
		pause_round();
	}
	return error_set(err, ERROR_CONTAINER_NOT_STOPPED,
			 "container %s does not end: process %d does not die",
			 c->id, (int)c->init_pid);
}

/* The first process, by a descriptor: nobody else's pid. */
static int kill_init(const struct container *c, struct error *err)
{
	cleanup_close int pidfd = -1;
	int lives;

	if (c->init_pid <= 0)
		return 0; /* none was born, or none that is known */
	pidfd = pidfd_open(c->init_pid, 0);
	/* EINVAL: nobody's pid, but still the number of a process group. */
	if (pidfd < 0 && errno != ESRCH && errno != EINVAL)
		return error_errno(err, "open process %d", (int)c->init_pid);
	/* The start time is compared when the pidfd holds the process. */
	lives = proc_is_alive(c->init_pid, c->init_start_time, err);
	if (lives <= 0 || pidfd < 0)
		return lives < 0 ? -1 : 0;
	if (pidfd_send_signal(pidfd, SIGKILL, NULL, 0) < 0 && errno != ESRCH)
		return error_errno(err, "kill process %d", (int)c->init_pid);
	return 0;
}

/* Where neither a pid namespace nor a cgroup knows who is left, the user
 * namespace of the first process does, as long as that lives. */
static int open_user_namespace(const struct container *c, int *fd,
			       struct error *err)
{
	cleanup_free char *path =
		xasprintf("/proc/%d/ns/user", (int)c->init_pid);
	int lives = proc_is_alive(c->init_pid, c->init_start_time, err);

	if (lives <= 0 || c->cgroup_manager->paths_len > 0 ||
	    config_makes_namespace(c->config, CLONE_NEWPID) ||
	    !config_makes_namespace(c->config, CLONE_NEWUSER))
		return lives < 0 ? -1 : 0;
	*fd = namespace_open(path, CLONE_NEWUSER, err);
	return *fd < 0 ? -1 : 0;
}

/* Those in its cgroup, where it is thawed; and those that no cgroup holds. */
static int kill_all(struct container *c, struct error *err)
{
	cleanup_close int user_ns = -1;

	if (open_user_namespace(c, &user_ns, err) < 0 ||
	    kill_init(c, err) < 0 ||
	    cgroup_manager_kill(c->cgroup_manager, err) < 0)
		return -1;
	if (user_ns >= 0 && stragglers_kill(user_ns, err) < 0)
		return -1;
	return wait_until_dead(c, err);
}

int container_end(struct container *c, struct error *err)
{
	int own = lock_own(c, "end", err);
	int supervised = 0, rc;

	if (own <= 0)
		return own;
	if (c->supervisor_pid > 0)
		supervised = proc_is_alive(c->supervisor_pid,
					   c->supervisor_start, err);
	rc = supervised < 0 ? -1 : kill_all(c, err);
	if (rc == 0 && !supervised)
		rc = remove_locked(c, err);
	if (c->directory >= 0)
		unlock(c);
	return rc < 0 ? -1 : 1;
}

int container_end_orphan(struct container *c, struct error *err)
{
	enum container_status status;
	cleanup_free char *text = NULL;
	int ended;

	if (container_status(c, &status, err) < 0)
		return -1;
	if (status != CONTAINER_ORPHANED)
		return 0;
	ended = container_end(c, err);
	if (ended < 0)
		return error_wrap(err, "end the orphaned container %s", c->id);
	text = xasprintf("container %s was left by process %d, which is dead: "
			 "ended and removed",
			 c->id, (int)c->supervisor_pid);
	if (ended && c->factory->warn)
		c->factory->warn(text);
	return 1;
}

/*
 * The first process is dead for those inside before it is dead for us: while
 * the kernel clears the pid namespace, whoever comes is killed, or gets no pid.
 * That the kernel has begun is what we look for, and at first whether somebody
 * has begun to kill it.
 */
int container_was_ending(struct container *c, struct error *err)
{
	enum container_status status;

	for (int i = 0; i < END_ROUNDS; i++) {
		if (interrupt_check(err) < 0)
			return -1;
		if (container_status(c, &status, NULL) < 0)
			return 0;
		if (status == CONTAINER_STOPPED)
			return 1;
		if ((i >= SIGN_ROUNDS || status == CONTAINER_PAUSED) &&
		    !proc_is_killed(c->init_pid))
			return 0;
		pause_round();
	}
	return 0;
}
