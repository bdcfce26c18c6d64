/*
 * killer.c  [outside]  kill a program at one system call of a start
 *
 *	killer outside|inside N COMMAND [ARG...]
 *
 * Runs COMMAND and all that it starts under ptrace, and counts: "outside" the
 * system calls of COMMAND's own process, "inside" those of all others. Right
 * before the N-th, COMMAND's process gets SIGKILL. Whoever stands there goes on
 * when it is dead, so that for once no race decides which of them was first.
 * Then nobody may live on: after ten seconds who still does is named, and
 * killed, and the status is 1. It is 0 when nobody is left, and 3 when the
 * N-th call never came. N is 0: no kill; the count is printed.
 * Sources: ptrace(2), PTRACE_GET_SYSCALL_INFO.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST = 256, PATIENCE = 10 /* seconds */ };

struct killer {
	bool inside;
	long wanted, count;
	pid_t root;	 /* COMMAND's process                     */
	bool root_ended; /* it is dead and reaped                 */
	pid_t held;	 /* who waits at the N-th call; 0: nobody */
	pid_t known[MOST];
	size_t known_len;
};

static volatile sig_atomic_t out_of_patience;

static void lose_patience(int sig)
{
	(void)sig;
	out_of_patience = 1;
}

static pid_t start(char **words)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	ptrace(PTRACE_TRACEME, 0, NULL, NULL);
	raise(SIGSTOP);
	execvp(words[0], words);
	perror(words[0]);
	_exit(99);
}

/* Is this the first that we hear of it? */
static bool is_new(struct killer *k, pid_t pid)
{
	for (size_t i = 0; i < k->known_len; i++)
		if (k->known[i] == pid)
			return false;
	if (k->known_len < MOST)
		k->known[k->known_len++] = pid;
	return true;
}

static void forget(struct killer *k, pid_t pid)
{
	for (size_t i = 0; i < k->known_len; i++)
		if (k->known[i] == pid)
			k->known[i] = k->known[--k->known_len];
}

static bool begins_a_call(pid_t pid)
{
	struct __ptrace_syscall_info info;

	return ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) > 0 &&
	       info.op == PTRACE_SYSCALL_INFO_ENTRY;
}

static void go_on(const struct killer *k, pid_t pid, int sig)
{
	ptrace(k->root_ended ? PTRACE_CONT : PTRACE_SYSCALL, pid, NULL,
	       (void *)(long)sig);
}

/* Returns true when it shall wait here. */
static bool count_call(struct killer *k, pid_t pid)
{
	if (k->held || k->root_ended || (pid != k->root) != k->inside ||
	    !begins_a_call(pid))
		return false;
	if (++k->count != k->wanted)
		return false;
	k->held = pid;
	kill(k->root, SIGKILL);
	setitimer(ITIMER_REAL, &(struct itimerval){ { 1, 0 }, { PATIENCE, 0 } },
		  NULL);
	return pid != k->root;
}

static void stopped(struct killer *k, pid_t pid, int status)
{
	int sig = WSTOPSIG(status);

	if (is_new(k, pid)) {
		ptrace(PTRACE_SETOPTIONS, pid, NULL,
		       (void *)(PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK |
				PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |
				PTRACE_O_EXITKILL));
		go_on(k, pid, 0);
	} else if (sig == (SIGTRAP | 0x80)) {
		if (!count_call(k, pid))
			go_on(k, pid, 0);
	} else {
		go_on(k, pid, status >> 16 || sig == SIGTRAP ? 0 : sig);
	}
}

static void ended(struct killer *k, pid_t pid)
{
	forget(k, pid);
	if (pid != k->root)
		return;
	k->root_ended = true;
	if (k->held && k->held != pid)
		go_on(k, k->held, 0);
}

static void name_the_living(const struct killer *k)
{
	for (size_t i = 0; i < k->known_len; i++) {
		char path[32], name[32] = "?";
		FILE *file;

		snprintf(path, sizeof(path), "/proc/%d/comm", k->known[i]);
		file = fopen(path, "re");
		if (file && fgets(name, sizeof(name), file))
			name[strcspn(name, "\n")] = '\0';
		if (file)
			fclose(file);
		printf("lives on: %s\n", name);
		kill(k->known[i], SIGKILL);
	}
}

int main(int argc, char **argv)
{
	struct sigaction lose = { .sa_handler = lose_patience };
	struct killer k = { 0 };
	int status, result = 0;
	pid_t pid;

	if (argc < 4) {
		fprintf(stderr, "usage: killer outside|inside N COMMAND...\n");
		return 99;
	}
	k.inside = strcmp(argv[1], "inside") == 0;
	k.wanted = atol(argv[2]);
	sigaction(SIGALRM, &lose, NULL);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	k.root = start(argv + 3);
	for (;;) {
		pid = waitpid(-1, &status, __WALL);
		if (pid < 0 && errno == ECHILD)
			break;
		if (out_of_patience && result == 0) {
			name_the_living(&k);
			result = 1;
		}
		if (pid > 0 && WIFSTOPPED(status))
			stopped(&k, pid, status);
		else if (pid > 0)
			ended(&k, pid);
	}
	if (k.wanted == 0)
		printf("%ld\n", k.count);
	return result == 0 && k.wanted > k.count ? 3 : result;
}
