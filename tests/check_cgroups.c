/* check_cgroups.c  places, and the manager on v1 */
#include "tests/check.h"
#include "tests/fake_cgroup.h"

#include "libcontainer/cgroups/mounts.h"
#include "libcontainer/cgroups/paths.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/file.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

START_TEST(test_mountinfo)
{
	struct cgroup_mounts mounts;

	cgroup_mounts_parse(
		"31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n"
		"32 31 0:29 / /a/b\\040c rw shared:5 - cgroup none "
		"rw,seclabel,cpu,cpuacct\n"
		"33 31 0:30 /docker/x /sys/fs/cgroup/memory rw - cgroup "
		"cgroup rw,memory\n"
		"34 31 0:31 / /s rw - cgroup systemd "
		"rw,xattr,release_agent=/lib/memory,name=systemd\n"
		"35 31 0:30 / /again rw - cgroup cgroup rw,memory\n"
		"36 31 0:32 /../.. /out rw - cgroup cgroup rw,pids\n"
		"37 31 0:33 / /none rw - cgroup cgroup rw\n"
		"38 31 0:38 / /u rw - cgroup2 cgroup2 rw\n"
		"broken line - cgroup\n",
		&mounts);
	ck_assert(!mounts.unified);
	ck_assert_uint_eq(mounts.len, 3);
	ck_assert_str_eq(mounts.list[0].controllers, "cpu,cpuacct");
	ck_assert_str_eq(mounts.list[0].point, "/a/b c");
	ck_assert_str_eq(mounts.list[1].controllers, "memory");
	ck_assert_str_eq(mounts.list[1].root, "/docker/x");
	ck_assert_str_eq(mounts.list[2].controllers, "name=systemd");
	cgroup_mounts_free(&mounts);

	cgroup_mounts_parse("38 31 0:38 / /u rw - cgroup2 cgroup2 rw", &mounts);
	ck_assert(mounts.unified);
	ck_assert_uint_eq(mounts.len, 1);
	ck_assert_str_eq(mounts.list[0].controllers, "");
	ck_assert_str_eq(mounts.list[0].point, "/u");
	cgroup_mounts_free(&mounts);

	cgroup_mounts_parse("", &mounts);
	ck_assert_uint_eq(mounts.len, 0);
}
END_TEST

static void ck_text(char *got, const char *want)
{
	if (want)
		ck_assert_pstr_eq(got, want);
	else
		ck_assert_ptr_null(got);
	free(got);
}

START_TEST(test_proc_cgroup)
{
	static const char text[] = "9:name=systemd:/a:b\n"
				   "4:cpuacct,cpu:/x\n"
				   "0::/user.slice/s";

	ck_text(cgroup_in_proc(text, "cpu,cpuacct"), "/x");
	ck_text(cgroup_in_proc(text, "name=systemd"), "/a:b");
	ck_text(cgroup_in_proc(text, ""), "/user.slice/s");
	ck_text(cgroup_in_proc(text, "memory"), NULL);
	ck_text(cgroup_in_proc("", ""), NULL);
}
END_TEST

START_TEST(test_directory)
{
	struct cgroup_mount all = { "memory", "/", "/m" };
	struct cgroup_mount part = { "memory", "/docker/x", "/m" };

	ck_text(cgroup_directory(&all, "/"), "/m");
	ck_text(cgroup_directory(&all, "/a"), "/m/a");
	ck_text(cgroup_directory(&all, "/../a"), NULL);
	ck_text(cgroup_directory(&part, "/docker/x"), "/m");
	ck_text(cgroup_directory(&part, "/docker/x/y"), "/m/y");
	ck_text(cgroup_directory(&part, "/docker/xy"), NULL);
	ck_text(cgroup_directory(&part, "/"), NULL);
	ck_text(cgroup_shown(&all, "/m"), "/");
	ck_text(cgroup_shown(&all, "/m/a"), "/a");
	ck_text(cgroup_shown(&all, "/mm/a"), NULL);
	ck_text(cgroup_shown(&part, "/m"), "/docker/x");
	ck_text(cgroup_shown(&part, "/m/y"), "/docker/x/y");
}
END_TEST

START_TEST(test_place)
{
	struct cgroup c = { .name = "n" };

	ck_text(cgroup_place(&c, &err), "n");
	c.parent = "/p/";
	ck_text(cgroup_place(&c, &err), "/p/n");
	c.parent = "./p//q";
	ck_text(cgroup_place(&c, &err), "p/q/n");
	c.path = "/whole";
	ck_text(cgroup_place(&c, &err), "/whole");
	c.path = "a/../../b";
	ck_text(cgroup_place(&c, &err), NULL);
	ck_assert_ptr_nonnull(strstr(err.message, ".."));
	c.path = NULL;
	c.name = "..";
	ck_text(cgroup_place(&c, &err), NULL);
	c.name = "";
	ck_text(cgroup_place(&c, &err), NULL);
	ck_assert_int_eq(err.code, ERROR_CONFIG_INVALID);
	c.path = "/";
	ck_text(cgroup_place(&c, &err), NULL);
}
END_TEST

static const char *path_of(const char *controller)
{
	for (size_t i = 0; i < m->paths_len; i++) {
		if (strcmp(m->paths[i].controller, controller) == 0)
			return m->paths[i].path;
	}
	return NULL;
}

START_TEST(test_v1_paths)
{
	cleanup_free char *want = xasprintf("%s/cpu,cpuacct/docker/c1", root);

	make_v1();
	put("unrelated", "x", "");
	new_manager();
	ck_assert_uint_eq(m->paths_len, 8);
	ck_assert_str_eq(path_of("cpu,cpuacct"), want);
	ck_assert_ptr_nonnull(path_of("name=systemd"));
	cgroup_manager_free(m);
	cgroup.path = "/z";
	new_manager();
	ck_assert_ptr_nonnull(strstr(path_of("memory"), "/memory/z"));
}
END_TEST

START_TEST(test_v1_limits)
{
	make_v1();
	cgroup.memory = 64 << 20;
	cgroup.memory_swap = 128 << 20;
	cgroup.memory_reservation = 32 << 20;
	cgroup.memory_swappiness = 0;
	cgroup.oom_kill_disable = true;
	cgroup.cpu_quota = -1;
	cgroup.cpu_period = 50000;
	cgroup.pids_limit = -1;
	cgroup.cpuset_cpus = "1";
	prepare();
	ck_file("memory/docker/c1", "memory.limit_in_bytes", "67108864");
	ck_file("memory/docker/c1", "memory.memsw.limit_in_bytes", "134217728");
	ck_file("memory/docker/c1", "memory.soft_limit_in_bytes", "33554432");
	ck_file("memory/docker/c1", "memory.swappiness", "0");
	ck_file("memory/docker/c1", "memory.oom_control", "1");
	ck_file("cpu,cpuacct/docker/c1", "cpu.cfs_quota_us", "-1");
	ck_file("cpu,cpuacct/docker/c1", "cpu.cfs_period_us", "50000");
	ck_file("pids/docker/c1", "pids.max", "max");
	ck_file("cpuset/docker", "cpuset.cpus", "0-3");
	ck_file("cpuset/docker/c1", "cpuset.cpus", "1");
	ck_file("cpuset/docker/c1", "cpuset.mems", "0");
	ck_file("devices/docker/c1", "devices.allow", "a");
	ck_assert_uint_eq(m->join_fds_len, 7);
	ck_assert_int_eq(m->join_dir, -1);
}
END_TEST

START_TEST(test_v1_asks_for_nothing)
{
	struct stat st;
	cleanup_free char *limit =
		xasprintf("%s/memory/docker/c1/memory.limit_in_bytes", root);

	make_v1();
	prepare();
	ck_assert_int_eq(stat(limit, &st), 0);
	ck_assert_int_eq(st.st_size, 0);
	ck_file("cpuset/docker/c1", "cpuset.cpus", "0-3");
}
END_TEST

START_TEST(test_v1_devices)
{
	struct device rules[] = {
		{ .type = 'p', .permissions = "rwm" },
		{ .type = 'c', .major = 1, .minor = 3, .permissions = "" },
		{ .type = 'c', .major = 136, .minor = -1, .permissions = "rw" },
	};

	make_v1();
	cgroup.allow_all_devices = false;
	cgroup.allowed_devices = rules;
	cgroup.allowed_devices_len = 3;
	prepare();
	ck_file("devices/docker/c1", "devices.deny", "a");
	ck_file("devices/docker/c1", "devices.allow", "c 136:* rw");
}
END_TEST

START_TEST(test_v1_join_writes_what_is_missing)
{
	cleanup_free char *pid = xasprintf("%d", (int)getpid());

	make_v1();
	put("cpuset/docker/c1", "cgroup.procs", "");
	put("freezer/docker/c1", "cgroup.procs", "");
	put("systemd/docker/c1", "cgroup.procs", "");
	prepare();
	ck_assert_msg(cgroup_manager_join(m, getpid(), &err) == 0, "%s",
		      err.message);
	ck_file("memory/docker/c1", "tasks", pid);
	ck_file("pids/docker/c1", "tasks", pid);
	put("memory/docker/c1", "cgroup.procs", pid);
	ck_assert_uint_eq(m->join_fds_len, 0);
	/* now we are in it, and must not stop or end ourselves */
	ck_assert_int_eq(cgroup_manager_freeze(m, true, &err), -1);
	ck_assert_int_eq(cgroup_manager_kill(m, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.message, "this process is in it"));
}
END_TEST

START_TEST(test_v1_in_use)
{
	make_v1();
	put("pids/docker/c1/inner", "cgroup.procs", "4242\n4243\n");
	ck_refused("in use: pid 4242 is in it");
}
END_TEST

START_TEST(test_missing_controller)
{
	put("freezer/docker/c1", "tasks", "");
	cgroup.pids_limit = 5;
	ck_refused("cgroups.pids_limit: the pids cgroup controller is not");
}
END_TEST

START_TEST(test_failed_prepare_leaves_nothing)
{
	cleanup_free char *parent = xasprintf("%s/memory/docker", root);

	put("memory", "tasks", "");
	cgroup.memory = 1;
	ck_refused("cgroups.memory: open");
	ck_assert(!file_exists(parent));
	ck_assert_uint_eq(m->join_fds_len, 0);
}
END_TEST

START_TEST(test_no_cgroups)
{
	pid_t *pids;
	size_t len;

	prepare();
	ck_assert_uint_eq(m->paths_len, 0);
	ck_assert_int_eq(cgroup_manager_join(m, getpid(), &err), 0);
	ck_assert_int_eq(cgroup_manager_get_pids(m, &pids, &len, &err), -1);
	ck_assert_int_eq(cgroup_manager_kill(m, &err), 0);
	ck_assert_int_eq(cgroup_manager_destroy(m, &err), 0);
	cgroup.memory = 1 << 20;
	ck_assert_int_eq(cgroup_manager_prepare(m, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.message, "cgroups.memory"));
}
END_TEST

START_TEST(test_v1_freezer)
{
	make_v1();
	new_manager();
	ck_assert_int_eq(cgroup_manager_freeze(m, true, &err), 0);
	ck_assert_int_eq(cgroup_manager_is_frozen(m, &err), 1);
	cgroup.freezer = "THAWED";
	ck_assert_int_eq(cgroup_manager_set(m, &cgroup, &err), 0);
	ck_assert_int_eq(cgroup_manager_is_frozen(m, &err), 0);
}
END_TEST

START_TEST(test_pids_go_below)
{
	struct cgroup_path paths[] = { { (char *)"pids", root } };
	pid_t *pids;
	size_t len;

	put(".", "cgroup.procs", "1\n");
	put("a/b", "cgroup.procs", "22\n333\n");
	ck_assert_int_eq(cgroup_manager_load(&cgroup, paths, 1, &m, &err), 0);
	ck_assert_int_eq(cgroup_manager_get_pids(m, &pids, &len, &err), 0);
	ck_assert_uint_eq(len, 3);
	ck_assert_int_eq(pids[0], 1);
	ck_assert_int_eq(pids[1] + pids[2], 355);
	free(pids);
}
END_TEST

START_TEST(test_destroy)
{
	cleanup_free char *keep = xasprintf("%s/pids", root);
	cleanup_free char *parent = xasprintf("%s/docker", keep);
	cleanup_free char *dir = xasprintf("%s/c1", parent);
	cleanup_free char *deep = xasprintf("%s/a/b", dir);
	struct cgroup_path paths[] = { { (char *)"pids", dir } };

	ck_assert_int_eq(mkdir_all(deep, 0755, NULL), 0);
	ck_assert_int_eq(cgroup_manager_load(&cgroup, paths, 1, &m, &err), 0);
	ck_assert_int_eq(cgroup_manager_destroy(m, &err), 0);
	ck_assert(!file_exists(parent));
	ck_assert(file_exists(keep));
	ck_assert_int_eq(cgroup_manager_destroy(m, &err), 0);

	/* an absolute parent is somebody's own */
	ck_assert_int_eq(mkdir_all(dir, 0755, NULL), 0);
	cgroup.parent = "/docker";
	ck_assert_int_eq(cgroup_manager_destroy(m, &err), 0);
	ck_assert(!file_exists(dir));
	ck_assert(file_exists(parent));
}
END_TEST

Suite *check_cgroups_suite(void)
{
	Suite *suite = suite_create("cgroups");
	TCase *tests = tcase_create("all");

	tcase_add_checked_fixture(tests, cgroup_root_setup,
				  cgroup_root_teardown);
	tcase_add_test(tests, test_mountinfo);
	tcase_add_test(tests, test_proc_cgroup);
	tcase_add_test(tests, test_directory);
	tcase_add_test(tests, test_place);
	tcase_add_test(tests, test_v1_paths);
	tcase_add_test(tests, test_v1_limits);
	tcase_add_test(tests, test_v1_asks_for_nothing);
	tcase_add_test(tests, test_v1_devices);
	tcase_add_test(tests, test_v1_join_writes_what_is_missing);
	tcase_add_test(tests, test_v1_in_use);
	tcase_add_test(tests, test_missing_controller);
	tcase_add_test(tests, test_failed_prepare_leaves_nothing);
	tcase_add_test(tests, test_no_cgroups);
	tcase_add_test(tests, test_v1_freezer);
	tcase_add_test(tests, test_pids_go_below);
	tcase_add_test(tests, test_destroy);
	suite_add_tcase(suite, tests);
	return suite;
}
