/*
 * main.c  [inside]  dockerinit: one function only, to execute reexec.init()
 *
 * The outside executes this file under the name "native" (argv[0]), which
 * execdriver/native/register.c has put into the table of reexec. Under any
 * other name there is no pipe and nobody to talk to; then it can only describe
 * itself.
 */
#include "dockerinit/inside.h"
#include "reexec/reexec.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#ifndef VERSION
#define VERSION "unknown"
#endif

static const char help[] =
	"Usage: dockerinit --list-steps[=json] | --version | --help\n"
	"The first process of a container. It is started by nsinit and\n"
	"execdriver under a registered name, and not by hand.\n";

static const char *who_name(enum init_type who)
{
	if (who == INIT_BOTH)
		return "both";
	return who == INIT_STANDARD ? "standard" : "setns";
}

static void list_steps(void)
{
	for (size_t i = 0; i < INIT_STEPS; i++) {
		const struct init_step *s = &init_steps[i];

		printf("%2d  %-24s %-9s %s\n", s->number, s->name,
		       who_name(s->who), s->chapter);
		if (*s->substeps)
			printf("    %-24s %-9s %s\n", "", "", s->substeps);
	}
}

/* The rows hold no character that JSON would have escaped. */
static void list_steps_json(void)
{
	printf("[\n");
	for (size_t i = 0; i < INIT_STEPS; i++) {
		const struct init_step *s = &init_steps[i];

		printf("\t{\"number\": %d, \"function\": \"%s\", "
		       "\"name\": \"%s\", \"who\": \"%s\", "
		       "\"chapter\": \"%s\", \"substeps\": \"%s\", "
		       "\"file\": \"dockerinit/%s.c\"}%s\n",
		       s->number, s->name, strchr(s->name, '_') + 1,
		       who_name(s->who), s->chapter, s->substeps, s->name,
		       i + 1 < INIT_STEPS ? "," : "");
	}
	printf("]\n");
}

static int wrong_name(const char *argv0)
{
	fprintf(stderr,
		"dockerinit: %s: not a registered name; there is:", argv0);
	for (const char *const *name = reexec_names(); *name; name++)
		fprintf(stderr, " %s", *name);
	fprintf(stderr, " (see dockerinit --help)\n");
	return 125;
}

/* All of it at once, so that errno is the one of the write that failed. */
static int write_out(void)
{
	if (fflush(stdout) == 0)
		return 0;
	fprintf(stderr, "dockerinit: write the output: %s\n", strerror(errno));
	return 125;
}

int main(int argc, char **argv)
{
	const char *option = argc == 2 ? argv[1] : "";
	static char buffer[64 * 1024]; /* more than all that is printed */

	if (argc < 1)
		return wrong_name("\"\"");
	if (reexec_init(argv[0]))
		return 0;
	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	if (strcmp(option, "--list-steps") == 0)
		list_steps();
	else if (strcmp(option, "--list-steps=json") == 0)
		list_steps_json();
	else if (strcmp(option, "--version") == 0)
		printf("dockerinit %s\n", VERSION);
	else if (strcmp(option, "--help") == 0)
		fputs(help, stdout);
	else
		return wrong_name(argv[0]);
	return write_out();
}
