/*
 * cmd.c  [outside]  clone, a few calls in the child, execveat
 *
 * The namespaces of a container begin with one system call. Between it and
 * the exec the child runs our own code in a copy of our memory, and does only
 * what must be done there: tie its life to ours, enter its cgroups (a
 * single-threaded process that moves itself by "0" into a v1 tasks file does
 * not wait for the kernel's grace period, as our writing its pid would), take
 * default signals, and put its descriptors at their numbers. All else is
 * dockerinit's.
 *
 * The copy holds every descriptor of ours, too: the other end of its own pipe,
 * which would keep it from ever hearing our end, and the container's directory
 * with the lock. So it first closes all that is not on its list. Then it asks
 * the kernel to kill it when we die, and then looks whether we have died
 * before it asked: an exiting process closes its files first and signals its
 * children afterwards, so a pipe that still has its other end means that the
 * signal will come. A change of credentials makes the kernel forget the wish,
 * and both are done again.
 *
 * One kind of namespace asks for more. In a new user namespace a process has
 * every capability, but no id; an execve would take the capabilities, for they
 * are kept by uid 0 alone. So the child waits until its parent has written the
 * id maps, and becomes 0, before it executes. All other new namespaces come
 * from the same call, for the kernel then makes the user namespace first and
 * the others its property. Should it share namespaces of somebody else beside
 * that, then it must enter these while it still is who may.
 * Sources: clone(2), user_namespaces(7), execveat(2), cgroups(7), prctl(2).
 */
#include "libcontainer/cmd.h"

#include "libcontainer/configs/names.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/linux.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
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
	free(cmd->kept);
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

static int by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* The list of all that the child needs, in order. It is made before the clone,
 * for nothing may fail between that and the guard. */
static void list_kept(struct cmd *cmd)
{
	size_t len = 0;

	cmd->kept = xcalloc(5 + cmd->fds_len + cmd->enter_len +
				    cmd->cgroup_tasks_len,
			    sizeof(*cmd->kept));
	cmd->kept[len++] = cmd->exe;
	cmd->kept[len++] = cmd->report->fd;
	for (int i = 0; i < 3; i++)
		cmd->kept[len++] = cmd->stdio[i];
	for (size_t i = 0; i < cmd->fds_len; i++)
		cmd->kept[len++] = cmd->fds[i];
	for (size_t i = 0; i < cmd->enter_len; i++)
		cmd->kept[len++] = cmd->enter[i].fd;
	for (size_t i = 0; i < cmd->cgroup_tasks_len; i++)
		cmd->kept[len++] = cmd->cgroup_tasks[i];
	qsort(cmd->kept, len, sizeof(*cmd->kept), by_number);
	cmd->kept_len = len;
}

/* Close what lies between those of the list; 0 1 2 are replaced later. */
static int close_the_others(const struct cmd *cmd, struct error *err)
{
	unsigned first = FIRST_FD;

	for (size_t i = 0; i < cmd->kept_len; i++) {
		unsigned fd = (unsigned)cmd->kept[i];

		if (cmd->kept[i] < FIRST_FD || fd < first)
			continue;
		if (fd > first && close_range(first, fd - 1, 0) < 0)
			return error_errno(err, "close the outside's files");
		first = fd + 1;
	}
	if (close_range(first, ~0U, 0) < 0)
		return error_errno(err, "close the outside's files");
	return 0;
}

/* The parent's pid is 0 for who is in another pid namespace than it. */
static int look_for_parent(const struct cmd *cmd, struct error *err)
{
	struct pollfd pipe = { .fd = cmd->report->fd };
	pid_t parent = getppid();

	if (poll(&pipe, 1, 0) < 0)
		return error_errno(err, "poll the sync pipe");
	if ((pipe.revents & (POLLHUP | POLLERR)) ||
	    (parent != 0 && parent != cmd->parent))
		return error_set(err, ERROR_SYSTEM, "the parent has died");
	return 0;
}

/* When whoever makes this container dies, the child dies, too: until step 11,
 * whatever the configuration says (guard.c). And where strangers look on,
 * nobody traces it (step 4). A change of credentials may end both. */
static int arm_guard(const struct cmd *cmd, struct error *err)
{
	if (cmd->hidden && prctl(PR_SET_DUMPABLE, 0) < 0)
		return error_errno(err, "become non-dumpable");
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		return error_errno(err, "set the parent death signal");
	return look_for_parent(cmd, err);
}

/* Where this fails, act S2 finds us missing and puts us in by our pid. */
static void join_cgroups(struct cmd *cmd)
{
	for (size_t i = 0; i < cmd->cgroup_tasks_len; i++)
		if (write(cmd->cgroup_tasks[i], "0", 1) < 0)
			continue;
}

static int say(struct cmd *cmd, enum message_type type, struct error *err)
{
	struct message message = { .type = (int)type, .fd = -1 };

	return syncpipe_send(cmd->report, &message, err);
}

/* What clone was not told, since there was something to enter before. */
static int enter_and_unshare(struct cmd *cmd, struct error *err)
{
	for (size_t i = 0; i < cmd->enter_len; i++)
		if (setns(cmd->enter[i].fd, cmd->enter[i].type) < 0)
			return error_errno(err,
					   "join the given %s namespace from "
					   "outside of its user namespace",
					   namespace_file(cmd->enter[i].type));
	if (cmd->enter_len && unshare((int)cmd->clone_flags) < 0)
		return error_errno(err, "make the other namespaces");
	return cmd->enter_len ? arm_guard(cmd, err) : 0;
}

/* Of a user namespace that is new, and so not yet of any use. */
static int become_root(struct cmd *cmd, struct error *err)
{
	struct message resume;
	int rc;

	if (!(cmd->clone_flags & CLONE_NEWUSER))
		return 0;
	if (say(cmd, MSG_MAPS, err) < 0)
		return -1;
	rc = syncpipe_receive(cmd->report, &resume, err);
	if (rc < 0)
		return -1;
	if (rc == 0 || resume.type != MSG_RESUME)
		return error_set(err, ERROR_SYSTEM,
				 "the parent is gone before it wrote the id "
				 "maps");
	if (setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0)
		return error_errno(err, "become 0 of the user namespace");
	return arm_guard(cmd, err);
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
	int result = close_the_others(cmd, &err);

	if (result == 0)
		result = arm_guard(cmd, &err);
	if (result == 0)
		join_cgroups(cmd);
	if (result == 0 && enter_and_unshare(cmd, &err) == 0 &&
	    become_root(cmd, &err) == 0 && say(cmd, MSG_JOINED, &err) == 0 &&
	    place_fds(cmd, &err) == 0) {
		reset_signals();
		execveat(cmd->exe, "", cmd->argv, cmd->env, AT_EMPTY_PATH);
		error_errno(&err, "execute dockerinit");
	}
	syncpipe_send_error(cmd->report, &err);
	_exit(125);
}

static int refused(const struct cmd *cmd, struct error *err)
{
	if ((cmd->clone_flags & CLONE_NEWUSER) &&
	    (errno == EPERM || errno == ENOSPC || errno == EUSERS))
		return error_errno(err, "clone the init process in a user "
					"namespace, which this machine does "
					"not allow or has too many of");
	return error_errno(err, "clone the init process");
}

int cmd_start(struct cmd *cmd, pid_t *pid, int *pidfd, struct error *err)
{
	uint64_t flags = cmd->enter_len ? 0 : cmd->clone_flags;
	sigset_t all, before;
	pid_t child;

	list_kept(cmd);
	cmd->parent = getpid();
	/* No handler of ours may run in the child's copy of our memory. */
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	child = spawn_init(flags, cmd->cgroup_dir, pidfd);
	if (child < 0 && cmd->cgroup_dir >= 0)
		child = spawn_init(flags, -1, pidfd);
	if (child == 0)
		child_main(cmd);
	if (child < 0)
		refused(cmd, err);
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (child < 0)
		return -1;
	*pid = child;
	return 0;
}
