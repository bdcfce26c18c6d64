/*
 * walk.c  [outside]  through a cgroup's directory and all below it
 *
 * Who is below may be hostile and have nested deeper than any path is long, or
 * than we may open files: hence one descriptor that goes down by a name and up
 * by "..", and a list of what is left to see. Nobody can move a cgroup to
 * another parent, so ".." leads back. What goes meanwhile is passed over; what
 * cannot be looked into is an error, for somebody may live in there.
 */
#include "libcontainer/cgroups/walk.h"

#include "libcontainer/cgroups/values.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

enum { WALK_TRIES = 20 };

struct level {
	char *name;
	char **children;
	size_t next;
};

struct walk {
	struct level *levels;
	size_t depth;
	int fd;	  /* the directory of the last level, -1: none */
	int lost; /* the errno for which not all was seen, or 0  */
};

static int free_list(char **list)
{
	strv_free(list);
	return -1;
}

/* The directories directly below fd, as a list, or NULL for none. */
static int children_of(int fd, char ***out)
{
	int own = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cleanup_closedir DIR *stream = own < 0 ? NULL : fdopendir(own);
	struct dirent *entry;
	char **list = NULL;
	size_t len = 0;

	if (!stream) {
		if (own >= 0)
			close(own);
		return -1;
	}
	while ((errno = 0, entry = readdir(stream))) {
		if (entry->d_type != DT_DIR ||
		    strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		list = xreallocarray(list, len + 2, sizeof(*list));
		list[len++] = xstrdup(entry->d_name);
		list[len] = NULL;
	}
	if (errno)
		return free_list(list);
	*out = list;
	return 0;
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
	char **children = NULL;

	if (move_to(w, name) < 0)
		return -1;
	/* One that was removed, since we are in it, has none. */
	if (children_of(w->fd, &children) < 0 && !cgroup_is_gone(errno))
		w->lost = errno;
	w->levels = xreallocarray(w->levels, w->depth + 1, sizeof(*w->levels));
	w->levels[w->depth++] = (struct level){
		.name = xstrdup(name),
		.children = children,
	};
	return 0;
}

/* Leave a level: its name, for the caller to free; fd is at its parent. Where
 * no way leads back, w->lost. */
static char *walk_up(struct walk *w)
{
	struct level *last = &w->levels[--w->depth];

	strv_free(last->children);
	if (w->depth > 0 && move_to(w, "..") == 0)
		return last->name;
	if (w->depth > 0)
		w->lost = errno;
	close(w->fd);
	w->fd = -1;
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
			return true;
		if (!cgroup_is_gone(errno)) /* else it has gone meanwhile */
			w->lost = errno;
	}
}

/* Returns 0, or the errno for which not all was seen. */
static int walk_once(const char *directory, int (*visit)(int fd, void *data),
		     void *data)
{
	struct walk w = { .fd = -1 };
	int failed;

	if (walk_down(&w, directory) < 0) {
		failed = cgroup_is_gone(errno) ? 0 : errno;
		walk_end(&w);
		return failed;
	}
	failed = visit(w.fd, data);
	while (w.fd >= 0 && !failed) {
		if (walk_next(&w))
			failed = visit(w.fd, data);
		else
			free(walk_up(&w));
	}
	walk_end(&w);
	return failed ? failed : w.lost;
}

int cgroup_walk(const char *directory, int (*visit)(int fd, void *data),
		void *data, struct error *err)
{
	int failed = ENOENT;

	/* A way back that has gone while we went it: again, from above. */
	for (int i = 0; i < WALK_TRIES && cgroup_is_gone(failed); i++)
		failed = walk_once(directory, visit, data);
	errno = failed;
	return failed ? error_errno(err, "look into %s and below", directory)
		      : 0;
}

int cgroup_remove_once(const char *directory)
{
	struct walk w = { .fd = -1 };

	if (rmdir(directory) == 0 || errno == ENOENT)
		return 0;
	if (walk_down(&w, directory) < 0) {
		int why = errno;

		walk_end(&w);
		errno = why;
		return why == ENOENT ? 0 : -1;
	}
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
