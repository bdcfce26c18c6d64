/* check_cgroup_v2.c  the manager on v2, and its device program */
#include "tests/check.h"
#include "tests/fake_cgroup.h"

#include "libcontainer/cgroups/devices_bpf.h"
#include "libcontainer/system/cleanup.h"

#include <string.h>

START_TEST(test_v2_limits)
{
	struct unified_key key = { (char *)"io.weight", (char *)"default 50" };

	make_v2();
	cgroup.memory = 64 << 20;
	cgroup.memory_swap = 96 << 20;
	cgroup.memory_reservation = -1;
	cgroup.cpu_shares = 1024;
	cgroup.cpu_quota = 25000;
	cgroup.pids_limit = 7;
	cgroup.cpuset_cpus = "0-1";
	cgroup.unified = &key;
	cgroup.unified_len = 1;
	prepare();
	ck_assert_str_eq(m->paths[0].controller, "");
	ck_file("docker/c1", "memory.max", "67108864");
	ck_file("docker/c1", "memory.swap.max", "33554432");
	ck_file("docker/c1", "memory.low", "max");
	ck_file("docker/c1", "cpu.weight", "39");
	ck_file("docker/c1", "cpu.max", "25000 100000");
	ck_file("docker/c1", "pids.max", "7");
	ck_file("docker/c1", "cpuset.cpus", "0-1");
	ck_file("docker/c1", "io.weight", "default 50");
	/* handed down where it was missing; hugetlb is nobody's wish */
	ck_file(".", "cgroup.subtree_control", "+pids");
	ck_file("docker", "cgroup.subtree_control", "+cpuset");
	ck_file("docker/c1", "cgroup.subtree_control", "");
	ck_assert_int_ge(m->join_dir, 0);
	ck_assert_uint_eq(m->join_fds_len, 0);
}
END_TEST

START_TEST(test_v2_shares)
{
	static const struct {
		int64_t shares;
		const char *weight;
	} rows[] = { { 2, "1" }, { 262144, "10000" }, { 512, "20" } };

	make_v2();
	new_manager();
	for (size_t i = 0; i < LEN(rows); i++) {
		put("docker/c1", "cpu.weight", "");
		cgroup.cpu_shares = rows[i].shares;
		ck_assert_int_eq(cgroup_manager_set(m, &cgroup, &err), 0);
		ck_file("docker/c1", "cpu.weight", rows[i].weight);
	}
	cgroup.cpu_shares = 262145;
	ck_assert_int_eq(cgroup_manager_set(m, &cgroup, &err), -1);
}
END_TEST

START_TEST(test_v2_refusals)
{
	struct unified_key key = { (char *)"../x.y", (char *)"1" };

	make_v2();
	cgroup.memory_swap = 1 << 20;
	ck_refused("cgroups.memory_swap");
	cgroup.memory_swap = 0;
	cgroup.oom_kill_disable = true;
	ck_assert_int_eq(cgroup_manager_set(m, &cgroup, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.message, "oom_kill_disable"));
	cgroup.oom_kill_disable = false;
	cgroup.unified = &key;
	cgroup.unified_len = 1;
	ck_assert_int_eq(cgroup_manager_set(m, &cgroup, &err), -1);
	key.file = (char *)"cgroup.procs";
	ck_assert_int_eq(cgroup_manager_set(m, &cgroup, &err), -1);
}
END_TEST

START_TEST(test_v2_io_and_hugetlb)
{
	struct weight_device weight = { 8, 0, 505 };
	struct throttle_device read = { 8, 0, 1000 }, none = { 8, 16, 0 };
	struct hugetlb_limit huge = { (char *)"2MB", 4096 };

	make_v2();
	put("docker", "cgroup.controllers", "hugetlb\n");
	put("docker", "cgroup.subtree_control", "\n");
	put("docker/c1", "io.max", "");
	put("docker/c1", "hugetlb.2MB.max", "");
	cgroup.throttle_read_bps = &read;
	cgroup.throttle_read_bps_len = 1;
	cgroup.hugetlb_limit = &huge;
	cgroup.hugetlb_limit_len = 1;
	cgroup.blkio_weight = 1000;
	prepare();
	ck_file("docker/c1", "io.max", "8:0 rbps=1000");
	ck_file("docker/c1", "io.weight", "10000");
	ck_file("docker/c1", "hugetlb.2MB.max", "4096");
	/* now somebody wants hugetlb: it is handed down */
	ck_file("docker", "cgroup.subtree_control", "+hugetlb");
	put("docker/c1", "io.max", "");
	put("docker/c1", "io.weight", "");
	put("docker/c1", "io.bfq.weight", "");
	cgroup.throttle_read_bps_len = 0;
	cgroup.throttle_write_iops = &none;
	cgroup.throttle_write_iops_len = 1;
	cgroup.blkio_weight = 10;
	ck_assert_int_eq(cgroup_manager_set(m, &cgroup, &err), 0);
	ck_file("docker/c1", "io.max", "8:16 wiops=max");
	ck_file("docker/c1", "io.weight", "1");
	ck_file("docker/c1", "io.bfq.weight", "10");
	put("docker/c1", "io.weight", "");
	cgroup.blkio_weight_device = &weight;
	cgroup.blkio_weight_device_len = 1;
	ck_assert_int_eq(cgroup_manager_set(m, &cgroup, &err), 0);
	ck_file("docker/c1", "io.weight", "8:0 5000");
}
END_TEST

START_TEST(test_v2_foreign)
{
	struct interface_priority lo = { (char *)"lo", 1 };

	make_v2();
	cgroup.memory_swappiness = 0; /* as files of 2015 say */
	prepare();
	cgroup.memory_swappiness = 60;
	ck_assert_int_eq(cgroup_manager_set(m, &cgroup, &err), -1);
	ck_assert_str_eq(err.message, "cgroups.memory_swappiness: cgroup v2 "
				      "has no such limit");
	cgroup.memory_swappiness = -1;
	cgroup.kernel_memory = 1;
	ck_assert_int_eq(cgroup_manager_set(m, &cgroup, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.message, "cgroups.kernel_memory: "));
	cgroup.kernel_memory = 0;
	cgroup.cpu_rt_runtime = 1;
	ck_assert_int_eq(cgroup_manager_set(m, &cgroup, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.message, "cgroups.cpu_rt_runtime: "));
	cgroup.cpu_rt_runtime = 0;
	cgroup.net_cls_classid = 1;
	ck_assert_int_eq(cgroup_manager_set(m, &cgroup, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.message, "cgroups.net_cls_classid: "));
	cgroup.net_cls_classid = 0;
	cgroup.net_prio = &lo;
	cgroup.net_prio_len = 1;
	ck_assert_int_eq(cgroup_manager_set(m, &cgroup, &err), -1);
	ck_assert_ptr_nonnull(
		strstr(err.message, "cgroups.net_prio_ifpriomap"));
}
END_TEST

/* The rules' program, run here: enough of BPF for what is in it. */
static int run(const struct bpf_insn *insns, size_t len,
	       const struct bpf_cgroup_dev_ctx *context)
{
	uint64_t r[11] = { 0 };

	for (size_t i = 0; i < len; i++) {
		const struct bpf_insn *in = &insns[i];
		uint64_t operand = in->code & BPF_X
					   ? r[in->src_reg]
					   : (uint64_t)(int64_t)in->imm;
		bool jump = false;
		uint32_t word;

		if (in->code == (BPF_JMP | BPF_EXIT))
			return (int)r[0];
		if (BPF_CLASS(in->code) == BPF_LDX) {
			memcpy(&word, (const char *)context + in->off, 4);
			r[in->dst_reg] = word;
		} else if (BPF_CLASS(in->code) == BPF_JMP) {
			jump = BPF_OP(in->code) == BPF_JNE
				       ? r[in->dst_reg] != operand
				       : r[in->dst_reg] == operand;
		} else if (BPF_OP(in->code) == BPF_MOV) {
			r[in->dst_reg] = operand;
		} else if (BPF_OP(in->code) == BPF_AND) {
			r[in->dst_reg] &= operand;
		} else {
			ck_assert_int_eq(BPF_OP(in->code), BPF_RSH);
			r[in->dst_reg] >>= operand;
		}
		if (jump)
			i += (size_t)in->off;
	}
	ck_abort_msg("the program runs over its end");
	return -1;
}

static int ask(int type, uint32_t access, uint32_t major, uint32_t minor)
{
	struct bpf_cgroup_dev_ctx context = {
		.access_type = access << 16 | (uint32_t)type,
		.major = major,
		.minor = minor,
	};
	cleanup_free struct bpf_insn *insns = NULL;
	size_t len;

	insns = devices_bpf_compile(&cgroup, &len);
	return run(insns, len, &context);
}

START_TEST(test_devices_program)
{
	enum {
		R = BPF_DEVCG_ACC_READ,
		W = BPF_DEVCG_ACC_WRITE,
		M = BPF_DEVCG_ACC_MKNOD,
		C = BPF_DEVCG_DEV_CHAR,
		B = BPF_DEVCG_DEV_BLOCK
	};
	struct device allowed[] = {
		{ .type = 'c', .major = 1, .minor = 3, .permissions = "rwm" },
		{ .type = 'c', .major = 1, .minor = 5, .permissions = "r" },
		{ .type = 'c', .major = 1, .minor = 5, .permissions = "w" },
		{ .type = 'c', .major = 136, .minor = -1, .permissions = "rw" },
		{ .type = 'a', .major = -1, .minor = -1, .permissions = "m" },
	};
	struct device denied[] = {
		{ .type = 'c', .major = 136, .minor = 9, .permissions = "w" },
	};

	ck_assert_int_eq(ask(B, R | W | M, 8, 0), 1);
	cgroup.allow_all_devices = false;
	ck_assert_int_eq(ask(C, R, 1, 3), 0);
	cgroup.allowed_devices = allowed;
	cgroup.allowed_devices_len = LEN(allowed);
	ck_assert_int_eq(ask(C, R | W | M, 1, 3), 1);
	ck_assert_int_eq(ask(B, R, 1, 3), 0);
	ck_assert_int_eq(ask(C, R | W, 1, 5), 1);
	ck_assert_int_eq(ask(C, R | W | M, 1, 5), 1);
	ck_assert_int_eq(ask(C, R | W, 136, 77), 1);
	ck_assert_int_eq(ask(C, R, 1, 136), 0);
	ck_assert_int_eq(ask(B, M, 8, 0), 1);
	ck_assert_int_eq(ask(B, M | R, 8, 0), 0);
	cgroup.denied_devices = denied;
	cgroup.denied_devices_len = 1;
	ck_assert_int_eq(ask(C, R, 136, 9), 1);
	ck_assert_int_eq(ask(C, R | W, 136, 9), 0);
	cgroup.allow_all_devices = true;
	ck_assert_int_eq(ask(C, W, 136, 9), 0);
	ck_assert_int_eq(ask(C, W, 136, 8), 1);
}
END_TEST

Suite *check_cgroup_v2_suite(void)
{
	Suite *suite = suite_create("cgroup_v2");
	TCase *tests = tcase_create("all");

	tcase_add_checked_fixture(tests, cgroup_root_setup,
				  cgroup_root_teardown);
	tcase_add_test(tests, test_v2_limits);
	tcase_add_test(tests, test_v2_shares);
	tcase_add_test(tests, test_v2_refusals);
	tcase_add_test(tests, test_v2_io_and_hugetlb);
	tcase_add_test(tests, test_v2_foreign);
	tcase_add_test(tests, test_devices_program);
	suite_add_tcase(suite, tests);
	return suite;
}
