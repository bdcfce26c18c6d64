/* hold_wait.c  [outside]  wait for the user, while a process is held */
#include "libcontainer/trace/hold_wait.h"

#include "libcontainer/interrupt.h"
#include "libcontainer/system/cleanup.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

int hold_signals(const int *signals, size_t len, sigset_t *before)
{
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < len; i++)
		sigaddset(&set, signals[i]);
	sigprocmask(SIG_BLOCK, &set, before);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

void hold_signals_end(int fd, const sigset_t *before)
{
	if (fd >= 0)
		close(fd);
	sigprocmask(SIG_SETMASK, before, NULL);
}

static bool has_foreground(int tty)
{
	return tty >= 0 && tcgetpgrp(tty) == getpgrp();
}

bool hold_need_foreground(int tty)
{
	pid_t foreground;

	while ((foreground = tcgetpgrp(tty)) >= 0 && foreground != getpgrp())
		kill(getpid(), SIGSTOP);
	return foreground >= 0;
}

static enum hold_event read_line(int tty, char *line, size_t size)
{
	ssize_t n = read(tty, line, size - 1);

	/* EIO also when we have just been put into the background. */
	if (n < 0 && (errno == EINTR || (errno == EIO && !has_foreground(tty))))
		return HOLD_AGAIN;
	if (n <= 0)
		return HOLD_GIVE_UP;
	line[n] = '\0';
	line[strcspn(line, "\r\n")] = '\0';
	return HOLD_LINE;
}

static enum hold_event read_signal(int fd)
{
	struct signalfd_siginfo info;

	if (read(fd, &info, sizeof(info)) != sizeof(info))
		return HOLD_AGAIN;
	if (info.ssi_signo == SIGUSR1)
		return HOLD_GO_ON;
	/* What Ctrl-Z would do to us if we had not blocked its signal. */
	if (info.ssi_signo == SIGTSTP)
		kill(getpid(), SIGSTOP);
	return HOLD_AGAIN;
}

enum hold_event hold_wait(int tty, int socket, char *line, size_t size)
{
	static const int ours[] = { SIGUSR1, SIGTSTP, SIGCONT };
	enum hold_event event = HOLD_AGAIN;
	cleanup_close int interrupts = -1;
	sigset_t before;
	int signals =
		hold_signals(ours, sizeof(ours) / sizeof(ours[0]), &before);
	struct pollfd fds[] = { { signals, POLLIN, 0 },
				{ socket, POLLIN, 0 },
				{ has_foreground(tty) ? tty : -1, POLLIN, 0 },
				{ -1, POLLIN, 0 } };

	interrupt_open(&interrupts, NULL);
	fds[3].fd = interrupts;
	while (poll(fds, sizeof(fds) / sizeof(fds[0]), -1) < 0)
		if (errno != EINTR)
			break;
	if (fds[3].revents)
		event = HOLD_GIVE_UP; /* it stays in the queue */
	else if (fds[0].revents)
		event = read_signal(signals);
	else if (fds[1].revents)
		event = HOLD_DIED;
	else if (fds[2].revents)
		event = read_line(tty, line, size);
	hold_signals_end(signals, &before);
	return event;
}
