/* names.c  [both]  the names people write for the kernel's numbers */
#include "libcontainer/configs/names.h"

#include <ctype.h>
#include <linux/capability.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mount.h>
#include <sys/resource.h>

const struct name namespace_names[] = {
	{ "NEWNS", CLONE_NEWNS },
	{ "NEWUTS", CLONE_NEWUTS },
	{ "NEWIPC", CLONE_NEWIPC },
	{ "NEWPID", CLONE_NEWPID },
	{ "NEWNET", CLONE_NEWNET },
	{ "NEWUSER", CLONE_NEWUSER },
	{ "NEWCGROUP", CLONE_NEWCGROUP },
	{ "NEWTIME", CLONE_NEWTIME },
	{ NULL, 0 },
};

/* Their files below /proc/PID/ns: namespaces(7). */
static const struct name namespace_files[] = {
	{ "mnt", CLONE_NEWNS },
	{ "uts", CLONE_NEWUTS },
	{ "ipc", CLONE_NEWIPC },
	{ "pid", CLONE_NEWPID },
	{ "net", CLONE_NEWNET },
	{ "user", CLONE_NEWUSER },
	{ "cgroup", CLONE_NEWCGROUP },
	{ "time", CLONE_NEWTIME },
	{ NULL, 0 },
};

/* clang-format off */
#define RLIMIT(name) { "RLIMIT_" #name, RLIMIT_##name }, { #name, RLIMIT_##name }
#define SIGNAL(name) { "SIG" #name, SIG##name }
#define CAPABILITY(name) { "CAP_" #name, CAP_##name }
/* clang-format on */

const struct name rlimit_names[] = {
	RLIMIT(CPU),	  RLIMIT(FSIZE), RLIMIT(DATA),	 RLIMIT(STACK),
	RLIMIT(CORE),	  RLIMIT(RSS),	 RLIMIT(NPROC),	 RLIMIT(NOFILE),
	RLIMIT(MEMLOCK),  RLIMIT(AS),	 RLIMIT(LOCKS),	 RLIMIT(SIGPENDING),
	RLIMIT(MSGQUEUE), RLIMIT(NICE),	 RLIMIT(RTPRIO), RLIMIT(RTTIME),
	{ NULL, 0 },
};

/* The first name of a number is the one we write. */
const struct name signal_names[] = {
	SIGNAL(HUP),  SIGNAL(INT),	     SIGNAL(QUIT), SIGNAL(ILL),
	SIGNAL(TRAP), SIGNAL(ABRT),	     SIGNAL(BUS),  SIGNAL(FPE),
	SIGNAL(KILL), SIGNAL(USR1),	     SIGNAL(SEGV), SIGNAL(USR2),
	SIGNAL(PIPE), SIGNAL(ALRM),	     SIGNAL(TERM), SIGNAL(STKFLT),
	SIGNAL(CHLD), SIGNAL(CONT),	     SIGNAL(STOP), SIGNAL(TSTP),
	SIGNAL(TTIN), SIGNAL(TTOU),	     SIGNAL(URG),  SIGNAL(XCPU),
	SIGNAL(XFSZ), SIGNAL(VTALRM),	     SIGNAL(PROF), SIGNAL(WINCH),
	SIGNAL(IO),   SIGNAL(PWR),	     SIGNAL(SYS),  SIGNAL(IOT),
	SIGNAL(POLL), { "SIGCLD", SIGCHLD }, { NULL, 0 },
};

const struct name capability_names[] = {
	CAPABILITY(CHOWN),
	CAPABILITY(DAC_OVERRIDE),
	CAPABILITY(DAC_READ_SEARCH),
	CAPABILITY(FOWNER),
	CAPABILITY(FSETID),
	CAPABILITY(KILL),
	CAPABILITY(SETGID),
	CAPABILITY(SETUID),
	CAPABILITY(SETPCAP),
	CAPABILITY(LINUX_IMMUTABLE),
	CAPABILITY(NET_BIND_SERVICE),
	CAPABILITY(NET_BROADCAST),
	CAPABILITY(NET_ADMIN),
	CAPABILITY(NET_RAW),
	CAPABILITY(IPC_LOCK),
	CAPABILITY(IPC_OWNER),
	CAPABILITY(SYS_MODULE),
	CAPABILITY(SYS_RAWIO),
	CAPABILITY(SYS_CHROOT),
	CAPABILITY(SYS_PTRACE),
	CAPABILITY(SYS_PACCT),
	CAPABILITY(SYS_ADMIN),
	CAPABILITY(SYS_BOOT),
	CAPABILITY(SYS_NICE),
	CAPABILITY(SYS_RESOURCE),
	CAPABILITY(SYS_TIME),
	CAPABILITY(SYS_TTY_CONFIG),
	CAPABILITY(MKNOD),
	CAPABILITY(LEASE),
	CAPABILITY(AUDIT_WRITE),
	CAPABILITY(AUDIT_CONTROL),
	CAPABILITY(SETFCAP),
	CAPABILITY(MAC_OVERRIDE),
	CAPABILITY(MAC_ADMIN),
	CAPABILITY(SYSLOG),
	CAPABILITY(WAKE_ALARM),
	CAPABILITY(BLOCK_SUSPEND),
	CAPABILITY(AUDIT_READ),
	CAPABILITY(PERFMON),
	CAPABILITY(BPF),
	CAPABILITY(CHECKPOINT_RESTORE),
	{ NULL, 0 },
};

/* What step 8 knows how to mount; the numbers mean nothing. */
const struct name mount_device_names[] = {
	{ "bind", 0 },	 { "proc", 0 },	  { "sysfs", 0 },  { "tmpfs", 0 },
	{ "devpts", 0 }, { "mqueue", 0 }, { "cgroup", 0 }, { NULL, 0 },
};

/*
 * The words of mount(8) that become flags. Those that take a flag away
 * ("rw", "dev") have 0 here; a caller who needs them looks for "ro", "nodev".
 * Propagation: mount_namespaces(7); with r they hold for the whole tree.
 */
const struct name mount_option_names[] = {
	{ "defaults", 0 },
	{ "rw", 0 },
	{ "ro", MS_RDONLY },
	{ "suid", 0 },
	{ "nosuid", MS_NOSUID },
	{ "dev", 0 },
	{ "nodev", MS_NODEV },
	{ "exec", 0 },
	{ "noexec", MS_NOEXEC },
	{ "async", 0 },
	{ "sync", MS_SYNCHRONOUS },
	{ "remount", MS_REMOUNT },
	{ "nomand", 0 },
	{ "mand", MS_MANDLOCK },
	{ "dirsync", MS_DIRSYNC },
	{ "atime", 0 },
	{ "noatime", MS_NOATIME },
	{ "diratime", 0 },
	{ "nodiratime", MS_NODIRATIME },
	{ "bind", MS_BIND },
	{ "rbind", MS_BIND | MS_REC },
	{ "silent", MS_SILENT },
	{ "loud", 0 },
	{ "unbindable", MS_UNBINDABLE },
	{ "runbindable", MS_UNBINDABLE | MS_REC },
	{ "private", MS_PRIVATE },
	{ "rprivate", MS_PRIVATE | MS_REC },
	{ "slave", MS_SLAVE },
	{ "rslave", MS_SLAVE | MS_REC },
	{ "shared", MS_SHARED },
	{ "rshared", MS_SHARED | MS_REC },
	{ "relatime", MS_RELATIME },
	{ "norelatime", 0 },
	{ "iversion", MS_I_VERSION },
	{ "noiversion", 0 },
	{ "strictatime", MS_STRICTATIME },
	{ "nostrictatime", 0 },
	{ "lazytime", MS_LAZYTIME },
	{ "nolazytime", 0 },
	{ NULL, 0 },
};

const char *namespace_file(int type)
{
	return number_to_name(namespace_files, type);
}

/* The number of prefix + name, or of name, in any case; -1 if unknown. */
static int number_of(const struct name *names, const char *prefix,
		     const char *name)
{
	size_t n = strlen(prefix);

	for (; names->name; names++)
		if (!strcasecmp(names->name, name) ||
		    !strcasecmp(names->name + n, name))
			return (int)names->number;
	return -1;
}

int signal_number(const char *name)
{
	char *end;
	long n;

	if (!isdigit((unsigned char)name[0]))
		return number_of(signal_names, "SIG", name);
	n = strtol(name, &end, 10);
	return *end == '\0' && n >= 1 && n <= 64 ? (int)n : -1;
}

int capability_number(const char *name)
{
	return number_of(capability_names, "CAP_", name);
}

static int least(int a, int b, int c)
{
	int d = a < b ? a : b;

	return d < c ? d : c;
}

static bool same(char a, char b)
{
	return toupper((unsigned char)a) == toupper((unsigned char)b);
}

enum { WORD_MAX = 64 };

/*
 * How many single letters must be inserted, deleted, replaced or swapped with
 * their neighbour to turn a into b (the restricted Damerau-Levenshtein
 * distance), whatever their case. Three rows of its table are enough.
 */
static int distance(const char *a, const char *b)
{
	int rows[3][WORD_MAX + 1];
	size_t a_len = strlen(a), b_len = strlen(b);

	if (a_len > WORD_MAX || b_len > WORD_MAX)
		return WORD_MAX;
	for (size_t j = 0; j <= b_len; j++)
		rows[0][j] = (int)j;
	for (size_t i = 1; i <= a_len; i++) {
		int *now = rows[i % 3];
		const int *last = rows[(i + 2) % 3], *older = rows[(i + 1) % 3];

		now[0] = (int)i;
		for (size_t j = 1; j <= b_len; j++) {
			int replaced = !same(a[i - 1], b[j - 1]);

			now[j] = least(last[j] + 1, now[j - 1] + 1,
				       last[j - 1] + replaced);
			if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) &&
			    same(a[i - 2], b[j - 1]) && older[j - 2] < now[j])
				now[j] = older[j - 2] + 1;
		}
	}
	return rows[a_len % 3][b_len];
}

/* Take candidate for nearest if it is nearer, and near at all: a third of the
 * letters may be wrong, so that "exce" is exec, and "xyz" is nothing. */
static void consider(const char *word, const char *candidate, const char *name,
		     int *best, const char **nearest)
{
	int limit = (int)(strlen(word) + 2) / 3;
	int d = distance(word, candidate);

	if (d <= limit && (!*nearest || d < *best)) {
		*best = d;
		*nearest = name;
	}
}

const char *nearest_name(const char *word, const char *const *candidates)
{
	const char *nearest = NULL;
	int best = 0;

	for (; *candidates; candidates++)
		consider(word, *candidates, *candidates, &best, &nearest);
	return nearest;
}

const char *nearest_in_table(const char *word, const struct name *names)
{
	const char *nearest = NULL;
	int best = 0;

	for (; names->name; names++) {
		const char *name = names->name;

		consider(word, name, name, &best, &nearest);
		/* People leave the prefix out. */
		if (!strncmp(name, "CAP_", 4))
			consider(word, name + 4, name, &best, &nearest);
	}
	return nearest;
}
