/* program.c  [outside]  what every entrance's main does, but for its errors */
#include "libcontainer/commands.h"

#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { STACK_LEAST = 64 * 1024 };

/* What stands there instead takes everything, and keeps nothing. */
static bool stdout_was_closed;

int open_missing_stdio(struct error *err)
{
	int fd;

	do {
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
		if (fd < 0)
			return error_errno(err, "open /dev/null");
		if (fd == STDOUT_FILENO)
			stdout_was_closed = true;
		/* These three are for the programs that we start, too. */
		if (fd <= STDERR_FILENO)
			fcntl(fd, F_SETFD, 0);
	} while (fd <= STDERR_FILENO);
	close(fd);
	return 0;
}

int output_write(const char *text, struct error *err)
{
	errno = EBADF;
	if (stdout_was_closed ||
	    write_all(STDOUT_FILENO, text, strlen(text)) < 0)
		return error_errno(err, "write the output");
	return 0;
}

/* The program's own flags: 1 when help was printed, else 0 or -1. */
static int read_program_flags(const struct program *program, void *self,
			      int argc, char **argv, char ***words,
			      int *words_len, struct error *err)
{
	const struct flag *const tables[] = { program->flags,
					      program->shared_flags, NULL };
	cleanup_free char *help =
		subcommand_help(program->help, program->commands);
	const struct command_form form = {
		.name = program->name,
		.usage = program->usage,
		.help = help,
		.tables = tables,
	};
	struct command_line line;
	int result = command_line_read(&form, argc, argv, &line, err);

	if (result)
		return result;
	result = flags_apply(program->flags, &line, self, err);
	if (result == 0 && program->shared_flags)
		result = flags_apply(program->shared_flags, &line,
				     program->shared_object, err);
	*words = line.words;
	*words_len = line.words_len;
	command_line_free(&line);
	return result;
}

static int run_command(const struct program *program, void *self, int argc,
		       char **argv, const char **command, struct error *err)
{
	const struct subcommand *sub;
	int result, words_len;
	char **words;

	result = read_program_flags(program, self, argc, argv, &words,
				    &words_len, err);
	if (result)
		return result < 0 ? -1 : 0;
	if (!words_len)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "a command is wanted; see %s --help",
				 program->name);
	sub = subcommand_find(program->commands, words[0], err);
	if (!sub)
		return -1;
	*command = sub->name;
	if (program->ready && program->ready(self, err) < 0)
		return -1;
	return sub->run(self, sub, words_len, words, err);
}

/* The stack cannot grow beyond its limit: who runs into that gets no word out.
 * The same limit holds for dockerinit, and is the container's. */
static int check_stack(struct error *err)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_STACK, &limit) < 0)
		return error_errno(err, "ask for the stack limit");
	if (limit.rlim_cur >= STACK_LEAST)
		return 0;
	return error_set(err, ERROR_SYSTEM,
			 "the stack limit (RLIMIT_STACK, ulimit -s) is too "
			 "small: expected at least %d KiB, got %llu bytes",
			 STACK_LEAST / 1024,
			 (unsigned long long)limit.rlim_cur);
}

int program_run(const struct program *program, void *self, int argc,
		char **argv, const char **command, struct error *err)
{
	int status = check_stack(err);

	if (status == 0)
		status = alloc_begin(program->name, err);
	if (status == 0)
		status = open_missing_stdio(err);
	if (status == 0)
		status = run_command(program, self, argc, argv, command, err);
	return status;
}
