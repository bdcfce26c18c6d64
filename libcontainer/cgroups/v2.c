/*
 * v2.c  [outside]  cgroup v2: one directory
 *
 * One tree for all controllers. A directory has a controller's files only
 * when its parent hands the controller down, by "+memory" in the parent's
 * cgroup.subtree_control, and the parent got it from its own parent: so they
 * are handed down from the top, level by level, before our directory is made.
 * Nobody may hand down what his own processes use up; such a refusal matters
 * only when a limit was asked for, and then the limit's file is missing.
 *
 * The child does not walk into its cgroup, it is born there: clone3 takes a
 * descriptor of the directory (CLONE_INTO_CGROUP).
 * Source: Documentation/admin-guide/cgroup-v2.rst, clone(2).
 */
#include "libcontainer/cgroups/worlds.h"

#include "libcontainer/cgroups/paths.h"
#include "libcontainer/cgroups/tree.h"
#include "libcontainer/cgroups/values.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FREEZE_MS = 10000 };

static bool has_word(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (const char *p = list; (p = strstr(p, word)); p += len) {
		if ((p == list || p[-1] == ' ') &&
		    (p[len] == ' ' || p[len] == '\0'))
			return true;
	}
	return false;
}

/*
 * Has a cgroup that is not the root processes of its own? Most controllers it
 * could not hand down; but cpu and pids it could, and would thereby become one
 * whose threads only, and no processes, may live in the cgroups below.
 */
static bool has_processes(const char *dir)
{
	cleanup_free char *type = cgroup_read(dir, "cgroup.type");
	cleanup_free char *procs =
		type ? cgroup_read(dir, "cgroup.procs") : NULL;

	return procs && *procs;
}

/* Stats want the first four; others are handed down when a limit needs them,
 * so that a hierarchy changes as little as possible. */
static void hand_down(const char *dir, const struct cgroup *cgroup)
{
	static const char *const always[] = { "cpu", "memory", "pids", "io" };
	cleanup_free char *have = cgroup_read(dir, "cgroup.controllers");
	cleanup_free char *given = cgroup_read(dir, "cgroup.subtree_control");
	char *rest = have, *name;

	if (!have || !given)
		return;
	while ((name = strsep(&rest, " "))) {
		cleanup_free char *plus = xasprintf("+%s", name);
		bool wanted = cgroup_v2_wants(cgroup, name);

		for (size_t i = 0; i < 4; i++)
			wanted |= strcmp(name, always[i]) == 0;
		if (!wanted || has_word(given, name))
			continue;
		if (has_processes(dir))
			return;
		cgroup_write(dir, "cgroup.subtree_control", plus, NULL, NULL);
	}
}

/* Every directory above path that is a cgroup, the topmost first. */
void cgroup_v2_hand_down(const char *path, const struct cgroup *cgroup)
{
	cleanup_free char *above = xstrdup(path), *mark = NULL;
	char *slash = strrchr(above, '/');

	if (!slash || slash == above)
		return;
	*slash = '\0';
	mark = xasprintf("%s/cgroup.controllers", above);
	if (!file_exists(mark))
		return;
	cgroup_v2_hand_down(above, cgroup);
	hand_down(above, cgroup);
}

int cgroup_v2_open(struct cgroup_manager *m, struct error *err)
{
	const char *path = cgroup_v2_path(m);

	m->join_dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (m->join_dir < 0)
		return error_errno(err, "open %s", path);
	return 0;
}

bool cgroup_v2_has(const char *directory, const char *controller)
{
	cleanup_free char *have = cgroup_read(directory, "cgroup.controllers");

	return have && has_word(have, controller);
}

/* Make the directory. Below one that has both processes and controllers that
 * it hands down, only threads may live, and then it is nothing for us. */
static int make_domain(const struct cgroup_manager *m, bool *made,
		       struct error *err)
{
	const char *path = m->paths[0].path;
	cleanup_free char *type = NULL;

	if (cgroup_make(path, made, err) < 0)
		return -1;
	type = cgroup_read(path, "cgroup.type");
	if (!type || strcmp(type, "domain invalid") != 0)
		return 0;
	if (*made)
		rmdir(path);
	cgroup_remove_parents(m->cgroup, path);
	*made = false;
	errno = EPERM;
	return error_errno(err,
			   "cgroup %s: no processes may be below one that has "
			   "some and hands controllers down",
			   path);
}

static int v2_prepare(struct cgroup_manager *m, struct error *err)
{
	const char *path = m->paths[0].path;
	struct error why;
	bool made;

	if (make_domain(m, &made, &why) < 0) {
		if (cgroup_leave_out(m, 0, &why)) {
			/* what needs no path is v1's; limits it will refuse */
			m->ops = &cgroup_v1_ops;
			return cgroup_v1_set(m, m->cgroup, err);
		}
		if (err)
			*err = why;
		goto undo;
	}
	cgroup_v2_hand_down(path, m->cgroup);
	if (cgroup_v2_set(m, m->cgroup, err) < 0 ||
	    cgroup_manager_open(m, err) < 0)
		goto undo;
	return 0;
undo:
	if (made)
		rmdir(path);
	cgroup_remove_parents(m->cgroup, path);
	return -1;
}

static bool v2_event_is(const char *path, const char *key, uint64_t wanted)
{
	uint64_t value;

	return cgroup_read_key(path, "cgroup.events", key, &value) &&
	       value == wanted;
}

static bool v2_is_frozen(struct cgroup_manager *m)
{
	return v2_event_is(m->paths[0].path, "frozen", 1);
}

static int v2_freeze(struct cgroup_manager *m, bool frozen, struct error *err)
{
	const char *path = m->paths[0].path;
	int64_t deadline = deadline_in(FREEZE_MS);

	if (cgroup_write(path, "cgroup.freeze", frozen ? "1" : "0", NULL, err) <
	    0)
		return -1;
	while (!v2_event_is(path, "frozen", frozen)) {
		if (deadline_passed(deadline)) {
			if (frozen)
				cgroup_write(path, "cgroup.freeze", "0", NULL,
					     NULL);
			return error_set(err, ERROR_SYSTEM,
					 "%s does not become %s", path,
					 frozen ? "frozen" : "thawed");
		}
		pause_ms();
	}
	return 0;
}

/* Linux 5.14: one write kills all, also below, and nobody forks away. */
static bool v2_kill(struct cgroup_manager *m)
{
	return cgroup_write(m->paths[0].path, "cgroup.kill", "1", NULL, NULL) ==
	       0;
}

const struct cgroup_ops cgroup_v2_ops = {
	.prepare = v2_prepare,
	.join = cgroup_join,
	.set = cgroup_v2_set,
	.get_pids = cgroup_get_pids,
	.get_stats = cgroup_v2_stats,
	.freeze = v2_freeze,
	.destroy = cgroup_destroy,
	.open = cgroup_v2_open,
	.is_frozen = v2_is_frozen,
	.kill = v2_kill,
};
