/*
 * real_cgroup.c  the cgroup manager on the kernel that runs: v1 or v2
 *
 * Prints TAP. Needs root and mounted cgroups, else it skips aloud. Makes and
 * removes cgroups called real_cgroup/PID below its own.
 */
#include "libcontainer/cgroups/manager.h"
#include "libcontainer/stats.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/file.h"
#include "libcontainer/system/linux.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

static int count, failed;

__attribute__((format(printf, 2, 3))) static void ok(bool good, const char *fmt,
						     ...)
{
	va_list ap;

	printf("%s %d - ", good ? "ok" : "not ok", ++count);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	fflush(stdout);
	failed += !good;
}

/* A 0 or -1 that should be 0; the error is shown otherwise. */
static bool went(int ret, const char *what, const struct error *err)
{
	ok(ret == 0, "%s%s%s", what, ret ? "   # " : "",
	   ret ? err->message : "");
	return ret == 0;
}

static bool unified(const struct cgroup_manager *m)
{
	return m->paths_len == 1 && !*m->paths[0].controller;
}

static const char *dir_of(const struct cgroup_manager *m, const char *name)
{
	for (size_t i = 0; i < m->paths_len; i++) {
		if (!*m->paths[i].controller ||
		    strstr(m->paths[i].controller, name))
			return m->paths[i].path;
	}
	return "/nowhere";
}

static bool file_is(const char *dir, const char *file, const char *want)
{
	cleanup_free char *path = xasprintf("%s/%s", dir, file), *text = NULL;

	if (file_read(path, 65536, &text, NULL, NULL) < 0)
		return false;
	text[strcspn(text, "\n")] = '\0';
	if (strcmp(text, want) != 0)
		printf("# %s: %s\n", path, text);
	return strcmp(text, want) == 0;
}

/* Born in the cgroup (v2), or writing itself there (v1), as dockerinit is. */
static pid_t spawn(struct cgroup_manager *m, void (*act)(void))
{
	struct clone_args args = { .exit_signal = SIGCHLD };
	pid_t pid;

	if (m->join_dir >= 0) {
		args.flags = CLONE_INTO_CGROUP;
		args.cgroup = (uint64_t)m->join_dir;
	}
	fflush(stdout);
	pid = sys_clone3(&args);
	if (pid != 0)
		return pid;
	for (size_t i = 0; i < m->join_fds_len; i++) {
		if (write(m->join_fds[i], "0", 1) != 1)
			_exit(99);
	}
	act();
	_exit(0);
}

static int exit_of(pid_t pid)
{
	int status;

	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void act_sleep(void)
{
	for (;;)
		pause();
}

/* Forks until nobody may: the number of children is the exit status. */
static void act_fork(void)
{
	int children = 0;

	for (; children < 64; children++) {
		pid_t pid = fork();

		if (pid < 0)
			break;
		if (pid == 0)
			act_sleep();
	}
	_exit(children);
}

static void act_eat(void)
{
	size_t size = 64 << 20;
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	for (size_t i = 0; i < size; i += 4096)
		((volatile char *)p)[i] = 1;
}

static bool may(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

/* A bit for each thing that is as the rules below say. */
static void act_devices(void)
{
	_exit((may("/dev/null", O_RDWR) ? 1 : 0) |
	      (may("/dev/zero", O_RDWR) ? 2 : 0) |
	      (!may("/dev/random", O_RDONLY) && errno == EPERM ? 4 : 0) |
	      (may("/dev/full", O_RDONLY) ? 8 : 0) |
	      (!may("/dev/full", O_RDWR) && errno == EPERM ? 16 : 0) |
	      (!may("/dev/urandom", O_RDONLY) && errno == EPERM ? 32 : 0));
}

static struct device devices[] = {
	{ .type = 'c', .major = 1, .minor = 3, .permissions = "rwm" },
	{ .type = 'c', .major = 1, .minor = 5, .permissions = "r" },
	{ .type = 'c', .major = 1, .minor = 5, .permissions = "w" },
	{ .type = 'c', .major = 1, .minor = 7, .permissions = "r" },
	{ .type = 'c', .major = 1, .minor = 9, .permissions = "rwm" },
	{ .type = 'p', .major = 0, .minor = 0, .permissions = "rwm" },
};
static struct device denied[] = {
	{ .type = 'c', .major = 1, .minor = 9, .permissions = "rw" },
};

static struct cgroup limited(char *name)
{
	return (struct cgroup){
		.name = name,
		.parent = "real_cgroup",
		.memory = 16 << 20,
		.memory_swap = 32 << 20,
		.memory_swappiness = -1,
		.cpu_shares = 512,
		.cpu_quota = 50000,
		.cpu_period = 100000,
		.pids_limit = 8,
		.cpuset_cpus = "0",
		.allowed_devices = devices,
		.allowed_devices_len = 6,
		.denied_devices = denied,
		.denied_devices_len = 1,
	};
}

static void test_limits(struct cgroup_manager *m)
{
	const char *cpu = dir_of(m, "cpu"), *memory = dir_of(m, "memory");

	if (unified(m)) {
		ok(file_is(memory, "memory.max", "16777216"), "memory.max");
		ok(file_is(memory, "memory.swap.max", "16777216"),
		   "memory.swap.max");
		ok(file_is(cpu, "cpu.weight", "20"), "cpu.weight");
		ok(file_is(cpu, "cpu.max", "50000 100000"), "cpu.max");
	} else {
		ok(file_is(memory, "memory.limit_in_bytes", "16777216"),
		   "memory.limit_in_bytes");
		ok(file_is(memory, "memory.memsw.limit_in_bytes", "33554432"),
		   "memory.memsw.limit_in_bytes");
		ok(file_is(cpu, "cpu.shares", "512"), "cpu.shares");
		ok(file_is(cpu, "cpu.cfs_quota_us", "50000"), "cpu quota");
		ok(file_is(dir_of(m, "cpuset"), "cpuset.mems", "0"),
		   "cpuset.mems is the parent's");
	}
	ok(file_is(dir_of(m, "pids"), "pids.max", "8"), "pids.max");
	ok(file_is(dir_of(m, "cpuset"), "cpuset.cpus", "0"), "cpuset.cpus");
}

static void test_effects(struct cgroup_manager *m, struct error *err)
{
	int forks = exit_of(spawn(m, act_fork));
	int seen;

	ok(forks == 7, "pids.max stops the eighth process (%d)", forks);
	went(cgroup_manager_kill(m, err), "kill ends its orphans", err);
	seen = exit_of(spawn(m, act_eat));
	ok(seen == 137, "the memory limit kills (%d)", seen);
	seen = exit_of(spawn(m, act_devices));
	ok(seen == 63, "device rules hold, the later wins (%d)", seen);
}

static void test_life(struct cgroup_manager *m, const struct cgroup *cgroup,
		      struct error *err)
{
	pid_t pid = spawn(m, act_sleep), outsider, *pids = NULL;
	struct cgroup_manager *again = NULL;
	size_t len = 0;

	went(cgroup_manager_join(m, pid, err), "join finds the child", err);
	ok(m->join_fds_len == 0 && m->join_dir < 0, "join closes the doors");
	went(cgroup_manager_get_pids(m, &pids, &len, err), "get_pids", err);
	ok(len == 1 && pids[0] == pid, "it is the only process");
	free(pids);

	ok(cgroup_manager_prepare(m, err) < 0 && strstr(err->message, "in use"),
	   "a used cgroup is refused: %s", err->message);
	went(cgroup_manager_load(cgroup, m->paths, m->paths_len, &again, err),
	     "load", err);
	outsider = fork();
	if (outsider == 0)
		act_sleep();
	went(cgroup_manager_open(again, err), "open", err);
	went(cgroup_manager_join(again, outsider, err),
	     "join brings in who could not come by himself", err);
	went(cgroup_manager_get_pids(again, &pids, &len, err), "get_pids", err);
	ok(len == 2, "two processes");
	free(pids);
	cgroup_manager_free(again);

	went(cgroup_manager_of_pid(cgroup, pid, &again, err), "of_pid", err);
	ok(strcmp(dir_of(again, "memory"), dir_of(m, "memory")) == 0,
	   "of_pid finds %s", dir_of(again, "memory"));
	went(cgroup_manager_freeze(again, true, err), "freeze", err);
	ok(cgroup_manager_is_frozen(m, err) == 1, "is frozen");
	went(cgroup_manager_freeze(m, false, err), "thaw", err);
	ok(cgroup_manager_is_frozen(again, err) == 0, "is thawed");
	went(cgroup_manager_freeze(m, true, err), "freeze again", err);
	went(cgroup_manager_kill(m, err), "kill a frozen one", err);
	ok(exit_of(pid) == 137 && exit_of(outsider) == 137, "both were killed");
	cgroup_manager_freeze(m, false, err);
	cgroup_manager_free(again);
}

static void test_set(struct cgroup_manager *m, struct cgroup *cgroup,
		     struct error *err)
{
	struct cgroup more = *cgroup;
	const char *dir = dir_of(m, "memory");

	more.memory = 32 << 20;
	more.memory_swap = 64 << 20;
	more.pids_limit = -1;
	went(cgroup_manager_set(m, &more, err), "raise", err);
	if (unified(m))
		ok(file_is(dir, "memory.swap.max", "33554432"), "swap raised");
	else
		ok(file_is(dir, "memory.memsw.limit_in_bytes", "67108864"),
		   "memsw raised");
	ok(file_is(dir_of(m, "pids"), "pids.max", "max"), "pids has no limit");
	went(cgroup_manager_set(m, cgroup, err), "lower", err);
	more.memory = more.memory_swap = -1;
	went(cgroup_manager_set(m, &more, err), "no limit", err);
	more.cpuset_cpus = "0-9999";
	ok(cgroup_manager_set(m, &more, err) < 0, "refused: %s", err->message);
}

static void test_refusals(char *name, struct error *err)
{
	struct cgroup bad = { .name = name,
			      .parent = "real_cgroup/deep",
			      .memory_swappiness = -1,
			      .cpu_shares = 1 };
	struct cgroup_manager *m = NULL;

	cgroup_manager_new(&bad, NULL, &m, err);
	ok(cgroup_manager_prepare(m, err) < 0, "%s", err->message);
	ok(!file_exists(dir_of(m, "cpu")) && !file_exists(dir_of(m, "pids")),
	   "a failed prepare leaves nothing");
	cgroup_manager_free(m);

	cgroup_manager_of_pid(&bad, getpid(), &m, err);
	ok(cgroup_manager_kill(m, err) < 0, "%s", err->message);
	ok(cgroup_manager_freeze(m, true, err) < 0, "%s", err->message);
	cgroup_manager_free(m);
}

static void test_nested(struct cgroup_manager *m, struct error *err)
{
	for (size_t i = 0; i < m->paths_len; i++) {
		cleanup_free char *deep = xasprintf("%s/a/b", m->paths[i].path);

		if (mkdir_all(deep, 0755, err) < 0)
			ok(false, "%s", err->message);
	}
	went(cgroup_manager_destroy(m, err), "destroy takes nested ones", err);
	went(cgroup_manager_destroy(m, err), "destroy again is success", err);
	for (size_t i = 0; i < m->paths_len; i++) {
		*strrchr(m->paths[i].path, '/') = '\0';
		ok(!file_exists(m->paths[i].path), "gone: %s",
		   m->paths[i].path);
	}
}

int main(void)
{
	char *name = xasprintf("%d", (int)getpid());
	struct cgroup cgroup = limited(name);
	struct cgroup_manager *m = NULL;
	struct stats stats = { 0 };
	struct error err;
	char *text;

	if (geteuid() != 0) {
		puts("1..0 # SKIP needs root");
		return 0;
	}
	if (cgroup_manager_new(&cgroup, NULL, &m, &err) < 0) {
		ok(false, "new: %s", err.message);
		return 1;
	}
	if (m->paths_len == 0) {
		puts("1..0 # SKIP no cgroup hierarchy is mounted");
		return 0;
	}
	printf("# %s, %s\n", unified(m) ? "v2" : "v1", m->paths[0].path);
	if (!went(cgroup_manager_prepare(m, &err), "prepare", &err))
		return 1;
	test_limits(m);
	test_effects(m, &err);
	test_life(m, &cgroup, &err);
	went(cgroup_manager_get_stats(m, &stats.cgroup_stats, &err), "stats",
	     &err);
	ok(stats.cgroup_stats.cpu.usage.total > 0, "cpu time was used");
	ok(stats.cgroup_stats.memory.usage.failcnt > 0, "memory hit its limit");
	ok(stats.cgroup_stats.pids.limit == 8, "pids limit");
	text = stats_print(&stats);
	if (getenv("VERBOSE"))
		fputs(text, stderr);
	free(text);
	stats_free(&stats);
	test_set(m, &cgroup, &err);
	test_refusals(name, &err);
	test_nested(m, &err);
	cgroup_manager_free(m);
	free(name);
	printf("1..%d\n", count);
	return failed ? 1 : 0;
}
