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

/*
 * proc_is_alive - is the process that had this pid and start time still
 * running? A zombie is not.
 */
bool proc_is_alive(pid_t pid, uint64_t start_time);

/* proc_parent - the parent's pid, 0 when it is outside of our pid namespace;
 * -1 when there is no such process. */
pid_t proc_parent(pid_t pid);

#endif
