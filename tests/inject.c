/*
 * inject.c  [both]  let one system call fail, or kill a process at one
 *
 *	inject count           -- CMD...   which calls there are, in order
 *	inject fail P.K ERRNO  -- CMD...   call K of process P fails
 *	inject kill P.K VICTIM -- CMD...   process VICTIM dies as P begins call
 *K
 *
 * Processes are numbered by birth: 0 is CMD itself, 1 the container's first
 * process or who joins, 2 the second life of who joins. Each counts its own
 * calls, from its first exec on (a child: from its birth), so that P.K is the
 * same call in the next run. The end is the execve of the container's program:
 * what that does is its own affair, and it is let go.
 *
 * A call that fails is not executed; only close is, as the kernel does that
 * whatever it returns. fail leaves out the dynamic linker's calls, those that
 * have no way to fail, and those whose failure is not ours to handle.
 *
 * What was done is written to the file $INJECT_REPORT: "P.K name argument". The
 * exit status is CMD's, 128 + n for signal n, or 124: P.K was never reached.
 *For x86_64 and aarch64. Sources: ptrace(2), syscall(2).
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST = 64, NOT_REACHED = 124 };

struct process {
	pid_t pid;
	int number;   /* by birth                                */
	int calls;    /* counted so far                          */
	long call;    /* the one it is in ... */
	long first;   /* ... and its first argument */
	bool begun;   /* its calls are ours                      */
	bool failing; /* the call that it is in shall have failed */
	uint64_t linker, linker_end; /* where the dynamic linker lies */
};

static struct process processes[MOST];
static int born;

static enum { COUNT, FAIL, KILL } act;
static int at_process = -1, at_call = -1, victim, errnum;
static bool done; /* what was asked for; let all go */
static FILE *report;

static const char *const names[] = {
#define CALL(name) [SYS_##name] = #name,
#include "tests/syscalls.inc"
#undef CALL
};

static const char *call_name(long number)
{
	const long len = sizeof(names) / sizeof(*names);

	return number >= 0 && number < len && names[number] ? names[number]
							    : "?";
}

static void __attribute__((noreturn)) die(const char *what)
{
	fprintf(stderr, "inject: %s: %s\n", what, strerror(errno));
	exit(NOT_REACHED);
}

static bool is_one_of(long call, const char *list)
{
	char word[64];

	snprintf(word, sizeof(word), " %s ", call_name(call));
	return strstr(list, word);
}

/* These have no way to fail, or memory and locks of the C library hang on
 * them, which gives up by itself. */
static bool never_fails(long call)
{
	return is_one_of(call, " brk exit exit_group rt_sigreturn munmap futex "
			       "getpid getppid getuid getgid geteuid getegid "
			       "gettid umask getpgrp restart_syscall ");
}

/* EINTR comes from calls that wait, and from no others. */
static bool may_be_interrupted(long call)
{
	return is_one_of(call, " read readv write writev recvmsg recvfrom "
			       "sendmsg sendto connect accept4 poll ppoll "
			       "pselect6 epoll_wait epoll_pwait wait4 waitid "
			       "flock fcntl open openat openat2 nanosleep "
			       "clock_nanosleep rt_sigtimedwait dup3 ");
}

/* --- registers: the one part that knows the machine ------------------------
 */

#if defined(__x86_64__)
static void skip_call(pid_t pid)
{
	if (ptrace(PTRACE_POKEUSER, pid,
		   offsetof(struct user_regs_struct, orig_rax), -1L) < 0)
		die("skip a call");
}

static void set_result(pid_t pid, long result)
{
	if (ptrace(PTRACE_POKEUSER, pid, offsetof(struct user_regs_struct, rax),
		   result) < 0)
		die("set a result");
}
#elif defined(__aarch64__)
static void skip_call(pid_t pid)
{
	int none = -1;
	struct iovec call = { &none, sizeof(none) };

	if (ptrace(PTRACE_SETREGSET, pid, NT_ARM_SYSTEM_CALL, &call) < 0)
		die("skip a call");
}

static void set_result(pid_t pid, long result)
{
	struct user_regs_struct regs;
	struct iovec all = { &regs, sizeof(regs) };

	if (ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &all) < 0)
		die("read the registers");
	regs.regs[0] = (uint64_t)result;
	if (ptrace(PTRACE_SETREGSET, pid, NT_PRSTATUS, &all) < 0)
		die("set a result");
}
#else
#error "inject.c knows the registers of x86_64 and aarch64 only"
#endif

/* --- the processes ---------------------------------------------------------
 */

static struct process *process_of(pid_t pid)
{
	for (int i = 0; i < born; i++)
		if (processes[i].pid == pid)
			return &processes[i];
	if (born == MOST)
		die("too many processes");
	processes[born] = (struct process){
		.pid = pid, .number = born, .call = -1, .begun = born > 0
	};
	return &processes[born++];
}

/* Where a process that has just executed a program has its dynamic linker. */
static void find_linker(struct process *p)
{
	char path[64], line[512];
	FILE *maps;

	snprintf(path, sizeof(path), "/proc/%d/maps", (int)p->pid);
	maps = fopen(path, "re");
	p->linker = p->linker_end = 0;
	while (maps && fgets(line, sizeof(line), maps)) {
		unsigned long long from, to;

		if (!strstr(line, "/ld-linux") && !strstr(line, "/ld-2.") &&
		    !strstr(line, "/ld.so"))
			continue;
		if (sscanf(line, "%llx-%llx", &from, &to) != 2)
			continue;
		if (!p->linker)
			p->linker = from;
		p->linker_end = to;
	}
	if (maps)
		fclose(maps);
}

static void go_on(struct process *p, int sig)
{
	ptrace(done ? PTRACE_DETACH : PTRACE_SYSCALL, p->pid, NULL, (long)sig);
}

static void say(const struct process *p)
{
	fprintf(report, "%d.%d %s %ld %s\n", p->number, p->calls,
		call_name(p->call), p->first,
		never_fails(p->call)	      ? "never"
		: may_be_interrupted(p->call) ? "waits"
					      : "fails");
	fflush(report);
}

/* SIGKILL, and the certainty that it has come. */
static void kill_victim(void)
{
	siginfo_t info;

	if (victim >= born || kill(processes[victim].pid, SIGKILL) < 0)
		die("kill the victim");
	waitid(P_PID, (id_t)processes[victim].pid, &info,
	       WEXITED | WNOWAIT | __WALL);
	done = true;
}

static void begin_call(struct process *p,
		       const struct __ptrace_syscall_info *info)
{
	uint64_t at = info->instruction_pointer;

	p->call = (long)info->entry.nr;
	p->first = (long)info->entry.args[0];
	if (!p->begun || (act != KILL && at >= p->linker && at < p->linker_end))
		return;
	p->calls++;
	if (act == COUNT)
		say(p);
	if (act == COUNT || done || p->number != at_process ||
	    p->calls != at_call)
		return;
	say(p);
	if (act == KILL) {
		kill_victim();
		return;
	}
	p->failing = true;
	if (p->call != SYS_close)
		skip_call(p->pid);
}

static void end_call(struct process *p)
{
	if (!p->failing)
		return;
	p->failing = false;
	set_result(p->pid, -errnum);
	done = true;
}

/* A program has been executed: dockerinit (by descriptor), or the container's.
 */
static void executed(struct process *p)
{
	bool is_own = p->call == SYS_execveat || !p->begun;

	p->begun = true;
	if (is_own) {
		find_linker(p);
		go_on(p, 0);
	} else {
		ptrace(PTRACE_DETACH, p->pid, NULL, NULL);
	}
}

static void stopped(struct process *p, int status)
{
	struct __ptrace_syscall_info info;
	int sig = WSTOPSIG(status), event = status >> 16;

	if (event == PTRACE_EVENT_EXEC) {
		executed(p);
	} else if (event == PTRACE_EVENT_STOP && sig != SIGTRAP && !done) {
		ptrace(PTRACE_LISTEN, p->pid, NULL, NULL);
	} else if (event) {
		go_on(p, 0);
	} else if (sig != (SIGTRAP | 0x80)) {
		go_on(p, sig);
	} else {
		if (ptrace(PTRACE_GET_SYSCALL_INFO, p->pid,
			   (void *)sizeof(info), &info) <= 0)
			return; /* it was just killed */
		if (info.op == PTRACE_SYSCALL_INFO_ENTRY)
			begin_call(p, &info);
		else if (info.op == PTRACE_SYSCALL_INFO_EXIT)
			end_call(p);
		/* Its result is set at its end. */
		if (p->failing)
			ptrace(PTRACE_SYSCALL, p->pid, NULL, NULL);
		else
			go_on(p, 0);
	}
}

/* On one processor the two hand it to each other; on two, each stop costs a
 * wakeup of the other one: it takes ten times as long. */
static void stay_on_one_processor(void)
{
	int cpu = sched_getcpu();
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu < 0 ? 0 : (unsigned)cpu, &set);
	sched_setaffinity(0, sizeof(set), &set);
}

/* Until CMD has ended; whoever lives on then is let go by our own end. */
static int watch(pid_t cmd)
{
	int status;

	for (;;) {
		pid_t pid = waitpid(-1, &status, __WALL);

		if (pid < 0 && errno == EINTR)
			continue;
		if (pid < 0)
			die("wait");
		if (WIFSTOPPED(status)) {
			stopped(process_of(pid), status);
			continue;
		}
		if (pid == cmd)
			return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
						   : WEXITSTATUS(status);
	}
}

static int run(char **argv)
{
	const long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK |
			     PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |
			     PTRACE_O_TRACEEXEC;
	int gate[2];
	pid_t pid;
	char byte;

	if (pipe2(gate, O_CLOEXEC) < 0)
		die("make a pipe");
	pid = fork();
	if (pid < 0)
		die("fork");
	if (pid == 0) {
		close(gate[1]);
		if (read(gate[0], &byte, 1) < 0)
			_exit(NOT_REACHED);
		execvp(argv[0], argv);
		die(argv[0]);
	}
	process_of(pid);
	if (ptrace(PTRACE_SEIZE, pid, NULL, (void *)options) < 0 ||
	    ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) < 0)
		die("seize");
	close(gate[0]);
	close(gate[1]);
	return watch(pid);
}

static int error_number(const char *name)
{
	for (int i = 1; i < 134; i++)
		if (strerrorname_np(i) && strcmp(strerrorname_np(i), name) == 0)
			return i;
	return -1;
}

int main(int argc, char **argv)
{
	const char *file = getenv("INJECT_REPORT");
	int i = 1, status;

	if (argc > 1)
		act = strcmp(argv[1], "kill") == 0   ? KILL
		      : strcmp(argv[1], "fail") == 0 ? FAIL
						     : COUNT;
	if (act != COUNT && argc > 3) {
		i = 3;
		sscanf(argv[2], "%d.%d", &at_process, &at_call);
		victim = atoi(argv[3]);
		errnum = error_number(argv[3]);
	}
	if (argc < i + 3 || strcmp(argv[i + 1], "--") != 0 ||
	    (act == FAIL && errnum < 0)) {
		fprintf(stderr, "usage: inject count | fail P.K ERRNO | "
				"kill P.K VICTIM -- CMD...\n");
		return NOT_REACHED;
	}
	report = file ? fopen(file, "we") : stderr;
	if (!report)
		die(file);
	unsetenv("INJECT_REPORT");
	stay_on_one_processor();
	status = run(argv + i + 2);
	if (act != COUNT && !done)
		return NOT_REACHED;
	return status;
}
