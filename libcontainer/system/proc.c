/*
 * proc.c  [both]  what /proc says about a process
 *
 * /proc/PID/stat is "PID (comm) STATE PPID ...". The comm may hold blanks and
 * brackets, so the fields are counted from the last ')' (libcontainer 2015
 * counted from the first blank; see proc(5)).
 */
#include "libcontainer/system/proc.h"

#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIELD_STATE = 3, FIELD_START_TIME = 22, STAT_LIMIT = 64 * 1024 };

int proc_start_time(pid_t pid, uint64_t *start_time, char *state,
		    struct error *err)
{
	cleanup_free char *path = xasprintf("/proc/%d/stat", (int)pid);
	cleanup_free char *text = NULL;
	char *p;

	if (file_read(path, STAT_LIMIT, &text, NULL, err) < 0)
		return -1;
	p = strrchr(text, ')');
	if (!p || p[1] != ' ')
		return error_set(err, ERROR_SYSTEM, "%s: no comm in it", path);
	p += 2;
	if (state)
		*state = *p;
	for (int field = FIELD_STATE; field < FIELD_START_TIME; field++) {
		p = strchr(p, ' ');
		if (!p)
			return error_set(err, ERROR_SYSTEM, "%s: too short",
					 path);
		p++;
	}
	*start_time = strtoull(p, NULL, 10);
	return 0;
}

bool proc_is_alive(pid_t pid, uint64_t start_time)
{
	uint64_t now;
	char state;

	return pid > 0 && proc_start_time(pid, &now, &state, NULL) == 0 &&
	       now == start_time && state != 'Z' && state != 'X';
}
