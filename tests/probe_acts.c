/* probe_acts.c  [inside]  what a test asks the probe to do */
#include "tests/probe.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* A file's text, or (read -) what comes in by standard input. */
void do_read(char **args)
{
	char buffer[4096];
	ssize_t n;
	int fd = strcmp(args[0], "-") == 0
			 ? 0
			 : open(args[0], O_RDONLY | O_CLOEXEC);

	if (fd < 0) {
		outcome("read", args[0], -1);
		return;
	}
	while ((n = read(fd, buffer, sizeof(buffer))) > 0)
		fwrite(buffer, 1, (size_t)n, stdout);
	if (n < 0)
		outcome("read", args[0], -1);
	if (fd > 0)
		close(fd);
}

/* write PATH [TEXT]: into a file that may be there. */
void do_write(char **args)
{
	const char *text = args[1] ? args[1] : "";
	int fd = open(args[0], O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	ssize_t n = fd < 0 ? -1 : write(fd, text, strlen(text));

	outcome("write", args[0], n);
	if (fd >= 0)
		close(fd);
}

/* grab FD...: change the mode and the owner of what was given to us. */
void do_grab(char **args)
{
	for (; *args; args++) {
		int fd = atoi(*args);

		outcome("chmod", *args, fchmod(fd, 0));
		outcome("chown", *args, fchown(fd, 1234, 1234));
	}
}

static int child_process(void *unused)
{
	(void)unused;
	return 0;
}

/* Open a device that no machine has: ENXIO says that nobody forbade it. */
static int open_device(void)
{
	int fd;

	if (mknod("/tmp/device", S_IFCHR | 0600, makedev(1, 99)) < 0)
		return -1;
	fd = open("/tmp/device", O_RDONLY | O_CLOEXEC);
	int kept = errno;

	unlink("/tmp/device");
	errno = kept;
	return fd;
}

/* try ACT...: what a container should or should not be able to do. */
void do_try(char **args)
{
	static char stack[65536];
	long result = -1;

	for (; *args; args++) {
		const char *a = *args;

		errno = EINVAL;
		if (strcmp(a, "mount") == 0)
			result = mount("none", "/tmp", "tmpfs", 0, NULL);
		else if (strcmp(a, "mknod") == 0)
			result = mknod("/tmp/node", S_IFCHR | 0600,
				       makedev(1, 3));
		else if (strcmp(a, "sethostname") == 0)
			result = sethostname("other", 5);
		else if (strcmp(a, "chroot") == 0)
			result = chroot("/");
		else if (strcmp(a, "settime") == 0)
			result = clock_settime(CLOCK_REALTIME,
					       &(struct timespec){ -1, 0 });
		else if (strcmp(a, "userns") == 0)
			result = unshare(CLONE_NEWUSER);
		else if (strcmp(a, "setuid0") == 0)
			result = setuid(0);
		else if (strcmp(a, "fork") == 0)
			result = clone(child_process, stack + sizeof(stack),
				       SIGCHLD, NULL);
		else if (strcmp(a, "device") == 0)
			result = open_device();
		else if (strcmp(a, "reboot") == 0)
			result = syscall(SYS_reboot, 0, 0, 0, NULL);
		outcome("try", a, result);
	}
}

/* forks N: how many children can live at once. */
void do_forks(char **args)
{
	enum { MOST = 4096 };
	static pid_t children[MOST];
	int wanted = atoi(args[0]), made = 0;
	const char *why = "ok";

	fflush(stdout);
	while (made < wanted && made < MOST) {
		pid_t pid = fork();

		if (pid == 0) {
			pause();
			_exit(0);
		}
		if (pid < 0) {
			why = strerrorname_np(errno);
			break;
		}
		children[made++] = pid;
	}
	printf("forks %d %s\n", made, why);
	while (made-- > 0) {
		kill(children[made], SIGKILL);
		waitpid(children[made], NULL, 0);
	}
}

/* memory MIB: touch that much. */
void do_memory(char **args)
{
	size_t size = (size_t)atol(args[0]) << 20;
	char *memory = malloc(size);

	if (memory)
		memset(memory, 1, size);
	/* Else the compiler, which sees the free, leaves the memset out. */
	__asm__ volatile("" : : "r"(memory) : "memory");
	printf("memory %s %s\n", args[0], memory ? "ok" : "ENOMEM");
	free(memory);
}

/* spin MILLISECONDS: how much processor time one gets in so long. */
void do_spin(char **args)
{
	struct timespec now, end;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_nsec += atol(args[0]) % 1000 * 1000000;
	end.tv_sec += atol(args[0]) / 1000 + end.tv_nsec / 1000000000;
	end.tv_nsec %= 1000000000;
	do
		clock_gettime(CLOCK_MONOTONIC, &now);
	while (now.tv_sec < end.tv_sec ||
	       (now.tv_sec == end.tv_sec && now.tv_nsec < end.tv_nsec));
	printf("spin %ld\n", (long)clock() * 1000 / CLOCKS_PER_SEC);
}

void do_say(char **args)
{
	for (; *args; args++)
		printf("%s%c", *args, args[1] ? ' ' : '\n');
}

void do_sleep(char **args)
{
	double seconds = atof(args[0]);
	struct timespec t = { .tv_sec = (time_t)seconds };

	t.tv_nsec = (long)((seconds - (double)t.tv_sec) * 1e9);
	fflush(stdout);
	nanosleep(&t, NULL);
}

static volatile sig_atomic_t caught;

static void note_signal(int sig)
{
	caught = sig;
}

/* await SIGNAL...: say "ready", and afterwards which of them came. */
void do_await(char **args)
{
	sigset_t all, old;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &old);
	for (; *args; args++)
		signal(atoi(*args), note_signal);
	printf("ready\n");
	fflush(stdout);
	while (!caught)
		sigsuspend(&old);
	sigprocmask(SIG_SETMASK, &old, NULL);
	printf("caught %d\n", caught);
}

void do_kill(char **args)
{
	fflush(stdout);
	signal(atoi(args[0]), SIG_DFL);
	kill(getpid(), atoi(args[0]));
}

/* pry PID: take what another process has, in six ways. */
void do_pry(char **args)
{
	pid_t pid = (pid_t)atoi(args[0]);
	int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	long taken = -1;
	char path[32], link[64];

	for (int fd = 0; pidfd >= 0 && taken < 0 && fd < 32; fd++) {
		taken = syscall(SYS_pidfd_getfd, pidfd, fd, 0);
		if (taken < 0 && errno != EBADF)
			break;
	}
	outcome("pry", "getfd", taken);
	snprintf(path, sizeof(path), "/proc/%d/fd/0", (int)pid);
	outcome("pry", "fd", readlink(path, link, sizeof(link)));
	snprintf(path, sizeof(path), "/proc/%d/mem", (int)pid);
	outcome("pry", "mem", open(path, O_RDONLY | O_CLOEXEC));
	snprintf(path, sizeof(path), "/proc/%d/environ", (int)pid);
	outcome("pry", "environ", open(path, O_RDONLY | O_CLOEXEC));
	snprintf(path, sizeof(path), "/proc/%d/cwd", (int)pid);
	outcome("pry", "cwd", readlink(path, link, sizeof(link)));
	outcome("pry", "seize", ptrace(PTRACE_SEIZE, pid, NULL, NULL));
	if (pidfd >= 0)
		close(pidfd);
}

/* key NAME: is there such a key in the session's keyring, and what is it? */
void do_key(char **args)
{
	char text[64] = "";
	long key = syscall(SYS_keyctl, KEYCTL_SEARCH, KEY_SPEC_SESSION_KEYRING,
			   "user", args[0], 0);

	if (key < 0)
		key = syscall(SYS_request_key, "user", args[0], NULL, 0);
	if (key >= 0 &&
	    syscall(SYS_keyctl, KEYCTL_READ, key, text, sizeof(text) - 1) < 0)
		key = -1;
	if (key < 0)
		outcome("key", args[0], -1);
	else
		printf("key %s is %s\n", args[0], text);
}

/* keep NAME TEXT: make one. */
void do_keep(char **args)
{
	outcome("keep", args[0],
		syscall(SYS_add_key, "user", args[0], args[1], strlen(args[1]),
			KEY_SPEC_SESSION_KEYRING));
}

/* session NAME TEXT WORD...: execute it with a session keyring of its own, and
 * that key in it. */
void do_session(char **args)
{
	if (syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL) < 0 ||
	    syscall(SYS_add_key, "user", args[0], args[1], strlen(args[1]),
		    KEY_SPEC_SESSION_KEYRING) < 0)
		outcome("session", args[0], -1);
	else
		execvp(args[2], args + 2);
	exit(98);
}

void do_exit(char **args)
{
	exit(atoi(args[0]));
}
