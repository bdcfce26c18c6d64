/*
 * hold.h  [outside]  --step, --break, --stop: the walk is held before a step
 */
#ifndef LIBCONTAINER_TRACE_HOLD_H
#define LIBCONTAINER_TRACE_HOLD_H

#include "libcontainer/system/error.h"

#include <stdbool.h>
#include <sys/types.h>

struct tracer;

/* What the flags ask for; zeroed before the first of them. The three words
 * have a bit for each step: HOLD_BIT. */
struct hold_options {
	bool step;	       /* before each                       */
	unsigned stop;	       /* until somebody says go on         */
	unsigned shell_inside; /* with a shell in the container     */
	unsigned shell_host;   /* with a shell beside it            */
};

#define HOLD_BIT(step) ((step) > 0 && (step) < 32 ? 1U << (step) : 0U)

/* hold_wanted - was one of the flags given? */
bool hold_wanted(const struct hold_options *options);

/* hold_add_break, hold_add_stop - read a flag's value: "9", "9=host". Each may
 * come several times. Returns 0 or -1. */
int hold_add_break(struct hold_options *options, const char *value,
		   struct error *err);
int hold_add_stop(struct hold_options *options, const char *value,
		  struct error *err);

/* One start that is held. */
struct hold {
	struct hold_options options;
	int tty;      /* the user's terminal, or -1             */
	int go_on_to; /* ask no questions before this step      */
	bool joining;
	const char *rootfs; /* the container's; it may be NULL     */
	bool introduced;    /* the user knows what can be answered */
};

/* hold_open - find the terminal, before anything is made: -1 with *err when
 * one is wanted and there is none. Release with hold_close, also after -1. */
int hold_open(struct hold *hold, const struct hold_options *options,
	      struct error *err);
void hold_close(struct hold *hold);

/* hold_begin - for tracer.begin: a step that a joining process does not walk
 * cannot be waited for. rootfs is kept, not copied. Returns 0 or -1. */
int hold_begin(struct hold *hold, const char *rootfs, bool joining,
	       struct error *err);

/*
 * hold_before - for tracer.before: hold as the options say, with process pid
 * standing before step. Returns the answer: 'G', or 'Q' with tracer->why.
 */
char hold_before(struct hold *hold, struct tracer *tracer, pid_t pid, int step);

#endif
