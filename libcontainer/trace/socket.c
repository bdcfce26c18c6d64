/*
 * socket.c  [outside]  our end of the trace socket
 *
 * Stepping is driven from outside, over a socket of its own, because a
 * half-made container has neither a terminal nor files to talk through. A
 * container that nobody traces has no such socket.
 *
 * The other end is in the hands of a process that may live beside hostile
 * ones. So a message is two numbers at most; the steps have to come in their
 * order, each once; and their names are those of our own table.
 */
#include "libcontainer/trace/socket.h"

#include "libcontainer/trace/explain.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

int trace_pair(int *outside, int *inside, struct error *err)
{
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds) < 0)
		return error_errno(err, "make the trace socket");
	*outside = fds[0];
	*inside = fds[1];
	return 0;
}

/* Digits at *text, at most nine; leaves *text behind them. */
static bool read_number(const char **text, long *number)
{
	size_t len = strspn(*text, "0123456789");

	if (len == 0 || len > 9)
		return false;
	*number = strtol(*text, NULL, 10);
	*text += len;
	return true;
}

/* "7 123" to its two numbers. A time may be anything: in a joined time
 * namespace the clock is another. */
static bool read_done(const char *text, long *step, long *us)
{
	if (!read_number(&text, step) || *text++ != ' ')
		return false;
	*us = 0;
	if (*text == '-')
		return text[1] && !text[1 + strspn(text + 1, "0123456789")];
	if (!*text || text[strspn(text, "0123456789")])
		return false;
	if (!read_number(&text, us) || *us > TRACE_US_MAX)
		*us = TRACE_US_MAX;
	return true;
}

/* The step after the one that is done; 0: there is none, or it is not done. */
static int next_step(const struct trace_walk *walk)
{
	if (walk->step && !walk->done)
		return 0;
	for (int step = walk->step + 1; step <= STEPS; step++)
		if (!walk->joining || explain_step(step)->joining)
			return step;
	return 0;
}

/* Returns what trace_serve does. */
static int ask(int fd, struct tracer *tracer, pid_t pid, int step)
{
	char answer;

	tracer->socket = fd;
	answer =
		tracer->before(tracer, pid, step, explain_step(step)->function);
	tracer->given_up = answer == 'Q';
	return tracer->given_up || send(fd, &answer, 1, MSG_NOSIGNAL) == 1;
}

int trace_serve(int fd, struct trace_walk *walk, struct tracer *tracer,
		pid_t pid, struct error *err)
{
	char text[48];
	const char *at = text + 2;
	long step, us;
	ssize_t n;

	do
		n = recv(fd, text, sizeof(text) - 1, 0);
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		return 0;
	text[n] = '\0';
	if (strlen(text) != (size_t)n)
		text[0] = '\0';
	if (strncmp(text, "> ", 2) == 0 && read_number(&at, &step) && !*at &&
	    step && step == next_step(walk)) {
		walk->step = (int)step;
		walk->done = false;
		return ask(fd, tracer, pid, walk->step);
	}
	if (strncmp(text, "< ", 2) == 0 && read_done(at, &step, &us) && step &&
	    step == walk->step && !walk->done && step != STEPS) {
		walk->done = true;
		if (tracer->after)
			tracer->after(tracer, pid, walk->step,
				      explain_step(walk->step)->function, us);
		return 1;
	}
	return error_set(err, ERROR_SYSTEM,
			 "on the trace socket came what dockerinit does not "
			 "say %s step %d",
			 walk->done ? "after" : "in", walk->step);
}
