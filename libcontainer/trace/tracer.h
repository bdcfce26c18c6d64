/*
 * tracer.h  [outside]  who is told what the pipeline does, and may hold it
 *
 * The pipeline calls these hooks and knows nothing of who listens. With no
 * tracer they cost one comparison each, and no system call.
 */
#ifndef LIBCONTAINER_TRACE_TRACER_H
#define LIBCONTAINER_TRACE_TRACER_H

#include "libcontainer/system/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* ACT_E1 ... ACT_E6, in the order in which a new container walks them. */
enum act_number {
#define ACT(tag, name, function, file, chapter) ACT_##tag,
#include "libcontainer/trace/acts.def"
#undef ACT
	ACTS,
};

/* One row of acts.def. */
struct act {
	const char *tag;      /* "S1"                              */
	const char *name;     /* "execute the cmd"                 */
	const char *function; /* in which it stands                */
	const char *file;     /* from the repository's top         */
	const char *chapter;  /* the chapter's sentence, in short  */
};

extern const struct act acts[ACTS];

struct container;
struct process;

/*
 * A tracer belongs to a factory and hears of every container of it. Each
 * member may be NULL, but for before().
 */
struct tracer {
	/* A process of that container is going to be made; joined: the
	 * container lives already. -1 with *err refuses. */
	int (*begin)(struct tracer *tracer, const struct container *container,
		     const struct process *process, bool joined,
		     struct error *err);

	/* An act begins; it lasts until the next one with the same letter, or
	 * until done(). pid is the child's in our pid namespace, 0 as long as
	 * there is none. */
	void (*act)(struct tracer *tracer, const struct act *act, pid_t pid);

	/* dockerinit stands before a step, and waits for the answer: 'G' the
	 * step runs, 'F' it fails with ECANCELED, 'Q' the start is given up,
	 * and why says the reason. */
	char (*before)(struct tracer *tracer, pid_t pid, int step,
		       const char *name);

	/* dockerinit has done a step; not called for step 12, which ends by
	 * execve. */
	void (*after)(struct tracer *tracer, pid_t pid, int step,
		      const char *name, long microseconds);

	/* Step 12 is over: its execve is done. The program may run already,
	 * and may even have ended. */
	void (*executed)(struct tracer *tracer, pid_t pid);

	/* Something is left out, or done in another way, and that is no
	 * error: one line of text. */
	void (*note)(struct tracer *tracer, const char *text);

	/* container_start is over: the program runs (err NULL), or why not. */
	void (*done)(struct tracer *tracer, pid_t pid, const struct error *err);

	/* While before() runs: our end of the trace socket, for one that has
	 * more to say to dockerinit than its answer. */
	int socket;

	/* From the answer for step 12 until executed(): signals stop the child
	 * for us, and exec_stop_pass_on has to be called now and then. */
	bool watched;

	bool given_up; /* before() has answered 'Q' */
	struct error why;
};

/* Each calls the tracer's member, if there is one. */
int trace_begin(struct tracer *tracer, const struct container *container,
		const struct process *process, bool joined, struct error *err);
void trace_act(struct tracer *tracer, enum act_number act, pid_t pid);
void trace_executed(struct tracer *tracer, pid_t pid);
void trace_note(struct tracer *tracer, const char *text);
void trace_done(struct tracer *tracer, pid_t pid, const struct error *err);

#endif
