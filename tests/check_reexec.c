/* check_reexec.c  the table that argv[0] is looked up in */
#include "tests/check.h"

#include "reexec/reexec.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int calls;

static void by_constructor(void)
{
	calls++;
}
REEXEC_REGISTER("constructed", by_constructor)

static void by_hand(void)
{
	calls += 100;
}

START_TEST(test_lookup)
{
	ck_assert(reexec_init("constructed"));
	ck_assert_int_eq(calls, 1);
	reexec_register("by-hand", by_hand);
	ck_assert(reexec_init("by-hand"));
	ck_assert_int_eq(calls, 101);
}
END_TEST

/* The name is compared whole: no prefix, no last part of a path. */
START_TEST(test_no_match)
{
	ck_assert(!reexec_init("construct"));
	ck_assert(!reexec_init("constructedx"));
	ck_assert(!reexec_init("/bin/constructed"));
	ck_assert(!reexec_init(""));
	ck_assert(!reexec_init(NULL));
	ck_assert_int_eq(calls, 0);
}
END_TEST

START_TEST(test_names)
{
	ck_assert_str_eq(reexec_names()[0], "constructed");
	ck_assert_ptr_null(reexec_names()[1]);
}
END_TEST

/* Run in a child that must die by SIGABRT. */
START_TEST(test_twice_aborts)
{
	close(STDERR_FILENO);
	reexec_register("constructed", by_hand);
}
END_TEST

START_TEST(test_full_table_aborts)
{
	static char names[32][8];

	close(STDERR_FILENO);
	for (int i = 0; i < 32; i++) {
		snprintf(names[i], sizeof(names[i]), "n%d", i);
		reexec_register(names[i], by_hand);
	}
}
END_TEST

/* What a container gets to execute cannot be written, by any open mode. */
static void assert_read_only(int fd)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	ck_assert_int_lt(open(path, O_WRONLY | O_CLOEXEC), 0);
	ck_assert_int_lt(open(path, O_RDWR | O_CLOEXEC), 0);
	ck_assert_int_lt(open(path, O_WRONLY | O_TRUNC | O_CLOEXEC), 0);
}

static void run(int fd, int want)
{
	char *argv[] = { "test", "-n", NULL };
	char *envp[] = { NULL };
	int status;
	pid_t child = fork();

	if (child == 0) {
		execveat(fd, "", argv, envp, AT_EMPTY_PATH);
		_exit(99);
	}
	waitpid(child, &status, 0);
	ck_assert_int_eq(WEXITSTATUS(status), want);
}

START_TEST(test_protected_file_runs)
{
	int fd = reexec_open("/usr/bin/test", REEXEC_PROTECTED, NULL);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
	assert_read_only(fd);
	run(fd, 0);
	close(fd);
}
END_TEST

/* Without CAP_SYS_ADMIN the clone is refused and the sealed copy is used. */
START_TEST(test_ordinary_user_gets_a_sealed_copy)
{
	struct stat st;
	int fd;

	if (geteuid() == 0)
		ck_assert_int_eq(setuid(65534), 0);
	fd = reexec_open("/usr/bin/test", REEXEC_PROTECTED, NULL);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(fcntl(fd, F_GET_SEALS) & F_SEAL_WRITE, F_SEAL_WRITE);
	ck_assert_int_lt(write(fd, "x", 1), 0);
	ck_assert_int_lt(ftruncate(fd, 0), 0);
	ck_assert_int_eq(fstat(fd, &st), 0);
	ck_assert_int_gt(st.st_size, 0);
	run(fd, 0);
	close(fd);
}
END_TEST

START_TEST(test_plain_file)
{
	int fd = reexec_open("/usr/bin/test", REEXEC_PLAIN, NULL);

	ck_assert_int_ge(fd, 0);
	run(fd, 0);
	close(fd);
	ck_assert_int_lt(reexec_open("/no/such/file", REEXEC_PROTECTED, NULL),
			 0);
	ck_assert_int_lt(reexec_open("/no/such/file", REEXEC_PLAIN, NULL), 0);
}
END_TEST

Suite *check_reexec_suite(void)
{
	Suite *s = suite_create("reexec");
	TCase *t = tcase_create("table");

	tcase_add_test(t, test_lookup);
	tcase_add_test(t, test_no_match);
	tcase_add_test(t, test_names);
	tcase_add_test_raise_signal(t, test_twice_aborts, SIGABRT);
	tcase_add_test_raise_signal(t, test_full_table_aborts, SIGABRT);
	tcase_add_test(t, test_protected_file_runs);
	tcase_add_test(t, test_ordinary_user_gets_a_sealed_copy);
	tcase_add_test(t, test_plain_file);
	suite_add_tcase(s, t);
	return s;
}
