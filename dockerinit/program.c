/*
 * program.c  [inside]  which file args[0] means
 *
 * The look-up happens inside, as the container's user, with the container's
 * PATH: the same name may be another program, or none, outside. A shell tells
 * two failures apart and so do we: nothing of that name (127), and something
 * that cannot be run (126). Source: execvp(3), the shell's 2.8.2 in POSIX.
 */
#include "dockerinit/program.h"

#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int program_error(const char *name, struct error *err)
{
	int saved = errno;

	error_errno(err, "exec: \"%s\"", name);
	if (err)
		err->code = saved == ENOENT || saved == ENOTDIR
				    ? ERROR_COMMAND_NOT_FOUND
				    : ERROR_COMMAND_NOT_EXECUTABLE;
	return -1;
}

/* 0, or -1 with errno: EACCES also for what is no file. */
static int check(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return -1;
	if (!S_ISREG(st.st_mode)) {
		errno = S_ISDIR(st.st_mode) ? EISDIR : EACCES;
		return -1;
	}
	return faccessat(AT_FDCWD, path, X_OK, AT_EACCESS);
}

/* Try each directory of PATH; an empty one is the working directory. */
static char *search(const char *name, const char *path, bool *refused)
{
	for (;;) {
		size_t len = strcspn(path, ":");
		cleanup_free char *file =
			len ? xasprintf("%.*s/%s", (int)len, path, name)
			    : xasprintf("./%s", name);

		if (check(file) == 0)
			return steal_ptr(&file);
		if (errno == EACCES)
			*refused = true;
		if (path[len] == '\0')
			return NULL;
		path += len + 1;
	}
}

char *program_find(const char *name, struct error *err)
{
	const char *path = getenv("PATH");
	bool refused = false;
	char *found;

	if (strchr(name, '/')) {
		if (check(name) == 0)
			return xstrdup(name);
		program_error(name, err);
		return NULL;
	}
	if (!path) {
		error_set(err, ERROR_COMMAND_NOT_FOUND,
			  "exec: \"%s\": not found: PATH is not set", name);
		return NULL;
	}
	found = *name ? search(name, path, &refused) : NULL;
	if (found)
		return found;
	if (refused) {
		errno = EACCES;
		program_error(name, err);
		return NULL;
	}
	error_set(err, ERROR_COMMAND_NOT_FOUND,
		  "exec: \"%s\": not found in PATH", name);
	return NULL;
}
