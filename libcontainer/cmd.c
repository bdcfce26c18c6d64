/*
 * cmd.c  [outside]  clone, a few calls in the child, execveat
 *
 * The namespaces of a container begin with one system call. Between it and
 * the exec the child runs our own code in a copy of our memory, and does only
 * what must be done there: tie its life to ours, enter its cgroups (a
 * single-threaded process that moves itself by "0" into a v1 tasks file does
 * not wait for the kernel's grace period, as our writing its pid would), take
 * default signals, and put its descriptors at their numbers. All else is
 * dockerinit's. Sources: clone(2), execveat(2), cgroups(7), prctl(2).
 */
#include "libcontainer/cmd.h"

#include "libcontainer/system/alloc.h"
#include "libcontainer/system/linux.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { FIRST_FD = 3 }; /* after stdin, stdout, stderr */

void cmd_init(struct cmd *cmd)
{
	*cmd = (struct cmd){ .exe = -1,
			     .stdio = { -1, -1, -1 },
			     .cgroup_dir = -1 };
}

int cmd_pass(struct cmd *cmd, int fd)
{
	cmd->fds = xreallocarray(cmd->fds, cmd->fds_len + 1, sizeof(*cmd->fds));
	cmd->fds[cmd->fds_len] = fd;
	return FIRST_FD + (int)cmd->fds_len++;
}

void cmd_free(struct cmd *cmd)
{
	strv_free(cmd->argv);
	strv_free(cmd->env);
	free(cmd->fds);
	if (cmd->exe >= 0)
		close(cmd->exe);
	cmd_init(cmd);
}

__attribute__((noinline)) pid_t spawn_init(uint64_t clone_flags, int cgroup_dir,
					   int *pidfd)
{
	struct clone_args args = {
		.flags = clone_flags | CLONE_PIDFD,
		.pidfd = (uintptr_t)pidfd,
		.exit_signal = SIGCHLD,
	};
	pid_t pid;

	if (cgroup_dir >= 0) {
		args.flags |= CLONE_INTO_CGROUP;
		args.cgroup = (uint64_t)cgroup_dir;
	}
	pid = sys_clone3(&args);
	/* A sandbox around us may not know clone3; its elder does the same
	 * but for the cgroup, which the parent then joins by pid. */
	if (pid < 0 && errno == ENOSYS)
		pid = (pid_t)syscall(SYS_clone,
				     clone_flags | CLONE_PIDFD | SIGCHLD, NULL,
				     pidfd, NULL, NULL);
	return pid;
}

/*
 * A caller may block or ignore signals; the container shall not know. The C
 * library keeps two signals (32, 33) to itself and refuses to touch them, so
 * the kernel is asked directly: a sigaction that is all zero is SIG_DFL.
 */
static void reset_signals(void)
{
	static const unsigned long standard[8];
	sigset_t none;

	for (int sig = 1; sig < NSIG; sig++)
		syscall(SYS_rt_sigaction, sig, standard, NULL, NSIG / 8);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Where this fails, act S2 finds us missing and puts us in by our pid. */
static int join_cgroups(struct cmd *cmd, struct error *err)
{
	struct message joined = { .type = MSG_JOINED, .fd = -1 };

	for (size_t i = 0; i < cmd->cgroup_tasks_len; i++)
		if (write(cmd->cgroup_tasks[i], "0", 1) < 0)
			continue;
	return syncpipe_send(cmd->report, &joined, err);
}

/* Move *fd up to base or above, out of the way of the numbers below. */
static int lift(int *fd, int base, struct error *err)
{
	int high;

	if (*fd >= base)
		return 0;
	if (*fd < 0)
		high = open("/dev/null", O_RDWR | O_CLOEXEC);
	else
		high = *fd;
	if (high >= 0 && high < base)
		high = fcntl(high, F_DUPFD_CLOEXEC, base);
	if (high < 0)
		return error_errno(err, "duplicate descriptor %d", *fd);
	*fd = high;
	return 0;
}

/* Descriptors 0 1 2, then fds from 3 on; everything above closes on exec. */
static int place_fds(struct cmd *cmd, struct error *err)
{
	int base = FIRST_FD + (int)cmd->fds_len;

	if (lift(&cmd->exe, base, err) < 0 ||
	    lift(&cmd->report->fd, base, err) < 0)
		return -1;
	for (int i = 0; i < 3; i++)
		if (lift(&cmd->stdio[i], base, err) < 0)
			return -1;
	for (size_t i = 0; i < cmd->fds_len; i++)
		if (lift(&cmd->fds[i], base, err) < 0)
			return -1;
	for (int i = 0; i < base; i++) {
		int from = i < 3 ? cmd->stdio[i] : cmd->fds[i - FIRST_FD];

		if (dup2(from, i) < 0)
			return error_errno(err, "make descriptor %d", i);
	}
	if (close_range((unsigned)base, ~0U, CLOSE_RANGE_CLOEXEC) < 0)
		return error_errno(err, "mark descriptors close-on-exec");
	return 0;
}

/* The child's life between clone and exec. Never returns. */
static void child_main(struct cmd *cmd)
{
	struct error err;

	/* The guard: when whoever makes this container dies, it dies. Until
	 * step 11, whatever the configuration says. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		error_errno(&err, "set the parent death signal");
	else if (join_cgroups(cmd, &err) == 0 && place_fds(cmd, &err) == 0) {
		reset_signals();
		execveat(cmd->exe, "", cmd->argv, cmd->env, AT_EMPTY_PATH);
		error_errno(&err, "execute dockerinit");
	}
	syncpipe_send_error(cmd->report, &err);
	_exit(125);
}

int cmd_start(struct cmd *cmd, pid_t *pid, int *pidfd, struct error *err)
{
	sigset_t all, before;
	pid_t child;

	/* No handler of ours may run in the child's copy of our memory. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	child = spawn_init(cmd->clone_flags, cmd->cgroup_dir, pidfd);
	if (child < 0 && cmd->cgroup_dir >= 0)
		child = spawn_init(cmd->clone_flags, -1, pidfd);
	if (child == 0)
		child_main(cmd);
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (child < 0)
		return error_errno(err, "clone the init process");
	*pid = child;
	return 0;
}
