/* fixtures.h  the sample configs, and what is true of every config */
#ifndef TESTS_FIXTURES_H
#define TESTS_FIXTURES_H

#include "libcontainer/configs/config.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/file.h"

#include <check.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* Found before a test changes the directory: fixtures_find. */
static char fixtures[PATH_MAX];

static const char *const fixture_names[] = { "june-2014", "v1.4", "2015" };

static inline void fixtures_find(void)
{
	if (!realpath("tests/fixtures", fixtures))
		abort();
}

static inline char *fixture(const char *name)
{
	char *path = xasprintf("%s/%s.json", fixtures, name), *text;
	struct error err;

	ck_assert_msg(file_read(path, 1 << 20, &text, NULL, &err) == 0, "%s",
		      err.message);
	free(path);
	return text;
}

static inline struct config *load(const char *text)
{
	struct config *config = NULL;
	struct error err = { 0 };

	ck_assert_msg(config_load(text, strlen(text), &config, &err) == 0, "%s",
		      err.message);
	return config;
}

/* What was printed says all, whatever the file left out. */
static inline void check_round_trip(const struct config *config)
{
	char *text = config_print(config), *again;
	struct config *loaded = load(text), *copy = config_copy(config);

	again = config_print(loaded);
	ck_assert_str_eq(again, text);
	free(again);
	again = config_print(copy);
	ck_assert_str_eq(again, text);
	ck_assert_int_eq(text[strlen(text) - 1], '\n');
	free(again);
	free(text);
	config_free(loaded);
	config_free(copy);
}

#endif
