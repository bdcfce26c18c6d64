/*
 * v1.c  [outside]  cgroup v1: one directory per hierarchy
 *
 * Each controller (or a few joined: "cpu,cpuacct") is mounted as a tree of its
 * own, and a container has a directory in every one, also in those that limit
 * nothing: stats, freezing and killing want to find its processes there, and
 * name=systemd keeps a session manager from taking them for somebody else's.
 *
 * The order in prepare is forced: a cpuset must have cpus and mems before a
 * task can join, limits must hold before the first instruction inside runs,
 * and the tasks files are opened last, so that the child finds everything
 * ready behind the descriptor it writes "0" to.
 *
 * The freezer may stop half-way (FREEZING) when a task is caught between two
 * states; the kernel's advice is to write again, and a thaw in between helps
 * those that are stuck.
 * Sources: Documentation/admin-guide/cgroup-v1/, cgroups(7).
 */
#include "libcontainer/cgroups/worlds.h"

#include "libcontainer/cgroups/paths.h"
#include "libcontainer/cgroups/tree.h"
#include "libcontainer/cgroups/values.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

enum { FREEZE_MS = 10000, ROUNDS_PER_RETRY = 50 };

const char *cgroup_v1_path(const struct cgroup_manager *m, const char *name)
{
	for (size_t i = 0; i < m->paths_len; i++) {
		if (cgroup_list_has(m->paths[i].controller, name))
			return m->paths[i].path;
	}
	return NULL;
}

static int v1_open(struct cgroup_manager *m, struct error *err)
{
	for (size_t i = 0; i < m->paths_len; i++) {
		cleanup_free char *path =
			xasprintf("%s/tasks", m->paths[i].path);
		int fd;

		if (!*m->paths[i].controller)
			return cgroup_v2_open(m, err);
		fd = open(path, O_WRONLY | O_CLOEXEC);
		/* Who may not write it may be in there already. */
		if (fd < 0 && errno != EACCES)
			return error_errno(err, "open %s", path);
		m->join_fds[m->join_fds_len++] = fd;
	}
	return 0;
}

static int make_one(const struct cgroup_manager *m,
		    const struct cgroup_path *path, struct cgroup_made *made,
		    struct error *err)
{
	if (cgroup_make(path->path, !m->cgroup->path, made, err) < 0)
		return -1;
	if (!*path->controller &&
	    cgroup_v2_hand_down(path->path, m->cgroup, err) < 0)
		return -1;
	if (cgroup_list_has(path->controller, "cpuset"))
		return cgroup_v1_cpuset(path->path, made->itself, err);
	return 0;
}

static int v1_prepare(struct cgroup_manager *m, struct error *err)
{
	struct cgroup_made made[CGROUP_PATHS_MAX] = { 0 };
	struct error why;

	for (size_t i = 0; i < m->paths_len; i++) {
		if (make_one(m, &m->paths[i], &made[i], &why) == 0)
			continue;
		if (!made[i].itself && cgroup_leave_out(m, i, &why)) {
			i--;
			continue;
		}
		if (err)
			*err = why;
		goto undo;
	}
	if (cgroup_v1_set(m, m->cgroup, err) < 0 ||
	    cgroup_manager_open(m, err) < 0)
		goto undo;
	return 0;
undo:
	for (size_t i = 0; i < m->paths_len; i++) {
		cgroup_unmake(m->paths[i].path, &made[i]);
		cgroup_remove_parents(m->cgroup, m->paths[i].path);
	}
	return -1;
}

int cgroup_v1_write(const char *dir, const struct cgroup *cgroup,
		    const struct cgroup_limit *row, struct error *err)
{
	return cgroup_write_number(dir, row->file,
				   cgroup_limit_value(cgroup, row), "-1",
				   row->key, err);
}

int cgroup_v1_check(const char *dir, const struct cgroup *cgroup,
		    const struct cgroup_limit *row, bool exact,
		    struct error *err)
{
	int64_t wanted = cgroup_limit_value(cgroup, row);
	uint64_t now = 0;

	if (wanted <= 0)
		return 0;
	if (cgroup_look_u64(dir, row->file, &now, err) < 0)
		return error_wrap(err, "%s", row->key);
	if ((exact ? now == (uint64_t)wanted : now <= (uint64_t)wanted))
		return 0;
	return error_set(err, ERROR_CONFIG_INVALID,
			 "%s: write \"%" PRId64 "\" to %s/%s: the kernel made "
			 "it %" PRIu64,
			 row->key, wanted, dir, row->file, now);
}

/* 1 when the freezer's state is that one; 0, also when it is gone; -1. */
static int v1_state_is(const char *path, const char *state, struct error *err)
{
	cleanup_free char *now = NULL;
	int found = cgroup_look(path, "freezer.state", &now, err);

	return found <= 0 ? found : strcmp(now, state) == 0;
}

/* Half frozen is frozen, too, for who would join it. */
static int v1_is_frozen(struct cgroup_manager *m, struct error *err)
{
	const char *path = cgroup_v1_path(m, "freezer");
	int frozen = path ? v1_state_is(path, "FROZEN", err) : 0;

	return frozen != 0 || !path ? frozen
				    : v1_state_is(path, "FREEZING", err);
}

static int v1_freeze(struct cgroup_manager *m, bool frozen, struct error *err)
{
	const char *state = frozen ? "FROZEN" : "THAWED";
	const char *path = cgroup_v1_path(m, "freezer");
	int64_t deadline = deadline_in(FREEZE_MS);

	if (!path)
		return error_set(err, ERROR_SYSTEM,
				 "there is no freezer cgroup");
	for (int round = 0; !deadline_passed(deadline); round++) {
		int there;

		if (round > 0 && round % ROUNDS_PER_RETRY == 0 && frozen)
			cgroup_write(path, "freezer.state", "THAWED", NULL,
				     NULL);
		if (round % ROUNDS_PER_RETRY == 0 &&
		    cgroup_write(path, "freezer.state", state, NULL, err) < 0)
			return -1;
		there = v1_state_is(path, state, err);
		if (there != 0)
			return there < 0 ? -1 : 0;
		pause_ms();
	}
	if (frozen)
		cgroup_write(path, "freezer.state", "THAWED", NULL, NULL);
	return error_set(err, ERROR_SYSTEM,
			 "%s/freezer.state does not become %s", path, state);
}

/* Who is frozen does not die: neither in a cgroup that the container made. */
static int v1_thaw_below(struct cgroup_manager *m, struct error *err)
{
	const char *path = cgroup_v1_path(m, "freezer");

	return path ? cgroup_write_below(path, "freezer.state", "THAWED", err)
		    : 0;
}

/* v1 has no word for it. */
static bool v1_kill(struct cgroup_manager *m)
{
	(void)m;
	return false;
}

const struct cgroup_ops cgroup_v1_ops = {
	.prepare = v1_prepare,
	.join = cgroup_join,
	.set = cgroup_v1_set,
	.get_pids = cgroup_get_pids,
	.get_stats = cgroup_v1_stats,
	.freeze = v1_freeze,
	.destroy = cgroup_destroy,
	.open = v1_open,
	.is_frozen = v1_is_frozen,
	.kill = v1_kill,
	.thaw_below = v1_thaw_below,
};
