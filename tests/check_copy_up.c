/* check_copy_up.c  what a tmpfs hides is copied as it is; labels for sharing */
#include "tests/check.h"

#include "dockerinit/copy_up.h"
#include "dockerinit/relabel.h"
#include "libcontainer/system/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[64];
static int from, to;

static int folder(const char *name)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	ck_assert_int_eq(mkdir(path, 0755), 0);
	fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_ge(fd, 0);
	return fd;
}

static void setup(void)
{
	snprintf(dir, sizeof(dir), "/tmp/check_copy_up.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	from = folder("from");
	to = folder("to");
}

static void teardown(void)
{
	close(from);
	close(to);
	ck_assert_int_eq(remove_all(dir, NULL), 0);
}

static void put(const char *name, const char *text, mode_t mode)
{
	int fd = openat(from, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write_all(fd, text, strlen(text)), 0);
	ck_assert_int_eq(fchmod(fd, mode), 0);
	close(fd);
}

static struct stat stat_of(int fd, const char *name)
{
	struct stat st;

	ck_assert_msg(fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0,
		      "%s: %s", name, strerror(errno));
	return st;
}

static void check_same(const char *name)
{
	struct stat a = stat_of(from, name), b = stat_of(to, name);

	ck_assert_uint_eq(a.st_mode, b.st_mode);
	ck_assert_uint_eq(a.st_uid, b.st_uid);
	ck_assert_int_eq(a.st_size, S_ISDIR(a.st_mode) ? a.st_size : b.st_size);
	if (!S_ISLNK(a.st_mode) && !S_ISFIFO(a.st_mode))
		ck_assert_int_eq(a.st_mtim.tv_nsec, b.st_mtim.tv_nsec);
}

START_TEST(test_all_kinds)
{
	struct error err = { 0 };
	char text[16] = "";
	int fd;

	ck_assert_int_eq(mkdirat(from, "sub", 0700), 0);
	ck_assert_int_eq(mkdirat(from, "sub/deep", 0755), 0);
	put("sub/deep/file", "text", 04751);
	put("empty", "", 0000);
	ck_assert_int_eq(symlinkat("/etc/passwd", from, "link"), 0);
	ck_assert_int_eq(symlinkat("nowhere", from, "sub/dangling"), 0);
	ck_assert_int_eq(mkfifoat(from, "fifo", 0622), 0);
	ck_assert_int_eq(fchmodat(from, "sub", 03711, 0), 0);
	if (geteuid() == 0) /* who else cannot read it */
		ck_assert_int_eq(fchmodat(from, "empty", 0, 0), 0);
	else
		ck_assert_int_eq(fchmodat(from, "empty", 0400, 0), 0);
	umask(077);
	ck_assert_msg(copy_up(from, to, &err) == 0, "%s", err.message);
	check_same("sub");
	check_same("sub/deep");
	check_same("sub/deep/file");
	check_same("empty");
	check_same("link");
	check_same("sub/dangling");
	ck_assert_uint_eq(stat_of(from, "fifo").st_mode,
			  stat_of(to, "fifo").st_mode);
	fd = openat(to, "sub/deep/file", O_RDONLY | O_CLOEXEC);
	ck_assert_int_eq(read(fd, text, sizeof(text)), 4);
	ck_assert_str_eq(text, "text");
	close(fd);
}
END_TEST

START_TEST(test_what_fails_is_named)
{
	struct error err = { 0 };

	ck_assert_int_eq(mkdirat(from, "sub", 0755), 0);
	put("sub/file", "x", 0644);
	ck_assert_int_eq(mkdirat(to, "sub", 0755), 0);
	ck_assert_int_eq(copy_up(from, to, &err), -1);
	ck_assert_str_eq(err.message, "make sub: File exists");
	ck_assert_int_eq(unlinkat(to, "sub", AT_REMOVEDIR), 0);
	ck_assert_int_eq(mkdirat(from, "sub/a", 0755), 0);
	for (int i = 0, fd = openat(from, "sub/a", O_PATH | O_CLOEXEC), next;
	     i < 130; i++, fd = next) {
		ck_assert_int_eq(mkdirat(fd, "d", 0755), 0);
		next = openat(fd, "d", O_PATH | O_CLOEXEC);
		close(fd);
	}
	ck_assert_int_eq(copy_up(from, to, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.message, "in sub: in a: in d: "));
	ck_assert_ptr_nonnull(strstr(err.message, "in d"));
}
END_TEST

START_TEST(test_label_for_all)
{
	static const char *const rows[][2] = {
		{ "system_u:object_r:svirt_t:s0:c1,c2",
		  "system_u:object_r:svirt_t:s0" },
		{ "u:r:t:s0-s15:c0.c1023", "u:r:t:s0" },
		{ "u:r:t", "u:r:t" },
		{ "", "" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *label = relabel_shared(rows[i][0]);

		ck_assert_str_eq(label, rows[i][1]);
		free(label);
	}
}
END_TEST

Suite *check_copy_up_suite(void)
{
	Suite *s = suite_create("copy up");
	TCase *t = tcase_create("files");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, test_all_kinds);
	tcase_add_test(t, test_what_fails_is_named);
	tcase_add_test(t, test_label_for_all);
	suite_add_tcase(s, t);
	return s;
}
