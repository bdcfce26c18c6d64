/* clock.c  [outside]  a clock that stands still while the tracer works */
#include "libcontainer/trace/clock.h"

static long us_between(const struct timespec *from, const struct timespec *to)
{
	return (to->tv_sec - from->tv_sec) * 1000000 +
	       (to->tv_nsec - from->tv_nsec) / 1000;
}

void clock_stop(struct trace_clock *clock)
{
	clock_gettime(CLOCK_MONOTONIC, &clock->stopped);
	if (clock->time)
		return;
	clock->time = time(NULL);
	clock->origin = clock->stopped;
}

void clock_start(struct trace_clock *clock)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	clock->stopped_us += us_between(&clock->stopped, &now);
}

long clock_us(const struct trace_clock *clock)
{
	return us_between(&clock->origin, &clock->stopped) - clock->stopped_us;
}

void clock_set_back(struct trace_clock *clock, long us)
{
	if (clock_us(clock) > us)
		clock->stopped_us += clock_us(clock) - us;
}
