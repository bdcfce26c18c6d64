/*
 * fake_cgroup.h  a directory of plain files that looks like cgroups
 *
 * A plain file keeps what was written to it, so a test reads what the kernel
 * would have been told. Only the kernel can say no; see real_cgroup.c.
 */
#ifndef TESTS_FAKE_CGROUP_H
#define TESTS_FAKE_CGROUP_H

#include "libcontainer/cgroups/manager.h"
#include "libcontainer/cgroups/values.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/file.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

/* Each test has its own. */
static char root[64];
static struct error err;
static struct cgroup_manager *m;
static struct cgroup cgroup;

/* cgroup_root_setup, cgroup_root_teardown - the checked fixture: an empty root,
 * and a cgroup docker/c1 that asks for nothing. */
static inline void cgroup_root_setup(void)
{
	strcpy(root, "/tmp/check_cgroups.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(root));
	cgroup = (struct cgroup){ .parent = "docker",
				  .name = "c1",
				  .memory_swappiness = -1,
				  .allow_all_devices = true };
	m = NULL;
}

static inline void cgroup_root_teardown(void)
{
	cgroup_manager_free(m);
	ck_assert_int_eq(remove_all(root, NULL), 0);
}

/* put - text into root/dir/file, making both. */
static inline void put(const char *dir, const char *file, const char *text)
{
	cleanup_free char *path = xasprintf("%s/%s", root, dir);
	cleanup_free char *name = xasprintf("%s/%s", path, file);

	ck_assert_int_eq(mkdir_all(path, 0755, NULL), 0);
	ck_assert_int_eq(file_replace(name, text, 0644, NULL), 0);
}

/* ck_file - does root/dir/file begin with want? */
static inline void ck_file(const char *dir, const char *file, const char *want)
{
	cleanup_free char *path = xasprintf("%s/%s", root, dir);
	cleanup_free char *text = cgroup_read(path, file);

	ck_assert_msg(text, "%s/%s is not there", dir, file);
	/* writes to a plain file go over its front: look at as much */
	ck_assert_msg(strncmp(text, want, strlen(want)) == 0,
		      "%s/%s is \"%s\", not \"%s\"", dir, file, text, want);
}

/* new_manager, prepare - m for cgroup below root; the test fails if not. */
static inline void new_manager(void)
{
	ck_assert_msg(cgroup_manager_new(&cgroup, root, &m, &err) == 0, "%s",
		      err.message);
}

static inline void prepare(void)
{
	new_manager();
	ck_assert_msg(cgroup_manager_prepare(m, &err) == 0, "%s", err.message);
}

/* ck_refused - prepare fails, with words in its message. */
static inline void ck_refused(const char *words)
{
	new_manager();
	ck_assert_int_eq(cgroup_manager_prepare(m, &err), -1);
	ck_assert_msg(strstr(err.message, words), "%s", err.message);
}

static const char *const v1_files[][2] = {
	{ "memory", "tasks" },
	{ "memory", "memory.limit_in_bytes" },
	{ "memory", "memory.soft_limit_in_bytes" },
	{ "memory", "memory.swappiness" },
	{ "memory", "memory.oom_control" },
	{ "memory", "cgroup.procs" },
	{ "cpu,cpuacct", "tasks" },
	{ "cpu,cpuacct", "cpu.cfs_period_us" },
	{ "cpu,cpuacct", "cpu.cfs_quota_us" },
	{ "cpu,cpuacct", "cpu.shares" },
	{ "cpu,cpuacct", "cgroup.procs" },
	{ "pids", "tasks" },
	{ "pids", "pids.max" },
	{ "pids", "cgroup.procs" },
	{ "devices", "tasks" },
	{ "devices", "devices.allow" },
	{ "devices", "devices.deny" },
	{ "devices", "cgroup.procs" },
	{ "cpuset", "tasks" },
	{ "cpuset", "cpuset.cpus" },
	{ "cpuset", "cpuset.mems" },
	{ "freezer", "tasks" },
	{ "freezer", "freezer.state" },
	{ "systemd", "tasks" },
};

/* make_v1, make_v2 - root becomes the hierarchies of that world, with the files
 * that the kernel would make for docker/c1, empty. */
static inline void make_v1(void)
{
	for (size_t i = 0; i < LEN(v1_files); i++) {
		cleanup_free char *dir =
			xasprintf("%s/docker/c1", v1_files[i][0]);

		put(dir, v1_files[i][1], "");
	}
	put("memory/docker/c1", "memory.memsw.limit_in_bytes",
	    "9223372036854771712\n");
	put("cpuset", "cpuset.cpus", "0-3\n");
	put("cpuset", "cpuset.mems", "0\n");
	put("cpuset/docker", "cpuset.cpus", "");
	put("cpuset/docker", "cpuset.mems", "");
}

static inline void make_v2(void)
{
	static const char *const files[] = { "memory.max",
					     "memory.low",
					     "memory.swap.max",
					     "cpu.weight",
					     "cpu.max",
					     "pids.max",
					     "cpuset.cpus",
					     "cgroup.procs",
					     "io.weight",
					     "cgroup.freeze",
					     "cgroup.subtree_control" };

	put(".", "cgroup.controllers", "cpuset cpu io memory hugetlb pids\n");
	put(".", "cgroup.subtree_control", "cpuset cpu io memory\n");
	put("docker", "cgroup.controllers", "cpuset cpu io memory\n");
	put("docker", "cgroup.subtree_control", "io cpu memory\n");
	put("docker/c1", "cgroup.controllers", "");
	for (size_t i = 0; i < LEN(files); i++)
		put("docker/c1", files[i], "");
}

#endif
