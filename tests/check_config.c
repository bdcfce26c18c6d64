/* check_config.c  every shape of container.json, and the defaults */
#include "tests/check.h"
#include "tests/fixtures.h"

#include "libcontainer/configs/config.h"
#include "libcontainer/configs/defaults.h"
#include "libcontainer/syncpipe/init_config.h"
#include "libcontainer/system/alloc.h"

#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>

static struct config *load_fixture(const char *name)
{
	char *text = fixture(name);
	struct config *config = load(text);

	free(text);
	return config;
}

static void check_strings(char **strings, const char *joined)
{
	char text[1024] = "";

	for (; strings && *strings; strings++) {
		strcat(text, *strings);
		strcat(text, " ");
	}
	ck_assert_str_eq(text, joined);
}

/* The mounts' destinations, in their order. */
static void check_destinations(const struct config *config, const char *joined)
{
	char text[1024] = "";

	for (size_t i = 0; i < config->mounts_len; i++) {
		strcat(text, config->mounts[i].destination);
		strcat(text, " ");
	}
	ck_assert_str_eq(text, joined);
}

START_TEST(test_june_2014)
{
	struct config *c = load_fixture("june-2014");

	ck_assert_ptr_null(c->rootfs);
	ck_assert_str_eq(c->hostname, "harbour");
	ck_assert(c->tty && c->readonlyfs && c->privatefs);
	ck_assert_str_eq(c->user, "daemon");
	ck_assert_str_eq(c->working_dir, "/srv");
	check_strings(c->environment, "HOME=/ TERM=xterm ");
	ck_assert_uint_eq(c->namespaces_len, 5);
	ck_assert(config_makes_namespace(c, CLONE_NEWPID));
	ck_assert_ptr_null(config_namespace(c, CLONE_NEWUSER));
	check_strings(c->capabilities.bounding, "CAP_MKNOD CAP_KILL ");
	check_strings(c->capabilities.effective, "CAP_MKNOD CAP_KILL ");
	check_strings(c->capabilities.permitted, "CAP_MKNOD CAP_KILL ");
	ck_assert_ptr_null(c->capabilities.inheritable);
	ck_assert_ptr_null(c->capabilities.ambient);
	ck_assert_uint_eq(c->networks_len, 3);
	ck_assert_str_eq(c->networks[1].bridge, "quay0");
	ck_assert_str_eq(c->networks[1].veth_prefix, "ship");
	ck_assert_str_eq(c->networks[2].ns_path, "/proc/7/ns/net");
	ck_assert_str_eq(c->routes[0].interface_name, "eth0");
	ck_assert_int_eq(c->cgroups.memory, 67108864);
	ck_assert_int_eq(c->cgroups.cpu_quota, 5000);
	ck_assert_int_eq(c->cgroups.cpu_period, 10000);
	ck_assert_int_eq(c->cgroups.memory_swappiness, -1);
	ck_assert_uint_eq(c->cgroups.allowed_devices_len, 14);
	ck_assert_str_eq(c->apparmor_profile, "harbour-default");
	ck_assert_ptr_nonnull(strstr(c->process_label, "c1,c2"));
	ck_assert_ptr_nonnull(strstr(c->mount_label, "file_t"));
	check_strings(c->readonly_paths, "/proc/sys /proc/sysrq-trigger "
					 "/proc/irq /proc/bus /sys ");
	check_strings(c->mask_paths, "/proc/kcore ");
	check_destinations(c, "/proc /sys /dev /dev/shm /dev/pts /a /b ");
	ck_assert(c->mounts[5].flags == (MS_BIND | MS_REC | MS_RDONLY));
	ck_assert(c->mounts[6].flags == (MS_BIND | MS_REC));
	ck_assert_uint_eq(c->mounts[6].propagation_flags_len, 1);
	ck_assert(c->mounts[6].propagation_flags[0] == MS_PRIVATE);
	ck_assert_uint_eq(c->devices_len, 1);
	ck_assert_int_eq(c->devices[0].type, 'c');
	ck_assert_int_eq(c->devices[0].minor, 3);
	ck_assert_str_eq(c->devices[0].permissions, "rwm");
	ck_assert_uint_eq(c->devices[0].file_mode, 0666);
	ck_assert_int_eq(c->parent_death_signal, SIGKILL);
	config_free(c);
}
END_TEST

START_TEST(test_v1_4)
{
	struct config *c = load_fixture("v1.4");

	ck_assert_str_eq(c->rootfs, "/var/lib/harbour/root");
	ck_assert(c->no_pivot_root && c->readonlyfs && !c->privatefs);
	ck_assert_str_eq(c->mount_label, "e:f:g:h");
	ck_assert_str_eq(config_namespace(c, CLONE_NEWIPC)->path,
			 "/proc/42/ns/ipc");
	ck_assert(!config_makes_namespace(c, CLONE_NEWIPC));
	check_strings(c->readonly_paths, "/proc/sys /proc/sysrq-trigger "
					 "/proc/irq /proc/bus ");
	check_destinations(c, "/proc /dev /dev/shm /dev/mqueue /dev/pts /sys "
			      "/tmp /a ");
	ck_assert(c->mounts[5].flags & MS_RDONLY);
	ck_assert_str_eq(c->mounts[6].device, "tmpfs");
	ck_assert_str_eq(c->mounts[7].relabel, "Z");
	ck_assert(c->mounts[7].propagation_flags[0] == MS_SLAVE);
	ck_assert(c->rlimits[0].hard == UINT64_MAX);
	ck_assert_str_eq(c->networks[0].mac_address, "02:00:00:00:00:01");
	ck_assert_int_eq(c->networks[0].txqueuelen, 100);
	ck_assert_uint_eq(c->devices[0].gid, 6);
	ck_assert_uint_eq(c->cgroups.allowed_devices_len, 2);
	ck_assert_int_eq(c->cgroups.allowed_devices[0].major, -1);
	ck_assert_int_eq(c->cgroups.allowed_devices[1].minor, 0);
	ck_assert_str_eq(c->cgroups.allowed_devices[1].permissions, "rw");
	config_free(c);
}
END_TEST

static void check_2015_cgroup(const struct cgroup *g)
{
	ck_assert_str_eq(g->parent, "/harbour");
	ck_assert(g->allow_all_devices);
	ck_assert_uint_eq(g->allowed_devices_len, 0);
	ck_assert_int_eq(g->denied_devices[0].type, 'a');
	ck_assert_int_eq(g->memory, -1);
	ck_assert(g->memory_swap == INT64_MAX);
	ck_assert_int_eq(g->cpu_quota, 20000);
	ck_assert_int_eq(g->cpu_period, 100000);
	ck_assert_int_eq(g->cpu_rt_runtime, 0);
	ck_assert_uint_eq(g->throttle_read_bps_len, 2);
	ck_assert_int_eq(g->throttle_read_bps[1].minor, 16);
	ck_assert_uint_eq(g->throttle_read_bps[0].rate, 1048576);
	ck_assert_uint_eq(g->throttle_write_bps_len, 0);
	ck_assert_uint_eq(g->blkio_weight_device[0].weight, 300);
	ck_assert_str_eq(g->freezer, "THAWED");
	ck_assert_str_eq(g->hugetlb_limit[0].page_size, "2MB");
	ck_assert_int_eq(g->memory_swappiness, 0);
	ck_assert_int_eq(g->net_prio[0].priority, 3);
	ck_assert_uint_eq(g->net_cls_classid, 0x100001);
}

START_TEST(test_2015)
{
	struct config *c = load_fixture("2015");

	ck_assert_int_eq(c->parent_death_signal, 15);
	ck_assert(c->readonlyfs && !c->privatefs);
	check_destinations(c, "/proc /dev /dev/pts /dev/shm /a ");
	ck_assert_str_eq(c->mounts[4].premount_cmds[0].args[1], "x");
	/* 282624 is MS_BIND | MS_REC | MS_PRIVATE. */
	ck_assert(c->mounts[4].flags == (MS_BIND | MS_REC));
	ck_assert(c->mounts[4].propagation_flags[0] == (MS_PRIVATE | MS_REC));
	ck_assert_ptr_null(c->mounts[4].data);
	ck_assert_ptr_null(config_namespace(c, CLONE_NEWNS)->path);
	ck_assert_ptr_nonnull(config_namespace(c, CLONE_NEWUSER));
	check_strings(c->capabilities.bounding,
		      "CAP_CHOWN CAP_KILL CAP_SYS_ADMIN ");
	ck_assert(c->networks[0].hairpin_mode);
	ck_assert_ptr_null(c->networks[0].name);
	check_2015_cgroup(&c->cgroups);
	ck_assert_int_eq(c->rlimits[1].type, 4);
	ck_assert(c->rlimits[1].hard == UINT64_MAX);
	ck_assert_int_eq(c->rlimits[2].type, 6);
	check_strings(c->additional_groups, "audio 33 ");
	ck_assert_int_eq(c->uid_mappings[0].host_id, 1000);
	ck_assert_int_eq(c->gid_mappings[0].size, 65536);
	ck_assert_str_eq(c->system_properties[0].key, "net.ipv4.ip_forward");
	ck_assert_str_eq(c->system_properties[1].value, "");
	ck_assert(!c->seccomp);
	config_free(c);
}
END_TEST

START_TEST(test_round_trip)
{
	static const char *const texts[] = {
		"{}",
		"{\"mounts\":[]}",
		"{\"namespaces\":[{\"type\":\"NEWNS\"}],\"mounts\":[{"
		"\"destination\":\"/x\",\"device\":\"tmpfs\"}]}",
		"{\"capabilities\":{\"bounding\":[\"KILL\"],\"ambient\":["
		"\"CAP_KILL\"]}}",
		"{\"cgroups\":{\"pids_limit\":5,\"unified\":{\"cpu.max\":"
		"\"max 5\"},\"path\":\"/a\",\"cpu_rt_runtime\":-1}}",
		"{\"user\":\"a\",\"no_new_privileges\":true,\"environment\":["
		"\"A=\\u00e9\\\"\"]}",
	};
	struct config *config;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		config = load(texts[i]);
		check_round_trip(config);
		config_free(config);
	}
	for (size_t i = 0; i < 3; i++) {
		config = load_fixture(fixture_names[i]);
		check_round_trip(config);
		config_free(config);
	}
	config = config_default("/a/b", "h", "p", "n");
	check_round_trip(config);
	/* No mounts were asked for, and none come back. */
	config_free(config);
	config = config_new();
	config_default_namespaces(config);
	check_round_trip(config);
	config_free(config);
}
END_TEST

START_TEST(test_implicit_mounts)
{
	struct config *c = load("{\"namespaces\":[{\"type\":\"NEWNS\"}]}");

	check_destinations(c, "/proc /dev /dev/pts ");
	config_free(c);
	c = load("{\"namespaces\":[{\"type\":\"NEWNS\"}],"
		 "\"implicit_mounts\":false}");
	ck_assert_uint_eq(c->mounts_len, 0);
	config_free(c);
	c = load("{\"namespaces\":[{\"type\":\"NEWPID\"}]}");
	ck_assert_uint_eq(c->mounts_len, 0);
	config_free(c);
	c = load("{\"namespaces\":[{\"type\":\"NEWNS\"}],\"mounts\":[{"
		 "\"device\":\"bind\",\"source\":\"/dev\","
		 "\"destination\":\"/dev\"}]}");
	check_destinations(c, "/dev ");
	config_free(c);
}
END_TEST

/* 2015 showed cgroups read-only; what we wrote means what it says. */
START_TEST(test_cgroup_mount_of_2015)
{
	const char mounts[] = "{\"namespaces\":[{\"type\":\"NEWNS\"}],"
			      "\"implicit_mounts\":%s,\"mounts\":[{"
			      "\"device\":\"cgroup\",\"flags\":%d,"
			      "\"destination\":\"/sys/fs/cgroup\"}]}";
	static const struct {
		const char *implicit;
		unsigned flags, want;
	} rows[] = { { "true", 0, MS_RDONLY },
		     { "false", 0, 0 },
		     { "false", MS_RDONLY, MS_RDONLY } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *text = xasprintf(mounts, rows[i].implicit, rows[i].flags);
		struct config *c = load(text);

		ck_assert_uint_eq(c->mounts[c->mounts_len - 1].flags,
				  rows[i].want);
		config_free(c);
		free(text);
	}
}
END_TEST

START_TEST(test_device_rules)
{
	struct config *c = load("{}");

	ck_assert_uint_eq(c->cgroups.allowed_devices_len, 14);
	config_free(c);
	c = load("{\"cgroups\":{\"allowed_devices\":[]}}");
	ck_assert_uint_eq(c->cgroups.allowed_devices_len, 0);
	config_free(c);
	c = load("{\"cgroups\":{\"allow_all_devices\":true}}");
	ck_assert_uint_eq(c->cgroups.allowed_devices_len, 0);
	config_free(c);
}
END_TEST

START_TEST(test_defaults)
{
	struct config *c = config_default("/a/b", "h", "p", "n");
	char **env = default_environment("h");

	ck_assert_str_eq(c->rootfs, "/a/b");
	ck_assert_uint_eq(c->namespaces_len, 5);
	ck_assert_uint_eq(strv_len(c->capabilities.bounding), 14);
	ck_assert_uint_eq(strv_len(c->capabilities.inheritable), 0);
	check_destinations(c, "/proc /dev /dev/pts /dev/shm /dev/mqueue "
			      "/sys ");
	ck_assert_uint_eq(c->devices_len, 6);
	ck_assert_uint_eq(c->devices[0].file_mode, 0666);
	ck_assert_uint_eq(c->cgroups.allowed_devices_len, 14);
	ck_assert_int_eq(c->cgroups.memory_swappiness, -1);
	ck_assert_uint_eq(strv_len(c->readonly_paths), 6);
	ck_assert_uint_eq(strv_len(c->mask_paths), 9);
	ck_assert_str_eq(c->networks[0].type, "loopback");
	ck_assert_int_eq(c->parent_death_signal, SIGKILL);
	/* Twice is once. */
	config_default_namespaces(c);
	config_default_capabilities(c);
	config_default_mounts(c);
	config_default_devices(c);
	config_default_paths(c);
	ck_assert_uint_eq(c->mounts_len, 6);
	ck_assert_uint_eq(c->cgroups.allowed_devices_len, 14);
	check_strings(env, "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:"
			   "/usr/bin:/sbin:/bin HOSTNAME=h TERM=xterm ");
	strv_free(env);
	config_free(c);
}
END_TEST

START_TEST(test_init_config)
{
	struct init_config *ic = xcalloc(1, sizeof(*ic)), *again;
	struct error err = { 0 };
	char *text;

	ic->config = load_fixture("2015");
	strv_append(&ic->args, "/bin/echo");
	strv_append(&ic->args, "\xff\xfe");
	strv_append(&ic->args, "");
	strv_append(&ic->env, "A=\n\x80");
	ic->user = xstrdup("daemon:audio");
	ic->capabilities = xcalloc(1, sizeof(*ic->capabilities));
	strv_append(&ic->capabilities->effective, "CAP_KILL");
	ic->console_rows = 65535;
	ic->passed_fds = 3;
	ic->join = xcalloc(1, sizeof(*ic->join));
	ic->join_len = 1;
	ic->join[0].type = CLONE_NEWIPC;
	ic->join[0].fd = 9;
	ic->networks = xcalloc(2, sizeof(*ic->networks));
	ic->networks_len = 2;
	ic->networks[1].temp_veth_peer_name = xstrdup("veth0123456");
	text = fields_encode(init_config_rows, ic, false);
	again = xcalloc(1, sizeof(*again));
	ck_assert_msg(fields_decode(init_config_rows, text, strlen(text), again,
				    &err) == 0,
		      "%s", err.message);
	ck_assert_uint_eq(strv_len(again->args), 3);
	ck_assert_str_eq(again->args[1], "\xff\xfe");
	ck_assert_str_eq(again->args[2], "");
	ck_assert_str_eq(again->env[0], "A=\n\x80");
	ck_assert_str_eq(again->user, "daemon:audio");
	ck_assert_ptr_null(again->cwd);
	check_strings(again->capabilities->effective, "CAP_KILL ");
	ck_assert_uint_eq(again->console_rows, 65535);
	ck_assert_int_eq(again->join[0].type, CLONE_NEWIPC);
	ck_assert_int_eq(again->join[0].fd, 9);
	ck_assert_uint_eq(again->networks_len, 2);
	ck_assert_ptr_null(again->networks[0].temp_veth_peer_name);
	ck_assert_str_eq(again->networks[1].temp_veth_peer_name, "veth0123456");
	check_2015_cgroup(&again->config->cgroups);
	check_round_trip(again->config);
	init_config_free(again);
	init_config_free(ic);
	init_config_free(NULL);
	free(text);
}
END_TEST

Suite *check_config_suite(void)
{
	Suite *suite = suite_create("config");
	TCase *tcase = tcase_create("container.json");

	fixtures_find();
	tcase_set_timeout(tcase, 120);
	tcase_add_test(tcase, test_june_2014);
	tcase_add_test(tcase, test_v1_4);
	tcase_add_test(tcase, test_2015);
	tcase_add_test(tcase, test_round_trip);
	tcase_add_test(tcase, test_implicit_mounts);
	tcase_add_test(tcase, test_cgroup_mount_of_2015);
	tcase_add_test(tcase, test_device_rules);
	tcase_add_test(tcase, test_defaults);
	tcase_add_test(tcase, test_init_config);
	suite_add_tcase(suite, tcase);
	return suite;
}
