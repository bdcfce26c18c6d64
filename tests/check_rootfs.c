/* check_rootfs.c  no path leaves the rootfs */
#include "tests/check.h"

#include "dockerinit/rootfs.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[64];
static int root;

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void put(const char *name, const char *text)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	fputs(text, f);
	fclose(f);
}

static void link_to(const char *target, const char *name)
{
	ck_assert_int_eq(symlinkat(target, root, name), 0);
}

/* dir/ is the host: a file "secret" lies beside the rootfs. */
static void setup(void)
{
	char path[128];

	snprintf(dir, sizeof(dir), "/tmp/check_rootfs.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/root", dir);
	ck_assert_int_eq(mkdir(path, 0755), 0);
	root = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	ck_assert_int_ge(root, 0);
	ck_assert_int_eq(mkdirat(root, "a", 0755), 0);
	ck_assert_int_eq(mkdirat(root, "a/b", 0755), 0);
	put("secret", "host");
	put("root/file", "inside");
	put("root/a/b/deep", "deep");
	link_to("/file", "absolute");
	link_to("../../../../file", "climbing");
	link_to("../secret", "outside");
	link_to(dir, "host");
	link_to("a/b", "short");
	link_to("loop2", "loop1");
	link_to("loop1", "loop2");
	link_to("nowhere/at/all", "dangling");
	link_to("/", "self");
	link_to("/proc/self/root", "magic");
}

static void teardown(void)
{
	close(root);
	nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void assert_reads(const char *path, const char *text)
{
	char buf[16] = "";
	int fd = rootfs_open(root, path, O_RDONLY, true);

	ck_assert_msg(fd >= 0, "%s: %s", path, strerror(errno));
	ck_assert_int_ge(read(fd, buf, sizeof(buf) - 1), 0);
	ck_assert_str_eq(buf, text);
	ck_assert_int_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
	close(fd);
}

static void assert_fails(const char *path, int flags, bool links, int expected)
{
	int fd = rootfs_open(root, path, flags, links);

	ck_assert_msg(fd < 0, "%s was opened", path);
	ck_assert_msg(errno == expected, "%s: %s", path, strerror(errno));
}

static void assert_same(int a, int b)
{
	struct stat one, two;

	ck_assert_int_eq(fstat(a, &one), 0);
	ck_assert_int_eq(fstat(b, &two), 0);
	ck_assert_uint_eq(one.st_ino, two.st_ino);
	ck_assert_uint_eq(one.st_dev, two.st_dev);
}

START_TEST(test_inside)
{
	assert_reads("file", "inside");
	assert_reads("/file", "inside");
	assert_reads("//a/./b//../b/deep", "deep");
	assert_reads("a/../file", "inside");
	assert_reads("short/deep", "deep");
	assert_reads("short/../../file", "inside");
	assert_reads("self/self/absolute", "inside");
}
END_TEST

START_TEST(test_never_outside)
{
	assert_reads("../../../../../../file", "inside");
	assert_reads("climbing", "inside");
	assert_reads("absolute", "inside");
	assert_fails("../secret", O_RDONLY, true, ENOENT);
	assert_fails("outside", O_RDONLY, true, ENOENT);
	assert_fails("host/secret", O_RDONLY, true, ENOENT);
	assert_fails("/etc/passwd", O_RDONLY, true, ENOENT);
	assert_fails("magic", O_PATH, true, ENOENT);
	assert_fails("loop1", O_RDONLY, true, ELOOP);
	assert_fails("file/x", O_RDONLY, true, ENOTDIR);
}
END_TEST

START_TEST(test_links_refused)
{
	int fd;

	assert_fails("absolute", O_PATH, false, ELOOP);
	assert_fails("short/deep", O_PATH, false, ELOOP);
	assert_fails("absolute", O_RDONLY | O_NOFOLLOW, true, ELOOP);
	fd = rootfs_open(root, "a/b/deep", O_PATH, false);
	ck_assert_int_ge(fd, 0);
	close(fd);
}
END_TEST

/* O_PATH with O_NOFOLLOW opens a last link itself, as open(2) does. */
START_TEST(test_last_link_itself)
{
	int fd = rootfs_open(root, "self/absolute", O_PATH | O_NOFOLLOW, true);
	struct stat st;

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(fstat(fd, &st), 0);
	ck_assert(S_ISLNK(st.st_mode));
	close(fd);
}
END_TEST

START_TEST(test_the_root_itself)
{
	static const char *const names[] = { "/",     "..",	  ".",
					     "self",  "a/..",	  "/../..",
					     "self/", "a/b/../.." };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		int fd = rootfs_open(root, names[i], O_PATH, true);

		ck_assert_msg(fd >= 0, "%s: %s", names[i], strerror(errno));
		assert_same(fd, root);
		close(fd);
	}
}
END_TEST

/* A fifo is opened at once, and is no reason to wait. */
START_TEST(test_never_waits)
{
	int fd;

	ck_assert_int_eq(mkfifoat(root, "fifo", 0600), 0);
	fd = rootfs_open(root, "fifo", O_RDONLY, true);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_ne(fcntl(fd, F_GETFL) & O_NONBLOCK, 0);
	close(fd);
}
END_TEST

START_TEST(test_create_directory)
{
	struct error err = { 0 };
	struct stat st;
	int fd;

	umask(0);
	fd = rootfs_create(root, "/x/y/z", S_IFDIR, true, &err);
	ck_assert_msg(fd >= 0, "%s", err.message);
	close(fd);
	ck_assert_int_eq(fstatat(root, "x/y/z", &st, 0), 0);
	ck_assert_uint_eq(st.st_mode, S_IFDIR | 0755);
	fd = rootfs_create(root, "short/new/", S_IFDIR, true, &err);
	ck_assert_msg(fd >= 0, "%s", err.message);
	close(fd);
	ck_assert_int_eq(fstatat(root, "a/b/new", &st, 0), 0);
	fd = rootfs_create(root, "a", S_IFDIR, true, &err);
	ck_assert_int_ge(fd, 0);
	close(fd);
	fd = rootfs_create(root, "q/../r", S_IFDIR, true, &err);
	ck_assert_msg(fd >= 0, "%s", err.message);
	close(fd);
	ck_assert_int_eq(fstatat(root, "r", &st, 0), 0);
}
END_TEST

START_TEST(test_create_file)
{
	struct error err = { 0 };
	struct stat st;
	int fd;

	umask(0);
	fd = rootfs_create(root, "m/n/file", S_IFREG, true, &err);
	ck_assert_msg(fd >= 0, "%s", err.message);
	close(fd);
	ck_assert_int_eq(fstatat(root, "m/n/file", &st, 0), 0);
	ck_assert(S_ISREG(st.st_mode));
	ck_assert_int_eq(st.st_size, 0);
	/* What is there already is not emptied. */
	fd = rootfs_create(root, "absolute", S_IFREG, true, &err);
	ck_assert_int_ge(fd, 0);
	close(fd);
	ck_assert_int_eq(fstatat(root, "file", &st, 0), 0);
	ck_assert_int_eq(st.st_size, (off_t)strlen("inside"));
}
END_TEST

START_TEST(test_create_never_outside)
{
	char path[128];
	struct error err = { 0 };
	struct stat st;
	int fd;

	fd = rootfs_create(root, "../../evil", S_IFREG, true, &err);
	ck_assert_msg(fd >= 0, "%s", err.message);
	close(fd);
	snprintf(path, sizeof(path), "%s/evil", dir);
	ck_assert_int_eq(stat(path, &st), -1);
	ck_assert_int_eq(fstatat(root, "evil", &st, 0), 0);
	ck_assert_int_lt(rootfs_create(root, "dangling", S_IFREG, true, &err),
			 0);
	ck_assert_ptr_nonnull(strstr(err.message, "link to nowhere"));
	ck_assert_int_lt(rootfs_create(root, "host", S_IFDIR, true, &err), 0);
	ck_assert_int_lt(rootfs_create(root, "loop1", S_IFDIR, true, &err), 0);
	ck_assert_int_lt(rootfs_create(root, "file", S_IFDIR, true, &err), 0);
	ck_assert_int_lt(rootfs_create(root, "file/x", S_IFDIR, true, &err), 0);
	ck_assert_int_lt(rootfs_create(root, "short/p", S_IFDIR, false, &err),
			 0);
}
END_TEST

START_TEST(test_parent)
{
	char *name = NULL;
	struct error err = { 0 };
	int a_b = openat(root, "a/b", O_PATH | O_CLOEXEC);
	int fd = rootfs_parent(root, "/short/node", &name, &err);

	ck_assert_int_ge(fd, 0);
	assert_same(fd, a_b);
	ck_assert_str_eq(name, "node");
	free(name);
	close(fd);
	close(a_b);
	fd = rootfs_parent(root, "node", &name, &err);
	ck_assert_int_ge(fd, 0);
	assert_same(fd, root);
	free(name);
	close(fd);
	ck_assert_int_lt(rootfs_parent(root, "a/..", &name, &err), 0);
	ck_assert_int_lt(rootfs_parent(root, "a/", &name, &err), 0);
}
END_TEST

Suite *check_rootfs_suite(void)
{
	Suite *suite = suite_create("rootfs");
	TCase *tc = tcase_create("rootfs");

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, test_inside);
	tcase_add_test(tc, test_never_outside);
	tcase_add_test(tc, test_links_refused);
	tcase_add_test(tc, test_last_link_itself);
	tcase_add_test(tc, test_the_root_itself);
	tcase_add_test(tc, test_never_waits);
	tcase_add_test(tc, test_create_directory);
	tcase_add_test(tc, test_create_file);
	tcase_add_test(tc, test_create_never_outside);
	tcase_add_test(tc, test_parent);
	suite_add_tcase(suite, tc);
	return suite;
}
