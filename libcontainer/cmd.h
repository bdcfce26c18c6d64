/*
 * cmd.h  [outside]  Go's os/exec.Cmd in C: what to execute, and how it is born
 *
 * The chapter: "a cmd object, the start command of the process in the
 * container; Docker creates the init process by it".
 */
#ifndef LIBCONTAINER_CMD_H
#define LIBCONTAINER_CMD_H

#include "libcontainer/syncpipe/syncpipe.h"
#include "libcontainer/system/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Everything is the caller's but argv, env and exe, which cmd_free releases. */
struct cmd {
	int exe; /* the file to execute, as a descriptor        */
	char **argv, **env;
	int stdio[3]; /* become 0 1 2; -1 is /dev/null               */
	int *fds;     /* become 3 4 5 ...                            */
	size_t fds_len;
	uint64_t clone_flags; /* CLONE_NEW flags                             */
	const struct joined_namespace *enter; /* first, then the flags   */
	size_t enter_len;
	bool hidden;	/* not dumpable from birth to execve         */
	int cgroup_dir; /* v2: born in this cgroup; -1                 */
	const int *cgroup_tasks; /* v1: the child writes "0" to each         */
	size_t cgroup_tasks_len;
	struct syncpipe *report; /* where the child speaks, and hears RESUME */
	int *kept;		 /* of cmd_start: descriptors of the child */
	size_t kept_len;
	pid_t parent; /* of cmd_start: who the child's parent is    */
};

/* cmd_init - nothing to execute yet, stdio on /dev/null. */
void cmd_init(struct cmd *cmd);

/* cmd_pass - the child gets fd under the number that is returned. */
int cmd_pass(struct cmd *cmd, int fd);

/*
 * cmd_start - make the child. Returns when it exists. From its first system
 * calls on it has no descriptor that is not named here (but 0 1 2), and dies
 * with its parent (PR_SET_PDEATHSIG, prctl(2)). In a new user namespace
 * it says MAPS in cmd->report's other end, and waits there for RESUME: its id
 * maps are written then, and it becomes 0. It says JOINED when it has tried to
 * enter its cgroups, then executes; should it fail, it says ERROR.
 * *pidfd is the caller's. Returns 0 or -1.
 */
int cmd_start(struct cmd *cmd, pid_t *pid, int *pidfd, struct error *err);

/* cmd_free - release argv, env, fds' list and close exe. */
void cmd_free(struct cmd *cmd);

/*
 * spawn_init - the one clone of the outside, which makes a container's first
 * process, or (without flags) one that will join: clone3(2) with CLONE_PIDFD
 * and SIGCHLD. Never inlined, so that debuggers and tests can
 * stop here. Returns as fork(2) does.
 */
pid_t spawn_init(uint64_t clone_flags, int cgroup_dir, int *pidfd);

#endif
