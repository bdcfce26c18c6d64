/*
 * mount_commands.c  [inside]  programs that run before or after a mount
 *
 * They are the config's, not the image's: programs of the host, run in the new
 * mount namespace while the host's files are still there. They get no
 * descriptor but 0-2: stdin is /dev/null, and what they print is kept for the
 * error, for our own stdout belongs to the user's program.
 *
 * A start that is undone ends them: dockerinit is killed then, and a command
 * has asked the kernel to be killed with it, for without a pid namespace
 * nothing else would. (What a command has started itself is found in the
 * cgroup.) Each is a process group of its own: the Ctrl-C of a terminal is for
 * the outside, which undoes the start. Source: PR_SET_PDEATHSIG(2const).
 */
#include "dockerinit/mount.h"

#include "libcontainer/system/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { KEPT = 200, REPORT_FD = STDERR_FILENO + 1 };

/* Stdin, the output twice, and at 3 where what fails is reported. */
static bool place_descriptors(int output, int *report)
{
	int in =
		open("/dev/null", O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);

	if (in < 0 || dup2(in, STDIN_FILENO) < 0 ||
	    dup2(output, STDOUT_FILENO) < 0 ||
	    dup2(output, STDERR_FILENO) < 0 ||
	    (*report != REPORT_FD && dup2(*report, REPORT_FD) < 0))
		return false;
	*report = REPORT_FD;
	return fcntl(REPORT_FD, F_SETFD, FD_CLOEXEC) == 0 &&
	       close_range(REPORT_FD + 1, ~0U, 0) == 0;
}

/* Never returns. What fails is said on report. */
static void be_command(const struct mount_command *c, int output, int report,
		       pid_t parent)
{
	char *only[] = { c->path, NULL }, *none[] = { NULL };

	if (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent &&
	    setpgid(0, 0) == 0 && place_descriptors(output, &report) &&
	    (!c->dir || !*c->dir || chdir(c->dir) == 0))
		execve(c->path, c->args && *c->args ? c->args : only,
		       c->env ? c->env : none);
	if (write(report, &errno, sizeof(errno)) < 0)
		_exit(126);
	_exit(127);
}

/* Returns its pid, or -1 with errno when it cannot be executed. */
static pid_t spawn(const struct mount_command *c, int output)
{
	cleanup_close int read_end = -1, write_end = -1;
	int ends[2], errnum = 0;
	pid_t pid, self = getpid();

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	read_end = ends[0];
	write_end = ends[1];
	pid = fork();
	if (pid == 0)
		be_command(c, output, write_end, self);
	if (pid < 0)
		return -1;
	close(steal_fd(&write_end));
	if (read(read_end, &errnum, sizeof(errnum)) <= 0)
		return pid;
	waitpid(pid, NULL, 0);
	errno = errnum;
	return -1;
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
	pid = spawn(c, in);
	if (pid < 0)
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
