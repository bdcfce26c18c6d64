/*
 * exec_stop.c  [outside]  hold a child at the end of its execve
 *
 * What execve changes (the program, its environment, the descriptors that it
 * closes, capabilities, the label) can be seen only after it, when the user's
 * program would run already, and may change it again or end. ptrace(2) stops
 * the child between the two. It is not tried where we are confined, for then a
 * security module could refuse the execve. And it is refused to who has no
 * CAP_SYS_PTRACE where the child was loaded from: a process that joined or has
 * changed its user is not dumpable. Then, and where somebody else (a debugger,
 * strace) traces the child, the last step is shown without what it changed.
 *
 * From then on each signal, even one that is ignored, stops the child until we
 * pass it on; and SIGSTOP's stop must be one that SIGCONT ends (PTRACE_LISTEN).
 *
 * Source: ptrace(2), "execve(2) under ptrace"; apparmor(7).
 */
#include "libcontainer/trace/exec_stop.h"

#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/file.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

enum { LABEL_LIMIT = 4096, EXECUTED = SIGTRAP | PTRACE_EVENT_EXEC << 8 };

static bool is_confined(void)
{
	cleanup_free char *label = NULL;

	if (file_read("/proc/self/attr/current", LABEL_LIMIT, &label, NULL,
		      NULL) < 0)
		return false; /* no security module that has labels */
	return *label && strncmp(label, "unconfined", 10) != 0 &&
	       strncmp(label, "kernel", 6) != 0 &&
	       !strstr(label, ":unconfined_t:");
}

bool exec_stop_arm(pid_t pid)
{
	return !is_confined() &&
	       ptrace(PTRACE_SEIZE, pid, NULL, PTRACE_O_TRACEEXEC) == 0;
}

/* Look at what became of it without taking it: if it has ended, somebody else
 * will ask for its status. */
static bool await(pid_t pid, siginfo_t *info)
{
	for (;;) {
		info->si_pid = 0;
		if (waitid(P_PID, (id_t)pid, info,
			   WSTOPPED | WEXITED | WNOWAIT) == 0)
			break;
		if (errno != EINTR)
			return false;
	}
	if (info->si_code != CLD_TRAPPED && info->si_code != CLD_STOPPED)
		return false;
	return waitid(P_PID, (id_t)pid, info, WSTOPPED) == 0;
}

/* It stands with what waitid(2) says of it: as if nobody traced it. */
static void go_on(pid_t pid, int status)
{
	int signal = status & 0xff;

	if (!(status >> 8))
		ptrace(PTRACE_CONT, pid, NULL, (void *)(long)signal);
	else if (signal == SIGTRAP)
		ptrace(PTRACE_CONT, pid, NULL, NULL);
	else
		ptrace(PTRACE_LISTEN, pid, NULL, NULL);
}

void exec_stop_pass_on(pid_t pid)
{
	siginfo_t info = { .si_pid = 0 };

	/* Only stops are asked for: its end is for others to see. */
	if (waitid(P_PID, (id_t)pid, &info, WSTOPPED | WNOHANG | WNOWAIT) < 0 ||
	    info.si_pid == 0 || info.si_status == EXECUTED)
		return;
	info.si_pid = 0;
	if (waitid(P_PID, (id_t)pid, &info, WSTOPPED | WNOHANG) == 0 &&
	    info.si_pid)
		go_on(pid, info.si_status);
}

bool exec_stop_wait(pid_t pid)
{
	siginfo_t info;

	while (await(pid, &info)) {
		if (info.si_status == EXECUTED)
			return true;
		go_on(pid, info.si_status);
	}
	return false;
}

void exec_stop_release(pid_t pid)
{
	ptrace(PTRACE_DETACH, pid, NULL, NULL);
}
