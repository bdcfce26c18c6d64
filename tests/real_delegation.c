/*
 * real_delegation.c  who may make no cgroups, or only some; and who nests them
 *
 * Prints TAP. Needs root, to become an ordinary user and to give him cgroups,
 * and mounted cgroups, else it skips aloud. What it makes is called
 * delegation-PID, and is removed.
 */
#include "libcontainer/cgroups/manager.h"
#include "libcontainer/cgroups/values.h"
#include "libcontainer/cgroups/worlds.h"
#include "libcontainer/configs/defaults.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/file.h"
#include "libcontainer/system/linux.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { USER = 65534, DEPTH = 30 };

static struct {
	int count, failed;
} * tap; /* shared with the ordinary users among us */
static struct cgroup cgroup;
static struct cgroup_manager *m;
static struct error err;

__attribute__((format(printf, 2, 3))) static void ok(bool good, const char *fmt,
						     ...)
{
	va_list ap;

	printf("%s %d - ", good ? "ok" : "not ok", ++tap->count);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	if (!good)
		printf("# %s\n", err.message);
	fflush(stdout);
	tap->failed += !good;
}

static bool prepares(void)
{
	cgroup_manager_free(m);
	m = NULL;
	err = (struct error){ 0 };
	return cgroup_manager_new(&cgroup, NULL, &m, &err) == 0 &&
	       cgroup_manager_prepare(m, &err) == 0;
}

static void refuses(const char *begin, const char *what)
{
	bool good =
		!prepares() && strncmp(err.message, begin, strlen(begin)) == 0;

	ok(good, "%s: %s", what, err.message);
}

/* Run scene in a child of ours, as that user, in those cgroups. */
static void act(void (*scene)(void), uid_t uid, const char *procs)
{
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		if ((procs && file_write(procs, "0", &err) < 0) ||
		    (uid &&
		     (setgroups(0, NULL) < 0 || setresgid(uid, uid, uid) < 0 ||
		      setresuid(uid, uid, uid) < 0)))
			ok(false, "a user can be made");
		else
			scene();
		cgroup_manager_free(m);
		_exit(0);
	}
	waitpid(pid, &(int){ 0 }, 0);
}

/* A child that sleeps in the manager's cgroups, as dockerinit would go there.
 */
static pid_t spawn(void)
{
	struct clone_args args = { .exit_signal = SIGCHLD };
	pid_t pid;

	if (m->join_dir >= 0) {
		args.flags = CLONE_INTO_CGROUP;
		args.cgroup = (uint64_t)m->join_dir;
	}
	pid = sys_clone3(&args);
	if (pid != 0)
		return pid;
	for (size_t i = 0; i < m->join_fds_len; i++)
		if (write(m->join_fds[i], "0", 1) != 1)
			_exit(1);
	for (;;)
		pause();
}

/* The manager's cgroup serves; in the end nothing of it is left. */
static void serves(void)
{
	cleanup_free char *path = xstrdup(m->paths[0].path);
	pid_t pid = spawn(), *pids = NULL;
	size_t len = 0;

	ok(pid > 0 && cgroup_manager_join(m, pid, &err) == 0,
	   "... a child enters it");
	cgroup_manager_get_pids(m, &pids, &len, &err);
	ok(len == 1 && pids[0] == pid, "... and is the only one in it");
	free(pids);
	ok(cgroup_manager_destroy(m, &err) == 0 && !file_exists(path),
	   "... destroy ends it and removes %s", path);
	waitpid(pid, NULL, 0);
}

static void scene_nothing(void)
{
	struct device rule = { .type = 'c', .permissions = "w" };

	ok(prepares() && m->paths_len == 0 && m->left_out_len > 0,
	   "an ordinary user who asks for nothing needs no cgroup");
	ok(m->left_out_len && strstr(m->left_out[0].why, "denied"),
	   "... which says why: %s", m->left_out[0].why);
	ok(cgroup_manager_join(m, getpid(), &err) == 0 &&
		   cgroup_manager_destroy(m, &err) == 0,
	   "... and gets by without");
	cgroup.pids_limit = 5;
	refuses("cgroups.pids_limit: mkdir ", "a limit he cannot have");
	cgroup.pids_limit = 0;
	cgroup.denied_devices = &rule;
	cgroup.denied_devices_len = 1;
	refuses("cgroups.denied_devices: mkdir ", "a device rule of his own");
}

static void scene_v1_pids(void)
{
	uint64_t max = 0;

	cgroup.pids_limit = 5;
	ok(prepares() && m->paths_len == 1, "one hierarchy is his");
	ok(m->paths_len && cgroup_manager_open(m, &err) == 0 &&
		   strstr(m->paths[0].path, "/delegation-"),
	   "... the limit is in %s", m->paths[0].path);
	ok(cgroup_read_u64(m->paths[0].path, "pids.max", &max) && max == 5,
	   "... pids.max is 5");
	serves();
	cgroup.memory = 64 << 20;
	refuses("cgroups.memory: mkdir ", "a limit in another hierarchy");
}

static void scene_v2_below(void)
{
	ok(prepares() && m->paths_len == 1 &&
		   strstr(m->paths[0].path, "/delegation-"),
	   "v2: who has his own cgroup only goes below it");
	ok(cgroup_manager_freeze(m, true, &err) == 0 &&
		   cgroup_manager_freeze(m, false, &err) == 0,
	   "... and can freeze there");
	serves();
}

static void scene_v2_beside(void)
{
	uint64_t max = 0;

	cgroup.pids_limit = 5;
	ok(prepares() && m->paths_len == 1 &&
		   !strstr(m->paths[0].path, "/session/"),
	   "v2: who has its parent goes beside it");
	ok(cgroup_read_u64(m->paths[0].path, "pids.max", &max) && max == 5,
	   "... pids.max is 5");
	serves();
}

static void scene_read_only(void)
{
	struct cgroup_manager *own = NULL;

	cgroup_manager_of_pid(&cgroup, getpid(), &own, &err);
	unshare(CLONE_NEWNS);
	mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
	for (size_t i = 0; i < own->paths_len; i++)
		if (mount(own->paths[i].path, own->paths[i].path, NULL, MS_BIND,
			  NULL) < 0 ||
		    mount(NULL, own->paths[i].path, NULL,
			  MS_REMOUNT | MS_BIND | MS_RDONLY, NULL) < 0)
			ok(false, "bind %s: %m", own->paths[i].path);
	/* v2's place is beside us */
	mount(NULL, "/sys/fs/cgroup", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY,
	      NULL);
	cgroup_manager_free(own);
	refuses("cgroups.allowed_devices: mkdir ",
		"read-only cgroups: root needs device rules");
	cgroup.allow_all_devices = true;
	ok(prepares() && m->paths_len == 0,
	   "... and nothing else where nothing is asked for");
	cgroup.memory = 1 << 20;
	refuses("cgroups.memory: mkdir ", "... but not where there is");
}

/* Deeper than PATH_MAX, a process at the bottom. */
static void scene_deep(void)
{
	cleanup_free char *path = NULL, *name = xasprintf("%0200d", 0);
	pid_t pid;
	int fd;

	ok(prepares(), "prepare");
	path = xstrdup(m->paths[m->paths_len - 1].path);
	pid = spawn();
	fd = open(path, O_RDONLY | O_DIRECTORY);
	for (int i = 0; i < DEPTH; i++) {
		int deeper;

		mkdirat(fd, name, 0755);
		deeper = openat(fd, name, O_RDONLY | O_DIRECTORY);
		close(fd);
		fd = deeper;
	}
	path = (free(path), xasprintf("%d", (int)pid));
	ok(fd >= 0 && file_writeat(fd, "cgroup.procs", path, &err) == 0,
	   "a process is %d cgroups of long names below", DEPTH);
	close(fd);
	ok(cgroup_manager_destroy(m, &err) == 0, "destroy finds it");
	ok(!file_exists(m->paths[m->paths_len - 1].path), "... and is done");
	waitpid(pid, NULL, 0);
}

/* Make directory, and give it and what delegation means to the user. */
static void give(const char *directory)
{
	static const char *const files[] = { "", "cgroup.procs", "tasks",
					     "cgroup.subtree_control" };

	if (mkdir(directory, 0755) < 0)
		ok(false, "mkdir %s: %m", directory);
	for (size_t i = 0; i < 4; i++) {
		cleanup_free char *path =
			xasprintf("%s/%s", directory, files[i]);

		if (chown(path, USER, USER) < 0 && errno != ENOENT)
			ok(false, "chown %s: %m", path);
	}
}

static void delegate_v1(const char *own)
{
	cleanup_free char *dir =
		xasprintf("%s/delegation-%d", own, (int)getpid());
	cleanup_free char *procs = xasprintf("%s/cgroup.procs", dir);

	give(dir);
	act(scene_v1_pids, USER, procs);
	ok(rmdir(dir) == 0, "nothing is left in it");
}

static void delegate_v2(const char *own)
{
	cleanup_free char *above = xstrdup(own);
	cleanup_free char *dir = NULL, *session = NULL, *procs = NULL;
	struct cgroup limit = { .pids_limit = 1 };

	*strrchr(above, '/') = '\0';
	dir = xasprintf("%s/delegation-%d", above, (int)getpid());
	session = xasprintf("%s/session", dir);
	procs = xasprintf("%s/cgroup.procs", dir);
	give(dir);
	act(scene_v2_below, USER, procs);
	ok(cgroup_v2_hand_down(dir, &limit, NULL) == 0,
	   "controllers are handed down");
	give(session);
	procs = (free(procs), xasprintf("%s/cgroup.procs", session));
	act(scene_v2_beside, USER, procs);
	ok(rmdir(session) == 0 && rmdir(dir) == 0, "nothing is left in it");
}

int main(void)
{
	struct config *config = config_new();
	cleanup_free char *name = xasprintf("delegation-%d", (int)getpid());
	struct cgroup_manager *own = NULL;
	const char *pids;

	tap = mmap(NULL, sizeof(*tap), PROT_READ | PROT_WRITE,
		   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	config_default_device_rules(config);
	cgroup = config->cgroups;
	cgroup.name = name;
	cgroup.parent = "real_cgroup";
	if (geteuid() != 0) {
		puts("1..0 # SKIP needs root");
		return 0;
	}
	if (cgroup_manager_of_pid(&cgroup, getpid(), &own, &err) < 0 ||
	    own->paths_len == 0) {
		puts("1..0 # SKIP no cgroup hierarchy is mounted");
		return 0;
	}
	pids = cgroup_v1_path(own, "pids");
	act(scene_nothing, USER, NULL);
	if (own->paths_len == 1 && !*own->paths[0].controller)
		delegate_v2(own->paths[0].path);
	else if (pids)
		delegate_v1(pids);
	act(scene_read_only, 0, NULL);
	act(scene_deep, 0, NULL);
	printf("1..%d\n", tap->count);
	cgroup_manager_free(own);
	config_free(config);
	return tap->failed ? 1 : 0;
}
