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
 * outside, and not we, can wait for it. The mount namespace comes right before
 * that clone, for everybody may read the mount table of a process that he sees;
 * after it no path means what it meant, so what is asked of the host's /proc is
 * asked earlier. (A new container joins a mount namespace only in step 7, whose
 * subject that is.)
 *
 * Whoever sees us and has as much power as we have could trace us, and take our
 * descriptors: the host's /proc, the pipe, the trace socket. Those who live in
 * a joined pid or user namespace see us, but so do all who share the host's
 * pids (--pid host), even when we have pids of our own. Until step 10 we have
 * more capabilities than they; but who is the user that has made a new user
 * namespace has every power over all in it. A process that is not dumpable
 * cannot be traced, its /proc/PID/fd cannot be opened, and pidfd_getfd(2) takes
 * nothing of it, but for who has CAP_SYS_PTRACE in the user namespace of its
 * last execve, or above that. So:
 *
 *	the clone (cmd.c)	root's child is not dumpable: root need not own
 *				its files to write its id maps
 *	its execve		ends that; but of the file that a new user
 *				namespace of root's gets, nobody may read the
 *				copy (self.c), and then the kernel goes on so,
 *				and asks for CAP_SYS_PTRACE in the host's
 *	step 4			not dumpable, and again after each change of
 *				credentials, which may end it (guard.c)
 *	step 12			execve ends it, when all that is the host's is
 *				closed
 *
 * An ordinary user's new container stays dumpable, if its pids are its own: no
 * stranger has any power over his user namespace, and he himself may watch it.
 * Root of the host may look at all (CAP_SYS_PTRACE); an ordinary user's --trace
 * sees less of a process that is hidden, and a debugger nothing: so
 * --plain-init and --stop do not hide the process.
 *
 * The session keyring is the caller's until here; the container's, or the
 * joining process's, is a new one (keyring.c).
 *
 * 4b: setsid, so that no terminal of the host is ours any more. A joining
 * process gets its console here, for step 9 is not on its way.
 */
#include "dockerinit/console.h"
#include "dockerinit/guard.h"
#include "dockerinit/inside.h"
#include "dockerinit/keyring.h"
#include "dockerinit/label.h"

#include "libcontainer/configs/names.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
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

static int hide_from_others(struct init *init, struct error *err)
{
	if (!init->config->hidden)
		return 0;
	init->hidden = true;
	if (guard_arm(init, err) < 0)
		return -1;
	if (init->trace_fd >= 0 && getauxval(AT_EUID) != 0)
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
	if (guard_arm(init, err) < 0)
		return -1;
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

int init_pids_are_apart(const struct init *init, bool *apart, struct error *err)
{
	struct stat own, children;

	*apart = !init->pids_are_one;
	if (init->pids_are_one)
		return 0;
	if (stat("/proc/self/ns/pid", &own) < 0)
		return error_errno(err, "look at our pid namespace");
	if (stat("/proc/self/ns/pid_for_children", &children) == 0)
		*apart = own.st_ino != children.st_ino ||
			 own.st_dev != children.st_dev;
	else if (errno != ENOENT) /* which is new, and has nobody in it yet */
		return error_errno(err, "look at our children's pid namespace");
	return 0;
}

//> step-04-pid
/* Returns in the child alone. */
static int be_born_again(struct init *init, struct error *err)
{
	struct message message = { .type = MSG_PID, .fd = -1 };
	pid_t pid;

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
	/* New capabilities are a change of credentials. */
	return type == CLONE_NEWUSER ? guard_arm(init, err) : 0;
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

/* Asked here, for a process that joins cannot look later. */
static int look_for_setgroups(struct init *init, struct error *err)
{
	cleanup_free char *text = NULL;

	if (file_read("/proc/self/setgroups", 64, &text, NULL, err) < 0)
		return -1;
	init->setgroups_is_denied = strncmp(text, "deny", 4) == 0;
	return 0;
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
	bool apart;

	if (hide_from_others(init, err) < 0)
		return -1;
	if (join_user_namespace(init, err) < 0)
		return -1;
	for (size_t i = 0; i < ORDER_LEN; i++)
		if (join(init, order[i], err) < 0)
			return -1;
	if (make_the_others(init, err) < 0 ||
	    init_pids_are_apart(init, &apart, err) < 0 ||
	    keyring_renew(init, err) < 0 || label_look(init, err) < 0 ||
	    look_for_setgroups(init, err) < 0)
		return -1;
	if (init->type == INIT_SETNS && enter_root(init, err) < 0)
		return -1;
	if (apart && be_born_again(init, err) < 0)
		return -1;
	init->pids_are_one = true;
	if (init->type == INIT_SETNS && label_open(init, err) < 0)
		return -1;
	label_close_proc(init); /* a new container opens it in step 7 */
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
