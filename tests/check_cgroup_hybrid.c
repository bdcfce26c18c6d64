/* check_cgroup_hybrid.c  v1 with v2 beside it, block devices, what is left out
 */
#include "tests/check.h"
#include "tests/fake_cgroup.h"

#include "libcontainer/cgroups/mounts.h"
#include "libcontainer/cgroups/tree.h"
#include "libcontainer/configs/defaults.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

START_TEST(test_v1_io)
{
	struct weight_device weight = { 8, 0, 300 };
	struct throttle_device rows[] = { { 8, 0, 11 }, { 8, 16, 0 } };

	make_v1();
	put("blkio/docker/c1", "tasks", "");
	put("blkio/docker/c1", "blkio.bfq.weight", "");
	put("blkio/docker/c1", "blkio.weight_device", "");
	put("blkio/docker/c1", "blkio.throttle.read_bps_device", "");
	put("blkio/docker/c1", "blkio.throttle.write_iops_device", "");
	cgroup.blkio_weight = 200;
	cgroup.blkio_weight_device = &weight;
	cgroup.blkio_weight_device_len = 1;
	cgroup.throttle_read_bps = rows;
	cgroup.throttle_read_bps_len = 1;
	cgroup.throttle_write_iops = rows;
	cgroup.throttle_write_iops_len = 2;
	prepare();
	ck_file("blkio/docker/c1", "blkio.bfq.weight", "200");
	ck_file("blkio/docker/c1", "blkio.weight_device", "8:0 300");
	ck_file("blkio/docker/c1", "blkio.throttle.read_bps_device", "8:0 11");
	ck_file("blkio/docker/c1", "blkio.throttle.write_iops_device",
		"8:16 0");
	cgroup.throttle_write_bps = rows;
	cgroup.throttle_write_bps_len = 1;
	ck_assert_int_eq(cgroup_manager_set(m, &cgroup, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.message,
				     "cgroups.blkio_throttle_write_bps_device"
				     "[0]: open /"));
}
END_TEST

START_TEST(test_v1_weight_without_a_file)
{
	make_v1();
	put("blkio/docker/c1", "tasks", "");
	cgroup.blkio_weight = 200;
	ck_refused("cgroups.blkio_weight: open ");
}
END_TEST

START_TEST(test_v1_hugetlb_and_net)
{
	struct hugetlb_limit huge = { (char *)"1GB", UINT64_MAX };
	struct interface_priority lo = { (char *)"lo", 7 };

	make_v1();
	put("hugetlb/docker/c1", "tasks", "");
	put("hugetlb/docker/c1", "hugetlb.1GB.limit_in_bytes", "");
	put("net_cls,net_prio/docker/c1", "tasks", "");
	put("net_cls,net_prio/docker/c1", "net_cls.classid", "");
	put("net_cls,net_prio/docker/c1", "net_prio.ifpriomap", "");
	cgroup.hugetlb_limit = &huge;
	cgroup.hugetlb_limit_len = 1;
	cgroup.net_cls_classid = 0x100001;
	cgroup.net_prio = &lo;
	cgroup.net_prio_len = 1;
	prepare();
	ck_file("hugetlb/docker/c1", "hugetlb.1GB.limit_in_bytes",
		"18446744073709551615");
	ck_file("net_cls,net_prio/docker/c1", "net_cls.classid", "1048577");
	ck_file("net_cls,net_prio/docker/c1", "net_prio.ifpriomap", "lo 7");
}
END_TEST

START_TEST(test_v1_missing)
{
	struct hugetlb_limit huge = { (char *)"2MB", 0 };

	make_v1();
	cgroup.hugetlb_limit = &huge;
	cgroup.hugetlb_limit_len = 1;
	ck_refused("cgroups.hugetlb_limit: the hugetlb cgroup controller is "
		   "not mounted");
	cgroup.hugetlb_limit_len = 0;
	cgroup.net_cls_classid = 1;
	ck_assert_int_eq(cgroup_manager_set(m, &cgroup, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.message, "cgroups.net_cls_classid"));
}
END_TEST

/* A number that the kernel bends is not the one that was asked for. */
START_TEST(test_v1_kernel_memory)
{
	make_v1();
	cgroup.kernel_memory = 4096;
	ck_refused("cgroups.kernel_memory: open ");
	put("memory/docker/c1", "memory.kmem.limit_in_bytes", "");
	ck_assert_int_eq(cgroup_manager_set(m, &cgroup, &err), 0);
	ck_file("memory/docker/c1", "memory.kmem.limit_in_bytes", "4096");
	/* a plain file is written over from the front */
	put("memory/docker/c1", "memory.kmem.limit_in_bytes", "999999");
	ck_assert_int_eq(cgroup_manager_set(m, &cgroup, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.message, "the kernel made it 409699"));
}
END_TEST

START_TEST(test_v1_realtime)
{
	make_v1();
	put("cpu,cpuacct/docker/c1", "cpu.rt_period_us", "1000000\n");
	put("cpu,cpuacct/docker/c1", "cpu.rt_runtime_us", "0\n");
	cgroup.cpu_rt_period = 500000;
	cgroup.cpu_rt_runtime = 1000;
	prepare();
	ck_file("cpu,cpuacct/docker/c1", "cpu.rt_period_us", "500000");
	ck_file("cpu,cpuacct/docker/c1", "cpu.rt_runtime_us", "1000");
}
END_TEST

static void make_hybrid(void)
{
	make_v1();
	put("unified", "cgroup.controllers", "hugetlb\n");
	put("unified", "cgroup.subtree_control", "");
	put("unified/docker", "cgroup.controllers", "hugetlb\n");
	put("unified/docker", "cgroup.subtree_control", "");
	put("unified/docker/c1", "cgroup.controllers", "hugetlb\n");
	put("unified/docker/c1", "hugetlb.2MB.max", "");
	put("unified/docker/c1", "hugetlb.2MB.current", "4194304\n");
	put("unified/docker/c1", "hugetlb.2MB.rsvd.current", "1\n");
	put("unified/docker/c1", "hugetlb.2MB.events", "max 3\n");
}

START_TEST(test_hybrid_asks_for_nothing)
{
	make_hybrid();
	prepare();
	ck_assert_uint_eq(m->paths_len, 7);
	ck_assert_int_eq(m->join_dir, -1);
	ck_file("unified", "cgroup.subtree_control", "");
}
END_TEST

START_TEST(test_hybrid_hugetlb)
{
	struct hugetlb_limit huge = { (char *)"2MB", 8192 };
	struct cgroup_stats stats;

	make_hybrid();
	cgroup.hugetlb_limit = &huge;
	cgroup.hugetlb_limit_len = 1;
	prepare();
	ck_assert_uint_eq(m->paths_len, 8);
	ck_assert_str_eq(m->paths[7].controller, "");
	ck_assert_uint_eq(m->join_fds_len, 7);
	ck_assert_int_ge(m->join_dir, 0);
	ck_file("unified/docker/c1", "hugetlb.2MB.max", "8192");
	ck_file("unified/docker", "cgroup.subtree_control", "+hugetlb");
	ck_assert_int_eq(cgroup_manager_get_stats(m, &stats, &err), 0);
	ck_assert_uint_eq(stats.hugetlb_len, 1);
	ck_assert_str_eq(stats.hugetlb[0].page_size, "2MB");
	ck_assert_uint_eq(stats.hugetlb[0].usage, 4194304);
	ck_assert_uint_eq(stats.hugetlb[0].failcnt, 3);
	cgroup_stats_free(&stats);
	put("unified/docker/c1", "cgroup.procs", "");
	put("cpuset/docker/c1", "cgroup.procs", "");
	put("freezer/docker/c1", "cgroup.procs", "");
	put("systemd/docker/c1", "cgroup.procs", "");
	ck_assert_msg(cgroup_manager_join(m, getpid(), &err) == 0, "%s",
		      err.message);
	ck_file("unified/docker/c1", "cgroup.procs", "");
}
END_TEST

START_TEST(test_hybrid_unified)
{
	struct unified_key key = { (char *)"hugetlb.2MB.max", (char *)"1" };

	make_hybrid();
	cgroup.unified = &key;
	cgroup.unified_len = 1;
	prepare();
	ck_file("unified/docker/c1", "hugetlb.2MB.max", "1");
	cgroup_manager_free(m);
	key.file = (char *)"memory.max";
	ck_refused("cgroups.unified: these are cgroup v1's");
}
END_TEST

START_TEST(test_hybrid_mountinfo)
{
	struct cgroup_mounts mounts;

	cgroup_mounts_parse("38 31 0:38 / /u rw - cgroup2 cgroup2 rw\n"
			    "33 31 0:30 / /m rw - cgroup cgroup rw,memory\n",
			    &mounts);
	ck_assert(!mounts.unified);
	ck_assert_uint_eq(mounts.len, 1);
	ck_assert_str_eq(mounts.beside.point, "/u");
	cgroup_mounts_free(&mounts);
	ck_assert_ptr_null(mounts.beside.point);
}
END_TEST

/* --- who may make no cgroups ----------------------------------------------*/

/* Nobody but the root directory's owner may make something in it now. */
static void become_ordinary(void)
{
	if (geteuid() == 0)
		ck_assert_int_eq(seteuid(65534), 0);
}

/* An empty hierarchy of that name in which we may not make a directory. */
static void put_closed(const char *name)
{
	cleanup_free char *dir = xasprintf("%s/%s", root, name);

	ck_assert_int_eq(mkdir_all(dir, 0555, NULL), 0);
	ck_assert_int_eq(chmod(dir, 0555), 0);
}

START_TEST(test_v1_left_out)
{
	put_closed("memory");
	put("pids/docker/c1", "tasks", "");
	put("pids/docker/c1", "pids.max", "");
	put_closed("freezer");
	if (geteuid() == 0) {
		cleanup_free char *pids = xasprintf("%s/pids", root);
		cleanup_free char *dir = xasprintf("%s/docker/c1", pids);
		cleanup_free char *max = xasprintf("%s/pids.max", dir);
		cleanup_free char *tasks = xasprintf("%s/tasks", dir);

		ck_assert_int_eq(chmod(root, 0755), 0);
		ck_assert_int_eq(chown(max, 65534, 65534), 0);
		ck_assert_int_eq(chown(tasks, 65534, 65534), 0);
	}
	become_ordinary();
	cgroup.pids_limit = 5;
	prepare();
	ck_assert_uint_eq(m->paths_len, 1);
	ck_assert_str_eq(m->paths[0].controller, "pids");
	ck_file("pids/docker/c1", "pids.max", "5");
	ck_assert_uint_eq(m->left_out_len, 2);
	ck_assert_ptr_nonnull(strstr(m->left_out[0].why, "Permission denied"));
	cgroup_manager_free(m);
	cgroup.memory = 4096;
	ck_refused("cgroups.memory: mkdir /");
	ck_assert_ptr_nonnull(strstr(err.message, "Permission denied"));
	if (getuid() == 0)
		ck_assert_int_eq(seteuid(0), 0);
}
END_TEST

START_TEST(test_v2_left_out)
{
	struct unified_key key = { (char *)"memory.high", (char *)"1" };
	struct config *config = config_new();
	struct device rule = { .type = 'c', .permissions = "w" };

	put(".", "cgroup.controllers", "memory\n");
	ck_assert_int_eq(chmod(root, 0555), 0);
	become_ordinary();
	config_default_device_rules(config);
	cgroup.allow_all_devices = false;
	cgroup.allowed_devices = config->cgroups.allowed_devices;
	cgroup.allowed_devices_len = config->cgroups.allowed_devices_len;
	prepare();
	ck_assert_uint_eq(m->paths_len, 0);
	ck_assert_uint_eq(m->left_out_len, 1);
	ck_assert_int_eq(cgroup_manager_join(m, getpid(), &err), 0);
	ck_assert_int_eq(cgroup_manager_kill(m, &err), 0);
	ck_assert_int_eq(cgroup_manager_freeze(m, true, &err), -1);
	ck_assert_int_eq(cgroup_manager_destroy(m, &err), 0);
	cgroup_manager_free(m);
	/* one device less than usual is a wish */
	cgroup.allowed_devices_len--;
	ck_refused("cgroups.allowed_devices: mkdir /");
	cgroup_manager_free(m);
	cgroup.allowed_devices_len++;
	cgroup.denied_devices = &rule;
	cgroup.denied_devices_len = 1;
	ck_refused("cgroups.denied_devices: mkdir /");
	cgroup_manager_free(m);
	cgroup.denied_devices_len = 0;
	cgroup.freezer = "FROZEN";
	ck_refused("cgroups.freezer: mkdir /");
	cgroup_manager_free(m);
	cgroup.freezer = NULL;
	cgroup.unified = &key;
	cgroup.unified_len = 1;
	ck_refused("cgroups.unified: mkdir /");
	if (getuid() == 0)
		ck_assert_int_eq(seteuid(0), 0);
	ck_assert_int_eq(chmod(root, 0755), 0);
	config_free(config);
}
END_TEST

/* --- deeper than any path -------------------------------------------------*/

START_TEST(test_deeper_than_a_path)
{
	cleanup_free char *dir = xasprintf("%s/docker/c1", root);
	cleanup_free char *name = xasprintf("%0100d", 0);
	struct cgroup_path paths[] = { { (char *)"pids", dir } };
	struct pid_list list = { 0 };
	int fd;

	ck_assert_int_eq(mkdir_all(dir, 0755, NULL), 0);
	fd = open(dir, O_RDONLY | O_DIRECTORY);
	for (int depth = 0; depth < 2000; depth++) {
		int deeper;

		ck_assert_int_eq(mkdirat(fd, name, 0755), 0);
		ck_assert_int_eq(mkdirat(fd, "beside", 0755), 0);
		deeper = openat(fd, name, O_RDONLY | O_DIRECTORY);
		ck_assert_int_ge(deeper, 0);
		close(fd);
		fd = deeper;
	}
	close(openat(fd, "cgroup.procs", O_CREAT | O_WRONLY, 0644));
	ck_assert_int_eq(file_writeat(fd, "cgroup.procs", "77\n", &err), 0);
	ck_assert_int_eq(cgroup_pids(dir, &list, &err), 0);
	ck_assert_uint_eq(list.len, 1);
	ck_assert_int_eq(list.pids[0], 77);
	free(list.pids);
	/* a plain directory, unlike a cgroup, keeps its files */
	ck_assert_int_eq(unlinkat(fd, "cgroup.procs", 0), 0);
	close(fd);
	ck_assert_int_eq(cgroup_manager_load(&cgroup, paths, 1, &m, &err), 0);
	ck_assert_msg(cgroup_manager_destroy(m, &err) == 0, "%s", err.message);
	ck_assert(!file_exists(dir));
}
END_TEST

Suite *check_cgroup_hybrid_suite(void)
{
	Suite *suite = suite_create("cgroup_hybrid");
	TCase *tests = tcase_create("all");

	tcase_add_checked_fixture(tests, cgroup_root_setup,
				  cgroup_root_teardown);
	tcase_add_test(tests, test_v1_io);
	tcase_add_test(tests, test_v1_weight_without_a_file);
	tcase_add_test(tests, test_v1_hugetlb_and_net);
	tcase_add_test(tests, test_v1_missing);
	tcase_add_test(tests, test_v1_kernel_memory);
	tcase_add_test(tests, test_v1_realtime);
	tcase_add_test(tests, test_hybrid_asks_for_nothing);
	tcase_add_test(tests, test_hybrid_hugetlb);
	tcase_add_test(tests, test_hybrid_unified);
	tcase_add_test(tests, test_hybrid_mountinfo);
	tcase_add_test(tests, test_v1_left_out);
	tcase_add_test(tests, test_v2_left_out);
	tcase_add_test(tests, test_deeper_than_a_path);
	suite_add_tcase(suite, tests);
	return suite;
}
