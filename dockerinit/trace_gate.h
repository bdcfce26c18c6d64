/* trace_gate.h  [inside]  the trace socket's two gates around each step */
#ifndef DOCKERINIT_TRACE_GATE_H
#define DOCKERINIT_TRACE_GATE_H

#include "dockerinit/inside.h"

#include <time.h>

/*
 * trace_before - ask the tracer whether step may run. Returns 0 for yes, and
 * when there is no tracer; -1 with ECANCELED in *err when it shall fail.
 * *started gets the time at which the step starts.
 */
int trace_before(struct init *init, const struct init_step *step,
		 struct timespec *started, struct error *err);

/* trace_after - tell the tracer that step has been done. */
void trace_after(struct init *init, const struct init_step *step,
		 const struct timespec *started);

#endif
