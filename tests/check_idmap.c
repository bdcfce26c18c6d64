/* check_idmap.c  id maps as the kernel and its helpers want them */
#include "tests/check.h"

#include "dockerinit/host_mounts.h"
#include "libcontainer/idmap.h"
#include "libcontainer/rootless.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/spawn.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct id_map three[] = {
	{ 0, 1000, 1 },
	{ 1, 1, 999 },
	{ 1001, 1001, 4294966294 },
};

START_TEST(test_text)
{
	char *text = idmap_text(three, 3);

	ck_assert_str_eq(text, "0 1000 1\n1 1 999\n1001 1001 4294966294\n");
	free(text);
	text = idmap_text(NULL, 0);
	ck_assert_str_eq(text, "");
	free(text);
}
END_TEST

START_TEST(test_arguments)
{
	static const char *const want[] = { "newuidmap", "77", "0", "1000",
					    "1",	 "1",  "1", "999" };
	char **argv = idmap_arguments("newuidmap", 77, three, 2);

	ck_assert_uint_eq(strv_len(argv), 8);
	for (size_t i = 0; i < 8; i++)
		ck_assert_str_eq(argv[i], want[i]);
	strv_free(argv);
}
END_TEST

static const char *said_by(const char *script)
{
	static struct error err;
	char *argv[] = { "sh", "-c", (char *)script, NULL };

	memset(&err, 0, sizeof(err));
	spawn_wait(argv, &err);
	return err.message;
}

START_TEST(test_spawn)
{
	char *none[] = { "no-such-helper", NULL };
	struct error err;

	ck_assert_str_eq(said_by("exit 0"), "");
	ck_assert_str_eq(said_by("exit 3"), "sh: exit status 3");
	ck_assert_str_eq(said_by("kill -9 $$"), "sh: ended by signal 9");
	ck_assert_str_eq(said_by("echo one; echo two >&2; exit 1"), "sh: two");
	ck_assert_str_eq(said_by("echo sh: range; exit 1"), "sh: range");
	ck_assert_str_eq(said_by("read a && exit 1; exit 0"), "");
	ck_assert_int_eq(spawn_wait(none, &err), -1);
	ck_assert_int_eq(err.errnum, ENOENT);
}
END_TEST

START_TEST(test_devpts_data)
{
	static const struct {
		const char *data, *without;
	} rows[] = {
		{ "newinstance,ptmxmode=0666,mode=0620,gid=5",
		  "newinstance,ptmxmode=0666,mode=0620" },
		{ "gid=5", "" },
		{ "gid=5,mode=620", "mode=620" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *without = devpts_without_group(rows[i].data);

		ck_assert_str_eq(without, rows[i].without);
		free(without);
	}
	ck_assert_ptr_null(devpts_without_group("mode=620"));
	ck_assert_ptr_null(devpts_without_group(NULL));
}
END_TEST

static int notes;

static void count(const char *text)
{
	ck_assert_ptr_nonnull(text);
	notes++;
}

/* In a child that is an ordinary user for certain. */
static int as_ordinary_user(void)
{
	struct config *config = config_new();
	struct network veth = { .type = "veth" };
	struct error err;
	int bad = 0;

	bad |= geteuid() == 0 && seteuid(65534) < 0;
	bad |= rootless_is_needed(NULL) != 1;
	bad |= rootless_adapt(config, count, &err) < 0;
	bad |= !config_makes_namespace(config, CLONE_NEWUSER);
	bad |= config->uid_mappings_len != 1 ||
	       config->uid_mappings[0].container_id != 0 ||
	       config->uid_mappings[0].host_id != geteuid() ||
	       config->gid_mappings[0].host_id != getegid();
	bad |= !config->cgroups.allow_all_devices || notes != 2;
	/* What it has already stays, and is not spoken of. */
	bad |= rootless_adapt(config, count, &err) < 0 || notes != 2;
	bad |= config->namespaces_len != 1 || config->uid_mappings_len != 1;
	config->networks = &veth;
	config->networks_len = 1;
	bad |= rootless_adapt(config, NULL, &err) == 0 ||
	       err.code != ERROR_CONFIG_INVALID ||
	       strncmp(err.message, "networks[0].type: a veth needs root", 35);
	config->networks_len = 0;
	config->networks = NULL;
	config_free(config);
	return bad;
}

START_TEST(test_rootless)
{
	int status;
	pid_t pid = fork();

	if (pid == 0)
		_exit(as_ordinary_user());
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_int_eq(status, 0);
}
END_TEST

Suite *check_idmap_suite(void)
{
	Suite *suite = suite_create("idmap");
	TCase *tcase = tcase_create("maps");

	tcase_add_test(tcase, test_text);
	tcase_add_test(tcase, test_arguments);
	tcase_add_test(tcase, test_spawn);
	tcase_add_test(tcase, test_devpts_data);
	tcase_add_test(tcase, test_rootless);
	suite_add_tcase(suite, tcase);
	return suite;
}
