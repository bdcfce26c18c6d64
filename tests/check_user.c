/* check_user.c  users and groups, from texts of passwd and group files */
#include "tests/check.h"

#include "dockerinit/user.h"

#include <stdio.h>
#include <string.h>

static const char passwd[] = "# a comment\n"
			     "+::::::\n"
			     "broken:x:12\n"
			     ":x:0:0::/nowhere:\n"
			     "root:x:0:0:root:/root:/bin/sh\n"
			     "1000:x:0:0:the trap:/trap:/bin/sh\n"
			     "0:x:77:77:another:/trap:/bin/sh\n"
			     "big:x:4294967296:0::/big:\n"
			     "alice:x:1000:1001:A B:/home/alice:/bin/sh\n"
			     "alice:x:2000:2001::/second:\n"
			     "-1:x:5:5::/minus:\n"
			     "homeless:x:1002:1002";
static const char group[] = "root:x:0:\n"
			    "wheel:x:10:root,alice\n"
			    "broken:x:ten:alice\n"
			    "alice:x:1001:\n"
			    "audio:x:29:alicex,bob,alice\n"
			    "12:x:99:\n"
			    "last:x:30:,alice";

static void assert_user(const char *spec, uid_t uid, gid_t gid,
			const char *home, const char *groups)
{
	struct user user;
	struct error err = { 0 };
	char text[256] = "";

	ck_assert_msg(user_find(passwd, group, spec, &user, &err) == 0,
		      "%s: %s", spec ? spec : "NULL", err.message);
	ck_assert_uint_eq(user.uid, uid);
	ck_assert_uint_eq(user.gid, gid);
	ck_assert_str_eq(user.home, home);
	for (size_t i = 0; i < user.groups_len; i++)
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			 "%u ", user.groups[i]);
	ck_assert_str_eq(text, groups);
	user_free(&user);
}

static void assert_refused(const char *spec, const char *part)
{
	struct user user;
	struct error err = { 0 };

	ck_assert_msg(user_find(passwd, group, spec, &user, &err) == -1,
		      "%s is accepted", spec);
	ck_assert_msg(strstr(err.message, part) != NULL, "%s: %s", spec,
		      err.message);
	user_free(&user);
}

START_TEST(test_default_is_root)
{
	assert_user(NULL, 0, 0, "/root", "10 ");
	assert_user("", 0, 0, "/root", "10 ");
	assert_user("root", 0, 0, "/root", "10 ");
}
END_TEST

START_TEST(test_names)
{
	assert_user("alice", 1000, 1001, "/home/alice", "10 29 30 ");
	assert_user("homeless", 1002, 1002, "/", "");
}
END_TEST

/* A number is an id, even where the image calls somebody by it. */
START_TEST(test_numbers)
{
	assert_user("1000", 1000, 1001, "/home/alice", "10 29 30 ");
	assert_user("0", 0, 0, "/root", "10 ");
	assert_user("5000", 5000, 0, "/", "");
	assert_user("4294967294", 4294967294U, 0, "/", "");
	assert_user("0000000000000000000000000001000", 1000, 1001,
		    "/home/alice", "10 29 30 ");
}
END_TEST

/* With a group given, those of the file do not count. */
START_TEST(test_groups)
{
	assert_user("alice:audio", 1000, 29, "/home/alice", "");
	assert_user("alice:29", 1000, 29, "/home/alice", "");
	assert_user("alice:12", 1000, 12, "/home/alice", "");
	assert_user("5000:6000", 5000, 6000, "/", "");
	assert_user("0:0", 0, 0, "/root", "");
}
END_TEST

START_TEST(test_refused)
{
	assert_refused("nobody", "not in /etc/passwd");
	assert_refused("big", "not in /etc/passwd");
	assert_refused("broken", "not in /etc/passwd");
	assert_refused("alice:nogroup", "not in /etc/group");
	assert_refused("alice:broken", "not in /etc/group");
	assert_refused("alice:", "is empty");
	assert_refused(":audio", "is empty");
	assert_refused(":", "is empty");
	assert_refused("-1", "between 0 and 4294967294");
	assert_refused("1:-1", "between 0 and 4294967294");
	assert_refused("4294967295", "between 0 and 4294967294");
	assert_refused("4294967296", "between 0 and 4294967294");
	assert_refused("18446744073709551617", "between 0 and 4294967294");
	assert_refused("0:4294967295", "between 0 and 4294967294");
	assert_refused("alice:audio:wheel", "not in /etc/group");
	assert_refused(" root", "not in /etc/passwd");
	assert_refused("+0", "not in /etc/passwd");
}
END_TEST

START_TEST(test_empty_files)
{
	struct user user;
	struct error err;

	ck_assert_int_eq(user_find("", "", NULL, &user, &err), 0);
	ck_assert_uint_eq(user.uid, 0);
	ck_assert_uint_eq(user.groups_len, 0);
	ck_assert_str_eq(user.home, "/");
	user_free(&user);
	ck_assert_int_eq(user_find("", "", "root", &user, &err), -1);
	ck_assert_int_eq(user_find("\n\n", "\n:::\n", "7:8", &user, &err), 0);
	ck_assert_uint_eq(user.gid, 8);
	user_free(&user);
}
END_TEST

START_TEST(test_additional_groups)
{
	char *more[] = { "audio", "4000", NULL }, *bad[] = { "-3", NULL };
	char *unknown[] = { "nogroup", NULL };
	struct user user;
	struct error err = { 0 };

	ck_assert_int_eq(user_find(passwd, group, "root", &user, &err), 0);
	ck_assert_int_eq(user_add_groups(group, NULL, &user, &err), 0);
	ck_assert_int_eq(user_add_groups(group, more, &user, &err), 0);
	ck_assert_uint_eq(user.groups_len, 3);
	ck_assert_uint_eq(user.groups[1], 29);
	ck_assert_uint_eq(user.groups[2], 4000);
	ck_assert_int_eq(user_add_groups(group, bad, &user, &err), -1);
	ck_assert_int_eq(user_add_groups(group, unknown, &user, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.message, "nogroup"));
	user_free(&user);
}
END_TEST

Suite *check_user_suite(void)
{
	Suite *suite = suite_create("user");
	TCase *tc = tcase_create("user");

	tcase_add_test(tc, test_default_is_root);
	tcase_add_test(tc, test_names);
	tcase_add_test(tc, test_numbers);
	tcase_add_test(tc, test_groups);
	tcase_add_test(tc, test_refused);
	tcase_add_test(tc, test_empty_files);
	tcase_add_test(tc, test_additional_groups);
	suite_add_tcase(suite, tc);
	return suite;
}
