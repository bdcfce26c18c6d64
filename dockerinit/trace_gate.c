/*
 * trace_gate.c  [inside]  the trace socket's two gates around each step
 *
 * The outside may hand down a SOCK_SEQPACKET socket, one datagram a message:
 *
 *	inside                             outside
 *	> 7                          --->  may it run?
 *	                             <---  G it goes, F it fails, or
 *	                             <---  B be a shell on this pty
 *	                                     (SCM_RIGHTS), TERM
 *	w                            --->    it has ended
 *	e                            --->    ... and all that it started
 *	b 2                          --->    (or: there is none, ENOENT)
 *	                             <---  G it goes, F it fails
 *	< 7 123                      --->  done, in 123 microseconds
 *
 * While the outside thinks, the child stands still between two steps, and
 * /proc/PID can be compared with what it was. Numbers alone are said: the
 * outside has names of its own, and believes nobody who lives in a container.
 *Step 12 has no second message: execve closes the socket, and that end of file
 *is its report. A tracer that goes away is no error. Untraced, no system call
 *is made here.
 */
#include "dockerinit/trace_gate.h"

#include "dockerinit/break_shell.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void stop_tracing(struct init *init)
{
	close(init->trace_fd);
	init->trace_fd = -1;
}

static void say(struct init *init, const char *text)
{
	if (send(init->trace_fd, text, strlen(text), MSG_NOSIGNAL) < 0)
		stop_tracing(init);
}

/* An answer, and the descriptor that came with it, or -1. Returns false when
 * the tracer is gone. */
static bool hear(struct init *init, char *text, size_t size, int *fd)
{
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec part = { text, size - 1 };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = sizeof(control) };
	struct cmsghdr *header;
	ssize_t n;

	do
		n = recvmsg(init->trace_fd, &message, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n <= 0)
		return false;
	text[n] = '\0';
	header = CMSG_FIRSTHDR(&message);
	*fd = -1;
	if (header && header->cmsg_type == SCM_RIGHTS)
		memcpy(fd, CMSG_DATA(header), sizeof(*fd));
	return true;
}

/* The last answer; until then there may be shells. */
static char answer(struct init *init)
{
	char text[64];
	int fd;

	while (init->trace_fd >= 0 && hear(init, text, sizeof(text), &fd)) {
		if (text[0] != 'B')
			return text[0];
		break_shell(init, fd, text + 1, say);
	}
	if (init->trace_fd >= 0)
		stop_tracing(init);
	return 'G';
}

int trace_before(struct init *init, const struct init_step *step,
		 struct timespec *started, struct error *err)
{
	char text[16];
	bool fail;

	if (init->trace_fd < 0)
		return 0;
	snprintf(text, sizeof(text), "> %d", step->number);
	say(init, text);
	fail = answer(init) == 'F';
	clock_gettime(CLOCK_MONOTONIC, started);
	if (fail) {
		errno = ECANCELED;
		return error_errno(err, "failed on request of the tracer");
	}
	return 0;
}

void trace_after(struct init *init, const struct init_step *step,
		 const struct timespec *started)
{
	struct timespec now;
	char text[48];
	long us;

	if (init->trace_fd < 0)
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	us = (now.tv_sec - started->tv_sec) * 1000000 +
	     (now.tv_nsec - started->tv_nsec) / 1000;
	snprintf(text, sizeof(text), "< %d %ld", step->number, us);
	say(init, text);
}
