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
#include <sys/stat.h>

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

/* 1, 0 or -1; one that has gone is nobody else's. */
static int is_own(struct cgroup_manager *m, size_t at,
		  const struct cgroup_path *inodes, size_t len,
		  struct error *err)
{
	const struct cgroup_path *path = &m->paths[at];
	struct stat st;

	for (size_t i = 0; i < len; i++) {
		if (strcmp(inodes[i].controller, path->controller) != 0)
			continue;
		m->inodes[at] = strtoull(inodes[i].path, NULL, 10);
		if (stat(path->path, &st) == 0)
			return st.st_ino == m->inodes[at];
		return errno == ENOENT
			       ? 1
			       : error_errno(err, "cgroup %s", path->path);
	}
	return 1;
}

int cgroup_manager_keep_own(struct cgroup_manager *m,
			    const struct cgroup_path *inodes, size_t len,
			    struct error *err)
{
	for (size_t i = m->paths_len; i-- > 0;) {
		int own = is_own(m, i, inodes, len, err);

		if (own < 0)
			return -1;
		if (!own)
			cgroup_forget(m, i);
	}
	return 0;
}

/* The cgroup of that hierarchy in the text of a /proc/PID/cgroup. */
static void add_shown(struct cgroup_manager *m,
		      const struct cgroup_mount *mount, const char *text)
{
	char *shown = cgroup_in_proc(text, mount->controllers);
	char *path = shown ? cgroup_directory(mount, shown) : NULL;

	if (!path || m->paths_len == CGROUP_PATHS_MAX) {
		free(shown);
		free(path);
		return;
	}
	m->paths[m->paths_len].controller = xstrdup(mount->controllers);
	m->paths[m->paths_len].path = path;
	m->shown[m->paths_len++] = shown;
}

int cgroup_manager_of_pid(const struct cgroup *cgroup, pid_t pid,
			  struct cgroup_manager **out, struct error *err)
{
	cleanup_free char *text = NULL, *own = NULL;
	cleanup_free char *theirs = NULL, *ours = NULL;
	struct cgroup_mounts mounts;
	struct cgroup_manager *m;

	if (cgroup_read_proc(pid, &text, err) < 0 ||
	    cgroup_read_proc(0, &own, err) < 0 ||
	    cgroup_mounts_read(NULL, &mounts, err) < 0)
		return -1;
	m = manager_alloc(cgroup, mounts.unified);
	for (size_t i = 0; i < mounts.len; i++)
		add_shown(m, &mounts.list[i], text);
	/* hybrid: most are where everybody is, and need not be joined there */
	theirs = cgroup_in_proc(text, "");
	ours = cgroup_in_proc(own, "");
	if (mounts.beside.point && theirs && ours && strcmp(theirs, ours) != 0)
		add_shown(m, &mounts.beside, text);
	cgroup_mounts_free(&mounts);
	if (m->paths_len == 0)
		m->ops = &cgroup_v1_ops;
	m->ours = true;
	*out = m;
	return 0;
}

int cgroup_manager_prepare(struct cgroup_manager *m, struct error *err)
{
	struct stat st;

	if (m->ops->prepare(m, err) < 0)
		return -1;
	m->ours = true;
	for (size_t i = 0; i < m->paths_len; i++) {
		if (stat(m->paths[i].path, &st) < 0)
			return error_errno(err, "cgroup %s", m->paths[i].path);
		m->inodes[i] = st.st_ino;
	}
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

/* Also of -1 the list is the caller's: free(list->pids). */
static int all_pids(const struct cgroup_manager *m, struct pid_list *list,
		    struct error *err)
{
	*list = (struct pid_list){ 0 };
	for (size_t i = 0; i < m->paths_len; i++)
		if (cgroup_pids(m->paths[i].path, list, err) < 0)
			return -1;
	return 0;
}

static int refuse_own(const struct cgroup_manager *m,
		      const struct pid_list *list, const char *what,
		      struct error *err)
{
	for (size_t i = 0; i < list->len; i++)
		if (list->pids[i] == getpid())
			return error_set(err, ERROR_SYSTEM,
					 "%s cgroup %s: this process is in it",
					 what, m->paths[0].path);
	return 0;
}

int cgroup_manager_freeze(struct cgroup_manager *m, bool frozen,
			  struct error *err)
{
	struct pid_list list = { 0 };
	int ret = 0;

	if (frozen) {
		ret = all_pids(m, &list, err);
		if (ret == 0)
			ret = refuse_own(m, &list, "freeze", err);
		free(list.pids);
	}
	return ret < 0 ? -1 : m->ops->freeze(m, frozen, err);
}

int cgroup_manager_is_frozen(struct cgroup_manager *m, struct error *err)
{
	return m->ops->is_frozen(m, err);
}

int cgroup_manager_is_empty(struct cgroup_manager *m, struct error *err)
{
	struct pid_list list;
	int ret = all_pids(m, &list, err);

	free(list.pids);
	return ret < 0 ? -1 : list.len == 0;
}

/* One round: nobody in there forks while we go through the list. Who is frozen
 * dies when he is thawed. */
static int kill_each(struct cgroup_manager *m, struct error *err)
{
	bool frozen = m->ops->freeze(m, true, NULL) == 0;
	struct pid_list list;
	int ret = all_pids(m, &list, err);

	for (size_t i = 0; i < list.len; i++) {
		/* 0: a process that our pid namespace has no number for */
		if (list.pids[i] > 0)
			kill(list.pids[i], SIGKILL);
	}
	free(list.pids);
	if (frozen)
		m->ops->freeze(m, false, NULL);
	if (ret == 0)
		ret = m->ops->thaw_below(m, err);
	return ret;
}

/* How many are in there: one of them is *one. Not with ourselves among them. */
static int count_others(const struct cgroup_manager *m, size_t *count,
			pid_t *one, struct error *err)
{
	struct pid_list list;
	int ret = all_pids(m, &list, err);

	if (ret == 0)
		ret = refuse_own(m, &list, "kill", err);
	*count = list.len;
	*one = list.len ? list.pids[0] : 0;
	free(list.pids);
	return ret;
}

int cgroup_manager_kill(struct cgroup_manager *m, struct error *err)
{
	int64_t deadline = deadline_in(KILL_MS);

	if (!m->ours)
		return 0;
	for (int round = 0;; round++) {
		size_t left;
		pid_t one;

		if (count_others(m, &left, &one, err) < 0)
			return -1;
		if (left == 0)
			return 0;
		if (deadline_passed(deadline))
			return error_set(err, ERROR_SYSTEM,
					 "kill cgroup %s: pid %d does not die",
					 m->paths[0].path, (int)one);
		/* the dead need a moment to leave */
		if (round % 16 == 0 && !m->ops->kill(m) &&
		    kill_each(m, err) < 0)
			return -1;
		pause_ms();
	}
}

int cgroup_manager_destroy(struct cgroup_manager *m, struct error *err)
{
	close_doors(m);
	/* mostly they are empty, and rmdir(2) needs no look inside */
	if (!m->ours || cgroup_destroy_empty(m))
		return 0;
	if (!m->unborn && cgroup_manager_kill(m, err) < 0)
		return -1;
	return m->ops->destroy(m, err);
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
		free(m->left_out[i].controller);
		free(m->left_out[i].why);
	}
	free(m);
}
