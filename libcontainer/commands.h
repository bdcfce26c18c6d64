/*
 * commands.h  [outside]  what every entrance's command line has in common
 *
 *	PROGRAM [flags] COMMAND [flags] [--] [WORD...]
 *
 * A program is a table of commands; a command is a row and a function; a flag
 * is a row and a function. The line is read into a list of the flags that were
 * used, and each table is applied to its object when that object is there:
 * nsinit's own flags at once, the ones that change a config after it is loaded.
 */
#ifndef LIBCONTAINER_COMMANDS_H
#define LIBCONTAINER_COMMANDS_H

#include "libcontainer/system/error.h"

#include <stdbool.h>
#include <stddef.h>

struct subcommand {
	const char *name;
	/* argv[0] is the command's name. Returns the program's exit status, or
	 * -1 with *err. program is what the entrance handed to its table. */
	int (*run)(void *program, const struct subcommand *self, int argc,
		   char **argv, struct error *err);
	unsigned needs;	   /* bits of the entrance: which flags it takes    */
	const char *usage; /* "[--] CMD [ARG...]"                           */
	const char *help;  /* one line; a table of them ends with name NULL */
};

struct flag {
	const char *name;  /* without "--"                                  */
	int letter;	   /* 't' for -t, or 0                              */
	const char *value; /* what help calls it: "ID"; "[=FILE]" may be
			    * left out, and is NULL then; NULL: takes none  */
	unsigned needs;	   /* commands with one of these bits; 0: all       */
	int (*apply)(void *object, const char *value, struct error *err);
	const char *help; /* a table of flags ends with name NULL          */
};

/* One flag that was given; value points into argv, NULL when it takes none. */
struct flag_use {
	const struct flag *flag;
	const char *value;
};

struct command_line {
	struct flag_use *uses;
	size_t uses_len;
	char **words; /* from the first word that is no flag; inside argv */
	int words_len;
};

/* What a command line may look like. */
struct command_form {
	const char *name;  /* "nsinit exec"                          */
	const char *usage; /* after the flags                        */
	const char *help;  /* a sentence or more                     */
	const struct flag *const *tables; /* NULL-terminated         */
	unsigned needs;
};

/*
 * command_line_read - read argv (argv[0] is skipped) by the form. The first
 * word that is no flag, or "--", ends the flags. Returns 0 with *line filled
 * (release: command_line_free); 1 when --help or --version was given and
 * printed; -1 for a wrong flag, and the message names the nearest right one.
 */
int command_line_read(const struct command_form *form, int argc, char **argv,
		      struct command_line *line, struct error *err);

/* command_line_free - release the list; the words stay in argv. */
void command_line_free(struct command_line *line);

/*
 * flags_apply - call apply on object for each used flag of the table: in the
 * table's order, and for one flag in the order of its uses. An error's message
 * begins with the flag. Returns 0 or -1.
 */
int flags_apply(const struct flag *table, const struct command_line *line,
		void *object, struct error *err);

/* flags_used - was one of the table's flags given? */
bool flags_used(const struct flag *table, const struct command_line *line);

/* subcommand_find - the row of that name; NULL and *err, which names the
 * nearest right one, when there is none. */
const struct subcommand *subcommand_find(const struct subcommand *table,
					 const char *name, struct error *err);

/* subcommand_help - help followed by a list of the table's commands, for
 * command_form.help; the caller's: free(). */
char *subcommand_help(const char *help, const struct subcommand *table);

/* An entrance: what its main has to say. */
struct program {
	const char *name;	  /* "nsinit"                  */
	const char *usage;	  /* after the name            */
	const char *help;	  /* a sentence                */
	const struct flag *flags; /* before the command        */
	/* Those that may stand before the command as well as after it, and
	 * their object; both may be NULL. */
	const struct flag *shared_flags;
	void *shared_object;
	const struct subcommand *commands;
	/* Called when the flags are applied; may be NULL. 0 or -1. */
	int (*ready)(void *self, struct error *err);
};

/*
 * program_run - all of a main but printing errors: read the program's own
 * flags into self, find the command, run it.
 * *command is its name as soon as it is known (for the error line). Returns
 * the exit status, or -1 with *err.
 */
int program_run(const struct program *program, void *self, int argc,
		char **argv, const char **command, struct error *err);

/*
 * command_error_line - "nsinit: exec: dockerinit step 8 (step08_mounts): ..."
 * without a newline; command may be NULL. The caller's: free().
 */
char *command_error_line(const char *program, const char *command,
			 const struct error *err);

/*
 * number_read - a whole number from least to most, and nothing else: no
 * blanks, no unit, no fraction. Returns 0 or -1.
 */
int number_read(const char *text, long long least, long long most,
		long long *number, struct error *err);

/*
 * output_write - write text to our standard output, at once: all that a program
 * prints itself goes this way. -1 and *err when it cannot be written, or was
 * closed when the program began.
 */
int output_write(const char *text, struct error *err);

/*
 * open_missing_stdio - a program started with 0, 1 or 2 closed would get its
 * next file there, and hand it to a container: put /dev/null on them.
 */
int open_missing_stdio(struct error *err);

#endif
