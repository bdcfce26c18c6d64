/*
 * tree.c  [outside]  a cgroup's directory with all that is below it
 *
 * mkdir(2) makes a cgroup and rmdir(2) removes it; the files in it come and
 * go with it. rmdir says EBUSY while a process or a child cgroup is inside;
 * a killed process leaves its cgroup only when the kernel has taken it apart,
 * a moment after it is seen dead. Hence the polling.
 *
 * Parents are shared with other containers that start and end at this moment:
 * one may remove a parent between our two mkdirs, and we try again.
 */
#include "libcontainer/cgroups/tree.h"

#include "libcontainer/cgroups/paths.h"
#include "libcontainer/cgroups/values.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAKE_TRIES = 20 };

/*
 * A walk through a directory and all below it. Who is below may be hostile and
 * have nested deeper than any path is long, or than we may open files: hence
 * one descriptor that goes down by a name and up by "..", and a list of what is
 * left to see. Nobody can move a cgroup to another parent, so ".." leads back.
 */
struct level {
	char *name;
	char **children;
	size_t next;
};

struct walk {
	struct level *levels;
	size_t depth;
	int fd; /* the directory of the last level, -1: none */
};

/* The directories directly below fd. */
static char **children_of(int fd)
{
	int own = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cleanup_closedir DIR *stream = own < 0 ? NULL : fdopendir(own);
	struct dirent *entry;
	char **list = NULL;
	size_t len = 0;

	if (own >= 0 && !stream)
		close(own);
	while (stream && (entry = readdir(stream))) {
		if (entry->d_type != DT_DIR ||
		    strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		list = xreallocarray(list, len + 2, sizeof(*list));
		list[len++] = xstrdup(entry->d_name);
		list[len] = NULL;
	}
	return list;
}

static int move_to(struct walk *w, const char *name)
{
	int fd = openat(w->fd < 0 ? AT_FDCWD : w->fd, name,
			O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return -1;
	if (w->fd >= 0)
		close(w->fd);
	w->fd = fd;
	return 0;
}

static int walk_down(struct walk *w, const char *name)
{
	if (move_to(w, name) < 0)
		return -1;
	w->levels = xreallocarray(w->levels, w->depth + 1, sizeof(*w->levels));
	w->levels[w->depth++] = (struct level){
		.name = xstrdup(name),
		.children = children_of(w->fd),
	};
	return 0;
}

/* Leave a level: its name, for the caller to free; fd is at its parent. */
static char *walk_up(struct walk *w)
{
	struct level *last = &w->levels[--w->depth];

	strv_free(last->children);
	if (w->depth == 0 || move_to(w, "..") < 0) {
		close(w->fd);
		w->fd = -1;
	}
	return last->name;
}

static void walk_end(struct walk *w)
{
	for (size_t i = 0; i < w->depth; i++) {
		free(w->levels[i].name);
		strv_free(w->levels[i].children);
	}
	free(w->levels);
	if (w->fd >= 0)
		close(w->fd);
}

/* Go down to the next one that was not seen yet. false: there is none. */
static bool walk_next(struct walk *w)
{
	for (;;) {
		struct level *last = &w->levels[w->depth - 1];
		char *child =
			last->children ? last->children[last->next] : NULL;

		if (!child)
			return false;
		last->next++;
		if (walk_down(w, child) == 0)
			return true; /* else it has gone meanwhile */
	}
}

static void read_pids(int fd, struct pid_list *list)
{
	cleanup_free char *text = NULL;

	if (file_readat(fd, "cgroup.procs", SIZE_MAX, &text, NULL) < 0)
		return;
	for (char *p = text, *end; *p; p = end + (*end == '\n')) {
		long pid = strtol(p, &end, 10);

		if (end == p)
			break;
		list->pids = xreallocarray(list->pids, list->len + 1,
					   sizeof(*list->pids));
		list->pids[list->len++] = (pid_t)pid;
	}
}

void cgroup_pids(const char *directory, struct pid_list *list)
{
	struct walk w = { .fd = -1 };

	if (walk_down(&w, directory) < 0)
		return;
	read_pids(w.fd, list);
	while (w.fd >= 0) {
		if (walk_next(&w))
			read_pids(w.fd, list);
		else
			free(walk_up(&w));
	}
	walk_end(&w);
}

static int refuse_used(const char *directory, struct error *err)
{
	struct pid_list list = { 0 };

	cgroup_pids(directory, &list);
	if (list.len > 0)
		error_set(err, ERROR_SYSTEM,
			  "cgroup %s is in use: pid %d is in it; end that "
			  "process, or take another cgroups.name, or id",
			  directory, (int)list.pids[0]);
	free(list.pids);
	return list.len > 0 ? -1 : 0;
}

/* May we put processes in there, or is it another user's, of the same name?
 * Then errno is EACCES. */
static bool may_enter(const char *directory)
{
	static const char *const files[] = { "tasks", "cgroup.procs" };

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		cleanup_free char *path =
			xasprintf("%s/%s", directory, files[i]);

		if (faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0)
			return true;
		if (errno != ENOENT)
			return false;
	}
	return true;
}

int cgroup_make(const char *directory, bool *made, struct error *err)
{
	cleanup_free char *parent = xstrdup(directory);
	char *slash = strrchr(parent, '/');

	*made = false;
	for (int tries = 0; tries < MAKE_TRIES; tries++) {
		if (mkdir(directory, 0755) == 0) {
			*made = true;
			return 0;
		}
		if (errno == EEXIST && may_enter(directory))
			return refuse_used(directory, err);
		if (errno != ENOENT || !slash || slash == parent)
			break;
		*slash = '\0';
		if (mkdir_all(parent, 0755, err) < 0 &&
		    (!err || err->errnum != ENOENT))
			return -1;
		*slash = '/';
		errno = ENOENT;
	}
	return error_errno(err, "mkdir %s", directory);
}

static bool is_mount_point(const char *path)
{
	struct statx st;

	return statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, 0, &st) == 0 &&
	       (st.stx_attributes & STATX_ATTR_MOUNT_ROOT);
}

/* Those below first. One that stays keeps all above it. */
static int remove_once(const char *directory)
{
	struct walk w = { .fd = -1 };

	if (rmdir(directory) == 0 || errno == ENOENT ||
	    walk_down(&w, directory) < 0)
		return errno == ENOENT ? 0 : -1;
	for (;;) {
		cleanup_free char *name = NULL;

		while (walk_next(&w))
			;
		name = walk_up(&w);
		if (w.fd < 0)
			break;
		if (unlinkat(w.fd, name, AT_REMOVEDIR) < 0 && errno != ENOENT)
			break;
	}
	walk_end(&w);
	return rmdir(directory) == 0 || errno == ENOENT ? 0 : -1;
}

int cgroup_remove(const char *directory, int64_t deadline, struct error *err)
{
	if (rmdir(directory) == 0 || errno == ENOENT)
		return 0;
	if (errno != EBUSY && errno != ENOTEMPTY)
		return error_errno(err, "rmdir %s", directory);
	if (is_mount_point(directory))
		return error_set(err, ERROR_SYSTEM,
				 "rmdir %s: it is the hierarchy's root",
				 directory);
	for (;;) {
		struct pid_list list = { 0 };
		size_t left;

		cgroup_pids(directory, &list);
		left = list.len;
		free(list.pids);
		if (left == 0 && remove_once(directory) == 0)
			return 0;
		if (left > 0)
			errno = EBUSY;
		if (errno != EBUSY || deadline_passed(deadline))
			return error_errno(err, "rmdir %s", directory);
		pause_ms();
	}
}

void cgroup_remove_parents(const struct cgroup *cgroup, const char *directory)
{
	cleanup_free char *place = cgroup_place(cgroup, NULL);
	cleanup_free char *path = xstrdup(directory);
	size_t len = strlen(path), tail = place ? strlen(place) : 0;

	if (!place || *place == '/' || tail + 1 >= len ||
	    path[len - tail - 1] != '/' ||
	    strcmp(path + len - tail, place) != 0)
		return;
	for (char *slash; (slash = strrchr(place, '/')); *slash = '\0') {
		*strrchr(path, '/') = '\0';
		if (rmdir(path) < 0)
			return;
	}
}
