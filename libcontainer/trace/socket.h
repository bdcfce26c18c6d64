/* socket.h  [outside]  our end of the trace socket */
#ifndef LIBCONTAINER_TRACE_SOCKET_H
#define LIBCONTAINER_TRACE_SOCKET_H

#include "libcontainer/system/error.h"
#include "libcontainer/trace/tracer.h"

#include <stdbool.h>
#include <sys/types.h>

/*
 * trace_pair - the trace socket: SOCK_SEQPACKET, both ends close-on-exec.
 * The child says "> 7" and waits for one byte, G or F (or for B,
 * break_shell.h); after the step it says "< 7 123" (microseconds).
 */
int trace_pair(int *outside, int *inside, struct error *err);

/* How far the child has come, by what it has said. */
struct trace_walk {
	bool joining; /* the walk is the shorter one                   */
	int step;     /* it stands before, or is in, or behind; 0: none */
	bool done;    /* behind                                        */
};

/*
 * trace_serve - read one message, ask or tell the tracer. Nothing is accepted
 * but what comes next in the walk; the time is one between 0 and
 * TRACE_US_MAX. Returns 1; 0 when the other end is closed; -1 with *err when
 * it says anything else. When the tracer gives up, nothing is answered.
 */
int trace_serve(int fd, struct trace_walk *walk, struct tracer *tracer,
		pid_t pid, struct error *err);

enum { TRACE_US_MAX = 1000000000 }; /* a quarter of an hour */

#endif
