/* check_native.c  [outside]  command.json -> config, as Docker 1.8 did it */
#include "tests/check.h"

#include "execdriver/native/native.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/file.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>

/* The config for a command.json's members; NULL, and *err, when refused. */
static struct config *create(const char *members, struct error *err)
{
	cleanup_free char *text = xasprintf(
		"{\"id\":\"c1\",\"rootfs\":\"/r\",%s%s\"process_config\":"
		"{\"entrypoint\":\"/bin/true\",\"env\":[\"HOSTNAME=h\"]}}",
		members, *members ? "," : "");
	char path[] = "/tmp/check-native-XXXXXX";
	struct native_driver native;
	struct command *command;
	struct config *config = NULL;
	int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write_all(fd, text, strlen(text)), 0);
	close(fd);
	native_driver_init(&native, "/nonexistent", NULL);
	if (command_load_file(path, &command, err) == 0) {
		if (native_create_config(&native, command, &config, err) < 0)
			config = NULL;
		command_free(command);
	}
	unlink(path);
	return config;
}

static const struct mount *mount_at(const struct config *config,
				    const char *destination)
{
	for (size_t i = 0; i < config->mounts_len; i++)
		if (!strcmp(config->mounts[i].destination, destination))
			return &config->mounts[i];
	return NULL;
}

START_TEST(test_template)
{
	struct error err;
	struct config *config = create("", &err);

	ck_assert_ptr_nonnull(config);
	ck_assert_str_eq(config->hostname, "h");
	ck_assert_str_eq(config->rootfs, "/r");
	ck_assert_str_eq(config->cgroups.parent, "docker");
	ck_assert_str_eq(config->cgroups.name, "c1");
	ck_assert_int_eq(config->cgroups.memory_swappiness, -1);
	ck_assert_uint_eq(strv_len(config->capabilities.bounding), 14);
	ck_assert_uint_eq(config->namespaces_len, 5);
	ck_assert_str_eq(config->networks[0].type, "loopback");
	ck_assert(config->privatefs);
	ck_assert_str_eq(mount_at(config, "/sys/fs/cgroup")->device, "cgroup");
	ck_assert(mount_at(config, "/sys/fs/cgroup")->flags & MS_RDONLY);
	/* Whole: nothing is missing but the folder. */
	free(config->rootfs);
	config->rootfs = xstrdup("/tmp");
	ck_assert_msg(config_validate(config, &err) == 0, "%s", err.message);
	config_free(config);
}
END_TEST

START_TEST(test_host_namespaces)
{
	struct error err;
	struct config *config = create("\"ipc\":{\"host_ipc\":true},"
				       "\"pid\":{\"host_pid\":true},"
				       "\"uts\":{\"host_uts\":true},"
				       "\"network\":{\"host_networking\":true}",
				       &err);

	ck_assert_ptr_nonnull(config);
	ck_assert_uint_eq(config->namespaces_len, 1);
	ck_assert_int_eq(config->namespaces[0].type, CLONE_NEWNS);
	ck_assert_ptr_null(config->hostname);
	ck_assert_uint_eq(config->networks_len, 0);
	config_free(config);
}
END_TEST

START_TEST(test_mounts)
{
	struct error err;
	struct config *config =
		create("\"readonly_rootfs\":true,\"mounts\":["
		       "{\"source\":\"/a\",\"destination\":\"/sys\"},"
		       "{\"source\":\"/b\",\"destination\":\"/dev\","
		       "\"writable\":true,\"slave\":true}]",
		       &err);

	ck_assert_ptr_nonnull(config);
	ck_assert(config->readonlyfs);
	ck_assert_str_eq(mount_at(config, "/sys")->source, "/a");
	ck_assert_uint_eq(mount_at(config, "/sys")->flags,
			  MS_BIND | MS_REC | MS_RDONLY);
	ck_assert_uint_eq(mount_at(config, "/dev")->flags, MS_BIND | MS_REC);
	ck_assert_uint_eq(mount_at(config, "/dev")->propagation_flags[0],
			  MS_SLAVE);
	ck_assert_ptr_null(mount_at(config, "/dev/pts"));
	ck_assert_ptr_null(mount_at(config, "/dev/shm"));
	ck_assert(!(mount_at(config, "/proc")->flags & MS_RDONLY));
	config_free(config);
}
END_TEST

/* What Docker 1.9 to 1.12 added to a command. */
START_TEST(test_later_keys)
{
	struct error err;
	struct config *config = create(
		"\"no_new_privileges\":true,\"resources\":{"
		"\"memory\":1000,\"memory_reservation\":500,"
		"\"kernel_memory\":300,\"pids_limit\":9,\"cpuset\":\"0\","
		"\"blkio_weight_device\":[{\"major\":8,\"minor\":0,"
		"\"weight\":20}],\"blkio_throttle_write_iops_device\":["
		"{\"major\":8,\"minor\":0,\"rate\":7},"
		"{\"major\":8,\"minor\":16,\"rate\":8}]},"
		"\"mounts\":[{\"source\":\"/a\",\"destination\":\"/a\","
		"\"mountpropagation\":\"rprivate\"},{\"source\":\"/b\","
		"\"destination\":\"/b\",\"mountpropagation\":\"rslave\"}]",
		&err);

	ck_assert_msg(config, "%s", err.message);
	ck_assert(config->no_new_privileges);
	ck_assert_int_eq(config->cgroups.memory_reservation, 500);
	ck_assert_int_eq(config->cgroups.kernel_memory, 300);
	ck_assert_int_eq(config->cgroups.pids_limit, 9);
	ck_assert_str_eq(config->cgroups.cpuset_cpus, "0");
	ck_assert_uint_eq(config->cgroups.blkio_weight_device_len, 1);
	ck_assert_uint_eq(config->cgroups.blkio_weight_device[0].weight, 20);
	ck_assert_uint_eq(config->cgroups.throttle_write_iops_len, 2);
	ck_assert_uint_eq(config->cgroups.throttle_write_iops[1].rate, 8);
	ck_assert_uint_eq(mount_at(config, "/a")->propagation_flags_len, 0);
	ck_assert_uint_eq(mount_at(config, "/b")->propagation_flags[0],
			  MS_SLAVE);
	config_free(config);

	config = create("\"resources\":{\"memory\":1000}", &err);
	ck_assert_ptr_nonnull(config);
	ck_assert(!config->no_new_privileges);
	ck_assert_int_eq(config->cgroups.memory_reservation, 1000);
	config_free(config);
	ck_assert_ptr_null(create("\"mounts\":[{\"source\":\"/a\","
				  "\"destination\":\"/a\","
				  "\"mountpropagation\":\"rshared\"}]",
				  &err));
	ck_assert_str_eq(err.message, "mounts[0].mountpropagation: \"rshared\" "
				      "is not supported");
}
END_TEST

/* Each row: base, add and drop, words apart by blanks; the result. */
START_TEST(test_capabilities)
{
	static const char *const rows[][4] = {
		{ "CAP_KILL CAP_CHOWN", "", "kill", "CAP_CHOWN" },
		{ "CAP_KILL", "net_admin", "", "CAP_KILL CAP_NET_ADMIN" },
		{ "CAP_KILL", "CAP_CHOWN", "all", "CAP_CHOWN" },
		{ "CAP_KILL", "kill", "KILL", "CAP_KILL" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cleanup_strv char **result = NULL;
		char **lists[3] = { NULL, NULL, NULL };
		char got[256] = "";
		struct error err;

		for (int l = 0; l < 3; l++) {
			cleanup_free char *copy = xstrdup(rows[i][l]);

			for (char *w = strtok(copy, " "); w;
			     w = strtok(NULL, " "))
				strv_append(&lists[l], w);
		}
		ck_assert_int_eq(native_capabilities(lists[0], lists[1],
						     lists[2], &result, &err),
				 0);
		for (char **r = result; *r; r++) {
			strcat(got, r == result ? "" : " ");
			strcat(got, *r);
		}
		ck_assert_str_eq(got, rows[i][3]);
		for (int l = 0; l < 3; l++)
			strv_free(lists[l]);
	}
}
END_TEST

START_TEST(test_bridge)
{
	struct error err;
	const struct network *n;
	struct config *config = create(
		"\"network\":{\"mtu\":1400,\"interface\":{\"bridge\":"
		"\"docker0\",\"mac\":\"02:42:ac:11:00:02\",\"ip\":"
		"\"172.17.0.2\",\"ip_prefix_len\":16,\"gateway\":"
		"\"172.17.42.1\",\"global_ipv6\":\"fd00::2\","
		"\"global_ipv6_prefix_len\":64,\"ipv6_gateway\":\"fd00::1\","
		"\"link_local_ipv6\":\"fe80::42\",\"hairpin_mode\":true}}",
		&err);

	ck_assert_msg(config != NULL, "%s", err.message);
	ck_assert_uint_eq(config->networks_len, 2);
	ck_assert_str_eq(config->networks[0].type, "loopback");
	n = &config->networks[1];
	ck_assert_str_eq(n->type, "veth");
	ck_assert_str_eq(n->name, "eth0");
	ck_assert_str_eq(n->bridge, "docker0");
	ck_assert_str_eq(n->mac_address, "02:42:ac:11:00:02");
	ck_assert_str_eq(n->address, "172.17.0.2/16");
	ck_assert_str_eq(n->gateway, "172.17.42.1");
	ck_assert_str_eq(n->ipv6_address, "fd00::2/64");
	ck_assert_str_eq(n->ipv6_gateway, "fd00::1");
	ck_assert_int_eq(n->mtu, 1400);
	ck_assert(n->hairpin_mode);
	config_free(config);
	config = create("\"network\":{\"interface\":{\"bridge\":\"b\","
			"\"ip\":\"\",\"mac\":\"\"}}",
			&err);
	ck_assert_ptr_nonnull(config);
	ck_assert_ptr_null(config->networks[1].address);
	ck_assert_ptr_null(config->networks[1].mac_address);
	config_free(config);
}
END_TEST

START_TEST(test_refused)
{
	static const char *const rows[][2] = {
		{ "\"cap_add\":[\"CAP_FLY\"]", "CAP_FLY" },
		{ "\"network\":{\"interface\":{\"ip\":\"1.2.3.4\"}}",
		  "network.interface.bridge: missing" },
		{ "\"network\":{\"interface\":{\"bridge\":\"b\",\"ip\":"
		  "\"fd00::2\",\"ip_prefix_len\":64}}",
		  "network.interface.ip: \"fd00::2\" is not an IPv4" },
		{ "\"network\":{\"interface\":{\"bridge\":\"b\",\"ip\":"
		  "\"1.2.3.4\"}}",
		  "network.interface.ip_prefix_len: 0 is not between 1 and "
		  "32" },
		{ "\"network\":{\"interface\":{\"bridge\":\"b\","
		  "\"global_ipv6\":\"x\"}}",
		  "network.interface.global_ipv6: \"x\"" },
		{ "\"resources\":{\"blkio_weight\":70000}", "blkio_weight" },
		{ "\"resources\":{\"memory\":\"1g\"}", "memory" },
		{ "\"mounts\":[{\"source\":\"/a\"}]", "mounts[0]" },
		{ "\"ipc\":{\"container_id\":\"other\"}", "other" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct error err;

		ck_assert_ptr_null(create(rows[i][0], &err));
		ck_assert_msg(strstr(err.message, rows[i][1]) != NULL, "%s: %s",
			      rows[i][0], err.message);
	}
}
END_TEST

Suite *check_native_suite(void)
{
	Suite *suite = suite_create("native");
	TCase *tcase = tcase_create("native");

	tcase_add_test(tcase, test_template);
	tcase_add_test(tcase, test_host_namespaces);
	tcase_add_test(tcase, test_mounts);
	tcase_add_test(tcase, test_later_keys);
	tcase_add_test(tcase, test_capabilities);
	tcase_add_test(tcase, test_bridge);
	tcase_add_test(tcase, test_refused);
	suite_add_tcase(suite, tcase);
	return suite;
}
