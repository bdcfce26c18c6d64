/*
 * step04_join_namespaces.c  [inside]  step 4: join what exists already
 *
 * Namespaces that are made new were made by the clone (S1). Those with a path
 * belong to others: the outside opened them, and here each is entered with
 * setns(2). The order is forced. A user namespace gives the privileges in those
 * that belong to it, and takes them in all others: what we may enter as we are
 * comes before it, the rest after it. What is made new beside a joined user
 * namespace is made here, too, to belong to it. The pid namespace comes late,
 * for setns(CLONE_NEWPID) moves only children: a second clone is needed, and
 * who walks on is the child. CLONE_PARENT makes it our sibling, so that the
 * outside, and not we, can wait for it. The mount namespace comes last, for
 * after it no path means what it meant. (A new container joins a mount
 * namespace only in step 7, whose subject that is.)
 *
 * Whoever lives in a joined pid or user namespace could trace us and take our
 * descriptors: of the host, the pipe, the trace socket. A process that is not
 * dumpable cannot be traced, its /proc/PID/fd cannot be opened, and
 * pidfd_getfd(2) takes nothing of it. execve ends that (step 12). Root of the
 * host may look nevertheless (CAP_SYS_PTRACE); an ordinary user's --trace sees
 * less of us then, and his debugger nothing: so not with --plain-init.
 *
 * 4b: setsid, so that no terminal of the host is ours any more. A joining
 * process gets its console here, for step 9 is not on its way.
 */
#include "dockerinit/console.h"
#include "dockerinit/guard.h"
#include "dockerinit/inside.h"
#include "dockerinit/label.h"

#include "libcontainer/configs/names.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static const int order[] = { CLONE_NEWIPC,  CLONE_NEWUTS, CLONE_NEWNET,
			     CLONE_NEWTIME, CLONE_NEWPID, CLONE_NEWCGROUP };

enum { ORDER_LEN = sizeof(order) / sizeof(order[0]) };

static struct joined_namespace *find(const struct init *init, int type)
{
	for (size_t i = 0; i < init->config->join_len; i++)
		if (init->config->join[i].type == type)
			return &init->config->join[i];
	return NULL;
}

/* Of a container's first process, cmd.c may have entered the pid namespace. */
static bool has_company(const struct init *init)
{
	return find(init, CLONE_NEWPID) || find(init, CLONE_NEWUSER) ||
	       (init->type == INIT_STANDARD &&
		config_joins_namespace(init->config->config, CLONE_NEWPID));
}

static int hide_from_others(const struct init *init, struct error *err)
{
	if (!has_company(init) || init->config->plain_init)
		return 0;
	if (prctl(PR_SET_DUMPABLE, 0) < 0)
		return error_errno(err, "become non-dumpable");
	if (init->trace_fd >= 0 && geteuid() != 0)
		init_note(init, "nobody in the container shall trace this "
				"process, and so an ordinary user may not look "
				"at all of it: what is hidden is shown as ?");
	return 0;
}

/* An id that was ours outside may be unmapped here; 0 is who may go on. */
static int become_root(const struct init *init, struct error *err)
{
	if (setresgid(0, 0, 0) < 0)
		return error_errno(err, "become gid 0 of the user namespace");
	if (setresuid(0, 0, 0) < 0)
		return error_errno(err, "become uid 0 of the user namespace");
	return guard_arm(init, err);
}

static int wait_for_resume(struct init *init, struct error *err)
{
	struct message message = { .fd = -1 };
	int got = syncpipe_receive(&init->pipe, &message, err);
	int type = message.type;

	if (got < 0)
		return -1;
	if (got == 0)
		return error_set(err, ERROR_SYSTEM,
				 "the parent is gone before it said RESUME");
	message_free(&message);
	if (type != MSG_RESUME)
		return error_set(err, ERROR_SYSTEM,
				 "message %d came instead of RESUME", type);
	return 0;
}

/* A new one that has nobody in it yet cannot be looked at. */
bool init_pids_are_apart(void)
{
	struct stat own, children;

	if (stat("/proc/self/ns/pid", &own) < 0)
		return false;
	return stat("/proc/self/ns/pid_for_children", &children) < 0 ||
	       own.st_ino != children.st_ino || own.st_dev != children.st_dev;
}

//> step-04-pid
/* Returns in the child alone. */
static int enter_pid_namespace(struct init *init, struct error *err)
{
	struct message message = { .type = MSG_PID, .fd = -1 };
	pid_t pid;

	if (!init_pids_are_apart())
		return 0;
	pid = (pid_t)syscall(SYS_clone, CLONE_PARENT | SIGCHLD, NULL, NULL,
			     NULL, NULL);
	if (pid < 0)
		return error_errno(err, "clone into the pid namespace");
	if (pid > 0) {
		message.pid = pid;
		if (syncpipe_send(&init->pipe, &message, err) < 0)
			return -1;
		_exit(0);
	}
	init->parent_pid = getppid();
	if (guard_arm(init, err) < 0)
		return -1;
	return wait_for_resume(init, err);
}
//< step-04-pid

static int join(struct init *init, int type, struct error *err)
{
	struct joined_namespace *namespace = find(init, type);

	if (!namespace || namespace->fd < 0)
		return 0;
	if (setns(namespace->fd, type) < 0)
		return error_errno(err, "setns to the given %s namespace",
				   namespace_file(type));
	close(namespace->fd);
	namespace->fd = -1;
	return 0;
}

static int join_user_namespace(struct init *init, struct error *err)
{
	if (!find(init, CLONE_NEWUSER))
		return 0;
	/* What refuses us belongs to it, or to nobody whom we know: the second
	 * attempt will tell. */
	for (size_t i = 0; i < ORDER_LEN; i++)
		join(init, order[i], NULL);
	if (join(init, CLONE_NEWUSER, err) < 0)
		return -1;
	return become_root(init, err);
}

static int make_the_others(const struct init *init, struct error *err)
{
	uint64_t flags = config_clone_flags(init->config->config);

	if (init->type != INIT_STANDARD || !find(init, CLONE_NEWUSER))
		return 0;
	if (unshare((int)flags) < 0)
		return error_errno(err, "make the other namespaces");
	return 0;
}

static int enter_root(struct init *init, struct error *err)
{
	/* The last moment at which /proc is known to be the host's. */
	if (label_open(init, err) < 0)
		return -1;
	if (join(init, CLONE_NEWNS, err) < 0)
		return -1;
	init->rootfs_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (init->rootfs_fd < 0)
		return error_errno(err, "open / of the container");
	return 0;
}

//> step-04
int step04_join_namespaces(struct init *init, struct error *err)
{
	if (hide_from_others(init, err) < 0)
		return -1;
	if (join_user_namespace(init, err) < 0)
		return -1;
	for (size_t i = 0; i < ORDER_LEN; i++)
		if (join(init, order[i], err) < 0)
			return -1;
	if (make_the_others(init, err) < 0 ||
	    enter_pid_namespace(init, err) < 0)
		return -1;
	if (init->type == INIT_SETNS && enter_root(init, err) < 0)
		return -1;
	if (setsid() < 0 && getsid(0) != getpid())
		return error_errno(err, "setsid");
	if (init->type == INIT_SETNS) {
		umask(022);
		if (init->config->tty)
			return console_open(init, err);
	}
	return 0;
}
//< step-04
