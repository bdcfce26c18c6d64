/* break_shell.h  [outside]  --break: a shell before a step, on either side */
#ifndef LIBCONTAINER_TRACE_BREAK_SHELL_H
#define LIBCONTAINER_TRACE_BREAK_SHELL_H

#include "libcontainer/system/error.h"

#include <sys/types.h>

/* break_shell_possible - can a pty be made here? Returns 0 or -1. */
int break_shell_possible(struct error *err);

/*
 * break_shell_inside - lend the user's terminal tty to a shell in the
 * container, a child of process pid, which stands before step and listens at
 * the other end of socket (rootfs, which may be NULL, is named to the user);
 * what the shell leaves behind is killed. Returns 0
 * when it has ended; 1 when nobody is there any more; -1, with
 * ERROR_INTERRUPTED when a signal said that the user gives up.
 */
int break_shell_inside(int tty, int socket, pid_t pid, int step,
		       const char *rootfs, struct error *err);

/* break_shell_host - the same with a shell of ours, which finds the process in
 * $PID. */
int break_shell_host(int tty, int socket, pid_t pid, int step,
		     struct error *err);

#endif
