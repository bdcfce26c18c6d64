/*
 * step12_exec.c  [inside]  step 12: execve, and dockerinit is no more
 *
 * READY says that all which could be prepared is done; the outside goes on.
 * execve then replaces the program: same process, same pid, same namespaces,
 * limits and privileges, but the user's code. The pipe is close-on-exec, so
 * its end of file tells the outside that execve has succeeded, and after that
 * nothing may be said any more.
 *
 * Before it, whatever else is open is marked to be closed, too: a descriptor
 * of a host's directory in the wrong hands is a way out (CVE-2024-21626). Of
 * the signals the program gets an empty mask; their dispositions are the
 * default since before dockerinit was executed.
 * Sources: execve(2), close_range(2).
 */
#include "dockerinit/inside.h"
#include "dockerinit/program.h"

#include <linux/close_range.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

extern char **environ;

//> step-12
int step12_exec(struct init *init, struct error *err)
{
	struct message ready = { .type = MSG_READY, .fd = -1 };
	unsigned int first = 3 + (unsigned int)init->config->passed_fds;
	sigset_t none;

	if (rlimits_finish(init, err) < 0 ||
	    syncpipe_send(&init->pipe, &ready, err) < 0)
		return -1;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	if (syscall(SYS_close_range, first, ~0U, CLOSE_RANGE_CLOEXEC) < 0)
		return error_errno(err, "close the descriptors above %u",
				   first - 1);
	execve(init->program, init->config->args, environ);
	return program_error(init->config->args[0], err);
}
//< step-12
