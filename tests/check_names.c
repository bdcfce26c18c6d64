/* check_names.c  names, their numbers, and what was probably meant */
#include "tests/check.h"

#include "libcontainer/configs/names.h"

#include <signal.h>
#include <stdint.h>
#include <sys/mount.h>

START_TEST(test_names)
{
	static const char *const words[] = { "exec", "spec", "stats", "init",
					     NULL };

	ck_assert_str_eq(nearest_name("exce", words), "exec");
	ck_assert_str_eq(nearest_name("stat", words), "stats");
	ck_assert_str_eq(nearest_name("SPEC", words), "spec");
	ck_assert_ptr_null(nearest_name("q", words));
	ck_assert_ptr_null(nearest_name("checkpoint", words));
	ck_assert_str_eq(nearest_in_table("NEWPDI", namespace_names), "NEWPID");
	ck_assert_int_eq(signal_number("TERM"), SIGTERM);
	ck_assert_int_eq(signal_number("sigkill"), SIGKILL);
	ck_assert_int_eq(signal_number("64"), 64);
	ck_assert_int_eq(signal_number("0"), -1);
	ck_assert_int_eq(signal_number("65"), -1);
	ck_assert_int_eq(signal_number("9x"), -1);
	ck_assert_int_eq(signal_number("99999999999999999999"), -1);
	ck_assert_int_eq(signal_number("-9"), -1);
	ck_assert_int_eq(signal_number(""), -1);
	ck_assert_int_eq(signal_number("SIG"), -1);
	ck_assert_str_eq(number_to_name(signal_names, SIGABRT), "SIGABRT");
	ck_assert_int_eq(capability_number("chown"), 0);
	ck_assert_int_eq(capability_number("CAP_CHECKPOINT_RESTORE"), 40);
	ck_assert_int_eq(capability_number("CAP_"), -1);
	ck_assert_int_eq(capability_number("CAP_CAP_CHOWN"), -1);
	ck_assert_str_eq(namespace_file(0x20000000), "pid");
	ck_assert_ptr_null(namespace_file(3));
}
END_TEST

START_TEST(test_tables_are_whole)
{
	int64_t number;

	for (int i = 0; i <= 40; i++)
		ck_assert_ptr_nonnull(number_to_name(capability_names, i));
	ck_assert_ptr_null(number_to_name(capability_names, 41));
	for (int i = 1; i <= 31; i++)
		ck_assert_ptr_nonnull(number_to_name(signal_names, i));
	for (int i = 0; i <= 15; i++)
		ck_assert_ptr_nonnull(number_to_name(rlimit_names, i));
	ck_assert_int_eq(name_to_number(mount_option_names, "rslave", &number),
			 0);
	ck_assert_int_eq(number, MS_SLAVE | MS_REC);
	ck_assert_int_eq(name_to_number(mount_option_names, "rbind", &number),
			 0);
	ck_assert_int_eq(number, MS_BIND | MS_REC);
	ck_assert_int_eq(name_to_number(mount_option_names, "RO", &number), -1);
}
END_TEST

Suite *check_names_suite(void)
{
	Suite *suite = suite_create("names");
	TCase *tcase = tcase_create("tables");

	tcase_add_test(tcase, test_names);
	tcase_add_test(tcase, test_tables_are_whole);
	suite_add_tcase(suite, tcase);
	return suite;
}
