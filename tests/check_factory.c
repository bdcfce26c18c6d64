/* check_factory.c  ids, and directories that are name-plates and locks */
#include "tests/check.h"

#include "libcontainer/directory.h"
#include "libcontainer/factory.h"
#include "libcontainer/system/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static char work[64];

static void setup(void)
{
	strcpy(work, "/tmp/check_factory.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(work));
	ck_assert_int_eq(chdir(work), 0);
}

static void teardown(void)
{
	ck_assert_int_eq(chdir("/"), 0);
	ck_assert_int_eq(remove_all(work, NULL), 0);
}

START_TEST(test_directory_is_a_lock)
{
	struct error err;
	int fd = directory_create("id", &err), loaded;

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(directory_create("id", &err), -1);
	ck_assert_int_eq(err.code, ERROR_ID_IN_USE);
	/* locked: nobody else gets it until its maker lets go */
	loaded = open("id", O_RDONLY | O_CLOEXEC);
	ck_assert_int_eq(flock(loaded, LOCK_EX | LOCK_NB), -1);
	close(fd);
	ck_assert_int_eq(flock(loaded, LOCK_EX | LOCK_NB), 0);
	close(loaded);
	loaded = directory_open("id", NULL, NULL, &err);
	ck_assert_int_eq(directory_is_at(loaded, "id", &err), 1);
	ck_assert_int_eq(rmdir("id"), 0);
	ck_assert_int_eq(directory_is_at(loaded, "id", &err), 0);
	fd = directory_create("id", &err);
	ck_assert_int_eq(directory_is_at(loaded, "id", &err), 0);
	close(fd);
	close(loaded);
	ck_assert_int_eq(rmdir("id"), 0);
	ck_assert_int_eq(directory_open("id", NULL, NULL, &err), -1);
	ck_assert_int_eq(err.code, ERROR_CONTAINER_NOT_EXISTS);
	ck_assert_int_eq(directory_create("no/such/id", &err), -1);
	ck_assert_int_eq(err.errnum, ENOENT);
}
END_TEST

START_TEST(test_ids)
{
	static const char *const good[] = { "a", "nsinit", "A_1+b.c-d",
					    "0", "_",	   "+" };
	static const char *const bad[] = { "",	  ".",	 "..",	"../x",
					   "a/b", "-a",	 ".a",	"a b",
					   "a\n", "a,b", "\xc3" };
	char id[131];

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		ck_assert_int_eq(factory_check_id(good[i], NULL), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		ck_assert_int_eq(factory_check_id(bad[i], NULL), -1);
	memset(id, 'x', 129);
	id[128] = '\0';
	ck_assert_int_eq(factory_check_id(id, NULL), 0);
	id[128] = 'x';
	id[129] = '\0';
	ck_assert_int_eq(factory_check_id(id, NULL), -1);
}
END_TEST

Suite *check_factory_suite(void)
{
	Suite *s = suite_create("factory");
	TCase *t = tcase_create("directories");

	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_test(t, test_directory_is_a_lock);
	tcase_add_test(t, test_ids);
	suite_add_tcase(s, t);
	return s;
}
