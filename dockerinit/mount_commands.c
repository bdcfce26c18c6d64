/*
 * mount_commands.c  [inside]  programs that run before or after a mount
 *
 * They are the config's, not the image's: programs of the host, run in the new
 * mount namespace while the host's files are still there. They get no
 * descriptor but 0-2: stdin is /dev/null, and what they print is kept for the
 * error, for our own stdout belongs to the user's program.
 */
#include "dockerinit/mount.h"

#include "libcontainer/system/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { KEPT = 200 };

static int spawn(const struct mount_command *c, int output, pid_t *pid)
{
	char *only[] = { c->path, NULL }, *none[] = { NULL };
	posix_spawn_file_actions_t files;
	int error;

	posix_spawn_file_actions_init(&files);
	error = posix_spawn_file_actions_addopen(&files, 0, "/dev/null",
						 O_RDONLY, 0);
	if (!error)
		error = posix_spawn_file_actions_adddup2(&files, output, 1);
	if (!error)
		error = posix_spawn_file_actions_adddup2(&files, output, 2);
	if (!error)
		error = posix_spawn_file_actions_addclosefrom_np(&files, 3);
	if (!error && c->dir && *c->dir)
		error = posix_spawn_file_actions_addchdir_np(&files, c->dir);
	if (!error)
		error = posix_spawn(pid, c->path, &files, NULL,
				    c->args && *c->args ? c->args : only,
				    c->env ? c->env : none);
	posix_spawn_file_actions_destroy(&files);
	return error;
}

/* Read to the end, and keep the last KEPT - 1 bytes. */
static void read_output(int fd, char kept[KEPT])
{
	char chunk[KEPT - 1];
	size_t used = 0;
	ssize_t n;

	while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
		size_t len = (size_t)n, room, drop;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		room = KEPT - 1 - used;
		drop = len > room ? len - room : 0;
		memmove(kept, kept + drop, used - drop);
		used -= drop;
		memcpy(kept + used, chunk, len);
		used += len;
	}
	while (used > 0 && kept[used - 1] == '\n')
		used--;
	kept[used] = '\0';
}

static int run(const struct mount_command *c, struct error *err)
{
	cleanup_close int out = -1, in = -1;
	int pair[2], status = 0;
	char kept[KEPT];
	pid_t pid;

	if (!c->path)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "mount command: path is missing");
	if (pipe2(pair, O_CLOEXEC) < 0)
		return error_errno(err, "make a pipe");
	out = pair[0];
	in = pair[1];
	errno = spawn(c, in, &pid);
	if (errno)
		return error_errno(err, "run mount command %s", c->path);
	close(steal_fd(&in));
	read_output(out, kept);
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return error_errno(err, "wait for %s", c->path);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	return error_set(err, ERROR_SYSTEM, "mount command %s: %s %d: %s",
			 c->path, WIFEXITED(status) ? "exit status" : "signal",
			 WIFEXITED(status) ? WEXITSTATUS(status)
					   : WTERMSIG(status),
			 kept);
}

int mount_commands(const struct mount_command *commands, size_t len,
		   struct error *err)
{
	for (size_t i = 0; i < len; i++)
		if (run(&commands[i], err) < 0)
			return -1;
	return 0;
}
