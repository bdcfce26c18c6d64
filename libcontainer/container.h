/*
 * container.h  [outside]  the logical container and its verbs
 *
 * A logical container is an id, a config, a directory and a cgroup manager;
 * it is no running thing. container_start makes the physical one.
 */
#ifndef LIBCONTAINER_CONTAINER_H
#define LIBCONTAINER_CONTAINER_H

#include "libcontainer/configs/config.h"
#include "libcontainer/system/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct cgroup_manager;
struct factory;
struct process;
struct stats;

enum container_status {
	CONTAINER_CREATED, /* no process yet */
	CONTAINER_RUNNING,
	CONTAINER_PAUSED,
	CONTAINER_STOPPED,
	CONTAINER_ORPHANED, /* who stayed with it is dead, and it lives on */
};

struct container {
	char *id;
	char *root; /* <factory root>/<id>                     */
	struct config *config;
	const struct factory *factory; /* the caller's, must outlive this  */
	struct cgroup_manager *cgroup_manager;
	pid_t init_pid;		  /* 0 before the start                      */
	uint64_t init_start_time; /* names init_pid for ever               */
	int64_t created;	  /* seconds since 1970                      */
	pid_t supervisor_pid;	  /* who stays with it; 0: nobody does       */
	uint64_t supervisor_start;
	int directory;	/* root, open; flocked while it is made    */
	int rootfs_fd;	/* F1, until it is started; else -1        */
	bool starting;	/* made by us, and not yet started         */
	bool half_made; /* loaded so: who started it died with it  */
};

/*
 * container_start - the container's first process if there is none, else one
 * more inside it. Returns 0 when the program runs (its execve is done); then
 * p->parent and p->console are set. On failure nothing is left of the process,
 * and of a first process neither its cgroup nor its network devices.
 * Errors: CONTAINER_PAUSED, CONFIG_INVALID, COMMAND_NOT_FOUND,
 * COMMAND_NOT_EXECUTABLE, INTERRUPTED (interrupt.h), SYSTEM; err->step when
 * dockerinit failed. Source: the chapter, "Container.Start(Process)"; P1-P5.
 */
int container_start(struct container *c, struct process *p, struct error *err);

/*
 * container_status - what it is now, asked of the kernel, not of a file. 0, or
 * -1 when the kernel does not tell: then it may well live. It is an orphan
 * when the process that stayed with it (nsinit, execdriver) is recorded, and
 * dead, and something of the container lives. Who is being born is none: that
 * is its maker's, who holds the lock.
 */
int container_status(struct container *c, enum container_status *status,
		     struct error *err);

/* container_lives - is that the status of one that has processes? */
bool container_lives(enum container_status status);

/* container_status_name - "created", "running", "paused", "stopped",
 * "orphaned". */
const char *container_status_name(enum container_status status);

/* container_processes - the pids in its cgroup, in our pid namespace;
 * *pids is the caller's: free(). */
int container_processes(struct container *c, pid_t **pids, size_t *len,
			struct error *err);

/* container_stats - fill *stats; release with stats_free (stats.h). */
int container_stats(struct container *c, struct stats *stats,
		    struct error *err);

/* container_signal - to the init process; CONTAINER_NOT_RUNNING if dead, or an
 * orphan. */
int container_signal(struct container *c, int sig, struct error *err);

/* container_pause, container_resume - freeze and thaw its cgroup. */
int container_pause(struct container *c, struct error *err);
int container_resume(struct container *c, struct error *err);

/*
 * container_destroy - kill what is left, remove its network devices, its
 * cgroup and its directory.
 * A running container is refused (CONTAINER_NOT_STOPPED); one that is already
 * gone is success, also when another has its id by now. c stays valid until
 * container_free.
 */
int container_destroy(struct container *c, struct error *err);

/*
 * container_end - SIGKILL every process of it, also of one that is paused or
 * has frozen itself; returns when they are dead. Then it is removed, unless its
 * supervisor lives: that will do it. Returns 1; 0 when there was nothing left
 * to end; -1.
 */
int container_end(struct container *c, struct error *err);

/*
 * container_end_orphan - container_end, if c is an orphan, and a word of it to
 * factory->warn. Returns 1 when it was one (somebody else may have been quicker
 * to end it), 0 when it is none, -1.
 */
int container_end_orphan(struct container *c, struct error *err);

/* container_kill_rest - when its first process has ended: kill whoever is in
 * its cgroup, if that is not a new container's by now. */
int container_kill_rest(struct container *c, struct error *err);

/* container_was_ending - a join failed: was it because c was just ending? One
 * that is being killed is waited for, up to ten seconds. 1, 0, or -1 when that
 * was interrupted. */
int container_was_ending(struct container *c, struct error *err);

/*
 * container_of_pid - the container that a living process is in, for those who
 * have a pid and a config but no state (nsenter's form of June 2014): it can
 * be entered, not destroyed. config becomes the container's on success.
 */
int container_of_pid(const struct factory *f, pid_t pid, struct config *config,
		     struct container **out, struct error *err);

/* container_free - release the struct; the container itself lives on. */
void container_free(struct container *c);

#endif
