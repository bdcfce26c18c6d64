/* check_commands.c  [outside]  command lines, and what is said of wrong ones */
#include "tests/check.h"

#include "libcontainer/commands.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_WORDS = 16 };

/* What the flags below write into: one letter for each use. */
static int note(void *object, const char *value, struct error *err)
{
	char *notes = object;

	if (value && strcmp(value, "bad") == 0)
		return error_set(err, ERROR_CONFIG_INVALID, "no good");
	strcat(notes, value ? value : "t");
	return 0;
}

static const struct flag flags[] = {
	{ "first", 0, "X", 0, note, "" },
	{ "second", 's', "X", 0, note, "" },
	{ "tty", 't', NULL, 0, note, "" },
	{ "needed", 0, "X", 4, note, "" },
	{ "maybe", 'm', "[=X]", 0, note, "" },
	{ .name = NULL },
};

static int read_line(unsigned needs, const char *text,
		     struct command_line *line, struct error *err)
{
	static char copy[256], *argv[MAX_WORDS];
	static const struct flag *const tables[] = { flags, NULL };
	const struct command_form form = {
		.name = "prog cmd",
		.usage = "",
		.help = "",
		.tables = tables,
		.needs = needs,
	};
	int argc = 1;

	strcpy(copy, text);
	argv[0] = copy + strlen(copy);
	for (char *w = strtok(copy, " "); w; w = strtok(NULL, " "))
		argv[argc++] = w;
	argv[argc] = NULL;
	return command_line_read(&form, argc, argv, line, err);
}

START_TEST(test_value_left_out)
{
	struct command_line line;
	struct error err;
	char notes[16] = "";

	ck_assert_int_eq(read_line(0, "--maybe a", &line, &err), 0);
	ck_assert_int_eq(line.words_len, 1);
	ck_assert_ptr_null(line.uses[0].value);
	ck_assert_int_eq(flags_apply(flags, &line, notes, &err), 0);
	ck_assert_str_eq(notes, "t");
	command_line_free(&line);
	ck_assert_int_eq(read_line(0, "--maybe=b -mc -m d", &line, &err), 0);
	ck_assert_int_eq(line.words_len, 1);
	ck_assert_int_eq(flags_apply(flags, &line, notes, &err), 0);
	ck_assert_str_eq(notes, "tbct");
	command_line_free(&line);
	ck_assert_int_eq(read_line(0, "--maybe=bad", &line, &err), 0);
	ck_assert_int_eq(flags_apply(flags, &line, notes, &err), -1);
	ck_assert_str_eq(err.message, "--maybe=bad: no good");
	command_line_free(&line);
}
END_TEST

static void refused(const char *text, const char *message)
{
	struct command_line line;
	struct error err;

	ck_assert_int_eq(read_line(0, text, &line, &err), -1);
	ck_assert_str_eq(err.message, message);
}

START_TEST(test_words)
{
	struct command_line line;
	struct error err;

	ck_assert_int_eq(read_line(0, "-t --first=a ls --first b", &line, &err),
			 0);
	ck_assert_int_eq(line.words_len, 3);
	ck_assert_str_eq(line.words[0], "ls");
	ck_assert_str_eq(line.words[1], "--first");
	ck_assert_uint_eq(line.uses_len, 2);
	ck_assert(flags_used(flags, &line));
	command_line_free(&line);
	ck_assert_int_eq(read_line(0, "-- -t", &line, &err), 0);
	ck_assert_int_eq(line.words_len, 1);
	ck_assert_str_eq(line.words[0], "-t");
	ck_assert(!flags_used(flags, &line));
	command_line_free(&line);
}
END_TEST

/* The table's order, and within one flag the line's. */
START_TEST(test_order)
{
	struct command_line line;
	char notes[16] = "";
	struct error err;

	ck_assert_int_eq(read_line(0, "-ts c --first a --second d --first b",
				   &line, &err),
			 0);
	ck_assert_int_eq(flags_apply(flags, &line, notes, &err), 0);
	ck_assert_str_eq(notes, "abcdt");
	command_line_free(&line);
	ck_assert_int_eq(read_line(0, "--first bad", &line, &err), 0);
	ck_assert_int_eq(flags_apply(flags, &line, notes, &err), -1);
	ck_assert_str_eq(err.message, "--first bad: no good");
	command_line_free(&line);
}
END_TEST

START_TEST(test_wrong)
{
	struct command_line line;
	struct error err;

	refused("--fist a", "there is no flag --fist; did you mean --first?");
	refused("--fist=a", "there is no flag --fist; did you mean --first?");
	refused("-x", "there is no flag -x; see prog cmd --help");
	refused("-tx", "there is no flag -x; see prog cmd --help");
	refused("--tty=3", "--tty takes no value");
	refused("--first", "--first wants a value");
	refused("-s", "-s wants a value");
	ck_assert_int_eq(read_line(4, "--needed a", &line, &err), 0);
	command_line_free(&line);
	ck_assert_int_eq(read_line(3, "--needed a", &line, &err), -1);
}
END_TEST

static int no_command(void *program, const struct subcommand *self, int argc,
		      char **argv, struct error *err)
{
	(void)program, (void)self, (void)argc, (void)argv, (void)err;
	return 0;
}

START_TEST(test_subcommand)
{
	static const struct subcommand table[] = {
		{ "exec", no_command, 0, "", "" },
		{ "spec", no_command, 0, "", "" },
		{ .name = NULL },
	};
	struct error err;

	ck_assert_ptr_eq(subcommand_find(table, "spec", &err), &table[1]);
	ck_assert_ptr_null(subcommand_find(table, "exce", &err));
	ck_assert_str_eq(err.message,
			 "there is no command exce; did you mean exec?");
	ck_assert_ptr_null(subcommand_find(table, "qqqqqqqq", &err));
	ck_assert_str_eq(err.message,
			 "there is no command qqqqqqqq; see --help");
}
END_TEST

START_TEST(test_error_line)
{
	struct error err = { .step = 0 };
	char *line;

	error_set(&err, ERROR_SYSTEM, "text");
	line = command_error_line("nsinit", NULL, &err);
	ck_assert_str_eq(line, "nsinit: text");
	free(line);
	err.step = 8;
	strcpy(err.step_name, "step08_mounts");
	line = command_error_line("nsinit", "exec", &err);
	ck_assert_str_eq(line, "nsinit: exec: dockerinit step 8 "
			       "(step08_mounts): text");
	free(line);
}
END_TEST

START_TEST(test_number)
{
	static const char *const wrong[] = { "",
					     "-",
					     " 1",
					     "+1",
					     "1 ",
					     "1k",
					     "1.0",
					     "0x10",
					     "4",
					     "-10",
					     "99999999999999999999" };
	struct error err;
	long long n;

	ck_assert_int_eq(number_read("3", -9, 3, &n, &err), 0);
	ck_assert_int_eq(n, 3);
	ck_assert_int_eq(number_read("-9", -9, 3, &n, &err), 0);
	ck_assert_int_eq(n, -9);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		ck_assert_msg(number_read(wrong[i], -9, 3, &n, &err) == -1,
			      "\"%s\" was read as %lld", wrong[i], n);
}
END_TEST

Suite *check_commands_suite(void)
{
	Suite *suite = suite_create("commands");
	TCase *tcase = tcase_create("commands");

	tcase_add_test(tcase, test_words);
	tcase_add_test(tcase, test_value_left_out);
	tcase_add_test(tcase, test_order);
	tcase_add_test(tcase, test_wrong);
	tcase_add_test(tcase, test_subcommand);
	tcase_add_test(tcase, test_error_line);
	tcase_add_test(tcase, test_number);
	suite_add_tcase(suite, tcase);
	return suite;
}
