/*
 * break_shell.c  [outside]  --break N: a shell in the half-made container
 *
 * dockerinit makes the shell, as its child; ours is the terminal. A pty is
 * made here, whose slave goes in over the trace socket (SCM_RIGHTS) and whose
 * master we relay to the user's terminal, until the shell's end is told. What
 * it has left running would be the container's first children, so it is killed
 * before the walk goes on: those whose parent is dockerinit, again and again,
 * for their own children then become its.
 * Sources: pty(7), unix(7), ioctl_tty(2), prctl(2) PR_SET_CHILD_SUBREAPER.
 */
#include "libcontainer/trace/break_shell.h"

#include "libcontainer/interrupt.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/proc.h"
#include "libcontainer/terminal.h"
#include "libcontainer/trace/explain.h"
#include "libcontainer/trace/hold_wait.h"
#include "libcontainer/trace/whereabouts.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ROUNDS = 1000, ROUND_MS = 10 };

static int open_pty(int *master, int *slave, struct error *err)
{
	*slave = -1;
	*master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (*master >= 0 && unlockpt(*master) == 0)
		*slave = ioctl(*master, TIOCGPTPEER,
			       O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (*slave < 0)
		return error_errno(err, "make a terminal for the shell "
					"(or say --break N=host)");
	return 0;
}

int break_shell_possible(struct error *err)
{
	cleanup_close int master = -1, slave = -1;

	return open_pty(&master, &slave, err);
}

/* What the user must know before typing anything. */
static void say_whose(int tty, pid_t pid, int step, const char *rootfs)
{
	bool own_mounts = !whereabouts_shared(pid, "ns/mnt");

	if (!own_mounts)
		dprintf(tty, "  CAREFUL: its mounts are still the host's: what "
			     "you mount or change here is the host's\n");
	else if (whereabouts_shared(pid, "root"))
		dprintf(tty,
			"  its mounts are its own now; its / and its files are "
			"still the host's\n");
	else
		dprintf(tty, "  its mounts and its / are the container's\n");
	if (own_mounts && rootfs && whereabouts_shared(pid, "root"))
		dprintf(tty, "  what will become its / is %s\n", rootfs);
	/* In a user namespace it is root of that alone. */
	if (step <= 10 && geteuid() == 0 && !whereabouts_shared(pid, "root") &&
	    whereabouts_shared(pid, "ns/user"))
		dprintf(tty,
			"  CAREFUL: this sh is the image's and has all of "
			"root's power: for images you trust; else --break "
			"%d=host\n",
			step);
	if (step > 10)
		dprintf(tty, "  privileges are given away: you are the "
			     "container's user, with its few capabilities\n");
}

static void say_banner(int tty, pid_t pid, int step, const char *rootfs)
{
	dprintf(tty,
		"[break %2d/%d] a shell in the container, before %s; exit goes "
		"on\n",
		step, STEPS, explain_step(step)->name);
	say_whose(tty, pid, step, rootfs);
}

/* "B", the kind of terminal, and the slave. */
static int send_slave(int socket, int slave, struct error *err)
{
	const char *term = getenv("TERM");
	union {
		struct cmsghdr header;
		char space[CMSG_SPACE(sizeof(int))];
	} control = { .space = "" };
	char text[48];
	struct iovec part = { text, 0 };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = &control,
				  .msg_controllen = sizeof(control) };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	snprintf(text, sizeof(text), "B%s", term ? term : "dumb");
	part.iov_len = strlen(text);
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &slave, sizeof(slave));
	if (sendmsg(socket, &message, MSG_NOSIGNAL) < 0)
		return error_errno(err, "hand dockerinit a terminal");
	return 0;
}

static void kill_children(pid_t parent)
{
	cleanup_closedir DIR *proc = opendir("/proc");
	struct dirent *entry;

	while (proc && (entry = readdir(proc))) {
		pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);
		cleanup_close int pidfd = pid > 0 ? pidfd_open(pid, 0) : -1;

		if (pidfd >= 0 && proc_parent(pid) == parent)
			pidfd_send_signal(pidfd, SIGKILL, NULL, 0);
	}
}

static int no_shell(int errnum, int step, struct error *err)
{
	errno = errnum;
	if (errnum == EBUSY)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "--break %d: a shell would become process 1 "
				 "of the container; it can be had before step "
				 "5, or on the host's side: --break %d=host",
				 step, step);
	return error_errno(err,
			   "--break %d: execute /bin/sh before step %d (on the "
			   "host's side there is one: --break %d=host)",
			   step, step, step);
}

/* The shell has ended, or dockerinit has, or there is no shell. */
static int hear_the_end(int socket, pid_t pid, int step, struct error *err)
{
	struct pollfd fd = { .fd = socket, .events = POLLIN };
	char text[32];

	for (int round = 0; round < ROUNDS; round++) {
		ssize_t n;

		if (poll(&fd, 1, ROUND_MS) <= 0) {
			kill_children(pid);
			continue;
		}
		n = recv(socket, text, sizeof(text) - 1, 0);
		if (n < 0 && errno == EINTR)
			continue;
		text[n > 0 ? n : 0] = '\0';
		if (text[0] == 'b')
			return no_shell(atoi(text + 1), step, err);
		if (text[0] != 'w') /* "e", or it is gone: the pipe tells */
			return 0;
	}
	return error_set(err, ERROR_SYSTEM,
			 "--break %d: what the shell left behind does not die",
			 step);
}

int break_shell_inside(int tty, int socket, pid_t pid, int step,
		       const char *rootfs, struct error *err)
{
	static const int ours[] = { SIGINT,  SIGTERM,  SIGHUP,
				    SIGQUIT, SIGWINCH, SIGCONT };
	cleanup_close int master = -1, slave = -1;
	sigset_t before;
	int signals, result, sig = 0;

	if (open_pty(&master, &slave, err) < 0)
		return -1;
	say_banner(tty, pid, step, rootfs);
	if (send_slave(socket, slave, err) < 0)
		return errno == EPIPE ? 0 : -1;
	close(steal_fd(&slave));
	signals = hold_signals(ours, sizeof(ours) / sizeof(ours[0]), &before);
	result = terminal_lend(tty, &master, socket, signals, &sig, err);
	hold_signals_end(signals, &before);
	if (result < 0)
		return -1;
	/* Also of one that is given up: without a pid namespace, what it has
	 * started would live on. */
	if (hear_the_end(socket, pid, step, err) < 0)
		return -1;
	return sig ? interrupt_set(err, sig) : 0;
}
