/*
 * state.c  [outside]  what state.json remembers of a container
 *
 * The keys are those of libcontainer's state.json (2015, and runc 1.0). The
 * status is not among them: it is asked of the kernel whenever someone wants
 * to know.
 */
#include "libcontainer/state.h"

#include "libcontainer/configs/config_fields.h"
#include "libcontainer/configs/fields.h"
#include "libcontainer/container.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

enum { STATE_LIMIT = 64 * 1024 * 1024 };

static const struct field rows[] = {
	FIELD(struct state, "id", FIELD_STRING, id),
	FIELD(struct state, "init_process_pid", FIELD_INT, init_process_pid),
	FIELD(struct state, "init_process_start", FIELD_UINT64,
	      init_process_start),
	FIELD(struct state, "created", FIELD_INT64, created),
	FIELD(struct state, "starting", FIELD_BOOL, starting),
	FIELD(struct state, "supervisor_pid", FIELD_INT, supervisor_pid),
	FIELD(struct state, "supervisor_start", FIELD_UINT64, supervisor_start),
	FIELD_MAP(struct state, "cgroup_paths", cgroup_paths,
		  struct cgroup_path),
	FIELD_MAP(struct state, "cgroup_inodes", cgroup_inodes,
		  struct cgroup_path, .flags = FIELD_OMIT_EMPTY),
	FIELD_POINTER(struct state, "config", config, struct config,
		      config_rows),
	FIELD_END,
};

/* The numbers of the cgroups' directories, by controller; as many as there are
 * paths, or none before they are made. */
static size_t list_inodes(const struct cgroup_manager *m,
			  struct cgroup_path *list)
{
	for (size_t i = 0; i < m->paths_len; i++) {
		if (m->inodes[i] == 0)
			return i;
		list[i].controller = m->paths[i].controller;
		list[i].path =
			xasprintf("%llu", (unsigned long long)m->inodes[i]);
	}
	return m->paths_len;
}

int state_save(const struct container *c, struct error *err)
{
	struct cgroup_path inodes[CGROUP_PATHS_MAX];
	size_t inodes_len = list_inodes(c->cgroup_manager, inodes);
	cleanup_free char *path = xasprintf("%s/state.json", c->root);
	cleanup_free char *text = NULL;
	const struct state state = {
		.id = c->id,
		.init_process_pid = c->init_pid,
		.init_process_start = c->init_start_time,
		.created = c->created,
		.starting = c->starting,
		.supervisor_pid = c->supervisor_pid,
		.supervisor_start = c->supervisor_start,
		.cgroup_paths = c->cgroup_manager->paths,
		.cgroup_paths_len = c->cgroup_manager->paths_len,
		.cgroup_inodes = inodes,
		.cgroup_inodes_len = inodes_len,
		.config = c->config,
	};

	text = fields_encode(rows, &state, false);
	for (size_t i = 0; i < inodes_len; i++)
		free(inodes[i].path);
	return file_replace(path, text, 0600, err);
}

int state_load(int directory, const char *path, struct state *state,
	       struct error *err)
{
	cleanup_free char *text = NULL;
	cleanup_close int fd = -1;
	struct error why = { 0 };
	size_t len;
	int rc;

	*state = (struct state){ 0 };
	fd = file_open(directory, "state.json", O_NOFOLLOW, &why);
	if (fd < 0 && why.errnum == ENOENT)
		return 0;
	if (fd < 0) {
		if (err)
			*err = why;
		return error_wrap(err, "%s", path);
	}
	rc = file_read_fd(fd, STATE_LIMIT, &text, &len, err);
	if (rc == 0)
		rc = fields_decode(rows, text, len, state, err);
	if (rc == 0 && !state->config)
		rc = error_set(err, ERROR_SYSTEM, "no config in it");
	if (rc == 0)
		return 1;
	state_free(state);
	return error_wrap(err, "%s/state.json", path);
}

void state_free(struct state *state)
{
	fields_free(rows, state);
}
