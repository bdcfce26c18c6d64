/* probe.c  [inside]  a test's whole root filesystem: one static program
 *
 * It prints what a process in a container sees, one fact a line, in words
 * that a shell compares easily. Several questions go in one run, separated by
 * a comma of their own: /probe id , caps , exit 3. Nothing here needs /proc,
 * except mounts. An operation that may be refused prints "ok" or the name of
 * its errno; only a question that is misspelt ends the probe with 99.
 */
#include "tests/probe.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <linux/capability.h>
#include <net/if.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

extern char **environ;

void outcome(const char *what, const char *object, long result)
{
	printf("%s %s %s\n", what, object,
	       result < 0 ? strerrorname_np(errno) : "ok");
}

static void do_args(char **args)
{
	for (int i = 0; args[i]; i++)
		printf("arg %d %s\n", i, args[i]);
}

static void do_id(char **args)
{
	uid_t r, e, s;
	gid_t groups[64];
	int n = getgroups(64, groups);

	(void)args;
	getresuid(&r, &e, &s);
	printf("uid %u %u %u\n", r, e, s);
	getresgid(&r, &e, &s);
	printf("gid %u %u %u\n", r, e, s);
	printf("groups");
	for (int i = 0; i < n; i++)
		printf(" %u", groups[i]);
	printf("\n");
}

static void do_pid(char **args)
{
	(void)args;
	printf("pid %d\nppid %d\npgid %d\nsid %d\n", getpid(), getppid(),
	       getpgid(0), getsid(0));
}

static void do_comm(char **args)
{
	char name[17] = "";

	(void)args;
	prctl(PR_GET_NAME, name);
	printf("comm %s\n", name);
}

/* The five sets, each as one number of 64 bits in hex. */
static void do_caps(char **args)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2] = { 0 };
	unsigned long long bounding = 0, ambient = 0;

	(void)args;
	syscall(SYS_capget, &header, data);
	for (int i = 0; i < 64; i++) {
		if (prctl(PR_CAPBSET_READ, i, 0, 0, 0) == 1)
			bounding |= 1ULL << i;
		if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, i, 0, 0) == 1)
			ambient |= 1ULL << i;
	}
	printf("bounding %016llx\n", bounding);
	printf("permitted %08x%08x\n", data[1].permitted, data[0].permitted);
	printf("effective %08x%08x\n", data[1].effective, data[0].effective);
	printf("inheritable %08x%08x\n", data[1].inheritable,
	       data[0].inheritable);
	printf("ambient %016llx\n", ambient);
}

static void do_flags(char **args)
{
	int death = 0;

	(void)args;
	prctl(PR_GET_PDEATHSIG, &death);
	printf("no_new_privs %d\n", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
	printf("dumpable %d\n", prctl(PR_GET_DUMPABLE, 0, 0, 0, 0));
	printf("pdeathsig %d\n", death);
	printf("seccomp %d\n", prctl(PR_GET_SECCOMP, 0, 0, 0, 0));
	printf("keepcaps %d\n", prctl(PR_GET_KEEPCAPS, 0, 0, 0, 0));
	mode_t mask = umask(0);
	umask(mask);
	printf("umask %03o\n", mask);
}

/* Only those that are not as after a fresh start. */
static void do_signals(char **args)
{
	sigset_t blocked;

	(void)args;
	sigprocmask(SIG_BLOCK, NULL, &blocked);
	for (int i = 1; i < NSIG; i++) {
		struct sigaction now;

		if (sigismember(&blocked, i) == 1)
			printf("blocked %d\n", i);
		if (sigaction(i, NULL, &now) == 0 && now.sa_handler == SIG_IGN)
			printf("ignored %d\n", i);
	}
}

static void do_limits(char **args)
{
	static const char *const names[] = {
		"CPU",	    "FSIZE", "DATA",   "STACK",
		"CORE",	    "RSS",   "NPROC",  "NOFILE",
		"MEMLOCK",  "AS",    "LOCKS",  "SIGPENDING",
		"MSGQUEUE", "NICE",  "RTPRIO", "RTTIME",
	};

	(void)args;
	for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct rlimit limit;

		if (getrlimit((__rlimit_resource_t)i, &limit) == 0)
			printf("limit %s %lld %lld\n", names[i],
			       (long long)limit.rlim_cur,
			       (long long)limit.rlim_max);
	}
}

static void do_mounts(char **args)
{
	char line[4096], target[1024], options[256], rest[2048];
	FILE *file = fopen("/proc/self/mountinfo", "re");

	(void)args;
	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%*s %*s %*s %*s %1023s %255s %2047[^\n]",
			   target, options, rest) != 3)
			continue;
		char *type = strstr(rest, "- ");
		char *tags = rest;
		if (!type)
			continue;
		*type = '\0';
		type += 2;
		type[strcspn(type, " ")] = '\0';
		printf("mount %s %s %s %s\n", target, type, options,
		       *tags ? tags : "private");
	}
	if (file)
		fclose(file);
	else
		outcome("open", "/proc/self/mountinfo", -1);
}

static void do_fds(char **args)
{
	(void)args;
	for (int fd = 0; fd < 1024; fd++) {
		struct stat st;

		if (fstat(fd, &st) < 0)
			continue;
		printf("fd %d %s\n", fd,
		       S_ISSOCK(st.st_mode)   ? "socket"
		       : S_ISFIFO(st.st_mode) ? "pipe"
		       : S_ISCHR(st.st_mode)  ? "device"
		       : S_ISDIR(st.st_mode)  ? "directory"
		       : S_ISREG(st.st_mode)  ? "file"
					      : "other");
	}
}

static void do_env(char **args)
{
	(void)args;
	for (char **e = environ; *e; e++)
		printf("env %s\n", *e);
}

static void do_where(char **args)
{
	char buffer[4096];

	(void)args;
	printf("cwd %s\n", getcwd(buffer, sizeof(buffer)) ? buffer : "?");
	gethostname(buffer, sizeof(buffer));
	printf("hostname %s\n", buffer);
}

static void do_tty(char **args)
{
	struct winsize size;

	(void)args;
	for (int fd = 0; fd < 3; fd++)
		printf("tty %d %s\n", fd, isatty(fd) ? ttyname(fd) : "no");
	if (ioctl(0, TIOCGWINSZ, &size) == 0)
		printf("size %d %d\n", size.ws_row, size.ws_col);
	printf("foreground %s\n", tcgetpgrp(0) == getpgrp() ? "yes" : "no");
	int own = open("/dev/tty", O_RDWR | O_CLOEXEC);
	outcome("open", "/dev/tty", own);
	if (own >= 0)
		close(own);
}

static void do_links(char **args)
{
	struct ifaddrs *list;
	char text[INET6_ADDRSTRLEN];

	(void)args;
	if (getifaddrs(&list) < 0)
		return;
	for (struct ifaddrs *i = list; i; i = i->ifa_next) {
		const char *up = i->ifa_flags & IFF_UP ? "up" : "down";

		if (i->ifa_addr && i->ifa_addr->sa_family == AF_PACKET)
			printf("link %s %s\n", i->ifa_name, up);
		if (!i->ifa_addr || i->ifa_addr->sa_family != AF_INET)
			continue;
		struct sockaddr_in in;
		memcpy(&in, i->ifa_addr, sizeof(in));
		printf("address %s %s\n", i->ifa_name,
		       inet_ntop(AF_INET, &in.sin_addr, text, sizeof(text)));
	}
	freeifaddrs(list);
}

static void do_stat(char **args)
{
	for (; *args; args++) {
		struct stat st;
		char target[1024] = "";

		if (lstat(*args, &st) < 0) {
			outcome("stat", *args, -1);
			continue;
		}
		if (S_ISLNK(st.st_mode) &&
		    readlink(*args, target, sizeof(target) - 1) > 0) {
			printf("stat %s link %s\n", *args, target);
			continue;
		}
		printf("stat %s %s %04o %u %u", *args,
		       S_ISDIR(st.st_mode)    ? "directory"
		       : S_ISCHR(st.st_mode)  ? "char"
		       : S_ISBLK(st.st_mode)  ? "block"
		       : S_ISFIFO(st.st_mode) ? "fifo"
					      : "file",
		       st.st_mode & 07777, st.st_uid, st.st_gid);
		if (S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode))
			printf(" %u:%u", major(st.st_rdev), minor(st.st_rdev));
		printf("\n");
	}
}

static void do_ls(char **args)
{
	struct dirent **list;
	int n = scandir(args[0], &list, NULL, alphasort);

	if (n < 0)
		outcome("ls", args[0], -1);
	for (int i = 0; i < n; i++) {
		if (strcmp(list[i]->d_name, ".") != 0 &&
		    strcmp(list[i]->d_name, "..") != 0)
			printf("entry %s\n", list[i]->d_name);
		free(list[i]);
	}
	if (n >= 0)
		free(list);
}

static const struct question {
	const char *name;
	void (*answer)(char **args);
	int arguments; /* at least */
} questions[] = {
	{ "args", do_args, 0 },	      { "id", do_id, 0 },
	{ "pid", do_pid, 0 },	      { "comm", do_comm, 0 },
	{ "caps", do_caps, 0 },	      { "flags", do_flags, 0 },
	{ "signals", do_signals, 0 }, { "limits", do_limits, 0 },
	{ "mounts", do_mounts, 0 },   { "fds", do_fds, 0 },
	{ "env", do_env, 0 },	      { "where", do_where, 0 },
	{ "tty", do_tty, 0 },	      { "links", do_links, 0 },
	{ "stat", do_stat, 1 },	      { "ls", do_ls, 1 },
	{ "read", do_read, 1 },	      { "write", do_write, 1 },
	{ "try", do_try, 1 },	      { "forks", do_forks, 1 },
	{ "memory", do_memory, 1 },   { "spin", do_spin, 1 },
	{ "say", do_say, 1 },	      { "sleep", do_sleep, 1 },
	{ "await", do_await, 1 },     { "kill", do_kill, 1 },
	{ "pry", do_pry, 1 },	      { "exit", do_exit, 1 },
	{ "grab", do_grab, 1 },	      { "key", do_key, 1 },
	{ "keep", do_keep, 2 },	      { "session", do_session, 3 },
};

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const struct question *found = NULL;
		char **args = argv + i + 1;
		int n = 0;

		while (args[n] && strcmp(args[n], ",") != 0)
			n++;
		for (size_t q = 0; q < sizeof(questions) / sizeof(*questions);
		     q++)
			if (strcmp(questions[q].name, argv[i]) == 0)
				found = &questions[q];
		if (!found || n < found->arguments) {
			printf("probe: no such question: %s\n", argv[i]);
			return 99;
		}
		args[n] = NULL;
		i += n + 1;
		found->answer(args);
		fflush(stdout);
	}
	return 0;
}
