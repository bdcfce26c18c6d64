/*
 * commands.c  [outside]  read a command line by tables, and help when it is
 * wrong
 *
 * getopt_long (glibc) does the reading: "+" in its list of letters ends the
 * flags at the first word, because what follows belongs to the container's
 * program ("exec ls --help"); ":" keeps it from printing, because an error
 * here is a value. argp would be the higher tool, but it hides the word that
 * it stumbled over, and that word is what the nearest right one is found for.
 *
 * Source: getopt_long(3).
 */
#include "libcontainer/commands.h"

#include "libcontainer/configs/names.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef VERSION /* the Makefile says it */
#define VERSION "of an unknown version"
#endif

/* What getopt_long returns for a long option: KEY + its place in the list. */
enum { KEY = 0x1000 };

/* The flags that a form takes, in the tables' order, and getopt's view of
 * them. The first two are everybody's. */
struct flag_list {
	const struct flag **flags;
	size_t len;
	struct option *options;
	char *letters;
};

static const struct flag common_flags[] = {
	{ "help", 'h', NULL, 0, NULL, "say what there is, and end" },
	{ "version", 0, NULL, 0, NULL, "say which version this is, and end" },
	{ .name = NULL },
};

static void flag_list_free(struct flag_list *list)
{
	free(list->flags);
	free(list->options);
	free(list->letters);
}

/* For getopt_long: none 0, required 1, optional 2. */
static int takes_value(const struct flag *flag)
{
	if (!flag->value)
		return no_argument;
	return flag->value[0] == '[' ? optional_argument : required_argument;
}

static void flag_list_add(struct flag_list *list, const struct flag *flag)
{
	size_t at = list->len++;

	/* options stays one longer: getopt_long wants a row of zeros. */
	list->flags =
		xreallocarray(list->flags, list->len, sizeof(*list->flags));
	list->options = xreallocarray(list->options, list->len + 1,
				      sizeof(*list->options));
	list->flags[at] = flag;
	list->options[at] = (struct option){
		.name = flag->name,
		.has_arg = takes_value(flag),
		.val = KEY + (int)at,
	};
	list->options[list->len] = (struct option){ .name = NULL };
	if (flag->letter) {
		char *old = list->letters;

		/* ":" for a value that must be there, "::" for one that may. */
		list->letters = xasprintf("%s%c%.*s", old, flag->letter,
					  takes_value(flag), "::");
		free(old);
	}
}

static void flag_list_make(struct flag_list *list,
			   const struct command_form *form)
{
	*list = (struct flag_list){ .letters = xstrdup("+:") };
	flag_list_add(list, &common_flags[0]);
	flag_list_add(list, &common_flags[1]);
	for (size_t t = 0; form->tables[t]; t++)
		for (const struct flag *f = form->tables[t]; f->name; f++)
			if (!f->needs || (f->needs & form->needs))
				flag_list_add(list, f);
}

static const struct flag *flag_list_find(const struct flag_list *list, int key)
{
	if (key >= KEY)
		return list->flags[key - KEY];
	for (size_t i = 0; i < list->len; i++)
		if (list->flags[i]->letter == key)
			return list->flags[i];
	return NULL;
}

static int print_help(const struct command_form *form,
		      const struct flag_list *list, struct error *err)
{
	cleanup_free char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		return error_errno(err, "write the help");
	fprintf(f, "Usage: %s [FLAG...] %s\n\n%s\n\nFlags:\n", form->name,
		form->usage, form->help);
	for (size_t i = list->len; i-- > 0;) {
		const struct flag *flag = list->flags[list->len - 1 - i];
		cleanup_free char *left = xasprintf(
			"%s%s%s", flag->name,
			takes_value(flag) == required_argument ? " " : "",
			flag->value ? flag->value : "");

		if (flag->letter)
			fprintf(f, "  -%c, --%-28s %s\n", flag->letter, left,
				flag->help);
		else
			fprintf(f, "      --%-28s %s\n", left, flag->help);
	}
	if (fclose(f) != 0)
		return error_errno(err, "write the help");
	return output_write(text, err);
}

static int print_version(const struct command_form *form, struct error *err)
{
	cleanup_free char *text =
		xasprintf("%.*s %s\n", (int)strcspn(form->name, " "),
			  form->name, VERSION);

	return output_write(text, err);
}

/* word is "--roof=x": an error that names "--root". */
static int unknown_flag(const struct command_form *form,
			const struct flag_list *list, const char *word,
			struct error *err)
{
	cleanup_free char *name = xstrndup(word + 2, strcspn(word + 2, "="));
	cleanup_free const char **names =
		xcalloc(list->len + 1, sizeof(*names));
	const char *nearest;

	for (size_t i = 0; i < list->len; i++)
		names[i] = list->flags[i]->name;
	nearest = nearest_name(name, names);
	if (nearest)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "there is no flag --%s; did you mean --%s?",
				 name, nearest);
	return error_set(err, ERROR_CONFIG_INVALID,
			 "there is no flag --%s; see %s --help", name,
			 form->name);
}

/* getopt_long returned '?': unknown, ambiguous, or a value too many. */
static int wrong_flag(const struct command_form *form,
		      const struct flag_list *list, char **argv,
		      struct error *err)
{
	const char *word = argv[optind - 1];
	size_t len = strcspn(word, "=");

	if (optopt >= KEY)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "%.*s takes no value", (int)len, word);
	if (optopt)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "there is no flag -%c; see %s --help", optopt,
				 form->name);
	return unknown_flag(form, list, word, err);
}

static void line_add(struct command_line *line, const struct flag *flag,
		     const char *value)
{
	line->uses = xreallocarray(line->uses, line->uses_len + 1,
				   sizeof(*line->uses));
	line->uses[line->uses_len++] = (struct flag_use){ flag, value };
}

static int read_flags(const struct command_form *form,
		      const struct flag_list *list, int argc, char **argv,
		      struct command_line *line, struct error *err)
{
	int key;

	optind = 0; /* glibc: begin anew */
	while ((key = getopt_long(argc, argv, list->letters, list->options,
				  NULL)) != -1) {
		const struct flag *flag;

		if (key == '?')
			return wrong_flag(form, list, argv, err);
		if (key == ':')
			return error_set(err, ERROR_CONFIG_INVALID,
					 "%s wants a value", argv[optind - 1]);
		flag = flag_list_find(list, key);
		if (flag == &common_flags[0])
			return print_help(form, list, err) < 0 ? -1 : 1;
		if (flag == &common_flags[1])
			return print_version(form, err) < 0 ? -1 : 1;
		line_add(line, flag, optarg);
	}
	line->words = argv + optind;
	line->words_len = argc - optind;
	return 0;
}

int command_line_read(const struct command_form *form, int argc, char **argv,
		      struct command_line *line, struct error *err)
{
	struct flag_list list;
	int result;

	*line = (struct command_line){ .uses = NULL };
	flag_list_make(&list, form);
	result = read_flags(form, &list, argc, argv, line, err);
	flag_list_free(&list);
	if (result)
		command_line_free(line);
	return result;
}

void command_line_free(struct command_line *line)
{
	free(line->uses);
	*line = (struct command_line){ .uses = NULL };
}

int flags_apply(const struct flag *table, const struct command_line *line,
		void *object, struct error *err)
{
	for (const struct flag *f = table; f->name; f++) {
		for (size_t i = 0; i < line->uses_len; i++) {
			const struct flag_use *use = &line->uses[i];

			if (use->flag != f)
				continue;
			if (f->apply(object, use->value, err) == 0)
				continue;
			if (!use->value)
				return error_wrap(err, "--%s", f->name);
			return error_wrap(
				err, "--%s%c%s", f->name,
				takes_value(f) == optional_argument ? '=' : ' ',
				use->value);
		}
	}
	return 0;
}

bool flags_used(const struct flag *table, const struct command_line *line)
{
	for (const struct flag *f = table; f->name; f++)
		for (size_t i = 0; i < line->uses_len; i++)
			if (line->uses[i].flag == f)
				return true;
	return false;
}

const struct subcommand *subcommand_find(const struct subcommand *table,
					 const char *name, struct error *err)
{
	cleanup_free const char **names = NULL;
	const char *nearest;
	size_t len = 0;

	for (const struct subcommand *s = table; s->name; s++) {
		if (strcmp(s->name, name) == 0)
			return s;
		names = xreallocarray(names, len + 2, sizeof(*names));
		names[len++] = s->name;
		names[len] = NULL;
	}
	nearest = nearest_name(name, names);
	if (nearest)
		error_set(err, ERROR_CONFIG_INVALID,
			  "there is no command %s; did you mean %s?", name,
			  nearest);
	else
		error_set(err, ERROR_CONFIG_INVALID,
			  "there is no command %s; see --help", name);
	return NULL;
}

char *subcommand_help(const char *help, const struct subcommand *table)
{
	char *text = xasprintf("%s\n\nCommands:", help);

	for (const struct subcommand *s = table; s->name; s++) {
		char *longer =
			xasprintf("%s\n  %-10s %s", text, s->name, s->help);

		free(text);
		text = longer;
	}
	return text;
}

char *command_error_line(const char *program, const char *command,
			 const struct error *err)
{
	cleanup_free char *who = command ? xasprintf("%s: %s", program, command)
					 : xstrdup(program);

	if (err->step)
		return xasprintf("%s: dockerinit step %d (%s): %s", who,
				 err->step, err->step_name, err->message);
	return xasprintf("%s: %s", who, err->message);
}

int number_read(const char *text, long long least, long long most,
		long long *number, struct error *err)
{
	char *end;

	errno = 0;
	*number = strtoll(text, &end, 10);
	/* strtoll would allow blanks and a plus before the digits. */
	if (!isdigit((unsigned char)text[text[0] == '-']) || *end)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "a whole number is wanted");
	if (errno || *number < least || *number > most)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "a number from %lld to %lld is wanted", least,
				 most);
	return 0;
}
