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
#include "libcontainer/cgroups/walk.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAKE_TRIES = 20 };

/* One that is threaded (v2) has its processes listed above it. */
static int read_pids(int fd, void *data)
{
	struct pid_list *list = data;
	cleanup_free char *text = NULL;
	struct error why = { 0 };

	if (file_readat(fd, "cgroup.procs", SIZE_MAX, &text, &why) < 0)
		return cgroup_is_gone(why.errnum) || why.errnum == EOPNOTSUPP
			       ? 0
			       : why.errnum;
	for (char *p = text, *end; *p; p = end + (*end == '\n')) {
		long pid = strtol(p, &end, 10);

		if (end == p)
			break;
		list->pids = xreallocarray(list->pids, list->len + 1,
					   sizeof(*list->pids));
		list->pids[list->len++] = (pid_t)pid;
	}
	return 0;
}

int cgroup_pids(const char *directory, struct pid_list *list, struct error *err)
{
	return cgroup_walk(directory, read_pids, list, err);
}

struct writing {
	const char *file, *text;
};

static int write_one(int fd, void *data)
{
	const struct writing *w = data;
	struct error why = { 0 };

	if (file_writeat(fd, w->file, w->text, &why) == 0 ||
	    cgroup_is_gone(why.errnum))
		return 0;
	return why.errnum;
}

int cgroup_write_below(const char *directory, const char *file,
		       const char *text, struct error *err)
{
	struct writing w = { .file = file, .text = text };

	return cgroup_walk(directory, write_one, &w, err);
}

static int refuse_used(const char *directory, struct error *err)
{
	struct pid_list list = { 0 };
	int rc = cgroup_pids(directory, &list, err);

	if (rc == 0 && list.len > 0)
		rc = error_set(err, ERROR_SYSTEM,
			       "cgroup %s is in use: pid %d is in it; end that "
			       "process, or take another cgroups.name, or id",
			       directory, (int)list.pids[0]);
	free(list.pids);
	return rc;
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

/* mkdir, with the parents it misses; -1 with errno. */
static int make_levels(char *path, struct cgroup_made *made)
{
	char *slash = strrchr(path, '/');
	struct cgroup_made above = { 0 };
	int rc;

	if (mkdir(path, 0755) == 0) {
		made->itself = true;
		return 0;
	}
	if (errno != ENOENT || !slash || slash == path)
		return -1;
	*slash = '\0';
	rc = make_levels(path, &above);
	*slash = '/';
	made->above += above.above + above.itself;
	if (rc < 0 && errno != EEXIST)
		return -1;
	if (mkdir(path, 0755) < 0)
		return -1;
	made->itself = true;
	return 0;
}

void cgroup_unmake(const char *directory, const struct cgroup_made *made)
{
	cleanup_free char *path = xstrdup(directory);

	if (made->itself && rmdir(path) < 0)
		return;
	for (size_t i = 0; i < made->above; i++) {
		*strrchr(path, '/') = '\0';
		if (rmdir(path) < 0)
			return;
	}
}

int cgroup_make(const char *directory, bool anew, struct cgroup_made *made,
		struct error *err)
{
	cleanup_free char *path = xstrdup(directory);
	int why = 0;

	for (int tries = 0; tries < MAKE_TRIES; tries++) {
		*made = (struct cgroup_made){ 0 };
		if (make_levels(path, made) == 0)
			return 0;
		why = errno;
		if (why == EEXIST && may_enter(directory)) {
			if (refuse_used(directory, err) < 0) {
				cgroup_unmake(directory, made);
				return -1;
			}
			/* Who has left it remembers its inode: a new directory
			 * is not his. One that stays is taken as it is. */
			if (!anew || rmdir(directory) < 0)
				return 0;
			continue;
		}
		if (why == EEXIST)
			why = errno;
		cgroup_unmake(directory, made);
		/* else somebody removed a parent in between */
		if (why != ENOENT)
			break;
	}
	*made = (struct cgroup_made){ 0 };
	errno = why;
	return error_errno(err, "mkdir %s", directory);
}

static bool is_mount_point(const char *path)
{
	struct statx st;

	return statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, 0, &st) == 0 &&
	       (st.stx_attributes & STATX_ATTR_MOUNT_ROOT);
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
		int rc = cgroup_pids(directory, &list, err);
		size_t left = list.len;

		free(list.pids);
		if (rc < 0)
			return -1;
		if (left == 0 && cgroup_remove_once(directory) == 0)
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
