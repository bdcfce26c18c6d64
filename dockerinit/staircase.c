/*
 * staircase.c  [inside]  walk the twelve steps, and say so when one fails
 *
 * The same staircase serves two walkers: the first process of a container
 * takes every step, a process that joins a living one skips those that would
 * make what is there already. Before each step the process takes the step's
 * name, which ps, /proc/PID/comm and strace show: "dockerinit:07".
 *
 * A step that fails ends the walk. Its number travels up the pipe with the
 * error, so the outside can name the stair; the process then leaves with a
 * status that says the same in short, for a parent that only waits.
 */
#include "dockerinit/init.h"
#include "dockerinit/inside.h"
#include "dockerinit/mounted.h"
#include "dockerinit/trace_gate.h"

#include "libcontainer/system/alloc.h"
#include "libcontainer/system/error.h"

#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

const struct init_step init_steps[INIT_STEPS] = {
#define STEP(number, function, who, chapter, substeps) \
	{ number, #function, function, who, chapter, substeps },
#include "dockerinit/steps.def"
#undef STEP
};

__attribute__((noinline)) void init_step_begin(const struct init_step *step)
{
	__asm__ volatile("" : : "r"(step) : "memory");
}

static void show_step(const struct init_step *step)
{
	char name[16];

	snprintf(name, sizeof(name), "dockerinit:%02d", step->number);
	prctl(PR_SET_NAME, name);
}

//> staircase
static int take(struct init *init, const struct init_step *step,
		struct error *err)
{
	struct timespec started = { 0 };

	init->step = step;
	show_step(step);
	if (trace_before(init, step, &started, err) < 0)
		return -1;
	init_step_begin(step);
	if (step->run(init, err) < 0 || alloc_check(err) < 0)
		return -1;
	trace_after(init, step, &started);
	return 0;
}

static int walk(struct init *init, struct error *err)
{
	for (size_t i = 0; i < INIT_STEPS; i++) {
		const struct init_step *step = &init_steps[i];

		if (!(step->who & init->type))
			continue;
		if (take(init, step, err) < 0) {
			err->step = step->number;
			snprintf(err->step_name, sizeof(err->step_name), "%s",
				 step->name);
			return -1;
		}
	}
	return 0;
}
//< staircase

/* Step 1 may fail before the pipe is ours; look for it once more. With no
 * pipe at all, somebody started us by hand and reads our stderr. */
static void report(struct init *init, const struct error *err)
{
	if (init->pipe.fd < 0) {
		int fd = descriptor_from_environment(ENV_INIT_PIPE, NULL);

		if (fd < 0) {
			dprintf(STDERR_FILENO, "dockerinit: step %d (%s): %s\n",
				err->step, err->step_name, err->message);
			return;
		}
		syncpipe_open(&init->pipe, fd);
	}
	syncpipe_send_error(&init->pipe, err);
}

void init_note(const struct init *init, const char *fmt, ...)
{
	struct message message = { .type = MSG_NOTE, .fd = -1 };
	struct syncpipe pipe = init->pipe; /* sending leaves it as it is */
	char text[512];
	va_list ap;

	if (!init->step || init->pipe.fd < 0)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	message.note = xasprintf("dockerinit step %d (%s): %s",
				 init->step->number, init->step->name, text);
	syncpipe_send(&pipe, &message, NULL);
	message_free(&message);
}

bool init_changes_root(const struct init *init)
{
	const struct config *config = init->config->config;

	return config_makes_namespace(config, CLONE_NEWNS) && config->rootfs &&
	       strcmp(config->rootfs, "/") != 0;
}

int factory_start_initialization(void)
{
	struct init init = { .type = INIT_BOTH,
			     .pipe = { .fd = -1, .passed_fd = -1 },
			     .message = { .fd = -1 },
			     .proc_fd = -1,
			     .rootfs_fd = -1,
			     .attr_fd = -1 };
	struct error err = { 0 };

	if (alloc_begin(NULL, &err) < 0) {
		report(&init, &err);
		return error_exit_status(&err);
	}
	/* Here and not in step 1, for step 1 is traced, too. */
	init.trace_fd = descriptor_from_environment(ENV_TRACE, NULL);
	if (walk(&init, &err) == 0)
		return 0;
	report(&init, &err);
	syncpipe_close(&init.pipe);
	message_free(&init.message);
	mounted_close(&init);
	free(init.attr_text);
	free(init.program);
	return error_exit_status(&err);
}
