/* check_cgroup_stats.c  the figures of a cgroup */
#include "tests/check.h"
#include "tests/fake_cgroup.h"

#include "libcontainer/cgroups/values.h"
#include "libcontainer/stats.h"
#include "libcontainer/system/cleanup.h"

#include <string.h>
#include <unistd.h>

START_TEST(test_values)
{
	uint64_t value = 7;

	put(".", "n", "18446744073709551615\n");
	ck_assert(cgroup_read_u64(root, "n", &value));
	ck_assert_uint_eq(value, UINT64_MAX);
	put(".", "n", "max\n");
	ck_assert(cgroup_read_u64(root, "n", &value));
	ck_assert_uint_eq(value, UINT64_MAX);
	value = 7;
	put(".", "n", "18446744073709551616\n");
	ck_assert(!cgroup_read_u64(root, "n", &value));
	put(".", "n", "-1\n");
	ck_assert(!cgroup_read_u64(root, "n", &value));
	put(".", "n", "");
	ck_assert(!cgroup_read_u64(root, "n", &value));
	ck_assert(!cgroup_read_u64(root, "missing", &value));
	ck_assert_uint_eq(value, 7);
	put(".", "n", "low 1\nhigh\n\nmax x\nmax 12\nmaxi 5");
	ck_assert(cgroup_read_key(root, "n", "max", &value));
	ck_assert_uint_eq(value, 12);
	ck_assert(cgroup_read_key(root, "n", "maxi", &value));
	ck_assert(!cgroup_read_key(root, "n", "high", &value));
}
END_TEST

START_TEST(test_v1_stats)
{
	struct cgroup_stats s;

	make_v1();
	put("cpu,cpuacct/docker/c1", "cpuacct.usage", "300\n");
	put("cpu,cpuacct/docker/c1", "cpuacct.usage_percpu", "100 200 \n");
	put("cpu,cpuacct/docker/c1", "cpuacct.stat", "user 2\nsystem 3\n");
	put("cpu,cpuacct/docker/c1", "cpu.stat",
	    "nr_periods 4\nnr_throttled 5\nthrottled_time 6\n");
	put("memory/docker/c1", "memory.stat", "cache 7\nrss 8\n");
	put("memory/docker/c1", "memory.usage_in_bytes", "9\n");
	put("memory/docker/c1", "memory.memsw.failcnt", "10\n");
	put("pids/docker/c1", "pids.current", "11\n");
	put("pids/docker/c1", "pids.max", "max\n");
	put("blkio/docker/c1", "blkio.bfq.io_serviced_recursive", "Total 0\n");
	put("blkio/docker/c1", "blkio.throttle.io_serviced_recursive",
	    "8:16 Read 12\n8:16 Total 12\nTotal 12\n");
	put("blkio/docker/c1", "blkio.sectors_recursive", "8:0 13\n");
	new_manager();
	ck_assert_int_eq(cgroup_manager_get_stats(m, &s, &err), 0);
	ck_assert_uint_eq(s.cpu.usage.total, 300);
	ck_assert_uint_eq(s.cpu.usage.percpu_len, 2);
	ck_assert_uint_eq(s.cpu.usage.percpu[1], 200);
	ck_assert_uint_eq(s.cpu.usage.in_usermode,
			  2 * (1000000000 / (uint64_t)sysconf(_SC_CLK_TCK)));
	ck_assert_uint_eq(s.cpu.throttling.throttled_time, 6);
	ck_assert_uint_eq(s.memory.cache, 7);
	ck_assert_uint_eq(named_values_get(&s.memory.stats, "rss"), 8);
	ck_assert_uint_eq(s.memory.usage.usage, 9);
	ck_assert_uint_eq(s.memory.swap.failcnt, 10);
	ck_assert_uint_eq(s.pids.current, 11);
	ck_assert_uint_eq(s.pids.limit, UINT64_MAX);
	ck_assert_uint_eq(s.blkio.serviced.len, 2);
	ck_assert_uint_eq(s.blkio.serviced.entries[0].minor, 16);
	ck_assert_str_eq(s.blkio.serviced.entries[0].op, "Read");
	ck_assert_uint_eq(s.blkio.sectors.entries[0].value, 13);
	ck_assert_str_eq(s.blkio.sectors.entries[0].op, "");
	cgroup_stats_free(&s);
}
END_TEST

START_TEST(test_oom_kills)
{
	make_v1();
	new_manager();
	ck_assert(!cgroup_manager_was_oom_killed(m));
	put("memory/docker/c1", "memory.oom_control",
	    "oom_kill_disable 0\nunder_oom 0\noom_kill 0\n");
	ck_assert(!cgroup_manager_was_oom_killed(m));
	put("memory/docker/c1", "memory.oom_control",
	    "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n");
	ck_assert(cgroup_manager_was_oom_killed(m));
}
END_TEST

START_TEST(test_v2_oom_kills)
{
	make_v2();
	new_manager();
	ck_assert(!cgroup_manager_was_oom_killed(m));
	put("docker/c1", "memory.events", "max 6\noom 1\noom_kill 0\n");
	ck_assert(!cgroup_manager_was_oom_killed(m));
	put("docker/c1", "memory.events", "max 6\noom 1\noom_kill 1\n");
	ck_assert(cgroup_manager_was_oom_killed(m));
}
END_TEST

START_TEST(test_v2_stats)
{
	struct cgroup_stats s;

	make_v2();
	put("docker/c1", "cpu.stat",
	    "usage_usec 1\nuser_usec 2\nsystem_usec 3\nthrottled_usec 4\n");
	put("docker/c1", "memory.current", "5\n");
	put("docker/c1", "memory.max", "max\n");
	put("docker/c1", "memory.events", "low 0\nmax 6\noom 1\n");
	put("docker/c1", "memory.stat", "anon 1\nfile 7\nkernel 8\n");
	put("docker/c1", "io.stat",
	    "8:0 rbytes=9 wbytes=10 rios=1 wios=2 dbytes=0 dios=0\n254:0 \n");
	new_manager();
	ck_assert_int_eq(cgroup_manager_get_stats(m, &s, &err), 0);
	ck_assert_uint_eq(s.cpu.usage.total, 1000);
	ck_assert_uint_eq(s.cpu.throttling.throttled_time, 4000);
	ck_assert_uint_eq(s.memory.usage.usage, 5);
	ck_assert_uint_eq(s.memory.usage.limit, UINT64_MAX);
	ck_assert_uint_eq(s.memory.usage.failcnt, 6);
	ck_assert_uint_eq(s.memory.cache, 7);
	ck_assert_uint_eq(s.memory.kernel.usage, 8);
	ck_assert_uint_eq(s.blkio.service_bytes.len, 3);
	ck_assert_uint_eq(s.blkio.service_bytes.entries[1].value, 10);
	ck_assert_str_eq(s.blkio.serviced.entries[0].op, "Read");
	cgroup_stats_free(&s);
	m->paths[0].path[strlen(m->paths[0].path) - 1] = '9';
	ck_assert_int_eq(cgroup_manager_get_stats(m, &s, &err), -1);
}
END_TEST

START_TEST(test_stats_print)
{
	static const char *const wanted[] = {
		"\"CgroupStats\": {",
		"\"total_usage\": 18446744073709551615",
		"\"percpu_usage\": [",
		"\"pgfault\": 12",
		"\"io_service_bytes_recursive\": [",
		"\"op\": \"Write\"",
		"\"pids_stats\": {",
	};
	struct stats s = { 0 };
	cleanup_free char *text = NULL;

	s.cgroup_stats.cpu.usage.total = UINT64_MAX;
	named_values_parse(&s.cgroup_stats.memory.stats, "pgfault 12\n");
	blkio_stats_parse_io(&s.cgroup_stats.blkio, "8:1 wbytes=3");
	text = stats_print(&s);
	for (size_t i = 0; i < LEN(wanted); i++)
		ck_assert_msg(strstr(text, wanted[i]), "no %s in %s", wanted[i],
			      text);
	ck_assert_str_eq(text + strlen(text) - 3, "\n}\n");
	stats_free(&s);
	ck_assert_ptr_null(s.cgroup_stats.memory.stats.list);
	stats_free(NULL);
}
END_TEST

Suite *check_cgroup_stats_suite(void)
{
	Suite *suite = suite_create("cgroup_stats");
	TCase *tests = tcase_create("all");

	tcase_add_checked_fixture(tests, cgroup_root_setup,
				  cgroup_root_teardown);
	tcase_add_test(tests, test_values);
	tcase_add_test(tests, test_v1_stats);
	tcase_add_test(tests, test_v2_stats);
	tcase_add_test(tests, test_oom_kills);
	tcase_add_test(tests, test_v2_oom_kills);
	tcase_add_test(tests, test_stats_print);
	suite_add_tcase(suite, tests);
	return suite;
}
