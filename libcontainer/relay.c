/*
 * relay.c  [outside]  stay with a process: carry its bytes, forward signals
 *
 * poll(2) waits for five kinds of news at once: bytes to read, room to write,
 * a caught signal (signalfd), and the end of the process (pidfd). Nothing in
 * the loop may block, or a slow reader would hold up Ctrl-C. Our own stdout
 * may be shared with others, so that O_NONBLOCK cannot be set on it; but a pipe
 * that polls writable takes PIPE_BUF bytes without blocking, and we write no
 * more at a time.
 *
 * The last bytes: when the process has ended, what it wrote is still in the
 * kernel's buffer. We read until that is empty (EAGAIN), closed (end of file)
 * or a console without a slave (EIO). The amount is limited by what a buffer
 * holds, so that a background process which writes for ever cannot keep us.
 *
 * Nobody reads our stdout any more: a program that writes to a pipe itself gets
 * SIGPIPE then. So what comes out of the process is closed on our side, too.
 * The next write to a pipe fails as it should, and a console whose master is
 * closed is hung up: its session gets SIGHUP, and a write to it EIO. We wait
 * for the process as before, for it may have more to do. What could not be
 * written for another reason (a full disk) ends in the same way, and is an
 * error.
 *
 * The end of input: a pipe is closed, but a console has only a character for
 * it. In canonical mode VEOF ends one read, and a program that changes the
 * mode turns a waiting VEOF into a zero byte. Ended input stays ended, so we
 * say it again whenever the slave has nothing left to read.
 *
 * Sources: poll(2), signalfd(2), pidfd_open(2), pty(7), termios(3), pipe(7),
 * ioctl_tty(2) for TIOCGPTPEER, tty_vhangup in the kernel's pty_close.
 */
#include "libcontainer/relay.h"

#include "libcontainer/interrupt.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

enum {
	AFTER_END = 128 * 1024, /* more than a pipe or a pty holds */
	SAY_EOF_AGAIN = 100,	/* milliseconds                    */
};

void relay_init(struct relay *relay, struct process *process, int signals)
{
	relay->process = process;
	relay->console = process ? &process->console : NULL;
	relay->ended = -1; /* until it was started */
	relay->signals = signals;
	relay->on_signal = NULL;
	relay->on_hang_up = NULL;
	relay->data = NULL;
	relay->streams_len = 0;
	relay->process_ended = false;
	relay->given_up = 0;
}

struct stream *relay_add(struct relay *relay, int from, int to, bool outward)
{
	struct stream *s = &relay->streams[relay->streams_len++];

	s->from = from;
	s->to = to;
	s->outward = outward;
	s->own_from = s->own_to = false;
	s->to_console = s->from_console = s->held = s->reading = false;
	s->errnum = 0;
	s->left = AFTER_END;
	s->start = s->end = 0;
	s->buffer = xmalloc(RELAY_BUFFER);
	return s;
}

static bool stream_is_empty(const struct stream *s)
{
	return s->start == s->end;
}

static void stream_end_from(struct stream *s)
{
	if (s->own_from && s->from >= 0)
		close(s->from);
	s->from = -1;
}

static void stream_end_to(struct stream *s)
{
	if (s->own_to && s->to >= 0)
		close(s->to);
	s->to = -1;
}

static bool has_hung_up(int fd)
{
	struct pollfd pollfd = { .fd = fd };

	return poll(&pollfd, 1, 0) == 1 && (pollfd.revents & POLLHUP);
}

/* Nothing more comes out of the process, for nobody would get it. */
static void stream_hang_up(struct relay *relay, struct stream *s)
{
	int console = relay->console ? *relay->console : -1;

	if (console < 0 || s->from != console) {
		stream_end_from(s);
		return;
	}
	for (size_t i = 0; i < relay->streams_len; i++) {
		struct stream *each = &relay->streams[i];

		if (each->from != console && each->to != console)
			continue;
		each->from = each->to = -1;
		each->start = each->end = 0;
	}
	close(console);
	*relay->console = -1;
	if (relay->on_hang_up)
		relay->on_hang_up(relay->data);
}

/*
 * EIO from a console: its last slave is closed, and that is the end; from the
 * user's terminal: we are in the background. Else reading failed. That is an
 * error for what comes out of the process, which is hung up; input that cannot
 * be read ends (of nohup's /dev/null, open for writing alone, with EBADF).
 */
static void stream_read_failed(struct relay *relay, struct stream *s)
{
	if (errno == EIO && s->to_console && isatty(s->from)) {
		s->held = true;
		return;
	}
	if (s->outward &&
	    !(errno == EIO && s->from_console && has_hung_up(s->from))) {
		s->errnum = errno;
		s->reading = true;
		stream_hang_up(relay, s);
		return;
	}
	stream_end_from(s);
}

/* Returns how much was read; 0: nothing now, or the end. */
static size_t stream_read(struct relay *relay, struct stream *s)
{
	ssize_t n = read(s->from, s->buffer, RELAY_BUFFER);

	/* It may have a slave again. */
	if (n < 0 && errno == EIO && s->from_console && !has_hung_up(s->from))
		n = read(s->from, s->buffer, RELAY_BUFFER);
	if (n > 0) {
		s->start = 0;
		s->end = s->to >= 0 ? (size_t)n : 0; /* or dropped */
		return (size_t)n;
	}
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (n < 0)
		stream_read_failed(relay, s);
	else
		stream_end_from(s);
	return 0;
}

static void stream_write(struct relay *relay, struct stream *s)
{
	size_t len = s->end - s->start;
	ssize_t n;

	if (len > PIPE_BUF)
		len = PIPE_BUF;
	n = write(s->to, s->buffer + s->start, len);
	if (n >= 0) {
		s->start += (size_t)n;
		return;
	}
	if (errno == EAGAIN || errno == EINTR)
		return;
	if (errno != EPIPE && !(errno == EIO && has_hung_up(s->to)))
		s->errnum = errno;
	s->start = s->end = 0;
	if (s->outward)
		stream_hang_up(relay, s);
	else
		stream_end_from(s);
	stream_end_to(s);
}

/* Is there input that the container's side of the console has not read? */
static bool console_has_input(int master)
{
	cleanup_close int slave =
		ioctl(master, TIOCGPTPEER, O_RDONLY | O_NOCTTY | O_CLOEXEC);
	struct pollfd fd = { .fd = slave, .events = POLLIN };

	return slave >= 0 && poll(&fd, 1, 0) == 1;
}

/* The stream's source has ended and its buffer is empty: pass that on.
 * Returns true while it must be said again later. */
static bool stream_say_end(struct stream *s)
{
	struct termios mode;
	char veof = 'D' & 0x1f;

	if (s->from >= 0 || s->to < 0 || !stream_is_empty(s) || s->outward)
		return false;
	if (!s->to_console) {
		stream_end_to(s);
		return false;
	}
	if (console_has_input(s->to))
		return true;
	if (tcgetattr(s->to, &mode) == 0 && mode.c_cc[VEOF] != _POSIX_VDISABLE)
		veof = (char)mode.c_cc[VEOF];
	return write(s->to, &veof, 1) == 1 || errno == EAGAIN;
}

/* After the process's end: take what is there, without waiting for more. */
static void stream_drain(struct relay *relay, struct stream *s)
{
	while (s->outward && s->from >= 0 && stream_is_empty(s)) {
		size_t n = stream_read(relay, s);

		s->left -= n < s->left ? n : s->left;
		if (!n || !s->left)
			stream_end_from(s);
	}
}

static void read_signals(struct relay *relay)
{
	struct signalfd_siginfo info;

	while (read(relay->signals, &info, sizeof(info)) == sizeof(info)) {
		int sig = (int)info.ssi_signo;

		/* Our own broken pipe; stream_write has seen it. */
		if (sig == SIGPIPE && info.ssi_pid == (uint32_t)getpid())
			continue;
		if (relay->on_signal && relay->on_signal(relay->data, sig))
			continue;
		if (!relay->process_ended)
			process_signal(relay->process, sig, NULL);
		else if (interrupt_is(sig))
			relay->given_up = sig;
	}
}

/* What poll is asked; a descriptor of -1 is skipped by the kernel. */
struct questions {
	struct pollfd signals, process, streams[RELAY_STREAMS];
};

/* Fill in what to wait for; returns the timeout. */
static int ask(struct relay *relay, struct questions *q)
{
	int timeout = -1;

	q->signals = (struct pollfd){ relay->signals, POLLIN, 0 };
	q->process = (struct pollfd){ relay->process_ended ? -1 : relay->ended,
				      POLLIN, 0 };
	for (size_t i = 0; i < RELAY_STREAMS; i++) {
		struct stream *s = &relay->streams[i];
		struct pollfd *fd = &q->streams[i];

		*fd = (struct pollfd){ .fd = -1 };
		if (i >= relay->streams_len)
			continue;
		if (!stream_is_empty(s))
			*fd = (struct pollfd){ s->to, POLLOUT, 0 };
		else if (s->from >= 0 && !s->held && !relay->process_ended)
			*fd = (struct pollfd){ s->from, POLLIN, 0 };
		else if (!relay->process_ended && stream_say_end(s))
			timeout = SAY_EOF_AGAIN;
	}
	return timeout;
}

static void act(struct relay *relay, const struct questions *q)
{
	if (q->signals.revents)
		read_signals(relay);
	for (size_t i = 0; i < relay->streams_len; i++) {
		struct stream *s = &relay->streams[i];

		/* Another stream may have ended it meanwhile. */
		if (!q->streams[i].revents)
			continue;
		if (!stream_is_empty(s))
			stream_write(relay, s);
		else if (s->from >= 0)
			stream_read(relay, s);
	}
	if (q->process.revents)
		relay->process_ended = true;
	if (!relay->process_ended)
		return;
	for (size_t i = 0; i < relay->streams_len; i++)
		stream_drain(relay, &relay->streams[i]);
}

static bool is_done(const struct relay *relay)
{
	if (!relay->process_ended || relay->given_up)
		return relay->given_up != 0;
	for (size_t i = 0; i < relay->streams_len; i++) {
		const struct stream *s = &relay->streams[i];

		if (s->outward && !stream_is_empty(s))
			return false;
	}
	return true;
}

int relay_run(struct relay *relay, struct error *err)
{
	struct questions q;

	if (relay->process)
		relay->ended = process_pidfd(relay->process);
	if (relay->ended < 0)
		return error_set(err, ERROR_PROCESS_NOT_EXECUTED,
				 "the process was not started");
	while (!is_done(relay)) {
		int timeout = ask(relay, &q);

		if (poll((struct pollfd *)&q, sizeof(q) / sizeof(q.signals),
			 timeout) < 0) {
			if (errno == EINTR)
				continue;
			return error_errno(err, "poll");
		}
		act(relay, &q);
	}
	for (size_t i = 0; i < relay->streams_len; i++) {
		const struct stream *s = &relay->streams[i];

		errno = s->errnum;
		if (errno && s->outward)
			return error_errno(err, "%s the process's output",
					   s->reading ? "read" : "write");
	}
	return 0;
}

void relay_close(struct relay *relay)
{
	for (size_t i = 0; i < relay->streams_len; i++) {
		stream_end_from(&relay->streams[i]);
		stream_end_to(&relay->streams[i]);
		free(relay->streams[i].buffer);
	}
}
