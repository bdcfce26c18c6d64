/*
 * driver.h  [outside]  what the daemon can ask of an execution driver
 *
 * The methods are those of Docker 1.8's execdriver.Driver, in its order. The
 * one driver here is native (native/native.h); lxc was the other.
 */
#ifndef EXECDRIVER_DRIVER_H
#define EXECDRIVER_DRIVER_H

#include "execdriver/command.h"
#include "execdriver/pipes.h"
#include "libcontainer/stats.h"
#include "libcontainer/system/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct exit_status {
	int exit_code;	 /* the program's, or 128 + n for signal n            */
	bool oom_killed; /* the kernel killed something in it for memory    */
};

/* The daemon's function, called once the program runs. */
struct start_callback {
	void (*call)(void *data, const struct process_config *process_config,
		     pid_t pid);
	void *data;
};

struct driver_info {
	bool is_running;
	bool is_orphaned; /* it runs, and the daemon that ran it is dead */
};

struct resource_stats {
	struct stats stats;
	int64_t read;	       /* when, seconds since 1970                  */
	uint64_t memory_limit; /* the container's, else the machine's memory */
};

struct driver {
	/* run - a new container for c, until its program ends. callback may
	 * be NULL. Everything of the container is gone when it returns. */
	int (*run)(struct driver *d, struct command *c,
		   const struct pipes *pipes,
		   const struct start_callback *callback,
		   struct exit_status *status, struct error *err);
	/* exec - one more program in c's living container, until it ends. */
	int (*exec)(struct driver *d, struct command *c,
		    const struct process_config *process_config,
		    const struct pipes *pipes,
		    const struct start_callback *callback, int *exit_code,
		    struct error *err);
	/* kill - send sig to the container's first process. */
	int (*kill)(struct driver *d, struct command *c, int sig,
		    struct error *err);
	int (*pause)(struct driver *d, struct command *c, struct error *err);
	int (*unpause)(struct driver *d, struct command *c, struct error *err);
	const char *(*name)(struct driver *d);
	int (*info)(struct driver *d, const char *id, struct driver_info *info,
		    struct error *err);
	/* get_pids_for_container - *pids is the caller's: free(). */
	int (*get_pids_for_container)(struct driver *d, const char *id,
				      pid_t **pids, size_t *len,
				      struct error *err);
	/* terminate - kill it, whatever it does, and remove it. */
	int (*terminate)(struct driver *d, struct command *c,
			 struct error *err);
	/* clean - remove what a container that does not run has left. */
	int (*clean)(struct driver *d, const char *id, struct error *err);
	/* stats - release with stats_free(&stats->stats). */
	int (*stats)(struct driver *d, const char *id,
		     struct resource_stats *stats, struct error *err);
};

#endif
