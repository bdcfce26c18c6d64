/*
 * terminal.c  [outside]  the host's end of a process: terminal and signals
 *
 * With a console there are two terminals: the container's pty, whose line
 * discipline edits lines, echoes and turns Ctrl-C into SIGINT for the job in
 * its foreground; and the user's, which must do none of that. So the user's is
 * put into raw mode, and every key goes through as a byte.
 *
 * A terminal left in raw mode is useless, therefore: the signals that would
 * end us are blocked and read from a signalfd, so that no way out of
 * terminal_attach misses the restoring; and we take the terminal only while we
 * are its foreground job (again at each SIGCONT), for in the background it is
 * somebody else's.
 *
 * Sources: termios(3), signalfd(2), ioctl_tty(2), pty(7), credentials(7).
 */
#include "libcontainer/terminal.h"

#include "libcontainer/interrupt.h"
#include "libcontainer/relay.h"
#include "libcontainer/system/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

/* The user's terminal: our stdin, or /dev/tty. */
struct host_terminal {
	int fd;
	struct relay *relay;
	struct stream *input; /* read while we are in the foreground */
	struct termios saved;
	bool is_terminal, raw;
};

bool terminal_size(int fd, uint16_t *rows, uint16_t *columns)
{
	struct winsize size;

	if (ioctl(fd, TIOCGWINSZ, &size) < 0)
		return false;
	*rows = size.ws_row;
	*columns = size.ws_col;
	return true;
}

int terminal_catch_signals(struct error *err)
{
	sigset_t set;
	int fd;

	/* SIGCHLD tells of our children, SIGKILL and SIGSTOP of nobody's
	 * leave. The faults (SIGSEGV ...) belong to the set as well: one that
	 * is sent is forwarded, and one of our own kills us even blocked. */
	sigfillset(&set);
	sigdelset(&set, SIGCHLD);
	sigdelset(&set, SIGKILL);
	sigdelset(&set, SIGSTOP);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		return error_errno(err, "signalfd");
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0) {
		close(fd);
		return error_errno(err, "block signals");
	}
	/* Who executed us may have ignored it: then the kernel would forget
	 * how our children ended. */
	signal(SIGCHLD, SIG_DFL);
	return fd;
}

static void host_terminal_resize(const struct host_terminal *t)
{
	struct winsize size;

	if (t->is_terminal && ioctl(t->fd, TIOCGWINSZ, &size) == 0)
		ioctl(*t->relay->console, TIOCSWINSZ, &size);
}

/* Raw mode and its keys, if the terminal is ours at the moment. */
static void host_terminal_take(struct host_terminal *t)
{
	struct termios mode;

	if (!t->is_terminal || *t->relay->console < 0 ||
	    tcgetpgrp(t->fd) != getpgrp())
		return;
	t->input->held = false;
	if (!t->raw)
		tcgetattr(t->fd, &t->saved);
	mode = t->saved;
	cfmakeraw(&mode);
	t->raw = tcsetattr(t->fd, TCSADRAIN, &mode) == 0;
}

static void host_terminal_give_back(struct host_terminal *t)
{
	if (t->raw)
		tcsetattr(t->fd, TCSADRAIN, &t->saved);
	t->raw = false;
}

/* Nobody reads its keys any more: Ctrl-C is a signal again. */
static void on_hang_up(void *data)
{
	host_terminal_give_back(data);
}

static bool on_signal(void *data, int sig)
{
	struct host_terminal *t = data;

	if (sig == SIGCONT) {
		host_terminal_take(t);
		host_terminal_resize(t);
	}
	if (sig == SIGWINCH)
		host_terminal_resize(t);
	return sig == SIGWINCH;
}

/* A way to our stdout that does not block, where the kernel gives one: a
 * terminal that polls writable may have less room than PIPE_BUF. */
static int open_output(void)
{
	if (!isatty(STDOUT_FILENO))
		return -1;
	return open("/proc/self/fd/1",
		    O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

/* Raw mode around a relay between the terminal and a console. */
static int carry(struct host_terminal *t, int output, struct error *err)
{
	int console = *t->relay->console, result;

	if (fcntl(console, F_SETFL, O_RDWR | O_NONBLOCK) < 0)
		return error_errno(err, "make the console non-blocking");
	t->input = relay_add(t->relay, t->fd, console, false);
	t->input->to_console = true;
	relay_add(t->relay, console, output, true)->from_console = true;
	t->is_terminal = isatty(t->fd);
	t->input->held = t->is_terminal;
	t->relay->data = t;
	t->relay->on_hang_up = on_hang_up;
	host_terminal_take(t);
	host_terminal_resize(t);
	result = relay_run(t->relay, err);
	host_terminal_give_back(t);
	return result;
}

static int relay_console(struct relay *relay, struct error *err)
{
	cleanup_close int output = open_output();
	struct host_terminal t = { .fd = STDIN_FILENO, .relay = relay };

	relay->on_signal = on_signal;
	return carry(&t, output >= 0 ? output : STDOUT_FILENO, err);
}

int terminal_attach(struct process *p, int signals, int *status,
		    struct error *err)
{
	struct relay relay;
	int result;

	relay_init(&relay, p, signals);
	if (p->console >= 0)
		result = relay_console(&relay, err);
	else
		result = relay_run(&relay, err);
	relay_close(&relay);
	if (process_wait(p, status, result < 0 ? NULL : err) < 0)
		return -1;
	return result;
}

/* Who has the terminal cannot be told, for it is no child of ours. */
static bool on_lent_signal(void *data, int sig)
{
	struct host_terminal *t = data;

	on_signal(t, sig);
	if (interrupt_is(sig))
		t->relay->given_up = sig;
	return true;
}

int terminal_lend(int terminal, int *console, int ended, int signals, int *sig,
		  struct error *err)
{
	cleanup_close int output =
		open("/dev/tty", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct relay relay;
	struct host_terminal t = { .fd = terminal, .relay = &relay };
	int result;

	relay_init(&relay, NULL, signals);
	relay.ended = ended;
	relay.console = console;
	relay.on_signal = on_lent_signal;
	result = carry(&t, output >= 0 ? output : terminal, err);
	relay_close(&relay);
	*sig = relay.given_up;
	return result;
}
