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

/* The text from FIELD_STATE on: *fields points into what is returned (free()),
 * or NULL and *err. */
static char *read_fields(pid_t pid, char **fields, struct error *err)
{
	cleanup_free char *path = xasprintf("/proc/%d/stat", (int)pid);
	cleanup_free char *text = NULL;
	char *p;

	if (file_read(path, STAT_LIMIT, &text, NULL, err) < 0)
		return NULL;
	p = strrchr(text, ')');
	if (!p || p[1] != ' ') {
		error_set(err, ERROR_SYSTEM, "%s: no comm in it", path);
		return NULL;
	}
	*fields = p + 2;
	return steal_ptr(&text);
}

int proc_start_time(pid_t pid, uint64_t *start_time, char *state,
		    struct error *err)
{
	char *p;
	cleanup_free char *text = read_fields(pid, &p, err);

	if (!text)
		return -1;
	if (state)
		*state = *p;
	for (int field = FIELD_STATE; field < FIELD_START_TIME; field++) {
		p = strchr(p, ' ');
		if (!p)
			return error_set(err, ERROR_SYSTEM,
					 "/proc/%d/stat: too short", (int)pid);
		p++;
	}
	*start_time = strtoull(p, NULL, 10);
	return 0;
}

pid_t proc_parent(pid_t pid)
{
	char *p;
	cleanup_free char *text = read_fields(pid, &p, NULL);

	return text && *p ? (pid_t)strtol(p + 1, NULL, 10) : -1;
}

bool proc_is_alive(pid_t pid, uint64_t start_time)
{
	uint64_t now;
	char state;

	return pid > 0 && proc_start_time(pid, &now, &state, NULL) == 0 &&
	       now == start_time && state != 'Z' && state != 'X';
}
