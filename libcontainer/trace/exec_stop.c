/*
 * exec_stop.c  [outside]  hold a child at the end of its execve
 *
 * What execve changes (the program, its environment, the descriptors that it
 * closes, capabilities, the label) can be seen only after it, when the user's
 * program would run already, and may change it again or end. ptrace(2) stops
 * the child between the two. Two things are asked for first: a confined
 * tracer could make a security module refuse the execve, and who has no
 * CAP_SYS_PTRACE would take a set-user-ID program's privileges away; then the
 * last step is shown without what it changed. So it is where somebody else
 * (a debugger, strace) traces the child.
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

bool exec_stop_wait(pid_t pid)
{
	siginfo_t info;

	while (await(pid, &info)) {
		int signal = info.si_status;

		if (signal == EXECUTED)
			return true;
		/* A signal on its way to it; or it is stopped by one. */
		if (signal >> 8) {
			ptrace(PTRACE_DETACH, pid, NULL, NULL);
			return false;
		}
		ptrace(PTRACE_CONT, pid, NULL, (void *)(long)signal);
	}
	return false;
}

void exec_stop_release(pid_t pid)
{
	ptrace(PTRACE_DETACH, pid, NULL, NULL);
}
