/*
 * host_shell.c  [outside]  --break N=host: a shell beside the held container
 *
 * A child of ours on the user's own terminal, as a job of its own in its
 * foreground. It can be had where the container has no shell; and what is seen
 * from here is what the host's tools see: nsenter, /proc/PID, ip, gdb.
 *
 * It is a shell of the user's, on his host: what he leaves in the background
 * when he ends it goes on. When we give up, or die, it is hung up, as if its
 * terminal had gone.
 * Sources: tcsetpgrp(3), waitid(2), PR_SET_PDEATHSIG(2const).
 */
#include "libcontainer/trace/break_shell.h"

#include "libcontainer/interrupt.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/proc.h"
#include "libcontainer/trace/explain.h"
#include "libcontainer/trace/hold_wait.h"
#include "libcontainer/trace/whereabouts.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { HANGUP_ROUNDS = 100, HANGUP_ROUND_MS = 10 };

static void say_banner(int tty, pid_t pid, int step)
{
	cleanup_free char *enter = whereabouts_command(pid, "$PID");

	dprintf(tty,
		"[break %2d/%d] a shell on the host, before %s; exit goes on\n"
		"  the container is process $PID, %d; look at it, or go in:\n"
		"    ls -l /proc/$PID/ns /proc/$PID/root/\n"
		"    diff /proc/self/mountinfo /proc/$PID/mountinfo\n"
		"    grep -E 'NSpid|Uid|Cap' /proc/$PID/status\n"
		"    %s\n",
		step, STEPS, explain_step(step)->name, (int)pid, enter);
}

/* Never returns. */
static void be_shell(int tty, pid_t pid, int step, pid_t parent)
{
	cleanup_free char *number = xasprintf("%d", (int)pid);
	cleanup_free char *prompt = xasprintf("(host, step %d) %c ", step,
					      geteuid() == 0 ? '#' : '$');
	sigset_t none;

	/* Nobody would take the terminal from it again. */
	if (prctl(PR_SET_PDEATHSIG, SIGHUP) < 0 || getppid() != parent)
		_exit(127);
	setpgid(0, 0);
	tcsetpgrp(tty, getpid()); /* with SIGTTOU blocked, still */
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		dup2(tty, fd);
	setenv("PID", number, 1);
	setenv("PS1", prompt, 1);
	for (int sig = 1; sig < NSIG; sig++)
		signal(sig, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execl("/bin/sh", "sh", "-i", NULL);
	dprintf(tty, "/bin/sh: %s\n", strerror(errno));
	_exit(127);
}

static void hang_up_job(pid_t group)
{
	kill(-group, SIGHUP);
	kill(-group, SIGCONT);
}

/* Each job is a process group with a child of the shell in it. */
static void hang_up_jobs(pid_t shell)
{
	cleanup_closedir DIR *proc = opendir("/proc");
	struct dirent *entry;

	while (proc && (entry = readdir(proc))) {
		pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);
		pid_t group = pid > 0 ? getpgid(pid) : -1;

		if (group > 0 && group != getpgrp() &&
		    proc_parent(pid) == shell)
			hang_up_job(group);
	}
}

/* We give up: the jobs first, as long as they are known by their parent. */
static void hang_up(pid_t shell)
{
	const struct timespec round = { 0, HANGUP_ROUND_MS * 1000000L };

	kill(shell, SIGSTOP); /* it begins no other job meanwhile */
	hang_up_jobs(shell);
	hang_up_job(shell);
	for (int i = 0; i < HANGUP_ROUNDS; i++) {
		if (waitpid(shell, NULL, WNOHANG) == shell)
			return;
		nanosleep(&round, NULL);
	}
	kill(-shell, SIGKILL); /* it has a trap for that */
	waitpid(shell, NULL, 0);
}

/* Has it ended? A stopped one ("suspend") goes on: there is nobody else who
 * could say so. */
static bool has_ended(pid_t shell, int tty)
{
	int status;

	if (waitpid(shell, &status, WNOHANG | WUNTRACED) != shell)
		return false;
	if (!WIFSTOPPED(status))
		return true;
	tcsetpgrp(tty, shell);
	kill(-shell, SIGCONT);
	return false;
}

/* Returns 0, or the signal by which the user gives up. */
static int wait_for_end(pid_t shell, int tty, int socket, int signals)
{
	struct pollfd fds[] = { { signals, POLLIN, 0 }, { socket, POLLIN, 0 } };
	struct signalfd_siginfo info;

	while (!has_ended(shell, tty)) {
		if (poll(fds, 2, -1) < 0)
			continue;
		if (fds[1].revents)
			dprintf(tty, "\nthe container has died; exit, to read "
				     "how\n");
		if (fds[1].revents)
			fds[1].fd = -1;
		if (read(signals, &info, sizeof(info)) != sizeof(info) ||
		    info.ssi_signo == SIGCHLD)
			continue;
		hang_up(shell);
		return (int)info.ssi_signo;
	}
	return 0;
}

int break_shell_host(int tty, int socket, pid_t pid, int step,
		     struct error *err)
{
	static const int ours[] = { SIGTERM, SIGHUP,  SIGINT,
				    SIGQUIT, SIGCHLD, SIGTTOU };
	struct termios mode;
	sigset_t before;
	int signals, sig, result = -1;
	pid_t self = getpid(), shell;

	if (!hold_need_foreground(tty))
		return 1; /* nobody is there any more */
	say_banner(tty, pid, step);
	tcgetattr(tty, &mode);
	signals = hold_signals(ours, sizeof(ours) / sizeof(ours[0]), &before);
	shell = fork();
	if (shell == 0)
		be_shell(tty, pid, step, self);
	if (shell < 0) {
		error_errno(err, "--break %d=host: fork", step);
	} else {
		/* Both sides, so that it is true when either goes on. */
		setpgid(shell, shell);
		tcsetpgrp(tty, shell);
		sig = wait_for_end(shell, tty, socket, signals);
		result = sig ? interrupt_set(err, sig) : 0;
		tcsetpgrp(tty, getpgrp());
		tcsetattr(tty, TCSADRAIN, &mode);
	}
	hold_signals_end(signals, &before);
	return result;
}
