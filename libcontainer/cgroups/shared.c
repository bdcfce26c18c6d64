/*
 * shared.c  [outside]  what v1 and v2 do alike
 *
 * A pid is in a cgroup when /proc/PID/cgroup says so. Normally the child went
 * there by itself and join only looks; writing the pid is for the kernels and
 * callers where that was impossible.
 */
#include "libcontainer/cgroups/worlds.h"

#include "libcontainer/cgroups/paths.h"
#include "libcontainer/cgroups/tree.h"
#include "libcontainer/cgroups/values.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/file.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { REMOVE_MS = 2000 };

int64_t cgroup_limit_value(const struct cgroup *cgroup,
			   const struct cgroup_limit *row)
{
	int64_t value;

	memcpy(&value, (const char *)cgroup + row->offset, sizeof(value));
	return value;
}

void cgroup_forget(struct cgroup_manager *m, size_t i)
{
	size_t behind = m->paths_len - i - 1;

	free(m->paths[i].controller);
	free(m->paths[i].path);
	free(m->shown[i]);
	memmove(&m->paths[i], &m->paths[i + 1], behind * sizeof(m->paths[0]));
	memmove(&m->shown[i], &m->shown[i + 1], behind * sizeof(m->shown[0]));
	memmove(&m->inodes[i], &m->inodes[i + 1],
		behind * sizeof(m->inodes[0]));
	m->paths_len--;
	m->paths[m->paths_len] = (struct cgroup_path){ 0 };
	m->shown[m->paths_len] = NULL;
	if (m->paths_len == 0)
		m->ops = &cgroup_v1_ops; /* v2's need their one directory */
}

bool cgroup_leave_out(struct cgroup_manager *m, size_t i,
		      const struct error *err)
{
	struct cgroup_left_out *out = &m->left_out[m->left_out_len];

	if (m->left_out_len == CGROUP_PATHS_MAX ||
	    (err->errnum != EACCES && err->errnum != EPERM &&
	     err->errnum != EROFS))
		return false;
	cgroup_remove_parents(m->cgroup, m->paths[i].path);
	m->left_out_len++;
	out->controller = steal_ptr(&m->paths[i].controller);
	out->why = xstrdup(err->message);
	cgroup_forget(m, i);
	return true;
}

int cgroup_not_there(const struct cgroup_manager *m, const char *controller,
		     const char *key, struct error *err)
{
	for (size_t i = 0; i < m->left_out_len; i++) {
		const char *have = m->left_out[i].controller;

		/* v2's one directory has them all */
		if (!*have || cgroup_list_has(have, controller))
			return error_set(err, ERROR_SYSTEM, "%s: %s", key,
					 m->left_out[i].why);
	}
	return error_set(err, ERROR_SYSTEM,
			 "%s: the %s cgroup controller is not mounted", key,
			 controller);
}

const char *cgroup_v2_path(const struct cgroup_manager *m)
{
	const struct cgroup_path *last;

	if (m->paths_len == 0)
		return NULL;
	last = &m->paths[m->paths_len - 1];
	return *last->controller ? NULL : last->path;
}

/* Paths from a state.json come without what /proc shows for them. */
static void fill_shown(struct cgroup_manager *m)
{
	struct cgroup_mounts mounts;

	for (size_t i = 0; i < m->paths_len; i++) {
		if (!m->shown[i])
			goto missing;
	}
	return;
missing:
	if (cgroup_mounts_read(NULL, &mounts, NULL) < 0)
		return;
	for (size_t i = 0; i < m->paths_len; i++) {
		for (size_t k = 0; k < mounts.len && !m->shown[i]; k++) {
			if (strcmp(mounts.list[k].controllers,
				   m->paths[i].controller) == 0)
				m->shown[i] = cgroup_shown(&mounts.list[k],
							   m->paths[i].path);
		}
		if (!m->shown[i] && !*m->paths[i].controller &&
		    mounts.beside.point)
			m->shown[i] =
				cgroup_shown(&mounts.beside, m->paths[i].path);
	}
	cgroup_mounts_free(&mounts);
}

static bool is_in(const struct cgroup_manager *m, size_t i, const char *proc)
{
	cleanup_free char *now = cgroup_in_proc(proc, m->paths[i].controller);

	return now && m->shown[i] && strcmp(now, m->shown[i]) == 0;
}

/*
 * Through what prepare or open has opened, never by the path: a container that
 * ends while we join it may be followed by another of the same name.
 */
static int put_in(const struct cgroup_manager *m, size_t i, const char *pid,
		  struct error *err)
{
	ssize_t len = (ssize_t)strlen(pid);

	if (m->join_dir >= 0 && !*m->paths[i].controller)
		return file_writeat(m->join_dir, "cgroup.procs", pid, err);
	if (i >= m->join_fds_len)
		return error_set(err, ERROR_SYSTEM, "cgroup %s is not open",
				 m->paths[i].path);
	if (m->join_fds[i] < 0)
		return error_set(err, ERROR_SYSTEM,
				 "cgroup %s is not this user's to write",
				 m->paths[i].path);
	if (write(m->join_fds[i], pid, (size_t)len) != len)
		return error_errno(err, "write \"%s\" to %s/tasks", pid,
				   m->paths[i].path);
	return 0;
}

int cgroup_join(struct cgroup_manager *m, pid_t pid, struct error *err)
{
	cleanup_free char *proc = NULL;
	cleanup_free char *text = xasprintf("%d", (int)pid);

	if (m->paths_len == 0)
		return 0;
	fill_shown(m);
	if (cgroup_read_proc(pid, &proc, err) < 0)
		return -1;
	for (size_t i = 0; i < m->paths_len; i++) {
		if (!is_in(m, i, proc) && put_in(m, i, text, err) < 0)
			return -1;
	}
	return 0;
}

int cgroup_get_pids(struct cgroup_manager *m, pid_t **pids, size_t *len,
		    struct error *err)
{
	struct pid_list list = { 0 };
	const char *path = cgroup_v1_path(m, "devices");
	struct stat st;

	if (!path && m->paths_len > 0)
		path = m->paths[0].path;
	if (!path)
		return error_set(err, ERROR_SYSTEM,
				 "no cgroup is mounted that could list pids");
	if (stat(path, &st) < 0 && errno != ENOENT)
		return error_errno(err, "cgroup %s", path);
	if (cgroup_pids(path, &list, err) < 0) {
		free(list.pids);
		return -1;
	}
	*pids = list.pids;
	*len = list.len;
	return 0;
}

bool cgroup_destroy_empty(struct cgroup_manager *m)
{
	bool all = true;

	for (size_t i = 0; i < m->paths_len; i++) {
		if (rmdir(m->paths[i].path) < 0 && errno != ENOENT)
			all = false;
		else
			cgroup_remove_parents(m->cgroup, m->paths[i].path);
	}
	return all;
}

int cgroup_destroy(struct cgroup_manager *m, struct error *err)
{
	int64_t deadline = deadline_in(REMOVE_MS);
	struct error first = { 0 };
	int ret = 0;

	for (size_t i = 0; i < m->paths_len; i++) {
		struct error *to = ret == 0 ? &first : NULL;

		/* one that is stuck must not keep the others alive */
		if (cgroup_remove(m->paths[i].path, deadline, to) < 0)
			ret = -1;
		else
			cgroup_remove_parents(m->cgroup, m->paths[i].path);
	}
	if (ret < 0 && err)
		*err = first;
	return ret;
}

int cgroup_set_cpuset(const char *dir, const struct cgroup *cgroup,
		      struct error *err)
{
	if (cgroup->cpuset_cpus && *cgroup->cpuset_cpus &&
	    cgroup_write(dir, "cpuset.cpus", cgroup->cpuset_cpus,
			 "cgroups.cpuset_cpus", err) < 0)
		return -1;
	if (cgroup->cpuset_mems && *cgroup->cpuset_mems)
		return cgroup_write(dir, "cpuset.mems", cgroup->cpuset_mems,
				    "cgroups.cpuset_mems", err);
	return 0;
}

int cgroup_set_pids(const char *dir, const struct cgroup *cgroup,
		    struct error *err)
{
	return cgroup_write_number(dir, "pids.max", cgroup->pids_limit, "max",
				   "cgroups.pids_limit", err);
}

int cgroup_set_hugetlb(const char *dir, const char *ending,
		       const struct cgroup *cgroup, struct error *err)
{
	for (size_t i = 0; i < cgroup->hugetlb_limit_len; i++) {
		const struct hugetlb_limit *limit = &cgroup->hugetlb_limit[i];
		cleanup_free char *file =
			xasprintf("hugetlb.%s.%s", limit->page_size, ending);
		cleanup_free char *text = xasprintf("%" PRIu64, limit->limit);

		if (cgroup_write(dir, file, text, NULL, err) < 0)
			return error_wrap(err, "cgroups.hugetlb_limit[%zu]", i);
	}
	return 0;
}

bool cgroup_manager_was_oom_killed(const struct cgroup_manager *m)
{
	const char *v1 = cgroup_v1_path(m, "memory"), *v2 = cgroup_v2_path(m);
	uint64_t times = 0;

	if (v1)
		cgroup_read_key(v1, "memory.oom_control", "oom_kill", &times);
	if (v2 && times == 0)
		cgroup_read_key(v2, "memory.events", "oom_kill", &times);
	return times > 0;
}

static int is_hugetlb(const struct dirent *entry)
{
	return strncmp(entry->d_name, "hugetlb.", 8) == 0;
}

void cgroup_hugetlb_stats(const char *directory, const char *ending,
			  struct cgroup_stats *stats)
{
	struct dirent **files;
	int count = scandir(directory, &files, is_hugetlb, alphasort);

	if (count < 0)
		return;
	for (int i = 0; i < count; i++) {
		const char *size = files[i]->d_name + 8;
		size_t len = strcspn(size, ".");
		struct hugetlb_stats *h;

		/* not those with ".rsvd" in between */
		if (strcmp(size + len, ending) != 0)
			continue;
		stats->hugetlb =
			xreallocarray(stats->hugetlb, stats->hugetlb_len + 1,
				      sizeof(*stats->hugetlb));
		h = &stats->hugetlb[stats->hugetlb_len++];
		*h = (struct hugetlb_stats){ .page_size = xstrndup(size, len) };
		cgroup_read_u64(directory, files[i]->d_name, &h->usage);
	}
	for (int i = 0; i < count; i++)
		free(files[i]);
	free(files);
}
