/*
 * main.c  [outside]  nsinit: run a program in a container, by hand
 *
 * The table of commands, and the only place of nsinit that prints an error
 * and ends the program. The exit status is the container's program's own, or
 * 128 + n when signal n ended it; 125, 126 and 127 are ours (as a shell has
 * them): we failed, it cannot be run, it was not found.
 */
#include "nsinit/nsinit.h"

#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const struct subcommand commands[] = {
	{ "exec", nsinit_exec,
	  NEED_ID | NEED_CONFIG | NEED_CREATE | NEED_PROCESS,
	  "[--] CMD [ARG...]",
	  "run CMD in a new container, or in a living one" },
	{ "spec", nsinit_spec, NEED_ID | NEED_CONFIG | NEED_CREATE, "",
	  "print the container's config as JSON" },
	{ "stats", nsinit_stats, NEED_ID, "",
	  "print what a living container uses, as JSON" },
	{ "nsenter", nsinit_nsenter, NEED_ID | NEED_PROCESS,
	  "[--] CMD [ARG...]", "run CMD in a living container" },
	{ "kill", nsinit_kill, NEED_WORDS, "ID KILL",
	  "end a container, also one that is paused" },
	{ "explain", nsinit_explain, 0, "[STEP|ACT]",
	  "say what happens in a step or an act; list them all" },
	{ "init", nsinit_init, 0, "", "be dockerinit (nsinit's own use)" },
	{ .name = NULL },
};

static int set_root(void *object, const char *value, struct error *err)
{
	struct nsinit *nsinit = object;

	if (!*value)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "a directory is wanted");
	nsinit->root = value;
	return 0;
}

static int set_log_file(void *object, const char *value,
			struct error *err __attribute__((unused)))
{
	((struct nsinit *)object)->log_file = value;
	return 0;
}

/* An image or a config may have put anything in it: one line, and printable. */
static void say_note(const char *text)
{
	struct error line;

	error_set(&line, ERROR_SYSTEM, "%s", text);
	fprintf(stderr, "nsinit: debug: %s\n", line.message);
}

static int set_debug(void *object, const char *value __attribute__((unused)),
		     struct error *err __attribute__((unused)))
{
	struct nsinit *nsinit = object;

	nsinit->debug = true;
	nsinit->note = say_note;
	return 0;
}

static int set_plain_init(void *object,
			  const char *value __attribute__((unused)),
			  struct error *err __attribute__((unused)))
{
	((struct nsinit *)object)->plain_init = true;
	return 0;
}

static const struct flag program_flags[] = {
	{ "root", 0, "DIR", 0, set_root,
	  "where the containers' state lives (/run/nsinit)" },
	{ "debug", 0, NULL, 0, set_debug,
	  "say an error's code and errno, and what is left out, too" },
	{ "log-file", 0, "FILE", 0, set_log_file,
	  "append errors to FILE, too" },
	{ "plain-init", 0, NULL, 0, set_plain_init,
	  "execute dockerinit's own file, unprotected, and hide it from "
	  "nobody (for gdb)" },
	{ .name = NULL },
};

/* Errors go to stderr, and with a time to the log file. */
static void report(const struct nsinit *nsinit, const char *command,
		   const struct error *err)
{
	cleanup_free char *line = command_error_line("nsinit", command, err);
	cleanup_free char *detail =
		nsinit->debug
			? xasprintf(" [%s, errno %d]",
				    error_code_name(err->code), err->errnum)
			: xstrdup("");
	cleanup_close int fd = -1;
	char when[40] = "";
	time_t now = time(NULL);
	struct tm tm;

	fprintf(stderr, "%s%s\n", line, detail);
	if (!nsinit->log_file)
		return;
	fd = open(nsinit->log_file,
		  O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0600);
	if (gmtime_r(&now, &tm))
		strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", &tm);
	if (fd < 0 || dprintf(fd, "%s %s%s\n", when, line, detail) < 0)
		fprintf(stderr, "nsinit: cannot write the log file %s\n",
			nsinit->log_file);
}

int main(int argc, char **argv)
{
	struct nsinit nsinit = { .root = NULL };
	const struct program program = {
		.name = "nsinit",
		.usage = "COMMAND [FLAG...] [WORD...]",
		.help = "Runs a program in a container of its own.",
		.flags = program_flags,
		.shared_flags = trace_flags,
		.shared_object = &nsinit.trace,
		.commands = commands,
	};
	struct error err = { .errnum = 0 };
	const char *command = NULL;
	int status = program_run(&program, &nsinit, argc, argv, &command, &err);

	if (status >= 0)
		return status;
	report(&nsinit, command, &err);
	return error_exit_status(&err);
}
