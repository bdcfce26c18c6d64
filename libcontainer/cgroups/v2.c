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
 * whose threads only, and no processes, may live in the cgroups below. 1, 0 or
 * -1.
 */
static int has_processes(const char *dir, struct error *err)
{
	cleanup_free char *type = NULL, *procs = NULL;
	int found = cgroup_look(dir, "cgroup.type", &type, err);

	if (found > 0)
		found = cgroup_look(dir, "cgroup.procs", &procs, err);
	return found <= 0 ? found : *procs != '\0';
}

/* Stats want the first four; others are handed down when a limit needs them,
 * so that a hierarchy changes as little as possible. */
static int hand_down(const char *dir, const struct cgroup *cgroup,
		     struct error *err)
{
	static const char *const always[] = { "cpu", "memory", "pids", "io" };
	cleanup_free char *have = NULL, *given = NULL;
	char *rest, *name;

	if (cgroup_look(dir, "cgroup.controllers", &have, err) < 0 ||
	    cgroup_look(dir, "cgroup.subtree_control", &given, err) < 0)
		return -1;
	rest = given ? have : NULL;
	while ((name = strsep(&rest, " "))) {
		cleanup_free char *plus = xasprintf("+%s", name);
		bool wanted = cgroup_v2_wants(cgroup, name);
		int used;

		for (size_t i = 0; i < 4; i++)
			wanted |= strcmp(name, always[i]) == 0;
		if (!wanted || has_word(given, name))
			continue;
		used = has_processes(dir, err);
		if (used != 0)
			return used < 0 ? -1 : 0;
		cgroup_write(dir, "cgroup.subtree_control", plus, NULL, NULL);
	}
	return 0;
}

/* Every directory above path that is a cgroup, the topmost first. */
int cgroup_v2_hand_down(const char *path, const struct cgroup *cgroup,
			struct error *err)
{
	cleanup_free char *above = xstrdup(path), *mark = NULL;
	char *slash = strrchr(above, '/');
	int there;

	if (!slash || slash == above)
		return 0;
	*slash = '\0';
	mark = xasprintf("%s/cgroup.controllers", above);
	there = file_is_there(mark, err);
	if (there <= 0)
		return there;
	if (cgroup_v2_hand_down(above, cgroup, err) < 0)
		return -1;
	return hand_down(above, cgroup, err);
}

int cgroup_v2_open(struct cgroup_manager *m, struct error *err)
{
	const char *path = cgroup_v2_path(m);

	m->join_dir = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (m->join_dir < 0)
		return error_errno(err, "open %s", path);
	return 0;
}

int cgroup_v2_has(const char *directory, const char *controller,
		  struct error *err)
{
	cleanup_free char *have = NULL;
	int found = cgroup_look(directory, "cgroup.controllers", &have, err);

	return found <= 0 ? found : has_word(have, controller);
}

/* Make the directory. Below one that has both processes and controllers that
 * it hands down, only threads may live, and then it is nothing for us. */
static int make_domain(const struct cgroup_manager *m, struct cgroup_made *made,
		       struct error *err)
{
	const char *path = m->paths[0].path;
	cleanup_free char *type = NULL;

	if (cgroup_make(path, !m->cgroup->path, made, err) < 0 ||
	    cgroup_look(path, "cgroup.type", &type, err) < 0)
		return -1;
	if (!type || strcmp(type, "domain invalid") != 0)
		return 0;
	cgroup_unmake(path, made);
	cgroup_remove_parents(m->cgroup, path);
	*made = (struct cgroup_made){ 0 };
	errno = EPERM;
	return error_errno(err,
			   "cgroup %s: no processes may be below one that has "
			   "some and hands controllers down",
			   path);
}

static int v2_prepare(struct cgroup_manager *m, struct error *err)
{
	const char *path = m->paths[0].path;
	struct cgroup_made made = { 0 };
	struct error why;

	if (make_domain(m, &made, &why) < 0) {
		if (!made.itself && cgroup_leave_out(m, 0, &why)) {
			/* what needs no path is v1's; limits it will refuse */
			m->ops = &cgroup_v1_ops;
			return cgroup_v1_set(m, m->cgroup, err);
		}
		if (err)
			*err = why;
		goto undo;
	}
	if (cgroup_v2_hand_down(path, m->cgroup, err) < 0 ||
	    cgroup_v2_set(m, m->cgroup, err) < 0 ||
	    cgroup_manager_open(m, err) < 0)
		goto undo;
	return 0;
undo:
	cgroup_unmake(path, &made);
	cgroup_remove_parents(m->cgroup, path);
	return -1;
}

/* Does cgroup.events say that? 1; 0, also when it is gone; -1. */
static int v2_event_is(const char *path, const char *key, uint64_t wanted,
		       struct error *err)
{
	uint64_t value;
	int found = cgroup_look_key(path, "cgroup.events", key, &value, err);

	return found <= 0 ? found : value == wanted;
}

static int v2_is_frozen(struct cgroup_manager *m, struct error *err)
{
	return v2_event_is(m->paths[0].path, "frozen", 1, err);
}

static int v2_freeze(struct cgroup_manager *m, bool frozen, struct error *err)
{
	const char *path = m->paths[0].path;
	int64_t deadline = deadline_in(FREEZE_MS);
	int there;

	if (cgroup_write(path, "cgroup.freeze", frozen ? "1" : "0", NULL, err) <
	    0)
		return -1;
	while ((there = v2_event_is(path, "frozen", frozen, err)) == 0) {
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
	return there < 0 ? -1 : 0;
}

/* Here who is frozen can be killed. */
static int v2_thaw_below(struct cgroup_manager *m, struct error *err)
{
	(void)m;
	(void)err;
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
	.thaw_below = v2_thaw_below,
};
