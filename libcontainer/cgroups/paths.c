/*
 * paths.c  [outside]  the container's directory in each hierarchy
 *
 * /proc/self/cgroup tells our own place in each hierarchy; the container's
 * is parent/name below that.
 *
 *	v1  mount point + own cgroup + parent/name
 *	v2  mount point + directory of own cgroup + parent/name
 *
 * v2 forbids a cgroup to have both processes and children with controllers
 * ("no internal processes"), and our own cgroup has at least us in it: hence
 * the container becomes our cgroup's sibling there. Who was given only his own
 * cgroup (delegation: the directory and its cgroup.procs are his) finds no
 * place there; for him it is below the own one. An absolute parent counts from
 * the mount point in both.
 *
 * A mount may show only a part of its hierarchy (a container's view): its
 * root is taken off the front of what /proc/self/cgroup says.
 * Sources: proc(5), cgroups(7), Documentation/admin-guide/cgroup-v2.rst.
 */
#include "libcontainer/cgroups/paths.h"

#include "libcontainer/cgroups/values.h"
#include "libcontainer/cgroups/worlds.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/file.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { PROC_LIMIT = 1024 * 1024 };

char *cgroup_in_proc(const char *text, const char *controllers)
{
	size_t first;
	cleanup_free char *name = NULL;

	next_word(controllers, &first, ',');
	name = xstrndup(controllers, first);
	while (*text) {
		const char *line = text, *list, *path;
		cleanup_free char *names = NULL;
		size_t len;

		text = next_word(text, &len, '\n');
		list = memchr(line, ':', len);
		path = list ? memchr(list + 1, ':',
				     len - (size_t)(list + 1 - line))
			    : NULL;
		if (!path)
			continue;
		names = xstrndup(list + 1, (size_t)(path - list - 1));
		if (first ? cgroup_list_has(names, name) : !*names)
			return xstrndup(path + 1,
					len - (size_t)(path + 1 - line));
	}
	return NULL;
}

int cgroup_read_proc(pid_t pid, char **text, struct error *err)
{
	cleanup_free char *path = pid ? xasprintf("/proc/%d/cgroup", (int)pid)
				      : xstrdup("/proc/self/cgroup");

	return file_read(path, PROC_LIMIT, text, NULL, err);
}

/* What of path lies below prefix: "" or "/...", inside path; else NULL. */
static const char *below(const char *path, const char *prefix)
{
	size_t len = strlen(prefix);

	if (strcmp(prefix, "/") == 0)
		len = 0;
	if (strncmp(path, prefix, len) != 0)
		return NULL;
	path += len;
	if (strcmp(path, "/") == 0)
		return "";
	return *path == '\0' || *path == '/' ? path : NULL;
}

/* Is one of the parts of path ".."? */
static bool climbs(const char *path)
{
	while (*path) {
		const char *part = path;
		size_t len;

		path = next_word(path, &len, '/');
		if (len == 2 && strncmp(part, "..", 2) == 0)
			return true;
	}
	return false;
}

char *cgroup_directory(const struct cgroup_mount *mount, const char *cgroup)
{
	const char *rest = below(cgroup, mount->root);

	if (!rest || climbs(rest))
		return NULL;
	return xasprintf("%s%s", mount->point, rest);
}

char *cgroup_shown(const struct cgroup_mount *mount, const char *directory)
{
	const char *rest = below(directory, mount->point);
	const char *root = strcmp(mount->root, "/") == 0 ? "" : mount->root;

	if (!rest)
		return NULL;
	return *root || *rest ? xasprintf("%s%s", root, rest) : xstrdup("/");
}

/* The same path without empty parts and ".", as the kernel will show it. */
static char *tidy(const char *path)
{
	char *clean = xstrdup(*path == '/' ? "/" : "");

	while (*path) {
		const char *part = path;
		char *longer;
		size_t len;

		path = next_word(path, &len, '/');
		if (len == 0 || (len == 1 && *part == '.'))
			continue;
		longer = xasprintf("%s%s%.*s", clean,
				   *clean && strcmp(clean, "/") != 0 ? "/" : "",
				   (int)len, part);
		free(clean);
		clean = longer;
	}
	return clean;
}

char *cgroup_place(const struct cgroup *cgroup, struct error *err)
{
	const char *parent = cgroup->parent ? cgroup->parent : "";
	const char *name = cgroup->name ? cgroup->name : "";
	cleanup_free char *given = NULL, *place = NULL;

	if (cgroup->path && *cgroup->path)
		given = xstrdup(cgroup->path);
	else if (*name)
		given = xasprintf("%s%s%s", parent, *parent ? "/" : "", name);
	place = tidy(given ? given : "");
	if (!*place || strcmp(place, "/") == 0) {
		error_set(err, ERROR_CONFIG_INVALID,
			  "cgroups.name: a cgroup needs a name");
		return NULL;
	}
	if (climbs(place)) {
		error_set(err, ERROR_CONFIG_INVALID,
			  "cgroups: \"..\" is not allowed in \"%s\"", place);
		return NULL;
	}
	return steal_ptr(&place);
}

/* May we make cgroups in that directory, and move processes between them? */
static bool is_ours(const char *directory)
{
	cleanup_free char *procs = xasprintf("%s/cgroup.procs", directory);

	return faccessat(AT_FDCWD, directory, W_OK, AT_EACCESS) == 0 &&
	       faccessat(AT_FDCWD, procs, W_OK, AT_EACCESS) == 0;
}

/* v2: our own cgroup's parent, as far as the mount shows it. */
static void climb(char *directory, const struct cgroup_mount *mount)
{
	cleanup_free char *own = xstrdup(directory);

	if (strlen(directory) <= strlen(mount->point))
		return;
	*strrchr(directory, '/') = '\0';
	if (!is_ours(directory) && is_ours(own))
		strcpy(directory, own);
}

/* The directory that a relative place counts from; NULL: not in this mount. */
static char *base_of(const struct cgroup_mount *mount,
		     const struct cgroup_mounts *mounts, const char *proc)
{
	cleanup_free char *own = NULL, *directory = NULL;

	if (mounts->plain)
		return xstrdup(mount->point);
	own = cgroup_in_proc(proc, mount->controllers);
	directory = own ? cgroup_directory(mount, own) : NULL;
	if (!directory)
		return NULL;
	if (!*mount->controllers)
		climb(directory, mount);
	return steal_ptr(&directory);
}

static void add_path(struct cgroup_manager *m, const struct cgroup_mount *mount,
		     const struct cgroup_mounts *mounts, const char *place,
		     const char *proc)
{
	cleanup_free char *base = *place == '/' ? xstrdup(mount->point)
						: base_of(mount, mounts, proc);
	struct cgroup_path *path = &m->paths[m->paths_len];

	if (!base || m->paths_len == CGROUP_PATHS_MAX)
		return;
	path->controller = xstrdup(mount->controllers);
	path->path = xasprintf("%s%s%s", base, *place == '/' ? "" : "/", place);
	m->shown[m->paths_len++] = cgroup_shown(mount, path->path);
}

/* Does a limit need what only the v2 tree beside v1's hierarchies has? 1, 0 or
 * -1. */
static int needs_beside(const struct cgroup *cgroup,
			const struct cgroup_mount *beside, struct error *err)
{
	cleanup_free char *have = NULL;
	char *rest, *name;

	if (!beside->point)
		return 0;
	if (cgroup_look(beside->point, "cgroup.controllers", &have, err) < 0)
		return -1;
	rest = have;
	while ((name = strsep(&rest, " ")))
		if (cgroup_v2_wants(cgroup, name))
			return 1;
	return 0;
}

int cgroup_paths_find(struct cgroup_manager *m,
		      const struct cgroup_mounts *mounts, struct error *err)
{
	cleanup_free char *place = cgroup_place(m->cgroup, err);
	cleanup_free char *proc = NULL;
	int needed;

	if (!place)
		return -1;
	for (size_t i = 0; i < mounts->left_out_len; i++)
		m->left_out[m->left_out_len++] = (struct cgroup_left_out){
			.controller = xstrdup(mounts->left_out[i].controller),
			.why = xstrdup(mounts->left_out[i].why),
		};
	if (mounts->len > 0 && cgroup_read_proc(0, &proc, err) < 0)
		return -1;
	for (size_t i = 0; i < mounts->len; i++)
		add_path(m, &mounts->list[i], mounts, place, proc);
	needed = needs_beside(m->cgroup, &mounts->beside, err);
	if (needed > 0)
		add_path(m, &mounts->beside, mounts, place, proc);
	return needed < 0 ? -1 : 0;
}
