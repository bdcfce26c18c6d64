/* check_validate.c  each rule of config_validate, broken once */
#include "tests/check.h"
#include "tests/verdict.h"

#include "libcontainer/configs/config.h"
#include "libcontainer/configs/defaults.h"
#include "libcontainer/configs/validate.h"
#include "libcontainer/system/alloc.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The verdict on another rootfs must hold this text. */
static void refuse_rootfs(const char *path, const char *why)
{
	char *text = xasprintf("{\"rootfs\":\"%s\"," NAMESPACES "}", path);
	const char *message = verdict_of(text);

	ck_assert_msg(!strncmp(message, "rootfs: ", 8) && strstr(message, why),
		      "%s: %s", path, message);
	free(text);
}

START_TEST(test_rootfs)
{
	char *link = xasprintf("%s/link", work);
	char *through = xasprintf("%s/link/inner", work);
	char *inner = xasprintf("%s/inner", rootfs);
	char *file = xasprintf("%s/file", work);
	char *missing = xasprintf("%s/none", work);
	char *slash = xasprintf("%s/", rootfs);
	char *dots = xasprintf("%s/../root", rootfs);

	accept("");
	ck_assert_int_eq(symlink(rootfs, link), 0);
	ck_assert_int_eq(mkdir(inner, 0755), 0);
	close(open(file, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	refuse_rootfs("", "missing");
	refuse_rootfs("root", "is not absolute");
	refuse_rootfs("./root", "is not absolute");
	refuse_rootfs("/", "is the root of the host");
	refuse_rootfs("//", "is the root of the host");
	refuse_rootfs("/tmp/..", "is the root of the host");
	refuse_rootfs(missing, "No such file or directory");
	refuse_rootfs(file, "is not a directory");
	refuse_rootfs(link, "is a symbolic link");
	refuse_rootfs(through, "is really ");
	refuse_rootfs(slash, "is really ");
	refuse_rootfs(dots, "is really ");
	ck_assert_str_eq(verdict_of("{" NAMESPACES "}"), "rootfs: missing");
	free(link);
	free(through);
	free(inner);
	free(file);
	free(missing);
	free(slash);
	free(dots);
}
END_TEST

START_TEST(test_default_is_valid)
{
	struct config *config = config_default(rootfs, "h", "p", "n");
	struct error err = { 0 };

	ck_assert_msg(config_validate(config, &err) == 0, "%s", err.message);
	config_free(config);
}
END_TEST

/* What would be done to the host needs the namespace first (design: no mount
 * namespace). */
START_TEST(test_needed_namespaces)
{
	static const struct {
		const char *text, *message;
	} rows[] = {
		{ "{}", "" },
		{ "{\"rootfs\":\"/\"}", "" },
		{ "{\"namespaces\":[{\"type\":\"NEWPID\"}]}", "" },
		{ "{\"rootfs\":\"/tmp\"}",
		  "rootfs: needs NEWNS in namespaces" },
		{ "{\"readonlyfs\":true}",
		  "readonlyfs: needs NEWNS in namespaces" },
		{ "{\"mounts\":[{\"device\":\"tmpfs\","
		  "\"destination\":\"/x\"}]}",
		  "mounts: needs NEWNS in namespaces" },
		{ "{\"devices\":[{\"type\":99,\"path\":\"/dev/null\"}]}",
		  "devices: needs NEWNS in namespaces" },
		{ "{\"mask_paths\":[\"/proc/kcore\"]}",
		  "mask_paths: needs NEWNS in namespaces" },
		{ "{\"readonly_paths\":[\"/proc/sys\"]}",
		  "readonly_paths: needs NEWNS in namespaces" },
		{ "{\"hostname\":\"h\"}",
		  "hostname: needs NEWUTS in namespaces" },
		{ "{\"networks\":[{\"type\":\"loopback\"}]}",
		  "networks: needs NEWNET in namespaces" },
		{ "{\"routes\":[{\"gateway\":\"1.2.3.4\"}]}",
		  "routes: needs NEWNET in namespaces" },
		{ "{\"uid_mappings\":[{\"size\":1}]}",
		  "uid_mappings: needs NEWUSER in namespaces" },
		{ "{\"gid_mappings\":[{\"size\":1}]}",
		  "gid_mappings: needs NEWUSER in namespaces" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		ck_assert_str_eq(verdict_of(rows[i].text), rows[i].message);
}
END_TEST

START_TEST(test_paths)
{
	refuse("\"mask_paths\":[\"/a\",\"b\"]",
	       "mask_paths[1]: \"b\" is not an absolute path without \"..\"");
	refuse("\"readonly_paths\":[\"/a/..\"]",
	       "readonly_paths[0]: \"/a/..\" is not an absolute path without "
	       "\"..\"");
	ck_assert(path_is_safe("/"));
	ck_assert(path_is_safe("/a/...b/..c/d.."));
	ck_assert(!path_is_safe(".."));
	ck_assert(!path_is_safe("/.."));
	ck_assert(!path_is_safe("/a//../b"));
	ck_assert(!path_is_safe(NULL));
	ck_assert(!path_is_safe(""));
	ck_assert(path_has_dotdot("../a"));
	ck_assert(!path_has_dotdot(""));
}
END_TEST

START_TEST(test_sysctls)
{
	accept("\"system_properties\":{\"net.ipv4.ip_forward\":\"1\","
	       "\"kernel.shmmax\":\"1\",\"fs.mqueue.msg_max\":\"1\","
	       "\"kernel.domainname\":\"d\","
	       "\"net.ipv4.conf.eth0/1.rp_filter\":\"1\"}");
	refuse("\"system_properties\":{\"kernel.hostname\":\"x\"}",
	       "system_properties: kernel.hostname is set by \"hostname\"");
	refuse("\"system_properties\":{\"vm.swappiness\":\"1\"}",
	       "system_properties: vm.swappiness belongs to the host, not to a "
	       "namespace");
	refuse("\"system_properties\":{\"net...kernel.panic\":\"1\"}",
	       "system_properties: \"net...kernel.panic\" is no sysctl");
	refuse("\"system_properties\":{\"net./x\":\"1\"}",
	       "system_properties: \"net./x\" is no sysctl");
	refuse("\"system_properties\":{\"\":\"1\"}",
	       "system_properties: \"\" is no sysctl");
	refuse("\"system_properties\":{\"kernel.shmmaxx\":\"1\"}",
	       "system_properties: kernel.shmmaxx belongs to the host, not to "
	       "a namespace");
	ck_assert_str_eq(
		verdict_of("{\"system_properties\":{\"net.x\":\"1\"}}"),
		"system_properties: net.x needs a NEWNET of its own");
	ck_assert_str_eq(
		verdict_of("{\"namespaces\":[{\"type\":\"NEWIPC\",\"path\":"
			   "\"/proc/self/ns/ipc\"}],\"system_properties\":{"
			   "\"kernel.sem\":\"1\"}}"),
		"system_properties: kernel.sem needs a NEWIPC of its own");
}
END_TEST

#define LETTERS "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

START_TEST(test_process)
{
	accept("\"environment\":[\"A=\",\"B=c=d\"]");
	refuse("\"environment\":[\"A=1\",\"B\"]",
	       "environment[1]: \"B\" is not KEY=VALUE");
	refuse("\"environment\":[\"=x\"]",
	       "environment[0]: \"=x\" is not KEY=VALUE");
	refuse("\"environment\":[\"\"]", "environment[0]: \"\" is not "
					 "KEY=VALUE");
	accept("\"hostname\":\"" LETTERS LETTERS "\"");
	refuse("\"hostname\":\"" LETTERS LETTERS "a\"",
	       "hostname: longer than 64 bytes");
	accept("\"parent_death_signal\":64");
	refuse("\"parent_death_signal\":65",
	       "parent_death_signal: 65 is no signal");
	refuse("\"parent_death_signal\":-1",
	       "parent_death_signal: -1 is no signal");
	refuse("\"working_dir\":\"x\"", "working_dir: x is not absolute");
}
END_TEST

START_TEST(test_rlimits)
{
	accept("\"rlimits\":[{\"type\":7,\"hard\":1,\"soft\":1},{\"type\":4,"
	       "\"hard\":18446744073709551615,\"soft\":18446744073709551615}]");
	refuse("\"rlimits\":[{\"type\":7,\"hard\":1,\"soft\":2}]",
	       "rlimits[0].soft: above the hard limit");
	refuse("\"rlimits\":[{\"type\":7},{\"type\":\"NOFILE\"}]",
	       "rlimits[1].type: RLIMIT_NOFILE stands twice");
}
END_TEST

START_TEST(test_capabilities)
{
	char *unknown[] = { "CAP_KILL", "CAP_FLY", NULL };
	struct config config = { .capabilities.bounding = unknown };
	struct error err;

	accept("\"capabilities\":[\"KILL\"]");
	refuse("\"capabilities\":{\"effective\":[\"KILL\"]}",
	       "capabilities.effective[0]: CAP_KILL is not permitted");
	refuse("\"capabilities\":{\"ambient\":[\"KILL\"],\"permitted\":["
	       "\"KILL\"]}",
	       "capabilities.ambient[0]: CAP_KILL is not inheritable");
	refuse("\"capabilities\":{\"inheritable\":[\"KILL\"]}",
	       "capabilities.inheritable[0]: CAP_KILL is not bounding");
	accept("\"capabilities\":{\"ambient\":[\"KILL\"],\"permitted\":["
	       "\"KILL\"],\"inheritable\":[\"KILL\"],\"bounding\":["
	       "\"KILL\"]}");
	ck_assert_int_eq(config_validate(&config, &err), -1);
	ck_assert_str_eq(err.message, "capabilities.bounding[1]: unknown "
				      "capability \"CAP_FLY\"");
}
END_TEST

Suite *check_validate_suite(void)
{
	Suite *suite = suite_create("validate");
	TCase *tcase = tcase_create("rules");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, test_default_is_valid);
	tcase_add_test(tcase, test_rootfs);
	tcase_add_test(tcase, test_needed_namespaces);
	tcase_add_test(tcase, test_paths);
	tcase_add_test(tcase, test_sysctls);
	tcase_add_test(tcase, test_process);
	tcase_add_test(tcase, test_rlimits);
	tcase_add_test(tcase, test_capabilities);
	suite_add_tcase(suite, tcase);
	return suite;
}
