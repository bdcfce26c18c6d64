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

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	FIELD_STATE = 3,
	FIELD_FLAGS = 9,
	FIELD_THREADS = 20,
	FIELD_START_TIME = 22,
	STAT_LIMIT = 64 * 1024,
	EXITING = 4, /* PF_EXITING */
};

/* The text of a stat file from FIELD_STATE on: *fields points into what is
 * returned (free()), or NULL and *err. */
static char *read_fields(const char *path, char **fields, struct error *err)
{
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

/* What we want of a stat file. */
struct proc_stat {
	char state;
	uint64_t flags, threads, start_time;
};

static int read_stat(const char *path, struct proc_stat *stat,
		     struct error *err)
{
	char *p;
	cleanup_free char *text = read_fields(path, &p, err);

	if (!text)
		return -1;
	stat->state = *p;
	for (int field = FIELD_STATE; field < FIELD_START_TIME;) {
		p = strchr(p, ' ');
		if (!p)
			return error_set(err, ERROR_SYSTEM, "%s: too short",
					 path);
		p++;
		field++;
		if (field == FIELD_FLAGS)
			stat->flags = strtoull(p, NULL, 10);
		if (field == FIELD_THREADS)
			stat->threads = strtoull(p, NULL, 10);
	}
	stat->start_time = strtoull(p, NULL, 10);
	return 0;
}

int proc_start_time(pid_t pid, uint64_t *start_time, char *state,
		    struct error *err)
{
	cleanup_free char *path = xasprintf("/proc/%d/stat", (int)pid);
	struct proc_stat stat;

	if (read_stat(path, &stat, err) < 0)
		return -1;
	if (state)
		*state = stat.state;
	*start_time = stat.start_time;
	return 0;
}

pid_t proc_parent(pid_t pid)
{
	cleanup_free char *path = xasprintf("/proc/%d/stat", (int)pid);
	char *p;
	cleanup_free char *text = read_fields(path, &p, NULL);

	return text && *p ? (pid_t)strtol(p + 1, NULL, 10) : -1;
}

static bool is_dead(const struct proc_stat *stat)
{
	return stat->state == 'Z' || stat->state == 'X';
}

static bool is_gone(const struct error *why)
{
	return why->errnum == ENOENT || why->errnum == ESRCH;
}

/* The first thread has ended. Does another one run on? */
static int threads_live(pid_t pid, enum proc_life *life, struct error *err)
{
	cleanup_free char *path = xasprintf("/proc/%d/task", (int)pid);
	cleanup_closedir DIR *tasks = opendir(path);
	struct dirent *entry;

	*life = PROC_DEAD;
	if (!tasks)
		return errno == ENOENT ? 0 : error_errno(err, "open %s", path);
	while ((errno = 0, entry = readdir(tasks))) {
		cleanup_free char *file =
			xasprintf("%s/%s/stat", path, entry->d_name);
		struct proc_stat stat;
		struct error why = { 0 };

		if (entry->d_name[0] == '.')
			continue;
		if (read_stat(file, &stat, &why) < 0) {
			if (is_gone(&why))
				continue;
			if (err)
				*err = why;
			return -1;
		}
		if (is_dead(&stat))
			continue;
		*life = stat.flags & EXITING ? PROC_ENDING : PROC_ALIVE;
		if (*life == PROC_ALIVE)
			return 0;
	}
	return errno ? error_errno(err, "read %s", path) : 0;
}

/* Read a stat file: 1, 0 when there is no such process, or -1. A /proc may hide
 * (hidepid) or lack a process that lives; kill(2) knows all. */
static int find_stat(pid_t pid, struct proc_stat *stat, struct error *err)
{
	cleanup_free char *path = xasprintf("/proc/%d/stat", (int)pid);
	struct error why = { 0 };

	/* Twice, for the pid may be given away in between. */
	for (int look = 0; look < 2; look++) {
		if (read_stat(path, stat, &why) == 0)
			return 1;
		if (!is_gone(&why))
			break;
		if (kill(pid, 0) < 0 && errno == ESRCH)
			return 0;
	}
	if (err)
		*err = why;
	return error_wrap(err, "find out whether process %d lives", (int)pid);
}

int proc_life(pid_t pid, uint64_t start_time, enum proc_life *life,
	      struct error *err)
{
	struct proc_stat stat;
	int found = pid > 0 ? find_stat(pid, &stat, err) : 0;

	if (found < 0)
		return -1;
	*life = PROC_DEAD;
	if (found == 0 || stat.start_time != start_time)
		return 0;
	if (is_dead(&stat))
		return stat.threads > 1 ? threads_live(pid, life, err) : 0;
	/* The flag is of the first thread; while others run it is a zombie
	 * soon. */
	*life = stat.flags & EXITING ? PROC_ENDING : PROC_ALIVE;
	if (*life == PROC_ENDING && stat.threads > 1)
		return threads_live(pid, life, err);
	return 0;
}

int proc_is_alive(pid_t pid, uint64_t start_time, struct error *err)
{
	enum proc_life life;

	if (proc_life(pid, start_time, &life, err) < 0)
		return -1;
	return life == PROC_ALIVE;
}

bool proc_is_killed(pid_t pid)
{
	cleanup_free char *path = xasprintf("/proc/%d/status", (int)pid);
	cleanup_free char *text = NULL;
	const char *line;

	if (file_read(path, STAT_LIMIT, &text, NULL, NULL) < 0)
		return false;
	line = strstr(text, "\nSigPnd:");
	return line && (strtoull(line + 8, NULL, 16) & (1U << (SIGKILL - 1)));
}
