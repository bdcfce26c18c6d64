/*
 * session.h  [outside]  one traced run: from its flags to its last line
 *
 * An entrance opens a session when a trace flag was given, hands its tracer to
 * the factory, and closes it when the program has ended:
 *
 *	trace_session_open(&options, &subject, &session, err);
 *	factory.tracer = trace_session_tracer(session);
 *	...
 *	result = trace_session_close(session, result, err);
 *
 * Without a flag session is NULL, and so is its tracer.
 */
#ifndef LIBCONTAINER_TRACE_SESSION_H
#define LIBCONTAINER_TRACE_SESSION_H

#include "libcontainer/system/error.h"
#include "libcontainer/trace/flags.h"

#include <sys/types.h>

struct tracer;
struct trace_session;

/* Whose birth it is; the strings are copied. */
struct trace_subject {
	const char *program; /* "nsinit"                             */
	const char *root;    /* where the containers' state lives    */
	const char *id;	     /* NULL: not known yet                  */
	char *const *args;   /* what shall run; NULL: not known yet  */
};

/*
 * trace_session_open - open where the trace goes, before anything is made. On
 * success *out is the caller's, or NULL when no trace was asked for.
 */
int trace_session_open(const struct trace_options *options,
		       const struct trace_subject *subject,
		       struct trace_session **out, struct error *err);

/* trace_session_tracer - for factory.tracer; NULL of NULL. */
struct tracer *trace_session_tracer(struct trace_session *session);

/*
 * trace_session_close - write what is not written yet, and release it. result
 * and *err are those of the run: a failed one is written with its error.
 * Returns result, or -1 when all went well but for the writing.
 */
int trace_session_close(struct trace_session *session, int result,
			struct error *err);

#endif
