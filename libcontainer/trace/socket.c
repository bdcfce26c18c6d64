/*
 * socket.c  [outside]  our end of the trace socket
 *
 * Stepping is driven from outside, over a socket of its own, because a
 * half-made container has neither a terminal nor files to talk through. A
 * container that nobody traces has no such socket.
 */
#include "libcontainer/trace/socket.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
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

void trace_wait(int fd)
{
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };

	while (poll(&pollfd, 1, -1) < 0 && errno == EINTR)
		continue;
}

bool trace_serve(int fd, struct tracer *tracer, pid_t pid)
{
	char text[128], name[64];
	int step;
	long usec;
	ssize_t n;

	do
		n = recv(fd, text, sizeof(text) - 1, 0);
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		return false;
	text[n] = '\0';
	if (sscanf(text, "> %d %63s", &step, name) == 2) {
		char answer;

		tracer->socket = fd;
		answer = tracer->before(tracer, pid, step, name);
		tracer->given_up = answer == 'Q';
		return tracer->given_up ||
		       send(fd, &answer, 1, MSG_NOSIGNAL) == 1;
	}
	if (sscanf(text, "< %d %ld %63s", &step, &usec, name) == 3 &&
	    tracer->after)
		tracer->after(tracer, pid, step, name, usec);
	return true;
}
