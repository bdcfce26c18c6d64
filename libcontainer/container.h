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
	int directory;		  /* root, open; flocked while it is made    */
	int rootfs_fd;		  /* F1, until it is started; else -1        */
	bool starting;		  /* made by us, and not yet started         */
	bool half_made;		  /* loaded so: who started it died with it  */
};

/*
 * container_start - the container's first process if there is none, else one
 * more inside it. Returns 0 when the program runs (its execve is done); then
 * p->parent and p->console are set. On failure nothing is left of the process,
 * and of a first process neither its cgroup nor its network devices.
 * Errors: CONTAINER_PAUSED, CONFIG_INVALID, COMMAND_NOT_FOUND,
 * COMMAND_NOT_EXECUTABLE, SYSTEM; err->step when dockerinit failed.
 * Source: the chapter, "Container.Start(Process)"; P1-P5.
 */
int container_start(struct container *c, struct process *p, struct error *err);

/* container_status - what it is now, asked of the kernel, not of a file. */
enum container_status container_status(struct container *c);

/* container_status_name - "created", "running", "paused", "stopped". */
const char *container_status_name(enum container_status status);

/* container_processes - the pids in its cgroup, in our pid namespace;
 * *pids is the caller's: free(). */
int container_processes(struct container *c, pid_t **pids, size_t *len,
			struct error *err);

/* container_stats - fill *stats; release with stats_free (stats.h). */
int container_stats(struct container *c, struct stats *stats,
		    struct error *err);

/* container_signal - to the init process; CONTAINER_NOT_RUNNING if dead. */
int container_signal(struct container *c, int sig, struct error *err);

/* container_pause, container_resume - freeze and thaw its cgroup. */
int container_pause(struct container *c, struct error *err);
int container_resume(struct container *c, struct error *err);

/*
 * container_destroy - kill what is left, remove its network devices, its
 * cgroup and its directory.
 * A running container is refused (CONTAINER_NOT_STOPPED); one that is already
 * gone is success. c stays valid until container_free.
 */
int container_destroy(struct container *c, struct error *err);

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
