/*
 * trace_gate.c  [inside]  the trace socket's two gates around each step
 *
 * The outside may hand down a SOCK_SEQPACKET socket, one datagram a message:
 *
 *	inside                             outside
 *	> 7 step07_mount_namespace   --->  may it run?
 *	                             <---  G it goes, F it fails
 *	< 7 123 step07_mount_namespace ->  done, in 123 microseconds
 *
 * While the outside thinks, the child stands still between two steps, and
 * /proc/PID can be compared with what it was. Step 12 has no second message:
 * execve closes the socket, and that end of file is its report. A tracer that
 * goes away is no error. Untraced, no system call is made here.
 */
#include "dockerinit/trace_gate.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

static void stop_tracing(struct init *init)
{
	close(init->trace_fd);
	init->trace_fd = -1;
}

static void say(struct init *init, const char *text, int len)
{
	if (send(init->trace_fd, text, (size_t)len, MSG_NOSIGNAL) != len)
		stop_tracing(init);
}

int trace_before(struct init *init, const struct init_step *step,
		 struct timespec *started, struct error *err)
{
	char text[64], answer = 'G';
	ssize_t n;

	if (init->trace_fd < 0)
		return 0;
	say(init, text,
	    snprintf(text, sizeof(text), "> %d %s", step->number, step->name));
	if (init->trace_fd < 0)
		return 0;
	do
		n = recv(init->trace_fd, &answer, 1, 0);
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		stop_tracing(init);
	clock_gettime(CLOCK_MONOTONIC, started);
	if (n == 1 && answer == 'F') {
		errno = ECANCELED;
		return error_errno(err, "failed on request of the tracer");
	}
	return 0;
}

void trace_after(struct init *init, const struct init_step *step,
		 const struct timespec *started)
{
	struct timespec now;
	char text[96];
	long us;

	if (init->trace_fd < 0)
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	us = (now.tv_sec - started->tv_sec) * 1000000 +
	     (now.tv_nsec - started->tv_nsec) / 1000;
	say(init, text,
	    snprintf(text, sizeof(text), "< %d %ld %s", step->number, us,
		     step->name));
}
