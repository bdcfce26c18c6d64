/*
 * manager.c  [outside]  v1 and v2 behind one door
 *
 * A manager is a list of directories and the table of functions for the world
 * they are in. It is made in three ways: from a config (the directories will
 * be made), from a state.json (they are there), from a pid (some process's).
 * The last two may name a cgroup that is not a container's own, up to the
 * root of a hierarchy; who freezes or kills is therefore asked first whether
 * he would hit himself.
 */
#include "libcontainer/cgroups/manager.h"

#include "libcontainer/cgroups/paths.h"
#include "libcontainer/cgroups/tree.h"
#include "libcontainer/cgroups/values.h"
#include "libcontainer/cgroups/worlds.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { KILL_MS = 10000 };

static struct cgroup_manager *manager_alloc(const struct cgroup *cgroup,
					    bool unified)
{
	struct cgroup_manager *m = xcalloc(1, sizeof(*m));

	m->cgroup = cgroup;
	m->ops = unified ? &cgroup_v2_ops : &cgroup_v1_ops;
	m->join_dir = -1;
	return m;
}

/* May we make that directory? The nearest one above it decides. */
static bool may_make(const char *directory)
{
	cleanup_free char *path = xstrdup(directory);
	char *slash;

	while (access(path, W_OK | X_OK) < 0) {
		slash = strrchr(path, '/');
		if (errno != ENOENT || !slash || slash == path)
			return errno == ENOENT;
		*slash = '\0';
	}
	return true;
}

/* A hierarchy that this user may not write counts as one that is not there,
 * unless something is asked of it: then prepare tells why it cannot be had. */
static void leave_out_forbidden(struct cgroup_manager *m, bool unified)
{
	size_t kept = 0;

	for (size_t i = 0; i < m->paths_len; i++) {
		struct cgroup_path path = m->paths[i];
		char *shown = m->shown[i];
		bool asked =
			unified ? m->cgroup->unified_len ||
					  cgroup_v1_asks(m->cgroup, NULL)
				: cgroup_v1_asks(m->cgroup, path.controller);

		m->paths[i] = (struct cgroup_path){ NULL, NULL };
		m->shown[i] = NULL;
		if (asked || may_make(path.path)) {
			m->paths[kept] = path;
			m->shown[kept++] = shown;
			continue;
		}
		free(path.controller);
		free(path.path);
		free(shown);
	}
	m->paths_len = kept;
}

int cgroup_manager_new(const struct cgroup *cgroup, const char *mount_root,
		       struct cgroup_manager **out, struct error *err)
{
	struct cgroup_mounts mounts;
	struct cgroup_manager *m;
	int ret;

	if (cgroup_mounts_read(mount_root, &mounts, err) < 0)
		return -1;
	m = manager_alloc(cgroup, mounts.unified);
	ret = cgroup_paths_find(m, &mounts, err);
	leave_out_forbidden(m, mounts.unified);
	cgroup_mounts_free(&mounts);
	if (m->paths_len == 0)
		m->ops = &cgroup_v1_ops; /* v2's need their one directory */
	if (ret < 0)
		cgroup_manager_free(m);
	else
		*out = m;
	return ret;
}

int cgroup_manager_load(const struct cgroup *cgroup,
			const struct cgroup_path *paths, size_t paths_len,
			struct cgroup_manager **out, struct error *err)
{
	bool unified = paths_len == 1 && !*paths[0].controller;
	struct cgroup_manager *m;

	if (paths_len > CGROUP_PATHS_MAX)
		return error_set(err, ERROR_SYSTEM, "%zu cgroups are too many",
				 paths_len);
	m = manager_alloc(cgroup, unified);
	for (size_t i = 0; i < paths_len; i++) {
		m->paths[i].controller = xstrdup(paths[i].controller);
		m->paths[i].path = xstrdup(paths[i].path);
	}
	m->paths_len = paths_len;
	m->ours = true;
	*out = m;
	return 0;
}

int cgroup_manager_of_pid(const struct cgroup *cgroup, pid_t pid,
			  struct cgroup_manager **out, struct error *err)
{
	cleanup_free char *text = NULL;
	struct cgroup_mounts mounts;
	struct cgroup_manager *m;

	if (cgroup_read_proc(pid, &text, err) < 0 ||
	    cgroup_mounts_read(NULL, &mounts, err) < 0)
		return -1;
	m = manager_alloc(cgroup, mounts.unified);
	for (size_t i = 0; i < mounts.len; i++) {
		const char *name = mounts.list[i].controllers;
		char *shown = cgroup_in_proc(text, name);
		char *path =
			shown ? cgroup_directory(&mounts.list[i], shown) : NULL;

		if (!path) {
			free(shown);
			continue;
		}
		m->paths[m->paths_len].controller = xstrdup(name);
		m->paths[m->paths_len].path = path;
		m->shown[m->paths_len++] = shown;
	}
	cgroup_mounts_free(&mounts);
	if (m->paths_len == 0)
		m->ops = &cgroup_v1_ops;
	m->ours = true;
	*out = m;
	return 0;
}

int cgroup_manager_prepare(struct cgroup_manager *m, struct error *err)
{
	if (m->ops->prepare(m, err) < 0) {
		if (err && (err->errnum == EACCES || err->errnum == EPERM) &&
		    geteuid() != 0)
			error_wrap(err,
				   "cgroups: a limit is asked for, and "
				   "user %u was given no cgroup for it",
				   geteuid());
		return -1;
	}
	m->ours = true;
	return 0;
}

/* What the child joined by is needed no longer. */
static void close_doors(struct cgroup_manager *m)
{
	for (size_t i = 0; i < m->join_fds_len; i++)
		if (m->join_fds[i] >= 0)
			close(m->join_fds[i]);
	m->join_fds_len = 0;
	if (m->join_dir >= 0)
		close(steal_fd(&m->join_dir));
}

int cgroup_manager_open(struct cgroup_manager *m, struct error *err)
{
	close_doors(m);
	if (m->ops->open(m, err) == 0)
		return 0;
	close_doors(m);
	return -1;
}

int cgroup_manager_join(struct cgroup_manager *m, pid_t pid, struct error *err)
{
	if (m->ops->join(m, pid, err) < 0)
		return -1;
	close_doors(m);
	return 0;
}

int cgroup_manager_set(struct cgroup_manager *m, const struct cgroup *cgroup,
		       struct error *err)
{
	const char *freezer = cgroup->freezer ? cgroup->freezer : "";

	if (m->ops->set(m, cgroup, err) < 0)
		return -1;
	if (strcmp(freezer, "FROZEN") == 0)
		return cgroup_manager_freeze(m, true, err);
	if (strcmp(freezer, "THAWED") == 0)
		return cgroup_manager_freeze(m, false, err);
	return 0;
}

int cgroup_manager_get_pids(struct cgroup_manager *m, pid_t **pids, size_t *len,
			    struct error *err)
{
	return m->ops->get_pids(m, pids, len, err);
}

int cgroup_manager_get_stats(struct cgroup_manager *m,
			     struct cgroup_stats *stats, struct error *err)
{
	memset(stats, 0, sizeof(*stats));
	return m->ops->get_stats(m, stats, err);
}

static void all_pids(const struct cgroup_manager *m, struct pid_list *list)
{
	for (size_t i = 0; i < m->paths_len; i++)
		cgroup_pids(m->paths[i].path, list);
}

static int refuse_own(const struct cgroup_manager *m, const char *what,
		      struct error *err)
{
	struct pid_list list = { 0 };
	bool own = false;

	all_pids(m, &list);
	for (size_t i = 0; i < list.len; i++)
		own |= list.pids[i] == getpid();
	free(list.pids);
	if (own)
		return error_set(err, ERROR_SYSTEM,
				 "%s cgroup %s: this process is in it", what,
				 m->paths[0].path);
	return 0;
}

int cgroup_manager_freeze(struct cgroup_manager *m, bool frozen,
			  struct error *err)
{
	if (frozen && refuse_own(m, "freeze", err) < 0)
		return -1;
	return m->ops->freeze(m, frozen, err);
}

bool cgroup_manager_is_frozen(struct cgroup_manager *m)
{
	return m->ops->is_frozen(m);
}

/* One round: nobody in there forks while we go through the list. */
static void kill_each(struct cgroup_manager *m)
{
	bool frozen = m->ops->freeze(m, true, NULL) == 0;
	struct pid_list list = { 0 };

	all_pids(m, &list);
	for (size_t i = 0; i < list.len; i++) {
		/* 0: a process that our pid namespace has no number for */
		if (list.pids[i] > 0)
			kill(list.pids[i], SIGKILL);
	}
	free(list.pids);
	if (frozen)
		m->ops->freeze(m, false, NULL);
}

int cgroup_manager_kill(struct cgroup_manager *m, struct error *err)
{
	int64_t deadline = deadline_in(KILL_MS);

	if (!m->ours)
		return 0;
	if (refuse_own(m, "kill", err) < 0)
		return -1;
	for (int round = 0;; round++) {
		struct pid_list list = { 0 };
		size_t left;
		pid_t one;

		all_pids(m, &list);
		left = list.len;
		one = left ? list.pids[0] : 0;
		free(list.pids);
		if (left == 0)
			return 0;
		if (deadline_passed(deadline))
			return error_set(err, ERROR_SYSTEM,
					 "kill cgroup %s: pid %d does not die",
					 m->paths[0].path, (int)one);
		/* the dead need a moment to leave */
		if (round % 16 == 0 && !m->ops->kill(m))
			kill_each(m);
		pause_ms();
	}
}

int cgroup_manager_destroy(struct cgroup_manager *m, struct error *err)
{
	close_doors(m);
	return m->ours ? m->ops->destroy(m, err) : 0;
}

void cgroup_manager_free(struct cgroup_manager *m)
{
	if (!m)
		return;
	close_doors(m);
	for (size_t i = 0; i < CGROUP_PATHS_MAX; i++) {
		free(m->paths[i].controller);
		free(m->paths[i].path);
		free(m->shown[i]);
	}
	free(m);
}
