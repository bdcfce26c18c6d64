/*
 * state.h  [outside]  what state.json remembers of a container
 */
#ifndef LIBCONTAINER_STATE_H
#define LIBCONTAINER_STATE_H

#include "libcontainer/cgroups/manager.h"
#include "libcontainer/configs/config.h"
#include "libcontainer/system/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct container;

struct state {
	char *id;
	int init_process_pid;	     /* 0 before its birth                */
	uint64_t init_process_start; /* clock ticks after boot            */
	int64_t created;	     /* seconds since 1970                */
	bool starting;		     /* its program does not run yet      */
	int supervisor_pid;	     /* who stays with it; 0: nobody      */
	uint64_t supervisor_start;   /* ... as init_process_start         */
	struct cgroup_path *cgroup_paths;
	size_t cgroup_paths_len;
	struct cgroup_path *cgroup_inodes; /* by controller, as numbers    */
	size_t cgroup_inodes_len;
	struct config *config;
};

/*
 * state_save - write the container's state.json, at once (tmp, rename): it
 * is first written before the cgroup exists, so that whoever finds the
 * directory after a crash knows all that may have to be removed.
 */
int state_save(const struct container *c, struct error *err);

/*
 * state_load - read state.json in the open directory; path is its name, for
 * messages. Returns 1 with *state filled (release with state_free), 0 when
 * there is none, -1 when it is broken or cannot be read.
 */
int state_load(int directory, const char *path, struct state *state,
	       struct error *err);

/* state_free - release what the members own, and zero them. */
void state_free(struct state *state);

#endif
