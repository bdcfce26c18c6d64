/* main.c  [both]  runs every unit suite: one for each tests/check_*.c */
#include "tests/check.h"

#include <stdlib.h>

/* suites.inc is written by the Makefile from the names of the files. */
int main(void)
{
	SRunner *runner = srunner_create(NULL);

#define SUITE(name) srunner_add_suite(runner, name());
#include "suites.inc"
#undef SUITE
	srunner_run_all(runner, CK_ENV);
	int failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
