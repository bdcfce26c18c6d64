/* check_syncpipe.c  the pipe: every message, every way of cutting it up */
#include "tests/check.h"

#include "libcontainer/syncpipe/syncpipe.h"
#include "libcontainer/system/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static struct syncpipe a, b;

static void setup(void)
{
	ck_assert_int_eq(syncpipe_pair(&a, &b, NULL), 0);
}

static void teardown(void)
{
	syncpipe_close(&a);
	syncpipe_close(&b);
}

/* The bytes of a message, as the other end would read them. */
static char *bytes_of(const struct message *m, size_t *len)
{
	struct syncpipe from, to;
	char *text = xcalloc(1, 1 << 20);
	ssize_t n;

	ck_assert_int_eq(syncpipe_pair(&from, &to, NULL), 0);
	ck_assert_int_eq(syncpipe_send(&from, m, NULL), 0);
	n = read(to.fd, text, 1 << 20);
	ck_assert_int_gt(n, 0);
	*len = (size_t)n;
	syncpipe_close(&from);
	syncpipe_close(&to);
	return text;
}

START_TEST(test_error_travels_whole)
{
	struct message in;
	struct error err = { .code = ERROR_COMMAND_NOT_FOUND,
			     .errnum = ENOENT,
			     .step = 10 };

	strcpy(err.step_name, "step10_hostname_profile");
	strcpy(err.message, "exec: \"no\\nsuch\": not found");
	syncpipe_send_error(&a, &err);
	ck_assert_int_eq(syncpipe_receive(&b, &in, NULL), 1);
	ck_assert_int_eq(in.type, MSG_ERROR);
	ck_assert_int_eq(in.error.code, ERROR_COMMAND_NOT_FOUND);
	ck_assert_int_eq(in.error.errnum, ENOENT);
	ck_assert_int_eq(in.error.step, 10);
	ck_assert_str_eq(in.error.step_name, err.step_name);
	ck_assert_str_eq(in.error.message, err.message);
	message_free(&in);
}
END_TEST

/* A whole CONFIG, one byte at a time, with a READY behind it. */
START_TEST(test_one_byte_chunks)
{
	char *args[] = { "/bin/sh", "-c", "echo \"a\nb\"", NULL };
	char *env[] = { "PATH=/bin", "EMPTY=", NULL };
	struct config config = { .rootfs = "/r", .hostname = "h" };
	struct init_config cargo = { .config = &config,
				     .args = args,
				     .env = env,
				     .tty = true,
				     .console_rows = 25,
				     .passed_fds = 2 };
	struct message out = { .type = MSG_CONFIG, .config = &cargo, .fd = -1 };
	struct message in;
	size_t len;
	char *text = bytes_of(&out, &len);
	pid_t child = fork();

	if (child == 0) {
		for (size_t i = 0; i < len; i++)
			if (write(a.fd, text + i, 1) != 1)
				_exit(1);
		_exit(write(a.fd, "{\"type\":\"READY\"}\n", 17) != 17);
	}
	ck_assert_int_eq(syncpipe_receive(&b, &in, NULL), 1);
	ck_assert_int_eq(in.type, MSG_CONFIG);
	ck_assert_str_eq(in.config->args[2], args[2]);
	ck_assert_ptr_null(in.config->args[3]);
	ck_assert_str_eq(in.config->env[1], "EMPTY=");
	ck_assert_str_eq(in.config->config->rootfs, "/r");
	ck_assert_int_eq(in.config->tty, 1);
	ck_assert_int_eq(in.config->console_rows, 25);
	ck_assert_int_eq(in.config->passed_fds, 2);
	message_free(&in);
	ck_assert_int_eq(syncpipe_receive(&b, &in, NULL), 1);
	ck_assert_int_eq(in.type, MSG_READY);
	message_free(&in);
	waitpid(child, NULL, 0);
	free(text);
}
END_TEST

START_TEST(test_two_messages_in_one_read)
{
	const char text[] = "{\"type\":\"PID\",\"pid\":42}\n"
			    "{\"type\":\"READY\"}\n";
	struct message in;

	ck_assert_int_eq(write(a.fd, text, sizeof(text) - 1), sizeof(text) - 1);
	ck_assert_int_eq(syncpipe_receive(&b, &in, NULL), 1);
	ck_assert_int_eq(in.type, MSG_PID);
	ck_assert_int_eq(in.pid, 42);
	ck_assert(syncpipe_pending(&b));
	ck_assert_int_eq(syncpipe_receive(&b, &in, NULL), 1);
	ck_assert_int_eq(in.type, MSG_READY);
	ck_assert(!syncpipe_pending(&b));
}
END_TEST

START_TEST(test_note_is_heard)
{
	char text[] = "step 8: \xff and \n";
	struct message out = { .type = MSG_NOTE, .note = text, .fd = -1 }, in;

	ck_assert_int_eq(syncpipe_send(&a, &out, NULL), 0);
	ck_assert_int_eq(syncpipe_receive(&b, &in, NULL), 1);
	ck_assert_int_eq(in.type, MSG_NOTE);
	ck_assert_str_eq(in.note, text);
	message_free(&in);
	ck_assert_ptr_null(in.note);
}
END_TEST

START_TEST(test_own_cgroups_travel)
{
	struct own_cgroup own[] = { { (char *)"cpu,cpuacct", (char *)"/a" },
				    { (char *)"", (char *)"/b" } };
	struct init_config cargo = { .config = config_new(),
				     .own_cgroups = own,
				     .own_cgroups_len = 2 };
	struct message out = { .type = MSG_CONFIG, .config = &cargo, .fd = -1 };
	struct message in;

	ck_assert_int_eq(syncpipe_send(&a, &out, NULL), 0);
	ck_assert_int_eq(syncpipe_receive(&b, &in, NULL), 1);
	ck_assert_uint_eq(in.config->own_cgroups_len, 2);
	ck_assert_str_eq(in.config->own_cgroups[0].controllers, "cpu,cpuacct");
	ck_assert_str_eq(in.config->own_cgroups[1].path, "/b");
	message_free(&in);
	config_free(cargo.config);
}
END_TEST

START_TEST(test_sixteen_megabytes)
{
	size_t len = 16 << 20;
	char *big = xmalloc(len + 1);
	char *env[] = { big, NULL };
	struct config config = { .rootfs = "/r" };
	struct init_config cargo = { .config = &config, .env = env };
	struct message out = { .type = MSG_CONFIG, .config = &cargo, .fd = -1 };
	struct message in;
	pid_t child;

	memset(big, 'x', len);
	memcpy(big, "BIG=", 4);
	big[len] = '\0';
	child = fork();
	if (child == 0)
		_exit(syncpipe_send(&a, &out, NULL) != 0);
	ck_assert_int_eq(syncpipe_receive(&b, &in, NULL), 1);
	ck_assert_uint_eq(strlen(in.config->env[0]), len);
	message_free(&in);
	waitpid(child, NULL, 0);
	free(big);
}
END_TEST

START_TEST(test_descriptor_travels)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	struct message out = { .type = MSG_CONSOLE, .fd = fd }, in;
	struct stat here, there;

	ck_assert_int_eq(syncpipe_send(&a, &out, NULL), 0);
	out = (struct message){ .type = MSG_READY, .fd = -1 };
	ck_assert_int_eq(syncpipe_send(&a, &out, NULL), 0);
	ck_assert_int_eq(syncpipe_receive(&b, &in, NULL), 1);
	ck_assert_int_eq(in.type, MSG_CONSOLE);
	ck_assert_int_ge(in.fd, 0);
	ck_assert_int_eq(fcntl(in.fd, F_GETFD), FD_CLOEXEC);
	ck_assert_int_eq(fstat(fd, &here), 0);
	ck_assert_int_eq(fstat(in.fd, &there), 0);
	ck_assert_uint_eq(here.st_rdev, there.st_rdev);
	message_free(&in);
	close(fd);
}
END_TEST

START_TEST(test_end_of_file)
{
	struct message in;
	struct error err;

	ck_assert_int_eq(write(a.fd, "{\"type\":", 8), 8);
	syncpipe_close(&a);
	ck_assert_int_eq(syncpipe_receive(&b, &in, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.message, "ends inside a message"));
	syncpipe_close(&b);
	setup();
	syncpipe_close(&a);
	ck_assert_int_eq(syncpipe_receive(&b, &in, &err), 0);
}
END_TEST

START_TEST(test_reader_gone_is_no_signal)
{
	struct message out = { .type = MSG_READY, .fd = -1 };
	struct error err;

	syncpipe_close(&b);
	ck_assert_int_eq(syncpipe_send(&a, &out, &err), -1);
	ck_assert_int_eq(err.errnum, EPIPE);
}
END_TEST

START_TEST(test_nonsense)
{
	static const char *const lines[] = {
		"\n",
		"{}\n",
		"[]\n",
		"{\"type\":\"NONSENSE\"}\n",
		"{\"type\":7}\n",
		"{\"type\":\"PID\",\"pid\":\"1\"}\n",
		"{\"type\":\"READY\"} x\n",
		"\xff\n",
	};
	struct message in;
	struct error err;

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		size_t len = strlen(lines[i]);

		ck_assert_int_eq(write(a.fd, lines[i], len), len);
		ck_assert_int_eq(syncpipe_receive(&b, &in, &err), -1);
		ck_assert_int_eq(strncmp(err.message, "sync pipe: ", 11), 0);
		message_free(&in);
	}
}
END_TEST

Suite *check_syncpipe_suite(void)
{
	Suite *s = suite_create("syncpipe");
	TCase *t = tcase_create("messages");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, test_error_travels_whole);
	tcase_add_test(t, test_one_byte_chunks);
	tcase_add_test(t, test_two_messages_in_one_read);
	tcase_add_test(t, test_note_is_heard);
	tcase_add_test(t, test_own_cgroups_travel);
	tcase_add_test(t, test_sixteen_megabytes);
	tcase_add_test(t, test_descriptor_travels);
	tcase_add_test(t, test_end_of_file);
	tcase_add_test(t, test_reader_gone_is_no_signal);
	tcase_add_test(t, test_nonsense);
	suite_add_tcase(s, t);
	return s;
}
