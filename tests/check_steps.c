/* check_steps.c  the table of the twelve steps */
#include "tests/check.h"

#include "dockerinit/inside.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

START_TEST(test_numbered_in_order)
{
	ck_assert_uint_eq(sizeof(init_steps) / sizeof(init_steps[0]), 12);
	for (int i = 0; i < INIT_STEPS; i++)
		ck_assert_int_eq(init_steps[i].number, i + 1);
}
END_TEST

START_TEST(test_names)
{
	for (int i = 0; i < INIT_STEPS; i++) {
		const struct init_step *s = &init_steps[i];
		char prefix[16];

		snprintf(prefix, sizeof(prefix), "step%02d_", i + 1);
		ck_assert_msg(strncmp(s->name, prefix, strlen(prefix)) == 0,
			      "%s does not begin with %s", s->name, prefix);
		ck_assert(islower((unsigned char)s->name[strlen(prefix)]));
		ck_assert_uint_lt(strlen(s->name),
				  sizeof(((struct error *)0)->step_name));
		ck_assert_ptr_nonnull(s->run);
	}
}
END_TEST

START_TEST(test_functions_differ)
{
	for (int i = 0; i < INIT_STEPS; i++)
		for (int j = 0; j < i; j++)
			ck_assert(init_steps[i].run != init_steps[j].run);
	ck_assert(init_steps[0].run == step01_open_pipe);
	ck_assert(init_steps[8].run == step09_pivot_root);
	ck_assert(init_steps[11].run == step12_exec);
}
END_TEST

/* A joining process finds network, mounts and root made; it skips just what
 * would make them again. */
START_TEST(test_setns_is_a_subset)
{
	static const int skipped[] = { 5, 7, 8, 9 };
	size_t n = 0;

	for (int i = 0; i < INIT_STEPS; i++) {
		ck_assert_msg(init_steps[i].who & INIT_STANDARD,
			      "%s is not walked by a new container",
			      init_steps[i].name);
		if (init_steps[i].who & INIT_SETNS)
			continue;
		ck_assert_uint_lt(n, sizeof(skipped) / sizeof(skipped[0]));
		ck_assert_int_eq(init_steps[i].number, skipped[n++]);
	}
	ck_assert_uint_eq(n, sizeof(skipped) / sizeof(skipped[0]));
}
END_TEST

/* --list-steps=json prints these texts as they are. */
START_TEST(test_texts_need_no_escape)
{
	for (int i = 0; i < INIT_STEPS; i++) {
		const char *texts[] = { init_steps[i].chapter,
					init_steps[i].substeps };

		ck_assert_uint_gt(strlen(texts[0]), 0);
		for (int t = 0; t < 2; t++)
			for (const char *p = texts[t]; *p; p++)
				ck_assert(isprint((unsigned char)*p) &&
					  *p != '"' && *p != '\\');
	}
}
END_TEST

START_TEST(test_descriptor_from_environment)
{
	static const char *const wrong[] = { "",	 "-1",
					     "3x",	 " 3",
					     "0x3",	 "2",
					     "+3",	 "99999999999999999999",
					     "987654321" };
	struct error err;

	unsetenv("CHECK_FD");
	ck_assert_int_eq(descriptor_from_environment("CHECK_FD", &err), -1);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		setenv("CHECK_FD", wrong[i], 1);
		ck_assert_msg(descriptor_from_environment("CHECK_FD", &err) < 0,
			      "\"%s\" is taken for a descriptor", wrong[i]);
	}
}
END_TEST

START_TEST(test_descriptor_becomes_close_on_exec)
{
	char text[16];
	int fd = dup(STDERR_FILENO);

	ck_assert_int_gt(fd, STDERR_FILENO);
	snprintf(text, sizeof(text), "%d", fd);
	setenv("CHECK_FD", text, 1);
	ck_assert_int_eq(fcntl(fd, F_GETFD), 0);
	ck_assert_int_eq(descriptor_from_environment("CHECK_FD", NULL), fd);
	ck_assert_int_eq(fcntl(fd, F_GETFD), FD_CLOEXEC);
	close(fd);
}
END_TEST

Suite *check_steps_suite(void)
{
	Suite *suite = suite_create("steps");
	TCase *tc = tcase_create("steps");

	tcase_add_test(tc, test_numbered_in_order);
	tcase_add_test(tc, test_names);
	tcase_add_test(tc, test_functions_differ);
	tcase_add_test(tc, test_setns_is_a_subset);
	tcase_add_test(tc, test_texts_need_no_escape);
	tcase_add_test(tc, test_descriptor_from_environment);
	tcase_add_test(tc, test_descriptor_becomes_close_on_exec);
	suite_add_tcase(suite, tc);
	return suite;
}
