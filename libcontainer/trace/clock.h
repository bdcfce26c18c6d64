/* clock.h  [outside]  a clock that stands still while the tracer works */
#ifndef LIBCONTAINER_TRACE_CLOCK_H
#define LIBCONTAINER_TRACE_CLOCK_H

#include <time.h>

/* Zeroed, it begins when it is stopped for the first time. */
struct trace_clock {
	time_t time;		 /* of day, when it began      */
	struct timespec origin;	 /* ... and to the nanosecond  */
	struct timespec stopped; /* the last time              */
	long stopped_us;	 /* how long it stood still    */
};

/* clock_stop, clock_start - between the two no time passes. */
void clock_stop(struct trace_clock *clock);
void clock_start(struct trace_clock *clock);

/* clock_us - of a stopped clock: how long it has run, in microseconds. */
long clock_us(const struct trace_clock *clock);

/* clock_set_back - of a stopped clock: it shall show us, and no more. */
void clock_set_back(struct trace_clock *clock, long us);

#endif
