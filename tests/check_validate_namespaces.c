/* check_validate_namespaces.c  the rules for namespaces and id maps, each
 * broken once */
#include "tests/check.h"
#include "tests/verdict.h"

#include "libcontainer/configs/config.h"
#include "libcontainer/configs/validate.h"
#include "libcontainer/system/alloc.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

START_TEST(test_namespaces)
{
	static const char twice[] =
		"{\"namespaces\":[{\"type\":\"NEWPID\"},{\"type\":\"NEWUTS\"},"
		"{\"type\":\"NEWPID\",\"path\":\"/proc/self/ns/pid\"}]}";
	static const char relative[] =
		"{\"namespaces\":[{\"type\":\"NEWPID\",\"path\":\"ns/pid\"}]}";
	static const char joined[] =
		"{\"namespaces\":["
		"{\"type\":\"NEWPID\",\"path\":\"/proc/self/ns/pid\"},"
		"{\"type\":\"NEWIPC\",\"path\":\"/proc/self/ns/ipc\"},"
		"{\"type\":\"NEWUTS\",\"path\":\"/proc/self/ns/uts\"},"
		"{\"type\":\"NEWNET\",\"path\":\"/proc/self/ns/net\"}]}";
	struct namespace wrong = { .type = 3 };
	struct config config = { .namespaces = &wrong, .namespaces_len = 1 };
	struct error err;

	ck_assert_str_eq(verdict_of(twice),
			 "namespaces[2].type: NEWPID stands twice");
	ck_assert_str_eq(verdict_of(relative),
			 "namespaces[0].path: ns/pid is not absolute");
	ck_assert_str_eq(verdict_of(joined), "");
	ck_assert_int_eq(config_validate(&config, &err), -1);
	ck_assert_str_eq(err.message,
			 "namespaces[0].type: 0x3 is no namespace");
}
END_TEST

#define MAP(c, h, s) "{\"container_id\":" c ",\"host_id\":" h ",\"size\":" s "}"

#define ONE_USER                                                            \
	"\"uid_mappings\":[" MAP("0", "1000",                               \
				 "1") "],"                                  \
				      "\"gid_mappings\":[" MAP("0", "1000", \
							       "1") "]"

static void refuse_maps(const char *uid, const char *gid, const char *message)
{
	char *text = xasprintf("{\"namespaces\":[{\"type\":\"NEWUSER\"}],"
			       "\"uid_mappings\":[%s],\"gid_mappings\":[%s]}",
			       uid, gid);

	ck_assert_str_eq(verdict_of(text), message);
	free(text);
}

START_TEST(test_id_maps)
{
	const char *one = MAP("0", "1000", "10");

	refuse_maps("", one, "uid_mappings: missing, NEWUSER needs one");
	refuse_maps(one, "", "gid_mappings: missing, NEWUSER needs one");
	refuse_maps(MAP("0", "0", "0"), one,
		    "uid_mappings[0]: not a range of ids");
	refuse_maps(MAP("-1", "0", "1"), one,
		    "uid_mappings[0]: not a range of ids");
	refuse_maps(MAP("0", "4294967295", "1"), one,
		    "uid_mappings[0]: not a range of ids");
	refuse_maps(MAP("0", "0", "9223372036854775807"), one,
		    "uid_mappings[0]: not a range of ids");
	refuse_maps(one, MAP("0", "0", "10") "," MAP("9", "100", "1"),
		    "gid_mappings[1]: overlaps with gid_mappings[0]");
	refuse_maps(one, MAP("0", "0", "10") "," MAP("10", "9", "5"),
		    "gid_mappings[1]: overlaps with gid_mappings[0]");
	ck_assert_str_eq(
		verdict_of("{\"namespaces\":[{\"type\":\"NEWUSER\",\"path\":"
			   "\"/proc/self/ns/user\"}],\"uid_mappings\":[" MAP(
				   "0", "0", "1") "]}"),
		"uid_mappings: a namespace that is joined has its own");
	refuse_maps(MAP("1", "1000", "10"), one,
		    "uid_mappings: 0, the container's root, is in no range");
	refuse_maps(one, MAP("1", "0", "10"),
		    "gid_mappings: 0, the container's root, is in no range");
	/* The three of --userns-root-uid. */
	refuse_maps(MAP("0", "1000", "1") "," MAP("1", "1", "999") "," MAP(
			    "1001", "1001", "2147482647"),
		    one, "");
	refuse_maps(MAP("0", "4294967294", "1"), one, "");
}
END_TEST

/* n ranges of one id each, from 0 on, with numbers of ten digits outside. */
static char *many_maps(int n)
{
	char *text = xstrdup("");

	for (int i = 0; i < n; i++) {
		char *longer = xasprintf("%s%s" MAP("%d", "%d", "1"), text,
					 i ? "," : "", i, 1000000000 + i);

		free(text);
		text = longer;
	}
	return text;
}

START_TEST(test_long_id_maps)
{
	const char *one = MAP("0", "1000", "10");
	char *maps = many_maps(341);

	refuse_maps(maps, one, "uid_mappings: more than 340 ranges");
	free(maps);
	maps = many_maps(340);
	refuse_maps(one, maps,
		    "gid_mappings: 5670 bytes as text, the kernel takes less "
		    "than 4096");
	free(maps);
	maps = many_maps(200);
	refuse_maps(one, maps, "");
	free(maps);
}
END_TEST

static void refuse_with_user(const char *keys, const char *message)
{
	char *text = xasprintf(
		"{\"rootfs\":\"%s\",\"namespaces\":[{\"type\":\"NEWUSER\"},"
		"{\"type\":\"NEWNS\"}]," ONE_USER ",%s}",
		rootfs, keys);

	ck_assert_str_eq(verdict_of(text), message);
	free(text);
}

START_TEST(test_user_namespace)
{
	refuse_with_user("\"devices\":[{\"type\":99,\"path\":\"/dev/null\"}]",
			 "");
	refuse_with_user("\"devices\":[{\"type\":99,\"path\":\"/dev/null\"},"
			 "{\"type\":98,\"path\":\"/dev/no such\"}]",
			 "devices[1].path: /dev/no such: No such file or "
			 "directory; in a user namespace the host's is shown");
	ck_assert_str_eq(
		verdict_of("{\"namespaces\":[{\"type\":\"NEWUSER\"},"
			   "{\"type\":\"NEWNS\",\"path\":"
			   "\"/proc/self/ns/mnt\"}]," ONE_USER "}"),
		"namespaces: a mount namespace cannot be joined out of a new "
		"user namespace; join its user namespace as well");
	ck_assert_str_eq(
		verdict_of("{\"namespaces\":[{\"type\":\"NEWNET\"},"
			   "{\"type\":\"NEWUSER\",\"path\":"
			   "\"/proc/self/ns/user\"}],\"networks\":["
			   "{\"type\":\"loopback\"},{\"type\":\"veth\","
			   "\"name\":\"eth0\",\"bridge\":\"b\"}]}"),
		"networks[1].type: a veth cannot be given to a network "
		"namespace that is made inside a joined user namespace");
}
END_TEST

static void refuse_path(const char *type, const char *path, const char *message)
{
	char *text = xasprintf("{\"namespaces\":[{\"type\":\"NEWPID\"},"
			       "{\"type\":\"%s\",\"path\":\"%s\"}]}",
			       type, path);

	ck_assert_str_eq(verdict_of(text), message);
	free(text);
}

START_TEST(test_namespace_paths)
{
	char *fifo = xasprintf("%s/fifo", work);
	char *message = xasprintf("namespaces[1].path: %s: this is no "
				  "namespace",
				  fifo);

	ck_assert_int_eq(mkfifo(fifo, 0600), 0);
	refuse_path("NEWNET", fifo, message);
	refuse_path("NEWNET", "/proc/self/ns/net", "");
	refuse_path("NEWCGROUP", "/proc/self/ns/cgroup", "");
	refuse_path("NEWNS", "/proc/self/ns/mnt", "");
	refuse_path("NEWNET", "/proc/self/ns/uts",
		    "namespaces[1].path: /proc/self/ns/uts: this is a "
		    "namespace of type uts, not net");
	refuse_path("NEWNET", "/proc/self/ns",
		    "namespaces[1].path: /proc/self/ns: this is no namespace");
	refuse_path("NEWNET", "/dev/null",
		    "namespaces[1].path: /dev/null: this is no namespace");
	refuse_path("NEWNET", "/none/net",
		    "namespaces[1].path: /none/net: No such file or directory");
	free(fifo);
	free(message);
}
END_TEST

/* A joined mount namespace is its owner's: nothing is mounted in it. */
START_TEST(test_joined_mounts)
{
	static const char *const keys[] = {
		"\"rootfs\":\"/tmp\"",
		"\"readonlyfs\":true",
		"\"mounts\":[{\"device\":\"tmpfs\",\"destination\":\"/x\"}]",
		"\"devices\":[{\"type\":99,\"path\":\"/dev/null\"}]",
		"\"mask_paths\":[\"/proc/kcore\"]",
		"\"readonly_paths\":[\"/proc/sys\"]",
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		char *text = xasprintf("{\"namespaces\":[{\"type\":\"NEWNS\","
				       "\"path\":\"/proc/self/ns/mnt\"}],%s}",
				       keys[i]);
		const char *name_end = strchr(keys[i] + 1, '"');
		char *message =
			xasprintf("%.*s: needs a NEWNS of its own, not "
				  "one that is joined",
				  (int)(name_end - keys[i] - 1), keys[i] + 1);

		ck_assert_str_eq(verdict_of(text), message);
		free(message);
		free(text);
	}
}
END_TEST

Suite *check_validate_namespaces_suite(void)
{
	Suite *suite = suite_create("validate_namespaces");
	TCase *tcase = tcase_create("rules");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, test_namespaces);
	tcase_add_test(tcase, test_namespace_paths);
	tcase_add_test(tcase, test_joined_mounts);
	tcase_add_test(tcase, test_id_maps);
	tcase_add_test(tcase, test_long_id_maps);
	tcase_add_test(tcase, test_user_namespace);
	suite_add_tcase(suite, tcase);
	return suite;
}
