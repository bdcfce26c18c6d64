/*
 * hold.c  [outside]  the walk is held before a step, and the user decides
 *
 * dockerinit asks before each step whether it may take it; as long as we do
 * not answer, it stands still, and can be looked at. That is all the holding
 * there is. (It could not hold itself: SIGSTOP of its own is ignored by the
 * process 1 of a pid namespace.)
 *
 * The questions go to /dev/tty, the user's terminal, wherever stdin and stdout
 * lead. The signals are blocked since terminal_catch_signals, and those that
 * are not for us stay in the queue, for the program that will run: we read the
 * few that are from a signalfd of our own (hold_wait.c), and a fatal one is the
 * user's word to undo the start (interrupt.h).
 */
#include "libcontainer/trace/hold.h"

#include "libcontainer/interrupt.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/trace/break_shell.h"
#include "libcontainer/trace/explain.h"
#include "libcontainer/trace/hold_wait.h"
#include "libcontainer/trace/tracer.h"
#include "libcontainer/trace/whereabouts.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool hold_wanted(const struct hold_options *o)
{
	return o->step || o->stop || o->shell_inside || o->shell_host;
}

/* "9", of len characters: its number, or 0 and *err. */
static int read_step(const char *value, size_t len, struct error *err)
{
	char *end;
	long step = strtol(value, &end, 10);

	if (value[strspn(value, "0123456789")] != value[len] ||
	    end != value + len || !explain_step((int)step) || len > 2) {
		error_set(err, ERROR_CONFIG_INVALID,
			  "there is no step %.*s; the steps are 1 to %d (see "
			  "nsinit explain)",
			  (int)len, value, STEPS);
		return 0;
	}
	return (int)step;
}

int hold_add_break(struct hold_options *options, const char *value,
		   struct error *err)
{
	size_t len = strcspn(value, "=");
	int step = read_step(value, len, err);

	if (!step)
		return -1;
	if (value[len] && strcmp(value + len, "=host") != 0)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "a shell is inside (--break %d) or on the "
				 "host's side (--break %d=host)",
				 step, step);
	if (value[len])
		options->shell_host |= HOLD_BIT(step);
	else
		options->shell_inside |= HOLD_BIT(step);
	return 0;
}

int hold_add_stop(struct hold_options *options, const char *value,
		  struct error *err)
{
	int step = read_step(value, strlen(value), err);

	if (!step)
		return -1;
	options->stop |= HOLD_BIT(step);
	return 0;
}

int hold_open(struct hold *hold, const struct hold_options *options,
	      struct error *err)
{
	bool shell = options->shell_inside || options->shell_host;

	*hold = (struct hold){ .options = *options, .tty = -1 };
	if (!hold_wanted(options))
		return 0;
	hold->tty = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (hold->tty < 0 && (options->step || shell))
		return error_errno(err,
				   "--%s: there is no terminal to ask at: "
				   "open /dev/tty",
				   options->step ? "step" : "break");
	if (options->shell_inside && break_shell_possible(err) < 0)
		return error_wrap(err, "--break");
	return 0;
}

void hold_close(struct hold *hold)
{
	if (hold->tty >= 0)
		close(steal_fd(&hold->tty));
}

/* "1 2 3 4 6 10 11 12": what a joining process walks. */
static char *joining_steps(void)
{
	char *walked = xstrdup("");

	for (int i = 1; i <= STEPS; i++) {
		cleanup_free char *before = walked;

		walked = explain_step(i)->joining
				 ? xasprintf("%s %d", before, i)
				 : xstrdup(before);
	}
	return walked;
}

int hold_begin(struct hold *hold, const char *rootfs, bool joining,
	       struct error *err)
{
	unsigned wanted = hold->options.stop | hold->options.shell_inside |
			  hold->options.shell_host;
	cleanup_free char *walked = joining_steps();
	int skipped = 0;

	hold->joining = joining;
	hold->rootfs = rootfs;
	for (int i = STEPS; i >= 1; i--)
		if ((wanted & HOLD_BIT(i)) && !explain_step(i)->joining)
			skipped = i;
	if (!joining || !skipped)
		return 0;
	return error_set(err, ERROR_CONFIG_INVALID,
			 "--%s %d: a process that joins a container does not "
			 "walk step %d; it walks%s",
			 hold->options.stop & HOLD_BIT(skipped) ? "stop"
								: "break",
			 skipped, skipped, walked);
}

/* "[step  9/12] next: pivot_root - switch the root path ...". */
static void say_where(FILE *f, const char *word, int step)
{
	const struct explanation *e = explain_step(step);

	fprintf(f, "[%s %2d/%d] next: %s - %s", word, step, STEPS, e->name,
		e->chapter);
}

/* The program that pid executes, as gdb needs it: by its name, if it has one
 * (a detached mount's and a memfd's file have none). */
static void find_program(pid_t pid, char *path, size_t size)
{
	char link[32];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/%d/exe", (int)pid);
	n = readlink(link, path, size - 1);
	path[n > 0 ? n : 0] = '\0';
	if (path[0] != '/' || access(path, R_OK) < 0)
		snprintf(path, size, "%s", link);
}

static void say_how_to_attach(FILE *f, const struct hold *hold, pid_t pid,
			      int step)
{
	cleanup_free char *number = xasprintf("%d", (int)pid);
	cleanup_free char *enter = whereabouts_command(pid, number);
	char program[PATH_MAX];

	find_program(pid, program, sizeof(program));
	say_where(f, "stop", step);
	fprintf(f,
		"\n"
		"%s"
		"  dockerinit is process %d, held; from another terminal:\n"
		"    gdb -nx -q -iex 'set sysroot /' %s -p %d\n"
		"    %s\n"
		"    ls -l /proc/%d/ns /proc/%d/root/\n"
		"  (it runs from its own file, as with --plain-init: gdb would "
		"find no symbols in\n"
		"  the protected copy; its next function is %s)\n"
		"  kill -USR1 %d%s goes on; Ctrl-C gives up\n",
		hold->joining ? "  CAREFUL: its file is not protected, and "
				"the container's processes can reach it\n"
				"  through /proc: for containers you trust\n"
			      : "  CAREFUL: nothing hides it, or protects its "
				"file, from containers that share the\n"
				"  host's pids (--pid host)\n",
		(int)pid, program, (int)pid, enter, (int)pid, (int)pid,
		explain_step(step)->function, (int)getpid(),
		hold->tty >= 0 ? ", or Enter here," : "");
	fflush(f);
}

static char give_up(struct tracer *tracer, int step)
{
	if (interrupt_check(&tracer->why) < 0) {
		error_wrap(&tracer->why, "before step %d (%s)", step,
			   explain_step(step)->function);
		return 'Q';
	}
	error_set(&tracer->why, ERROR_SYSTEM,
		  "given up before step %d (%s), as you wished", step,
		  explain_step(step)->function);
	return 'Q';
}

/* Returns the answer, or 0: nothing decided. */
static char stop(struct hold *hold, struct tracer *tracer, pid_t pid, int step)
{
	enum hold_event event;
	char line[8];

	say_how_to_attach(stderr, hold, pid, step);
	/* The user may read another file than our stderr. */
	if (hold->tty >= 0 && !isatty(STDERR_FILENO))
		dprintf(hold->tty, "[stop %2d/%d] process %d is held <Enter> ",
			step, STEPS, (int)pid);
	do
		event = hold_wait(hold->tty, tracer->socket, line,
				  sizeof(line));
	while (event == HOLD_AGAIN);
	if (event == HOLD_DIED)
		return 'G'; /* nobody hears it; the pipe will tell */
	return event == HOLD_GIVE_UP ? give_up(tracer, step) : 0;
}

static char run_shell(struct hold *hold, struct tracer *tracer, pid_t pid,
		      int step, bool host)
{
	int result =
		host ? break_shell_host(hold->tty, tracer->socket, pid, step,
					&tracer->why)
		     : break_shell_inside(hold->tty, tracer->socket, pid, step,
					  hold->rootfs, &tracer->why);

	if (result == 1)
		return give_up(tracer, step);
	if (result < 0 && tracer->why.code == ERROR_INTERRUPTED)
		error_wrap(&tracer->why, "before step %d (%s)", step,
			   explain_step(step)->function);
	return result < 0 ? 'Q' : 0;
}

static void say_answers(const struct hold *hold)
{
	dprintf(hold->tty,
		"Enter: this step; a number: on to that step; c: on to the "
		"end;\n"
		"b: a shell here; h: one on the host's side; e: explain; q: "
		"give up\n");
}

static void explain(const struct hold *hold, int step)
{
	cleanup_free char *text = explain_text(explain_step(step));

	dprintf(hold->tty, "%s", text);
}

/* A number: the step that the user wants to see next. Returns whether that is
 * possible. */
static bool go_on_to(struct hold *hold, const char *line, int step)
{
	int to = (int)strtol(line, NULL, 10);
	const struct explanation *e = explain_step(to);
	cleanup_free char *walked = joining_steps();

	if (line[strspn(line, "0123456789")]) {
		dprintf(hold->tty, "%s: what is that? (%d is next)\n", line,
			step);
		say_answers(hold);
		return false;
	}
	if (!e)
		dprintf(hold->tty,
			"there is no step %s; the steps are 1 to "
			"%d\n",
			line, STEPS);
	else if (to == step)
		dprintf(hold->tty, "step %d is next: Enter takes it\n", to);
	else if (hold->joining && !e->joining)
		dprintf(hold->tty,
			"a process that joins a container does not "
			"walk step %d; it walks%s\n",
			to, walked);
	else if (to < step)
		dprintf(hold->tty, "step %d is over; %d is next\n", to, step);
	if (!e || to <= step || (hold->joining && !e->joining))
		return false;
	hold->go_on_to = to;
	return true;
}

/* One answer to the prompt. Returns 0 for another question. */
static char obey(struct hold *hold, struct tracer *tracer, pid_t pid, int step,
		 const char *line)
{
	if (!*line)
		return 'G';
	if (strcmp(line, "q") == 0)
		return give_up(tracer, step);
	if (strcmp(line, "b") == 0 || strcmp(line, "h") == 0)
		return run_shell(hold, tracer, pid, step, *line == 'h');
	if (strcmp(line, "c") == 0)
		hold->go_on_to = STEPS + 1;
	else if (strcmp(line, "e") == 0)
		explain(hold, step);
	else if (strcmp(line, "?") == 0)
		say_answers(hold);
	else if (go_on_to(hold, line, step))
		return 'G';
	return hold->go_on_to > step ? 'G' : 0;
}

static void prompt(const struct hold *hold, int step)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		return;
	say_where(f, "step", step);
	fputs(" <Enter> ", f);
	fclose(f);
	dprintf(hold->tty, "%s", text);
	free(text);
}

static char ask(struct hold *hold, struct tracer *tracer, pid_t pid, int step)
{
	char line[64], answer = 0;

	if (!hold->introduced)
		say_answers(hold);
	hold->introduced = true;
	while (!answer) {
		if (!hold_need_foreground(hold->tty))
			return give_up(tracer, step);
		prompt(hold, step);
		switch (hold_wait(hold->tty, tracer->socket, line,
				  sizeof(line))) {
		case HOLD_LINE:
			answer = obey(hold, tracer, pid, step, line);
			break;
		case HOLD_GO_ON:
		case HOLD_DIED: /* nobody hears it; the pipe will tell */
			dprintf(hold->tty, "\n");
			return 'G';
		case HOLD_GIVE_UP:
			dprintf(hold->tty, "\n");
			return give_up(tracer, step);
		case HOLD_AGAIN:
			break;
		}
	}
	return answer;
}

char hold_before(struct hold *hold, struct tracer *tracer, pid_t pid, int step)
{
	const struct hold_options *o = &hold->options;
	unsigned bit = HOLD_BIT(step);
	char answer = 0;

	if (o->stop & bit)
		answer = stop(hold, tracer, pid, step);
	if (!answer && (o->shell_inside & bit))
		answer = run_shell(hold, tracer, pid, step, false);
	if (!answer && (o->shell_host & bit))
		answer = run_shell(hold, tracer, pid, step, true);
	if (!answer && o->step && step >= hold->go_on_to)
		answer = ask(hold, tracer, pid, step);
	return answer ? answer : 'G';
}
