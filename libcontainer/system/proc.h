/* proc.h  [both]  what /proc says about a process */
#ifndef LIBCONTAINER_SYSTEM_PROC_H
#define LIBCONTAINER_SYSTEM_PROC_H

#include "libcontainer/system/error.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * proc_start_time - field 22 of /proc/PID/stat: when the process started, in
 * clock ticks after boot. A pid with its start time names a process for ever;
 * a pid alone may be somebody else's by now. state: its state letter (may be
 * NULL). Returns 0, or -1 (errno ESRCH in err when there is no such process).
 */
int proc_start_time(pid_t pid, uint64_t *start_time, char *state,
		    struct error *err);

/* What has become of a process. One that is ending runs no program any more:
 * the kernel takes it apart. The first process of a pid namespace is at that
 * for as long as others in there are not reaped. */
enum proc_life { PROC_DEAD, PROC_ENDING, PROC_ALIVE };

/*
 * proc_life - what has become of the process that had this pid and start time.
 * A zombie is dead, unless it is the first thread of a process that others
 * still run. Returns 0 with *life, or -1 when the kernel does not tell: then it
 * may well be alive.
 * Source: proc_pid_stat(5); the flags are the kernel's PF_EXITING.
 */
int proc_life(pid_t pid, uint64_t start_time, enum proc_life *life,
	      struct error *err);

/* proc_is_alive - the same as 1 (PROC_ALIVE), 0, or -1 with *err. */
int proc_is_alive(pid_t pid, uint64_t start_time, struct error *err);

/* proc_is_killed - is a SIGKILL on its way to it? False when it is dead, or
 * nobody can tell. */
bool proc_is_killed(pid_t pid);

/* proc_parent - the parent's pid, 0 when it is outside of our pid namespace;
 * -1 when there is no such process. */
pid_t proc_parent(pid_t pid);

#endif
