/* check_validate_parts.c  the rules for mounts, devices and cgroups */
#include "tests/check.h"
#include "tests/verdict.h"

static void refuse_mount(const char *device, const char *source,
			 const char *destination, const char *more,
			 const char *message)
{
	char *keys = xasprintf("\"implicit_mounts\":false,\"mounts\":[{"
			       "\"device\":\"%s\",\"source\":\"%s\","
			       "\"destination\":\"%s\"%s}]",
			       device, source, destination, more);

	refuse(keys, message);
	free(keys);
}

START_TEST(test_mounts)
{
	refuse("\"mounts\":[{\"destination\":\"/x\"}]",
	       "mounts[3].device: missing");
	refuse_mount("tmpfs", "", "", "", "mounts[0].destination: missing");
	refuse_mount("tmpfs", "", "x", "",
		     "mounts[0].destination: \"x\" is not an absolute path "
		     "without \"..\"");
	refuse_mount("tmpfs", "", "/a/../x", "",
		     "mounts[0].destination: \"/a/../x\" is not an absolute "
		     "path without \"..\"");
	refuse_mount("tmpfs", "", "/x/..", "",
		     "mounts[0].destination: \"/x/..\" is not an absolute "
		     "path without \"..\"");
	refuse_mount("tmpfs", "", "/..x/x..", "", "");
	refuse_mount("tmpfs", "", "//.//", "",
		     "mounts[0].destination: / would cover the rootfs");
	refuse_mount("bind", "", "/x", "",
		     "mounts[0].source: missing, a bind needs one");
	refuse_mount("bind", "tmp", "/x", "",
		     "mounts[0].source: tmp is not absolute");
	refuse_mount("bind", "/tmp", "/x", ",\"flags\":4097", "");
	refuse_mount("tmpfs", "", "/x", ",\"flags\":32",
		     "mounts[0].flags: 0x20 asks for something other than a "
		     "new mount");
	refuse_mount("tmpfs", "", "/x", ",\"propagation_flags\":[524288,1]",
		     "mounts[0].propagation_flags[1]: not one kind of "
		     "propagation");
	refuse_mount("tmpfs", "", "/x", ",\"propagation_flags\":[540672]", "");
	refuse_mount("tmpfs", "", "/x", ",\"relabel\":\"q\"",
		     "mounts[0].relabel: \"q\" is neither z nor Z");
	refuse_mount("tmpfs", "", "/x",
		     ",\"postmount_cmds\":[{\"path\":"
		     "\"true\"}]",
		     "mounts[0].postmount_cmds[0].path: an absolute path is "
		     "wanted");
}
END_TEST

START_TEST(test_mount_options)
{
	refuse_mount("cgroup", "cgroup", "/sys/fs/cgroup", ",\"flags\":15", "");
	refuse_mount("proc", "proc", "/proc", ",\"flags\":4096",
		     "mounts[0].flags: MS_BIND, but the device is proc");
	refuse_mount("tmpfs", "", "/x", ",\"flags\":1073741824",
		     "mounts[0].flags: 0x40000000 is no flag of a mount");
	refuse_mount("tmpfs", "", "/x", ",\"tmpcopyup\":true", "");
	refuse_mount("bind", "/x", "/x", ",\"tmpcopyup\":true",
		     "mounts[0].tmpcopyup: only for a tmpfs");
	refuse_mount("bind", "/x", "/x", ",\"rec_flags\":1", "");
	refuse_mount("tmpfs", "", "/x", ",\"rec_flags\":1",
		     "mounts[0].rec_flags: only for a bind");
	refuse_mount("bind", "/x", "/x", ",\"rec_flags\":4097",
		     "mounts[0].rec_flags: 0x1000 cannot be set for a tree of "
		     "mounts");
	refuse_mount("bind", "/x", "/x", ",\"relabel\":\"Z\"", "");
	refuse_mount("bind", "/x", "/x",
		     ",\"propagation_flags\":[16384]", /* MS_REC alone */
		     "mounts[0].propagation_flags[0]: not one kind of "
		     "propagation");
	refuse_mount("bind", "/x", "/x", ",\"flags\":786432",
		     "mounts[0].propagation_flags[0]: not one kind of "
		     "propagation");
}
END_TEST

START_TEST(test_root_propagation)
{
	accept("\"rootPropagation\":1048576");
	accept("\"rootPropagation\":540672");
	refuse("\"rootPropagation\":1",
	       "rootPropagation: 0x1 is not one kind of propagation");
	refuse("\"rootPropagation\":786432",
	       "rootPropagation: 0xc0000 is not one kind of propagation");
	refuse("\"rootPropagation\":1048576,\"no_pivot_root\":true",
	       "rootPropagation: shared cannot be had with no_pivot_root");
}
END_TEST

START_TEST(test_mounts_over_proc)
{
	refuse_mount("proc", "proc", "/proc", "", "");
	refuse_mount("proc", "proc", "//proc/.", "", "");
	refuse_mount("proc", "proc", "/other", "", "");
	refuse_mount("tmpfs", "", "/proc", "",
		     "mounts[0].destination: only proc may be mounted on "
		     "/proc");
	refuse_mount("bind", "/tmp", "/./proc/", "",
		     "mounts[0].destination: only proc may be mounted on "
		     "/proc");
	refuse_mount("bind", "/tmp", "/proc/sys", "",
		     "mounts[0].destination: /proc/sys is inside /proc");
	refuse_mount("bind", "/tmp", "/proc//self/attr", "",
		     "mounts[0].destination: /proc/self/attr is inside /proc");
	refuse_mount("tmpfs", "", "/proc/meminfo", "",
		     "mounts[0].destination: /proc/meminfo is inside /proc");
	refuse_mount("bind", "/tmp", "/proc/meminfox", "",
		     "mounts[0].destination: /proc/meminfox is inside /proc");
	refuse_mount("bind", "/x", "/proc/meminfo", "", "");
	refuse_mount("bind", "/x", "/proc/net//dev", "", "");
	refuse_mount("bind", "/x", "/proc2", "", "");
}
END_TEST

START_TEST(test_devices)
{
	accept("\"devices\":[{\"type\":112,\"path\":\"/dev/fifo\"}]");
	refuse("\"devices\":[{\"type\":97,\"path\":\"/dev/x\"}]",
	       "devices[0].type: 97 is not 'c', 'b' or 'p' (99, 98, 112)");
	refuse("\"devices\":[{\"type\":99}]",
	       "devices[0].path: \"\" is not an absolute path without \"..\"");
	refuse("\"devices\":[{\"type\":99,\"path\":\"/dev/../x\"}]",
	       "devices[0].path: \"/dev/../x\" is not an absolute path without "
	       "\"..\"");
	refuse("\"devices\":[{\"type\":99,\"path\":\"/proc/x\"}]",
	       "devices[0].path: no device can be made on /proc/x");
	refuse("\"devices\":[{\"type\":99,\"path\":\"/\"}]",
	       "devices[0].path: no device can be made on /");
	refuse("\"devices\":[{\"type\":99,\"path\":\"/x\",\"major\":-1}]",
	       "devices[0]: -1:0 is no device number");
	refuse("\"devices\":[{\"type\":99,\"path\":\"/x\",\"minor\":1048576}]",
	       "devices[0]: 0:1048576 is no device number");
}
END_TEST

static void refuse_cgroup(const char *keys, const char *message)
{
	char *text = xasprintf("\"cgroups\":{%s}", keys);

	refuse(text, message);
	free(text);
}

START_TEST(test_cgroups)
{
	refuse_cgroup("\"name\":\"a.b\",\"parent\":\"/x/y..\"", "");
	refuse_cgroup("\"name\":\"a/b\"",
		      "cgroups.name: \"a/b\" is not the name of one "
		      "directory");
	refuse_cgroup("\"name\":\"..\"",
		      "cgroups.name: \"..\" is not the name of one directory");
	refuse_cgroup("\"parent\":\"a/../b\"",
		      "cgroups.parent: \"a/../b\" has \"..\" in it");
	refuse_cgroup("\"path\":\"/..\"",
		      "cgroups.path: \"/..\" has \"..\" in it");
}
END_TEST

START_TEST(test_cgroup_numbers)
{
	refuse_cgroup("\"memory\":-2", "cgroups.memory: -2 is not between -1 "
				       "and 9223372036854775807");
	refuse_cgroup("\"memory_swappiness\":101",
		      "cgroups.memory_swappiness: 101 is not between -1 and "
		      "100");
	refuse_cgroup("\"cpu_period\":-1",
		      "cgroups.cpu_period: -1 is not between 0 and "
		      "9223372036854775807");
	refuse_cgroup("\"memory\":10,\"memory_swap\":9",
		      "cgroups.memory_swap: counts memory and swap together, "
		      "so it cannot be below cgroups.memory");
	refuse_cgroup("\"memory_swap\":10",
		      "cgroups.memory_swap: counts memory and swap together, "
		      "so it needs cgroups.memory, a limit of memory alone");
	refuse_cgroup("\"memory_swap\":-1", "");
	refuse_cgroup("\"cpu_quota\":999",
		      "cgroups.cpu_quota: 999 us is less than the kernel's "
		      "least, 1000 us");
	refuse_cgroup("\"cpu_quota\":1000,\"cpu_period\":1000", "");
	refuse_cgroup("\"cpu_quota\":-1,\"cpu_period\":1000000", "");
	refuse_cgroup("\"cpu_period\":999",
		      "cgroups.cpu_period: 999 us is not between 1000 and "
		      "1000000 us");
	refuse_cgroup("\"cpu_period\":1000001",
		      "cgroups.cpu_period: 1000001 us is not between 1000 and "
		      "1000000 us");
	refuse_cgroup("\"blkio_weight\":10", "");
	refuse_cgroup("\"blkio_weight\":1000", "");
	refuse_cgroup("\"blkio_weight\":9",
		      "cgroups.blkio_weight: 9 is not between 10 and 1000");
	refuse_cgroup("\"blkio_weight\":1001",
		      "cgroups.blkio_weight: 1001 is not between 10 and 1000");
	refuse_cgroup("\"memory\":10,\"memory_swap\":-1", "");
}
END_TEST

START_TEST(test_cgroup_texts)
{
	refuse_cgroup("\"freezer\":\"frozen\"",
		      "cgroups.freezer: \"frozen\" is neither FROZEN nor "
		      "THAWED");
	refuse_cgroup("\"unified\":{\"../x\":\"1\"}",
		      "cgroups.unified: \"../x\" is not the name of a file");
	refuse_cgroup("\"unified\":{\"cpu.max\":\"max\"}", "");
	refuse_cgroup("\"allowed_devices\":[{\"type\":112}]",
		      "cgroups.allowed_devices[0].type: 112 is not 'c', 'b' or "
		      "'a' (99, 98, 97)");
	refuse_cgroup("\"denied_devices\":[{\"type\":99,\"permissions\":"
		      "\"rx\"}]",
		      "cgroups.denied_devices[0].permissions: \"rx\" is not "
		      "some of \"rwm\"");
	refuse_cgroup("\"denied_devices\":[{\"type\":99}]",
		      "cgroups.denied_devices[0].permissions: \"\" is not some "
		      "of \"rwm\"");
	refuse_cgroup("\"allowed_devices\":[{\"type\":99,\"permissions\":"
		      "\"m\",\"major\":-2}]",
		      "cgroups.allowed_devices[0]: -2:0 is no device number");
}
END_TEST

START_TEST(test_cgroup_lists)
{
	refuse_cgroup("\"blkio_weight_device\":\"8:0 1000,8:16 10\"", "");
	refuse_cgroup("\"blkio_weight_device\":\"8:0 0\"",
		      "cgroups.blkio_weight_device[0].weight: 0 is not between "
		      "10 and 1000");
	refuse_cgroup("\"blkio_weight_device\":\"8:1 10,4096:0 5\"",
		      "cgroups.blkio_weight_device[1]: 4096:0 is no block "
		      "device");
	refuse_cgroup("\"blkio_throttle_read_bps_device\":"
		      "[{\"major\":8,\"minor\":-1,\"rate\":1}]",
		      "cgroups.blkio_throttle_read_bps_device[0]: 8:-1 is no "
		      "block device");
	refuse_cgroup("\"blkio_throttle_write_bps_device\":"
		      "\"8:0 9999999999\"",
		      "");
	refuse_cgroup("\"blkio_throttle_write_iops_device\":"
		      "\"8:0 9999999999\"",
		      "cgroups.blkio_throttle_write_iops_device[0].rate: "
		      "9999999999 is more than 4294967295");
	refuse_cgroup("\"hugetlb_limit\":[{\"page_size\":\"2MB\"},{}]",
		      "cgroups.hugetlb_limit[1].page_size: \"\" is not like "
		      "\"2MB\"");
	refuse_cgroup("\"hugetlb_limit\":[{\"page_size\":\"../../x\"}]",
		      "cgroups.hugetlb_limit[0].page_size: \"../../x\" is not "
		      "like \"2MB\"");
	refuse_cgroup("\"net_prio_ifpriomap\":[{\"interface\":\"a b\"}]",
		      "cgroups.net_prio_ifpriomap[0].interface: \"a b\" is no "
		      "interface's name");
	refuse_cgroup("\"net_prio_ifpriomap\":[{\"interface\":\"lo\","
		      "\"priority\":-1}]",
		      "cgroups.net_prio_ifpriomap[0].priority: -1 is not "
		      "between 0 and 4294967295");
	refuse_cgroup("\"net_cls_classid\":\"0x100001\",\"cpu_rt_runtime\":1,"
		      "\"kernel_memory\":1",
		      "");
}
END_TEST

/* Refused, not ignored, until they are there. */
START_TEST(test_not_there_yet)
{
	refuse("\"seccomp\":{\"syscalls\":[{\"value\":1}]}",
	       "seccomp: not supported yet");
	ck_assert_str_eq(
		verdict_of("{\"namespaces\":[{\"type\":\"NEWTIME\"}]}"),
		"namespaces: NEWTIME: not supported yet");
}
END_TEST

Suite *check_validate_parts_suite(void)
{
	Suite *suite = suite_create("validate_parts");
	TCase *tcase = tcase_create("rules");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, test_mounts);
	tcase_add_test(tcase, test_mount_options);
	tcase_add_test(tcase, test_root_propagation);
	tcase_add_test(tcase, test_mounts_over_proc);
	tcase_add_test(tcase, test_devices);
	tcase_add_test(tcase, test_cgroups);
	tcase_add_test(tcase, test_cgroup_numbers);
	tcase_add_test(tcase, test_cgroup_texts);
	tcase_add_test(tcase, test_cgroup_lists);
	tcase_add_test(tcase, test_not_there_yet);
	suite_add_tcase(suite, tcase);
	return suite;
}
