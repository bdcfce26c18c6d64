/* interrupt.c  [outside]  the signals that undo a start */
#include "libcontainer/interrupt.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>

static const int fatal[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };

enum { FATAL = sizeof(fatal) / sizeof(*fatal) };

bool interrupt_is(int sig)
{
	for (int i = 0; i < FATAL; i++)
		if (sig == fatal[i])
			return true;
	return false;
}

/* Those of the four that are blocked; returns whether there are any. */
static bool blocked_ones(sigset_t *set)
{
	bool any = false;
	sigset_t now;

	sigprocmask(SIG_BLOCK, NULL, &now);
	sigemptyset(set);
	for (int i = 0; i < FATAL; i++) {
		if (!sigismember(&now, fatal[i]))
			continue;
		sigaddset(set, fatal[i]);
		any = true;
	}
	return any;
}

int interrupt_open(int *fd, struct error *err)
{
	sigset_t set;

	*fd = -1;
	if (!blocked_ones(&set))
		return 0;
	*fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (*fd < 0)
		return error_errno(err, "signalfd");
	return 0;
}

int interrupt_set(struct error *err, int sig)
{
	error_set(err, ERROR_INTERRUPTED, "interrupted by signal %d (%s)", sig,
		  strsignal(sig));
	if (err)
		err->signal = sig;
	return -1;
}

int interrupt_check(struct error *err)
{
	const struct timespec now = { 0 };
	sigset_t set;
	int sig;

	if (!blocked_ones(&set))
		return 0;
	do
		sig = sigtimedwait(&set, NULL, &now);
	while (sig < 0 && errno == EINTR);
	return sig > 0 ? interrupt_set(err, sig) : 0;
}

int interrupt_wait(int interrupts, int fd, short events, int timeout,
		   struct error *err)
{
	struct pollfd fds[] = { { .fd = interrupts, .events = POLLIN },
				{ .fd = fd, .events = events } };

	for (;;) {
		int ready = poll(fds, 2, timeout);

		if (ready < 0 && errno != EINTR)
			return error_errno(err, "poll");
		if (ready > 0 && fds[0].revents && interrupt_check(err) < 0)
			return -1;
		if (ready > 0 && fds[1].revents)
			return 1;
		if (ready == 0)
			return 0;
	}
}
