/* spawn.c  [both]  run a helper program to its end
 *
 * Some things an ordinary user can do only through a program that has more
 * rights than he has. Its own words say best why it would not; both its
 * outputs come into one pipe, and the last line is what is passed on.
 * Source: posix_spawn(3).
 */
#include "libcontainer/system/spawn.h"

#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SAID_LIMIT = 64 * 1024 };

extern char **environ;

/* Returns an errno, as posix_spawn does. */
static int start(char *const argv[], int output, pid_t *pid)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t none;
	int error;

	sigemptyset(&none);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	posix_spawn_file_actions_init(&files);
	error = posix_spawn_file_actions_addopen(&files, STDIN_FILENO,
						 "/dev/null", O_RDONLY, 0);
	if (!error)
		error = posix_spawn_file_actions_adddup2(&files, output,
							 STDOUT_FILENO);
	if (!error)
		error = posix_spawn_file_actions_adddup2(&files, output,
							 STDERR_FILENO);
	if (!error)
		error = posix_spawn_file_actions_addclosefrom_np(
			&files, STDERR_FILENO + 1);
	if (!error)
		error = posix_spawnp(pid, argv[0], &files, &attributes, argv,
				     environ);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attributes);
	return error;
}

/* The last line of text, without what ends it. */
static const char *last_line(char *text)
{
	size_t len = strlen(text);
	char *newline;

	while (len > 0 && text[len - 1] == '\n')
		text[--len] = '\0';
	newline = strrchr(text, '\n');
	return newline ? newline + 1 : text;
}

static int explain(const char *name, int status, char *said, struct error *err)
{
	const char *line = last_line(said);
	size_t len = strlen(name);

	/* Most programs begin with their own name. */
	if (strncmp(line, name, len) == 0 && strncmp(line + len, ": ", 2) == 0)
		line += len + 2;
	if (*line)
		return error_set(err, ERROR_SYSTEM, "%s: %s", name, line);
	return error_set(
		err, ERROR_SYSTEM, "%s: %s %d", name,
		WIFSIGNALED(status) ? "ended by signal" : "exit status",
		WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
}

int spawn_wait(char *const argv[], struct error *err)
{
	cleanup_close int from = -1, to = -1;
	cleanup_free char *said = NULL;
	int pair[2], status = 0, read_all;
	pid_t pid;

	if (pipe2(pair, O_CLOEXEC) < 0)
		return error_errno(err, "make a pipe");
	from = pair[0];
	to = pair[1];
	errno = start(argv, to, &pid);
	if (errno)
		return error_errno(err, "%s", argv[0]);
	close(steal_fd(&to));
	read_all = file_read_fd(from, SAID_LIMIT, &said, NULL, err);
	close(steal_fd(&from)); /* who says more than we read gets SIGPIPE */
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return error_errno(err, "wait for %s", argv[0]);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	return read_all < 0 ? error_wrap(err, "%s", argv[0])
			    : explain(argv[0], status, said, err);
}
