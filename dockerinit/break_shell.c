/*
 * break_shell.c  [inside]  a shell in the half-made container
 *
 * The one who stops the walk before a step (--break) wants to look around with
 * the process's own eyes: its namespaces, its root, its privileges. So it is a
 * child of this process, and gets nothing else of it: no descriptor (the pipe
 * and the trace socket stay here), no signal disposition, no environment.
 *
 * For job control a shell must lead a session that has a controlling terminal;
 * then it can make a job the terminal's foreground. The pty comes from the
 * outside, since a half-made container may have no devpts. Were it the user's
 * own terminal, its foreground job would be in another pid namespace, with no
 * number here, and the shell could not give the terminal back.
 *
 * What it leaves in the background would be the container's first children,
 * of which its program knows nothing. As a subreaper this process inherits
 * them (pid 1 does so anyway), the outside kills them, and here they are
 * waited for.
 * Sources: setsid(2), ioctl_tty(2), PR_SET_CHILD_SUBREAPER(2const).
 */
#include "dockerinit/break_shell.h"

#include "libcontainer/system/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { REPORT_FD = STDERR_FILENO + 1 };

static int take_terminal(int slave)
{
	if (setsid() < 0 || ioctl(slave, TIOCSCTTY, 0) < 0)
		return -1;
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (dup2(slave, fd) < 0)
			return -1;
	return 0;
}

static void take_default_signals(void)
{
	sigset_t none;

	for (int sig = 1; sig < NSIG; sig++)
		signal(sig, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Never returns. A shell that cannot be is said on report. */
static void be_shell(int step, pid_t parent, int slave, int report,
		     const char *terminal)
{
	char prompt[32], term[64];
	char *const argv[] = { "sh", "-i", NULL };
	char *const envp[] = { "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:"
			       "/usr/bin:/sbin:/bin",
			       "HOME=/", prompt, term, NULL };

	snprintf(prompt, sizeof(prompt), "PS1=(step %d) %c ", step,
		 geteuid() == 0 ? '#' : '$');
	snprintf(term, sizeof(term), "TERM=%s", terminal);
	umask(022); /* step 8 needs another one */
	take_default_signals();
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent &&
	    take_terminal(slave) == 0 &&
	    (report == REPORT_FD || dup2(report, REPORT_FD) >= 0) &&
	    fcntl(REPORT_FD, F_SETFD, FD_CLOEXEC) == 0 &&
	    syscall(SYS_close_range, REPORT_FD + 1, ~0U, 0) == 0)
		execve("/bin/sh", argv, envp);
	if (write(REPORT_FD, &errno, sizeof(errno)) < 0)
		_exit(126);
	_exit(127);
}

/* Returns its pid, or -1 with errno. */
static pid_t start(int step, int slave, const char *terminal)
{
	cleanup_close int read_end = -1, write_end = -1;
	int ends[2], errnum = 0;
	pid_t parent = getpid(), pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	read_end = ends[0];
	write_end = ends[1];
	pid = fork();
	if (pid == 0)
		be_shell(step, parent, slave, write_end, terminal);
	if (pid < 0)
		return -1;
	close(steal_fd(&write_end));
	if (read(read_end, &errnum, sizeof(errnum)) <= 0)
		return pid;
	waitpid(pid, NULL, 0);
	errno = errnum;
	return -1;
}

/* Wait for the children that end, until pid (-1: until all) is among them. */
static void reap(pid_t pid)
{
	pid_t ended;

	do
		ended = waitpid(-1, NULL, 0);
	while (ended < 0 ? errno == EINTR : ended != pid);
}

void break_shell(struct init *init, int slave, const char *terminal,
		 void (*say)(struct init *init, const char *text))
{
	char text[32];
	bool apart = true;
	pid_t pid = -1;

	/* A first child would be process 1 of the container's new pid
	 * namespace, and its end the end of that. */
	if (init_pids_are_apart(init, &apart, NULL) == 0 && apart)
		errno = EBUSY;
	else if (!apart) {
		prctl(PR_SET_CHILD_SUBREAPER, 1);
		pid = start(init->step->number, slave, terminal);
	}
	snprintf(text, sizeof(text), "b %d", errno);
	close(slave);
	if (pid > 0) {
		reap(pid);
		say(init, "w");
		reap(-1);
	}
	prctl(PR_SET_CHILD_SUBREAPER, 0);
	say(init, pid > 0 ? "e" : text);
}
