/*
 * main.c  [outside]  execdriver: a stand-in for the Docker daemon
 *
 * The daemon's part of the chapter, as a program: it reads what is to be run
 * (command.json), provides the pipes and the startCallback, calls the native
 * driver, and tells the ExitStatus. Its own stdin, stdout and stderr play the
 * client's connection. The other commands call one method each.
 */
#include "execdriver/native/native.h"
#include "libcontainer/commands.h"
#include "libcontainer/configs/names.h"
#include "libcontainer/state_root.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/terminal.h"
#include "libcontainer/trace/flags.h"
#include "libcontainer/trace/session.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The program: the flags before the command, and the driver. */
struct daemon {
	const char *root_flag;
	char *root;
	struct native_driver native;
	struct driver *driver; /* &native.driver */
	struct trace_options trace;
	struct trace_session *session; /* NULL: nobody watches */
};

static int run_run(void *program, const struct subcommand *self, int argc,
		   char **argv, struct error *err);
static int run_exec(void *program, const struct subcommand *self, int argc,
		    char **argv, struct error *err);
static int run_kill(void *program, const struct subcommand *self, int argc,
		    char **argv, struct error *err);
static int run_pids(void *program, const struct subcommand *self, int argc,
		    char **argv, struct error *err);
static int run_info(void *program, const struct subcommand *self, int argc,
		    char **argv, struct error *err);
static int run_verb(void *program, const struct subcommand *self, int argc,
		    char **argv, struct error *err);
static int run_stats(void *program, const struct subcommand *self, int argc,
		     char **argv, struct error *err);

static const struct subcommand commands[] = {
	{ "run", run_run, 1, "COMMAND.JSON",
	  "run a container until its program ends" },
	{ "exec", run_exec, 2, "ID PROCESS.JSON",
	  "run one more program in a living container" },
	{ "kill", run_kill, 1, "ID [SIGNAL]",
	  "send a signal (KILL) to a container's first process" },
	{ "info", run_info, 1, "ID", "say whether a container is running" },
	{ "pids", run_pids, 1, "ID", "list the processes of a container" },
	{ "pause", run_verb, 1, "ID", "freeze a container" },
	{ "unpause", run_verb, 1, "ID", "thaw a container" },
	{ "stats", run_stats, 1, "ID", "print what a container uses" },
	{ "terminate", run_verb, 1, "ID", "kill and remove a container" },
	{ "clean", run_verb, 1, "ID", "remove what a dead container left" },
	{ .name = NULL },
};

/* Only these two start something that can be watched. */
static bool starts(const struct subcommand *self)
{
	return self->run == run_run || self->run == run_exec;
}

/*
 * Read a command's line. self->needs is how many words it must have, and one
 * more is allowed where the usage has one in brackets. Returns 1 when help
 * was printed.
 */
static int read_words(struct daemon *daemon, const struct subcommand *self,
		      int argc, char **argv, char ***words, struct error *err)
{
	const struct flag *const tables[] = { starts(self) ? trace_flags : NULL,
					      NULL };
	cleanup_free char *name = xasprintf("execdriver %s", self->name);
	const struct command_form form = {
		.name = name,
		.usage = self->usage,
		.help = self->help,
		.tables = tables,
	};
	int least = (int)self->needs;
	int most = least + (strchr(self->usage, '[') != NULL);
	struct command_line line;
	int result = command_line_read(&form, argc, argv, &line, err);
	int len = line.words_len;

	if (result)
		return result;
	*words = line.words;
	result = flags_apply(trace_flags, &line, &daemon->trace, err);
	command_line_free(&line);
	if (result < 0 ||
	    (!starts(self) && trace_refuse(&daemon->trace, err) < 0))
		return -1;
	if (len < least || len > most)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "the words %s are wanted", self->usage);
	return 0;
}

static void started(void *data, const struct process_config *process_config,
		    pid_t pid)
{
	(void)data;
	(void)process_config;
	fprintf(stderr, "started pid %d\n", (int)pid);
}

static int make_pipes(struct pipes *pipes, struct error *err)
{
	*pipes = (struct pipes){ STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO,
				 terminal_catch_signals(err) };
	return pipes->signals < 0 ? -1 : 0;
}

/* What is started from here on is watched, if somebody wants to. */
static int open_trace(struct daemon *daemon, const struct command *command,
		      struct error *err)
{
	const struct trace_subject subject = { .program = "execdriver",
					       .root = daemon->root,
					       .id = command->id };

	if (trace_session_open(&daemon->trace, &subject, &daemon->session,
			       err) < 0)
		return -1;
	daemon->native.factory.tracer = trace_session_tracer(daemon->session);
	/* Who attaches a debugger wants symbols. */
	daemon->native.factory.plain_init = daemon->trace.hold.stop != 0;
	return 0;
}

static int run_run(void *program, const struct subcommand *self, int argc,
		   char **argv, struct error *err)
{
	const struct start_callback callback = { .call = started };
	struct daemon *daemon = program;
	struct exit_status status;
	struct command *command;
	struct pipes pipes;
	char **words;
	int result = read_words(daemon, self, argc, argv, &words, err);

	if (result)
		return result < 0 ? -1 : 0;
	if (command_load_file(words[0], &command, err) < 0)
		return -1;
	result = open_trace(daemon, command, err);
	if (result == 0)
		result = make_pipes(&pipes, err);
	if (result == 0) {
		result = daemon->driver->run(daemon->driver, command, &pipes,
					     &callback, &status, err);
		close(pipes.signals);
	}
	result = trace_session_close(daemon->session, result, err);
	command_free(command);
	if (result < 0)
		return -1;
	fprintf(stderr, "exit status %d%s\n", status.exit_code,
		status.oom_killed ? ", killed for memory" : "");
	return status.exit_code;
}

static int run_exec(void *program, const struct subcommand *self, int argc,
		    char **argv, struct error *err)
{
	const struct start_callback callback = { .call = started };
	struct daemon *daemon = program;
	struct process_config *process_config;
	struct command *command;
	struct pipes pipes;
	char **words;
	int exit_code,
		result = read_words(daemon, self, argc, argv, &words, err);

	if (result)
		return result < 0 ? -1 : 0;
	if (process_config_load_file(words[1], &process_config, err) < 0)
		return -1;
	command = command_new(words[0]);
	result = open_trace(daemon, command, err);
	if (result == 0)
		result = make_pipes(&pipes, err);
	if (result == 0) {
		result = daemon->driver->exec(daemon->driver, command,
					      process_config, &pipes, &callback,
					      &exit_code, err);
		close(pipes.signals);
	}
	result = trace_session_close(daemon->session, result, err);
	command_free(command);
	process_config_free(process_config);
	return result < 0 ? -1 : exit_code;
}

static int run_kill(void *program, const struct subcommand *self, int argc,
		    char **argv, struct error *err)
{
	struct daemon *daemon = program;
	struct command *command;
	char **words;
	int result = read_words(daemon, self, argc, argv, &words, err);
	int sig;

	if (result)
		return result < 0 ? -1 : 0;
	sig = words[1] ? signal_number(words[1]) : signal_number("KILL");
	if (sig < 0)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "there is no signal %s", words[1]);
	command = command_new(words[0]);
	result = daemon->driver->kill(daemon->driver, command, sig, err);
	command_free(command);
	return result;
}

static int run_info(void *program, const struct subcommand *self, int argc,
		    char **argv, struct error *err)
{
	struct daemon *daemon = program;
	cleanup_free char *text = NULL;
	struct driver_info info;
	char **words;
	int result = read_words(daemon, self, argc, argv, &words, err);

	if (result)
		return result < 0 ? -1 : 0;
	if (daemon->driver->info(daemon->driver, words[0], &info, err) < 0)
		return -1;
	text = xasprintf("%s: %s is %s\n", daemon->driver->name(daemon->driver),
			 words[0],
			 info.is_orphaned  ? "orphaned"
			 : info.is_running ? "running"
					   : "not running");
	return output_write(text, err);
}

static int run_pids(void *program, const struct subcommand *self, int argc,
		    char **argv, struct error *err)
{
	struct daemon *daemon = program;
	cleanup_free pid_t *pids = NULL;
	char **words;
	size_t len;
	int result = read_words(daemon, self, argc, argv, &words, err);

	if (result)
		return result < 0 ? -1 : 0;
	if (daemon->driver->get_pids_for_container(daemon->driver, words[0],
						   &pids, &len, err) < 0)
		return -1;
	for (size_t i = 0; i < len; i++) {
		cleanup_free char *line = xasprintf("%d\n", (int)pids[i]);

		if (output_write(line, err) < 0)
			return -1;
	}
	return 0;
}

/* pause, unpause, terminate, clean: an id and no answer. */
static int run_verb(void *program, const struct subcommand *self, int argc,
		    char **argv, struct error *err)
{
	struct daemon *daemon = program;
	struct driver *driver = daemon->driver;
	struct command *command;
	char **words;
	int result = read_words(daemon, self, argc, argv, &words, err);

	if (result)
		return result < 0 ? -1 : 0;
	command = command_new(words[0]);
	if (strcmp(self->name, "pause") == 0)
		result = driver->pause(driver, command, err);
	else if (strcmp(self->name, "unpause") == 0)
		result = driver->unpause(driver, command, err);
	else if (strcmp(self->name, "terminate") == 0)
		result = driver->terminate(driver, command, err);
	else
		result = driver->clean(driver, words[0], err);
	command_free(command);
	return result;
}

static int run_stats(void *program, const struct subcommand *self, int argc,
		     char **argv, struct error *err)
{
	struct daemon *daemon = program;
	cleanup_free char *text = NULL;
	struct resource_stats stats;
	char **words;
	int result = read_words(daemon, self, argc, argv, &words, err);

	if (result)
		return result < 0 ? -1 : 0;
	if (daemon->driver->stats(daemon->driver, words[0], &stats, err) < 0)
		return -1;
	text = stats_print(&stats.stats);
	stats_free(&stats.stats);
	return output_write(text, err);
}

static int set_root(void *object, const char *value, struct error *err)
{
	if (value[0] != '/')
		return error_set(err, ERROR_CONFIG_INVALID,
				 "an absolute path is wanted");
	((struct daemon *)object)->root_flag = value;
	return 0;
}

static const struct flag program_flags[] = {
	{ "root", 0, "DIR", 0, set_root,
	  "where the containers' state lives (/run/execdriver)" },
	{ .name = NULL },
};

static void say_warning(const char *text)
{
	fprintf(stderr, "execdriver: %s\n", text);
}

static int make_driver(void *object, struct error *err)
{
	struct daemon *daemon = object;

	daemon->root = state_root("execdriver", daemon->root_flag, err);
	if (!daemon->root)
		return -1;
	native_driver_init(&daemon->native, daemon->root, say_warning);
	daemon->driver = &daemon->native.driver;
	return 0;
}

int main(int argc, char **argv)
{
	struct daemon daemon = { .root = NULL };
	const struct program program = {
		.name = "execdriver",
		.usage = "COMMAND [WORD...]",
		.help = "Plays Docker's daemon for the native execution "
			"driver.",
		.flags = program_flags,
		.shared_flags = trace_flags,
		.shared_object = &daemon.trace,
		.commands = commands,
		.ready = make_driver,
	};
	struct error err = { .errnum = 0 };
	const char *command = NULL;
	int status = program_run(&program, &daemon, argc, argv, &command, &err);

	if (status < 0) {
		cleanup_free char *line =
			command_error_line("execdriver", command, &err);

		fprintf(stderr, "%s\n", line);
		status = error_exit_status(&err);
	}
	free(daemon.root);
	return status;
}
