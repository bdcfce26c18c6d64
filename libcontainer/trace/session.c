/*
 * session.c  [outside]  one traced run: from its flags to its last line
 *
 * Whatever happens between two looks belongs to the act or the step that was
 * going on: at each of the pipeline's calls a look is taken, and what is not
 * as it was at the last one is noted there. Before there is a child, we look
 * at ourselves; then at the child, who stands still meanwhile.
 *
 * Looking takes longer than many a step. So there is a clock of our own, that
 * stands still while we look, write or let a person think: the times are those
 * of a run that nobody watches. A step's own time is measured by dockerinit.
 */
#include "libcontainer/trace/session.h"

#include "libcontainer/container.h"
#include "libcontainer/factory.h"
#include "libcontainer/process.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/trace/clock.h"
#include "libcontainer/trace/exec_stop.h"
#include "libcontainer/trace/look.h"
#include "libcontainer/trace/output.h"
#include "libcontainer/trace/record.h"
#include "libcontainer/trace/show.h"
#include "libcontainer/trace/tracer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The acts' letters: of each one act can be open. It ends when another act
 * begins; but acts E3 and E4 are made of those with other letters. */
static const char letters[] = "EFPS";

enum { LETTERS = sizeof(letters) - 1, NONE = -1 };

struct trace_session {
	struct tracer tracer; /* first: the hooks                       */
	struct trace_output output;
	struct hold hold;
	struct trace_record record;
	struct snapshot last; /* what there was at the last look        */
	pid_t last_pid;	      /* of whom                                */
	struct snapshot host; /* our links, when act S3 began           */
	char *folder;	      /* the container's state                  */
	int open[LETTERS];    /* places in record.events; NONE          */
	int step;	      /* the same, of the step that is walked   */
	bool written;	      /* the whole record                       */
	struct trace_clock clock;
};

static struct trace_session *session_of(struct tracer *tracer)
{
	return (struct trace_session *)tracer;
}

static void show(struct trace_session *s, const struct trace_event *event)
{
	cleanup_free char *lines = NULL;

	if (s->output.format != TRACE_TEXT)
		return;
	lines = show_event(event);
	trace_output_write(&s->output, lines);
}

/* What was done last, and is going on. */
static struct trace_event *current(struct trace_session *s)
{
	if (s->step != NONE)
		return &s->record.events[s->step];
	for (int i = LETTERS; i-- > 0;)
		if (s->open[i] != NONE)
			return &s->record.events[s->open[i]];
	return NULL;
}

/* The child begins with nothing of what is ours alone. */
static void change_subject(struct trace_session *s, pid_t pid)
{
	if (s->last_pid != getpid() || pid == getpid())
		return;
	snapshot_forget(&s->last, FACT_DESCRIPTOR);
	s->last.unknown &= ~(1U << FACT_DESCRIPTOR);
}

/* Look, and note what is new at the event; NULL: only look. */
static void look(struct trace_session *s, pid_t pid, struct trace_event *event)
{
	pid_t whom = pid ? pid : getpid();
	struct snapshot now;

	if (look_at(whom, &now) < 0)
		return;
	if (s->folder)
		look_into_folder(s->folder, &now);
	snapshot_sort(&now);
	change_subject(s, whom);
	if (event && s->last_pid)
		snapshot_compare(&s->last, &now, event);
	snapshot_free(&s->last);
	s->last = now;
	s->last_pid = whom;
}

static void look_at_cable(struct trace_session *s, struct trace_event *event)
{
	struct snapshot now = { .facts = NULL };

	look_at_links("host's ", &now);
	snapshot_sort(&now);
	if (event)
		snapshot_compare(&s->host, &now, event);
	snapshot_free(&s->host);
	s->host = now;
}

/* An act is over. */
static void end_act(struct trace_session *s, int letter)
{
	struct trace_event *event;

	if (s->open[letter] == NONE)
		return;
	event = &s->record.events[s->open[letter]];
	s->open[letter] = NONE;
	event->us = clock_us(&s->clock) - event->start_us;
	if (strcmp(event->tag, "S3") == 0)
		look_at_cable(s, event);
	show(s, event);
}

static void end_acts(struct trace_session *s, int from_letter)
{
	for (int i = LETTERS; i-- > from_letter;)
		end_act(s, i);
}

static void write_all_of_it(struct trace_session *s)
{
	if (s->written)
		return;
	s->written = true;
	s->record.time = s->clock.time;
	s->record.total_us = clock_us(&s->clock);
	trace_output_finish(&s->output, &s->record);
}

/* Another attempt, after one that failed. */
static void begin_anew(struct trace_session *s)
{
	trace_record_forget(&s->record);
	for (int i = 0; i < LETTERS; i++)
		s->open[i] = NONE;
	s->step = NONE;
	s->clock = (struct trace_clock){ .stopped_us = 0 };
	clock_stop(&s->clock);
}

static int on_begin(struct tracer *tracer, const struct container *container,
		    const struct process *process, bool joined,
		    struct error *err)
{
	struct trace_session *s = session_of(tracer);
	struct trace_record *r = &s->record;

	clock_stop(&s->clock);
	if (r->failed)
		begin_anew(s);
	r->joined = joined;
	free(r->id);
	free(r->rootfs);
	strv_free(r->command);
	r->id = xstrdup(container->id);
	r->rootfs = xstrdup(container->config->rootfs);
	r->command = strv_dup(process->args);
	clock_start(&s->clock);
	return hold_begin(&s->hold, container->config->rootfs, joined, err);
}

static void on_act(struct tracer *tracer, const struct act *act, pid_t pid)
{
	struct trace_session *s = session_of(tracer);
	const char *place = strchr(letters, act->tag[0]);
	int letter = place ? (int)(place - letters) : 0;
	struct trace_event *event;

	clock_stop(&s->clock);
	if (s->record.failed)
		begin_anew(s);
	if (!s->written && act->tag[0] != 'E')
		look(s, pid, current(s));
	else if (!s->record.pid)
		look(s, 0, current(s));
	end_acts(s, letter > 0);
	event = trace_record_add(&s->record);
	s->open[letter] = (int)s->record.len - 1;
	event->room = TRACE_OUTSIDE;
	event->start_us = clock_us(&s->clock);
	snprintf(event->tag, sizeof(event->tag), "%s", act->tag);
	snprintf(event->name, sizeof(event->name), "%s", act->name);
	if (strcmp(act->tag, "S3") == 0)
		look_at_cable(s, NULL);
	/* It lasts as long as the program does. */
	if (strcmp(act->tag, "E6") == 0) {
		s->open[letter] = NONE;
		show(s, event);
		write_all_of_it(s);
	}
	clock_start(&s->clock);
}

static char on_before(struct tracer *tracer, pid_t pid, int step,
		      const char *name)
{
	struct trace_session *s = session_of(tracer);
	const char *short_name = strchr(name, '_');
	struct trace_event *event;
	char answer;

	clock_stop(&s->clock);
	answer = hold_before(&s->hold, tracer, pid, step);
	if (s->output.format == TRACE_NONE)
		return answer;
	/* What the user has changed meanwhile is not the step's. */
	if (s->last_pid != pid || hold_wanted(&s->hold.options))
		look(s, pid, NULL);
	event = trace_record_add(&s->record);
	s->step = (int)s->record.len - 1;
	event->room = TRACE_INSIDE;
	event->step = step;
	event->start_us = clock_us(&s->clock);
	snprintf(event->tag, sizeof(event->tag), "%d", step);
	snprintf(event->name, sizeof(event->name), "%s",
		 short_name ? short_name + 1 : name);
	if (step == 12 && answer == 'G')
		tracer->watched = exec_stop_arm(pid);
	clock_start(&s->clock);
	return answer;
}

static void on_after(struct tracer *tracer, pid_t pid, int step,
		     const char *name, long microseconds)
{
	struct trace_session *s = session_of(tracer);
	struct trace_event *event;

	(void)name;
	clock_stop(&s->clock);
	event = current(s);
	if (s->step != NONE && event->step == step) {
		const long most = clock_us(&s->clock) - event->start_us;

		/* The rest was the way of our answer, and of its. */
		event->us = microseconds < most ? microseconds : most;
		clock_set_back(&s->clock, event->start_us + event->us);
		look(s, pid, event);
		show(s, event);
		s->step = NONE;
	}
	clock_start(&s->clock);
}

static void on_executed(struct tracer *tracer, pid_t pid)
{
	struct trace_session *s = session_of(tracer);
	struct trace_event *event;

	clock_stop(&s->clock);
	event = current(s);
	if (s->step != NONE) {
		event->us = clock_us(&s->clock) - event->start_us;
		if (tracer->watched && exec_stop_wait(pid)) {
			look(s, pid, event);
			exec_stop_release(pid);
		}
		trace_output_keep(&s->output);
		show(s, event);
		s->step = NONE;
	}
	clock_start(&s->clock);
}

static void on_note(struct tracer *tracer, const char *text)
{
	struct trace_session *s = session_of(tracer);
	struct trace_event *event;

	clock_stop(&s->clock);
	event = trace_record_noted(&s->record, &text);
	if (!event)
		event = current(s);
	if (event) {
		cleanup_free char *line = show_note(event, text);

		trace_event_note(event, text);
		if (s->output.format == TRACE_TEXT)
			trace_output_write(&s->output, line);
	}
	clock_start(&s->clock);
}

/* Mark what failed, and end what was going on. */
static void fail(struct trace_session *s, const struct error *err)
{
	struct trace_event *event = current(s);

	s->record.failed = true;
	s->record.error = *err;
	if (event)
		event->failed = true;
	/* One that was killed could not say where. */
	if (event && event->step)
		s->record.error.step = event->step;
	if (event && s->step != NONE)
		show(s, event);
	s->step = NONE;
	end_acts(s, 0);
}

static void on_done(struct tracer *tracer, pid_t pid, const struct error *err)
{
	struct trace_session *s = session_of(tracer);

	clock_stop(&s->clock);
	s->record.pid = pid;
	if (err) {
		fail(s, err);
	} else {
		end_acts(s, 1);
		/* With an act E4 there are two more to come. */
		if (s->open[0] == NONE)
			write_all_of_it(s);
	}
	clock_start(&s->clock);
}

static const struct tracer holding = { .begin = on_begin, .before = on_before };
static const struct tracer watching = { .begin = on_begin,
					.act = on_act,
					.before = on_before,
					.after = on_after,
					.executed = on_executed,
					.note = on_note,
					.done = on_done };

int trace_session_open(const struct trace_options *options,
		       const struct trace_subject *subject,
		       struct trace_session **out, struct error *err)
{
	struct trace_session *s;

	*out = NULL;
	if (!trace_wanted(options))
		return 0;
	s = xcalloc(1, sizeof(*s));
	if (hold_open(&s->hold, &options->hold, err) < 0 ||
	    trace_output_open(&s->output, options, err) < 0) {
		hold_close(&s->hold);
		free(s);
		return -1;
	}
	s->tracer = options->format == TRACE_NONE ? holding : watching;
	s->record.program = xstrdup(subject->program);
	s->record.id = xstrdup(subject->id ? subject->id : "");
	s->record.command = strv_dup(subject->args);
	if (subject->id && factory_check_id(subject->id, NULL) == 0)
		s->folder = xasprintf("%s/%s", subject->root, subject->id);
	for (int i = 0; i < LETTERS; i++)
		s->open[i] = NONE;
	s->step = NONE;
	*out = s;
	return 0;
}

struct tracer *trace_session_tracer(struct trace_session *session)
{
	return session ? &session->tracer : NULL;
}

int trace_session_close(struct trace_session *s, int result, struct error *err)
{
	if (!s)
		return result;
	clock_stop(&s->clock);
	if (result < 0 && !s->written && !s->record.failed)
		fail(s, err);
	write_all_of_it(s);
	result = trace_output_close(&s->output, result, err);
	hold_close(&s->hold);
	trace_record_free(&s->record);
	snapshot_free(&s->last);
	snapshot_free(&s->host);
	free(s->folder);
	free(s);
	return result;
}
