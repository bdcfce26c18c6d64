/*
 * stragglers.c  [outside]  what outlives a container that has no cgroup
 *
 * The end of pid 1 ends its pid namespace; where the container shares that
 * with the host, its cgroup knows who is left. An ordinary user may have
 * neither. But all that his container has started is in its user namespace,
 * which was made for it alone, and nobody can leave a user namespace but into
 * a child of it. (Who makes one more inside may escape; where that matters, a
 * pid namespace is the answer.)
 *
 * A pid is looked at through a descriptor of its process, so that it cannot
 * become somebody else's between the look and the signal.
 * Source: user_namespaces(7), pidfd_send_signal(2).
 */
#include "libcontainer/stragglers.h"

#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/proc.h"

#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <time.h>

enum { ROUNDS = 1000, ROUND_NS = 10 * 1000 * 1000 };

/*
 * Is it alive, and in that user namespace? 1, 0 or -1. Of somebody else's
 * process we may not ask (EACCES, EPERM); all in the namespace are ours.
 */
static int belongs(pid_t pid, const struct stat *user_ns, struct error *err)
{
	cleanup_free char *path = xasprintf("/proc/%d/ns/user", (int)pid);
	uint64_t start_time;
	struct stat st;
	struct error why = { 0 };
	char state;

	if (stat(path, &st) < 0)
		return errno == ENOENT || errno == ESRCH || errno == EACCES ||
				       errno == EPERM
			       ? 0
			       : error_errno(err, "look at %s", path);
	if (st.st_ino != user_ns->st_ino || st.st_dev != user_ns->st_dev)
		return 0;
	if (proc_start_time(pid, &start_time, &state, &why) == 0)
		return state != 'Z' && state != 'X';
	if (why.errnum == ENOENT || why.errnum == ESRCH)
		return 0;
	if (err)
		*err = why;
	return -1;
}

/* 1 when it was one of them, 0, or -1. */
static int kill_one(pid_t pid, const struct stat *user_ns, struct error *err)
{
	cleanup_close int pidfd = pidfd_open(pid, 0);
	int found;

	if (pidfd < 0)
		return errno == ESRCH || errno == EINVAL /* a group's number */
			       ? 0
			       : error_errno(err, "open process %d", (int)pid);
	found = belongs(pid, user_ns, err);
	if (found > 0 && pidfd_send_signal(pidfd, SIGKILL, NULL, 0) < 0 &&
	    errno != ESRCH)
		return error_errno(err, "kill process %d", (int)pid);
	return found;
}

/* Returns how many there were. */
static int kill_round(const struct stat *user_ns, struct error *err)
{
	cleanup_closedir DIR *proc = opendir("/proc");
	struct dirent *entry;
	int found = 0;

	if (!proc)
		return error_errno(err, "open /proc");
	while ((errno = 0, entry = readdir(proc))) {
		pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);
		int one = pid > 0 ? kill_one(pid, user_ns, err) : 0;

		if (one < 0)
			return -1;
		found += one;
	}
	return errno ? error_errno(err, "read /proc") : found;
}

int stragglers_kill(int user_ns, struct error *err)
{
	const struct timespec pause = { .tv_nsec = ROUND_NS };
	struct stat st;

	if (fstat(user_ns, &st) < 0)
		return error_errno(err, "stat the user namespace");
	for (int i = 0; i < ROUNDS; i++) {
		int found = kill_round(&st, err);

		if (found <= 0)
			return found;
		nanosleep(&pause, NULL);
	}
	return error_set(err, ERROR_SYSTEM,
			 "some processes of the container do not die");
}
