/*
 * factory.c  [outside]  makes or loads containers under one root directory
 *
 * The chapter: "a logical container is no running container; it holds the
 * command to run with its arguments, the namespace and cgroup configuration".
 * A factory turns an id and a config into one, and finds it again by its id.
 */
#include "libcontainer/factory.h"

#include "libcontainer/cgroups/manager.h"
#include "libcontainer/config_edit.h"
#include "libcontainer/container.h"
#include "libcontainer/directory.h"
#include "libcontainer/network.h"
#include "libcontainer/state.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/file.h"
#include "libcontainer/system/proc.h"
#include "libcontainer/system/resolve.h"
#include "libcontainer/trace/tracer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ID_MAX = 128 };

int factory_check_id(const char *id, struct error *err)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789_+.-";
	size_t len = strlen(id);

	if (len == 0)
		return error_set(err, ERROR_INVALID_ID_FORMAT,
				 "the id is empty");
	if (len > ID_MAX)
		return error_set(err, ERROR_INVALID_ID_FORMAT,
				 "the id \"%.20s...\" is longer than %d bytes",
				 id, ID_MAX);
	if (strspn(id, allowed) != len || id[0] == '.' || id[0] == '-')
		return error_set(err, ERROR_INVALID_ID_FORMAT,
				 "the id \"%s\" has other characters than "
				 "letters, digits, _ + . - or begins with . "
				 "or -",
				 id);
	return 0;
}

static int check_root(const struct factory *f, struct error *err)
{
	if (!f->root || f->root[0] != '/')
		return error_set(err, ERROR_CONFIG_INVALID,
				 "the state root \"%s\" is not an absolute "
				 "path",
				 f->root ? f->root : "");
	return mkdir_all(f->root, 0700, err);
}

static struct container *container_new(const struct factory *f, const char *id)
{
	struct container *c = xcalloc(1, sizeof(*c));

	c->id = xstrdup(id);
	c->root = f->root ? xasprintf("%s/%s", f->root, id) : NULL;
	c->factory = f;
	c->directory = c->rootfs_fd = -1;
	return c;
}

static int record_supervisor(struct container *c, struct error *err)
{
	c->supervisor_pid = getpid();
	return proc_start_time(c->supervisor_pid, &c->supervisor_start, NULL,
			       err);
}

int factory_create(const struct factory *f, const char *id,
		   struct config *config, struct container **out,
		   struct error *err)
{
	cleanup_close int rootfs_fd = -1;
	struct container *c = NULL;
	int there;

	if (config_share_own(config, err) < 0)
		return -1;
	/* [F1] Verify the root directory, the container's id and its config.
	 * The rootfs is held from here on: a path may lead elsewhere soon. */
	trace_act(f->tracer, ACT_F1, 0);
	if (resolve_is_possible(err) < 0 || factory_check_id(id, err) < 0 ||
	    config_validate(config, err) < 0 ||
	    config_open_rootfs(config, &rootfs_fd, err) < 0 ||
	    network_check(config, err) < 0 || check_root(f, err) < 0)
		return -1;

	/* [F2] Verify that the id is not that of an existing container. */
	trace_act(f->tracer, ACT_F2, 0);
	c = container_new(f, id);
	there = file_is_there(c->root, err);
	if (there > 0)
		error_set(err, ERROR_ID_IN_USE, "the id %s is in use (%s)", id,
			  c->root);
	if (there != 0 || (f->stays && record_supervisor(c, err) < 0))
		goto undo;

	/* [F3] Create the container's directory, named by its id. */
	trace_act(f->tracer, ACT_F3, 0);
	if (alloc_check(err) < 0)
		goto undo;
	c->directory = directory_create(c->root, err);
	if (c->directory < 0)
		goto undo;

	/* [F4] Return the Container: id, directory, config, the command of its
	 * init (the factory's), cgroup manager. */
	trace_act(f->tracer, ACT_F4, 0);
	if (!config->cgroups.name)
		config->cgroups.name = xstrdup(id);
	c->created = (int64_t)time(NULL);
	c->starting = true;
	if (cgroup_manager_new(&config->cgroups, NULL, &c->cgroup_manager,
			       err) < 0)
		goto undo;
	c->config = config;
	c->rootfs_fd = steal_fd(&rootfs_fd);
	*out = c;
	return 0;
undo:
	if (c->directory >= 0)
		rmdir(c->root);
	container_free(c);
	return -1;
}

/* Fill c from its state.json; without one it is what a crash has left. */
static int load_state(struct container *c, struct error *err)
{
	struct state state;
	int found = state_load(c->directory, c->root, &state, err);
	int rc;

	if (found < 0)
		return -1;
	c->config = found ? steal_ptr(&state.config)
			  : xcalloc(1, sizeof(*c->config));
	c->init_pid = state.init_process_pid;
	c->init_start_time = state.init_process_start;
	c->created = state.created;
	c->half_made = state.starting;
	c->supervisor_pid = state.supervisor_pid;
	c->supervisor_start = state.supervisor_start;
	rc = cgroup_manager_load(&c->config->cgroups, state.cgroup_paths,
				 state.cgroup_paths_len, &c->cgroup_manager,
				 err);
	if (rc == 0)
		rc = cgroup_manager_keep_own(c->cgroup_manager,
					     state.cgroup_inodes,
					     state.cgroup_inodes_len, err);
	if (rc == 0)
		c->cgroup_manager->unborn = state.init_process_pid == 0;
	state_free(&state);
	return rc;
}

int factory_load(const struct factory *f, const char *id,
		 struct container **out, struct error *err)
{
	struct container *c;

	if (factory_check_id(id, err) < 0)
		return -1;
	c = container_new(f, id);
	c->directory = directory_open(c->root, f->waiting, id, err);
	if (c->directory < 0 || load_state(c, err) < 0) {
		container_free(c);
		return -1;
	}
	*out = c;
	return 0;
}

int container_of_pid(const struct factory *f, pid_t pid, struct config *config,
		     struct container **out, struct error *err)
{
	cleanup_free char *id = xasprintf("pid-%d", (int)pid);
	struct container *c = container_new(f, id);

	c->init_pid = pid;
	if (proc_start_time(pid, &c->init_start_time, NULL, err) < 0 ||
	    cgroup_manager_of_pid(&config->cgroups, pid, &c->cgroup_manager,
				  err) < 0) {
		container_free(c);
		return -1;
	}
	c->config = config;
	*out = c;
	return 0;
}
