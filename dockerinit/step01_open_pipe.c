/*
 * step01_open_pipe.c  [inside]  step 1: the pipe's descriptor
 *
 * The pipe was made by the outside (P1) and came through clone and execve as
 * an open descriptor; all that is missing is its number, which stands in the
 * environment (P3). From here on it is close-on-exec, so that it disappears
 * at the very moment when step 12 succeeds: this is how the outside learns
 * that the program runs.
 *
 * The parent's pid is recorded now, as early as possible, for step 11. And the
 * guard is armed once more: an execve that adds capabilities forgets it.
 */
#include "dockerinit/guard.h"
#include "dockerinit/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int descriptor_from_environment(const char *name, struct error *err)
{
	const char *text = getenv(name);
	int fd = 0;

	if (!text)
		return error_set(err, ERROR_SYSTEM, "%s is not set", name);
	for (const char *p = text; *p; p++) {
		if (*p < '0' || *p > '9' || fd > (INT_MAX - 9) / 10)
			return error_set(err, ERROR_SYSTEM,
					 "%s=%s is not a descriptor's number",
					 name, text);
		fd = fd * 10 + (*p - '0');
	}
	if (fd <= STDERR_FILENO)
		return error_set(err, ERROR_SYSTEM,
				 "%s=%s is not a descriptor above 2", name,
				 text);
	if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
		return error_errno(err, "%s=%s", name, text);
	return fd;
}

static int read_type(struct init *init, struct error *err)
{
	const char *type = getenv(ENV_INIT_TYPE);

	if (type && strcmp(type, "standard") == 0)
		init->type = INIT_STANDARD;
	else if (type && strcmp(type, "setns") == 0)
		init->type = INIT_SETNS;
	else
		return error_set(err, ERROR_SYSTEM,
				 "%s=%s is neither standard nor setns",
				 ENV_INIT_TYPE, type ? type : "");
	return 0;
}

//> step-01
int step01_open_pipe(struct init *init, struct error *err)
{
	int fd;

	init->parent_pid = getppid();
	fd = descriptor_from_environment(ENV_INIT_PIPE, err);
	if (fd < 0)
		return -1;
	syncpipe_open(&init->pipe, fd);
	if (guard_arm(init, err) < 0)
		return -1;
	if (read_type(init, err) < 0)
		return -1;
	unsetenv(ENV_INIT_PIPE);
	unsetenv(ENV_INIT_TYPE);
	unsetenv(ENV_TRACE);
	return 0;
}
//< step-01
