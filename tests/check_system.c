/* check_system.c  errors, files, processes */
#include "tests/check.h"

#include "libcontainer/system/alloc.h"
#include "libcontainer/system/error.h"
#include "libcontainer/system/file.h"
#include "libcontainer/system/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static char work[64];

static void setup(void)
{
	strcpy(work, "/tmp/check_system.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(work));
	ck_assert_int_eq(chdir(work), 0);
}

static void teardown(void)
{
	ck_assert_int_eq(chdir("/"), 0);
	ck_assert_int_eq(remove_all(work, NULL), 0);
	ck_assert(!file_exists(work));
}

START_TEST(test_error_is_one_line)
{
	struct error err;

	errno = ENOENT;
	ck_assert_int_eq(error_errno(&err, "open %s", "a\nb\033[31m"), -1);
	ck_assert_str_eq(err.message, "open a\\x0ab\\x1b[31m: No such file or "
				      "directory");
	ck_assert_int_eq(err.errnum, ENOENT);
	ck_assert_int_eq(err.code, ERROR_SYSTEM);
	ck_assert_int_eq(error_wrap(&err, "mounts[%d]", 2), -1);
	ck_assert_int_eq(strncmp(err.message, "mounts[2]: open a\\x0ab", 21),
			 0);
	ck_assert_int_eq(error_set(NULL, ERROR_SYSTEM, "nobody cares"), -1);
}
END_TEST

START_TEST(test_error_says_whether_there_was_an_answer)
{
	struct error err;

	errno = 0;
	ck_assert_int_eq(error_answer(&err, "%s moved away", "/a"), -1);
	ck_assert_str_eq(err.message, "/a moved away");
	ck_assert_int_eq(err.errnum, 0);
	errno = EIO;
	ck_assert_int_eq(error_answer(&err, "%s moved away", "/a"), -1);
	ck_assert_str_eq(err.message, "/a moved away (it cannot be looked at: "
				      "Input/output error)");
	ck_assert_int_eq(err.errnum, EIO);
}
END_TEST

START_TEST(test_error_longer_than_its_room)
{
	struct error err;
	char *big = xmalloc(5001);

	memset(big, '\n', 5000);
	big[5000] = '\0';
	error_set(&err, ERROR_CONFIG_INVALID, "%s", big);
	ck_assert_uint_lt(strlen(err.message), sizeof(err.message));
	ck_assert_ptr_null(strchr(err.message, '\n'));
	error_wrap(&err, "%s", big);
	ck_assert_uint_lt(strlen(err.message), sizeof(err.message));
	free(big);
}
END_TEST

START_TEST(test_exit_statuses)
{
	struct error err = { .code = ERROR_COMMAND_NOT_FOUND };

	ck_assert_int_eq(error_exit_status(&err), 127);
	err.code = ERROR_COMMAND_NOT_EXECUTABLE;
	ck_assert_int_eq(error_exit_status(&err), 126);
	err.code = ERROR_SYSTEM;
	ck_assert_int_eq(error_exit_status(&err), 125);
	for (int i = 0; i < ERROR_CODES; i++)
		ck_assert_ptr_nonnull(error_code_name((enum error_code)i));
}
END_TEST

START_TEST(test_replace_is_whole_or_not)
{
	struct error err;
	char *text;

	ck_assert_int_eq(file_replace("state", "one", 0600, NULL), 0);
	ck_assert_int_eq(file_replace("state", "two", 0600, NULL), 0);
	ck_assert_int_eq(file_read("state", 100, &text, NULL, NULL), 0);
	ck_assert_str_eq(text, "two");
	free(text);
	ck_assert_int_eq(mkdir("dir", 0755), 0);
	ck_assert_int_eq(file_replace("dir", "x", 0600, &err), -1);
	ck_assert(!file_exists("dir.tmp"));
	ck_assert_int_eq(file_read("state", 2, &text, NULL, &err), -1);
	ck_assert_str_eq(err.message, "state: larger than 2 bytes");
}
END_TEST

/* Nothing but a regular file is read, and nothing is waited for. */
START_TEST(test_read_regular_files_alone)
{
	static const char *const names[] = { ".", "fifo", "socket", "zero" };
	const struct sockaddr_un name = { AF_UNIX, "socket" };
	int sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct error err;
	char *text;

	ck_assert_int_eq(mkfifo("fifo", 0600), 0);
	ck_assert_int_eq(
		bind(sock, (const struct sockaddr *)&name, sizeof(name)), 0);
	ck_assert_int_eq(symlink("/dev/zero", "zero"), 0);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char *message = xasprintf("%s is not a regular file", names[i]);

		ck_assert_int_eq(file_read(names[i], 9, &text, NULL, &err), -1);
		if (strcmp(names[i], "socket") != 0)
			ck_assert_str_eq(err.message, message);
		ck_assert_int_eq(
			file_readat(AT_FDCWD, names[i], 9, &text, &err), -1);
		free(message);
	}
	ck_assert_int_eq(file_open(AT_FDCWD, "zero", O_NOFOLLOW, &err), -1);
	ck_assert_int_eq(err.errnum, ELOOP);
	/* Those of the kernel are regular ones. */
	ck_assert_int_eq(
		file_read("/proc/self/status", 1 << 16, &text, NULL, &err), 0);
	free(text);
	close(sock);
}
END_TEST

START_TEST(test_mkdir_and_remove_all)
{
	struct error err;

	ck_assert_int_eq(mkdir_all("a/b/c", 0700, NULL), 0);
	ck_assert_int_eq(mkdir_all("a/b/c", 0700, NULL), 0);
	ck_assert_int_eq(file_replace("a/file", "x", 0600, NULL), 0);
	ck_assert_int_eq(mkdir_all("a/file/d", 0700, &err), -1);
	ck_assert_int_eq(err.errnum, ENOTDIR);
	ck_assert_int_eq(mkdir_all("a/file", 0700, &err), -1);
	/* a link is removed, not what it points to */
	ck_assert_int_eq(mkdir("kept", 0700), 0);
	ck_assert_int_eq(symlink("../kept", "a/link"), 0);
	ck_assert_int_eq(remove_all("a", NULL), 0);
	ck_assert(!file_exists("a"));
	ck_assert(file_exists("kept"));
	ck_assert_int_eq(remove_all("a", NULL), 0);
}
END_TEST

START_TEST(test_start_time_with_a_nasty_name)
{
	uint64_t plain, nasty;
	char state;

	ck_assert_int_eq(proc_start_time(getpid(), &plain, &state, NULL), 0);
	ck_assert_int_eq(prctl(PR_SET_NAME, ") R 1 (x) 2 3"), 0);
	ck_assert_int_eq(proc_start_time(getpid(), &nasty, NULL, NULL), 0);
	ck_assert_uint_eq(plain, nasty);
	ck_assert_int_eq(state, 'R');
	ck_assert_int_eq(proc_is_alive(getpid(), plain, NULL), 1);
	ck_assert_int_eq(proc_is_alive(getpid(), plain + 1, NULL), 0);
	ck_assert_int_eq(proc_is_alive(0, plain, NULL), 0);
}
END_TEST

START_TEST(test_a_zombie_is_not_alive)
{
	uint64_t start;
	siginfo_t info;
	pid_t child = fork();

	if (child == 0)
		for (;;)
			pause();
	ck_assert_int_eq(proc_start_time(child, &start, NULL, NULL), 0);
	ck_assert_int_eq(proc_is_alive(child, start, NULL), 1);
	kill(child, SIGKILL);
	waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT);
	ck_assert_int_eq(proc_is_alive(child, start, NULL), 0);
	waitpid(child, NULL, 0);
	ck_assert_int_eq(proc_is_alive(child, start, NULL), 0);
}
END_TEST

Suite *check_system_suite(void)
{
	Suite *s = suite_create("system");
	TCase *t = tcase_create("tools");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, test_error_is_one_line);
	tcase_add_test(t, test_error_says_whether_there_was_an_answer);
	tcase_add_test(t, test_error_longer_than_its_room);
	tcase_add_test(t, test_exit_statuses);
	tcase_add_test(t, test_replace_is_whole_or_not);
	tcase_add_test(t, test_read_regular_files_alone);
	tcase_add_test(t, test_mkdir_and_remove_all);
	tcase_add_test(t, test_start_time_with_a_nasty_name);
	tcase_add_test(t, test_a_zombie_is_not_alive);
	suite_add_tcase(s, t);
	return s;
}
