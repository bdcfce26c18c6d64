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

enum { MAKE_TRIES = 20 };

/* The directories directly below, as a list of paths. Read whole before
 * anybody goes deeper, so that no depth uses up our descriptors. */
static char **children_of(const char *directory)
{
	cleanup_closedir DIR *stream = opendir(directory);
	struct dirent *entry;
	char **list = NULL;

	while (stream && (entry = readdir(stream))) {
		cleanup_free char *path = NULL;

		if (entry->d_type != DT_DIR ||
		    strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		path = xasprintf("%s/%s", directory, entry->d_name);
		strv_append(&list, path);
	}
	return list;
}

void cgroup_pids(const char *directory, struct pid_list *list)
{
	cleanup_free char *path = xasprintf("%s/cgroup.procs", directory);
	cleanup_free char *text = NULL;
	cleanup_strv char **children = children_of(directory);

	if (file_read(path, SIZE_MAX, &text, NULL, NULL) == 0) {
		for (char *p = text, *end; *p; p = end + (*end == '\n')) {
			long pid = strtol(p, &end, 10);

			if (end == p)
				break;
			list->pids = xreallocarray(list->pids, list->len + 1,
						   sizeof(*list->pids));
			list->pids[list->len++] = (pid_t)pid;
		}
	}
	for (char **child = children; child && *child; child++)
		cgroup_pids(*child, list);
}

static int refuse_used(const char *directory, struct error *err)
{
	struct pid_list list = { 0 };

	cgroup_pids(directory, &list);
	if (list.len > 0)
		error_set(err, ERROR_SYSTEM,
			  "cgroup %s is in use: pid %d is in it", directory,
			  (int)list.pids[0]);
	free(list.pids);
	return list.len > 0 ? -1 : 0;
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
		if (errno == EEXIST)
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

static int remove_once(const char *directory)
{
	cleanup_strv char **children = NULL;

	if (rmdir(directory) == 0 || errno == ENOENT)
		return 0;
	if (errno != EBUSY && errno != ENOTEMPTY)
		return -1;
	children = children_of(directory);
	for (char **child = children; child && *child; child++) {
		if (remove_once(*child) < 0)
			return -1;
	}
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
