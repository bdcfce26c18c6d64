/*
 * look.c  [outside]  how a process is looked at from outside
 *
 * One file of /proc/PID after the other. Some may be read by anybody, some by
 * those who could trace the process (ptrace(2), "Ptrace access mode
 * checking"): its maker can, and an ordinary user can as well, as the owner of
 * the user namespace that he made it in. Where the kernel refuses, the kind
 * is unknown, and that is no error.
 *
 * Source: proc(5), namespaces(7).
 */
#include "libcontainer/trace/look.h"

#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/file.h"
#include "libcontainer/system/proc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum { TEXT_LIMIT = 8 << 20 };

static void forbidden(struct snapshot *snapshot, enum fact_kind kind)
{
	snapshot->unknown |= 1U << kind;
}

/* A file of /proc/PID as text; NULL, and its kind is unknown, if it cannot be
 * read. The caller's: free(). */
static char *read_text(int proc, const char *name, enum fact_kind kind,
		       size_t *len, struct snapshot *snapshot)
{
	char *text = NULL;
	int fd = openat(proc, name, O_RDONLY | O_CLOEXEC);
	int read = fd < 0 ? -1 : file_read_fd(fd, TEXT_LIMIT, &text, len, NULL);

	if (fd >= 0)
		close(fd);
	if (read == 0)
		return text;
	if (errno != ENOENT)
		forbidden(snapshot, kind);
	return NULL;
}

static char *read_link(int proc, const char *name)
{
	char target[PATH_MAX];
	ssize_t len = readlinkat(proc, name, target, sizeof(target));

	return len < 0 ? NULL : xstrndup(target, (size_t)len);
}

static void look_at_link(int proc, const char *file, enum fact_kind kind,
			 const char *name, struct snapshot *snapshot)
{
	cleanup_free char *target = read_link(proc, file);

	if (target)
		snapshot_add(snapshot, kind, name, target);
	else
		forbidden(snapshot, kind);
}

/* The protected dockerinit is a mount that hangs on no path: "/" is all that
 * can be said of where it is. */
static void look_at_program(int proc, struct snapshot *snapshot)
{
	cleanup_free char *target = read_link(proc, "exe");

	if (!target)
		forbidden(snapshot, FACT_COMMAND);
	else
		snapshot_add(snapshot, FACT_COMMAND, "program",
			     strcmp(target, "/") == 0
				     ? "dockerinit, a mount without a path"
				     : target);
}

/* "uts:[4026531838]" */
static void look_at_namespaces(int proc, struct snapshot *snapshot)
{
	static const char *const names[] = { "cgroup", "ipc",  "mnt",  "net",
					     "pid",    "time", "user", "uts" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		cleanup_free char *file = xasprintf("ns/%s", names[i]);
		cleanup_free char *target = read_link(proc, file);
		const char *inode = target ? strchr(target, '[') : NULL;

		if (inode)
			snapshot_addf(snapshot, FACT_NAMESPACE, names[i],
				      "%.*s", (int)strcspn(inode + 1, "]"),
				      inode + 1);
		else if (errno != ENOENT)
			forbidden(snapshot, FACT_NAMESPACE);
	}
}

/* A root has no path that means the same to us: its device and inode do. */
static void look_at_root(int proc, struct snapshot *snapshot)
{
	struct stat st;

	if (fstatat(proc, "root/.", &st, 0) == 0)
		snapshot_addf(snapshot, FACT_ROOT, "", "inode %lu of %u:%u",
			      (unsigned long)st.st_ino, major(st.st_dev),
			      minor(st.st_dev));
	else
		forbidden(snapshot, FACT_ROOT);
}

static void look_at_descriptors(int proc, bool self, struct snapshot *snapshot)
{
	int fd = openat(proc, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cleanup_closedir DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!dir) {
		forbidden(snapshot, FACT_DESCRIPTOR);
		return;
	}
	while ((entry = readdir(dir))) {
		cleanup_free char *target = NULL, *name = NULL;
		int number = atoi(entry->d_name);

		/* We hold these two only to look. */
		if (entry->d_name[0] == '.' ||
		    (self && (number == fd || number == proc)))
			continue;
		target = read_link(fd, entry->d_name);
		name = xasprintf("%s%d", self ? "our " : "", number);
		if (target)
			snapshot_add(snapshot, FACT_DESCRIPTOR, name, target);
		else if (errno == EACCES || errno == EPERM)
			forbidden(snapshot, FACT_DESCRIPTOR);
	}
}

/* Texts that are cut while they are read. */
static void look_at_texts(int proc, struct snapshot *snapshot)
{
	static const struct {
		const char *file;
		enum fact_kind kind;
		void (*look)(char *text, struct snapshot *snapshot);
	} rows[] = {
		{ "mountinfo", FACT_MOUNT, look_mountinfo },
		{ "cgroup", FACT_CGROUP, look_cgroup },
		{ "status", FACT_CAPABILITIES, look_status },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		cleanup_free char *text = read_text(
			proc, rows[i].file, rows[i].kind, NULL, snapshot);

		if (text)
			rows[i].look(text, snapshot);
	}
}

static void look_at_id_map(int proc, const char *file, enum fact_kind kind,
			   struct snapshot *snapshot)
{
	cleanup_free char *text = read_text(proc, file, kind, NULL, snapshot);
	cleanup_free char *short_text = xstrdup("");
	unsigned inside, outside, size;
	int len;

	for (const char *at = text; at && sscanf(at, " %u %u %u%n", &inside,
						 &outside, &size, &len) == 3;
	     at += len) {
		char *longer = xasprintf("%s%s%u %u %u", short_text,
					 *short_text ? ", " : "", inside,
					 outside, size);

		free(short_text);
		short_text = longer;
	}
	if (text)
		snapshot_add(snapshot, kind, "map", short_text);
}

static void look_at_label(int proc, struct snapshot *snapshot)
{
	static const char *const files[][2] = {
		{ "attr/current", "current" },
		{ "attr/exec", "exec" },
	};

	for (size_t i = 0; i < 2; i++) {
		cleanup_close int fd =
			openat(proc, files[i][0], O_RDONLY | O_CLOEXEC);
		cleanup_free char *text = NULL;

		/* Without a security module the kernel says EINVAL. */
		if (fd < 0 ||
		    file_read_fd(fd, TEXT_LIMIT, &text, NULL, NULL) < 0)
			continue;
		text[strcspn(text, "\n")] = '\0';
		if (*text)
			snapshot_add(snapshot, FACT_LABEL, files[i][1], text);
	}
}

static bool lives(pid_t pid)
{
	uint64_t start;
	char state;

	return proc_start_time(pid, &start, &state, NULL) == 0 &&
	       state != 'Z' && state != 'X';
}

static void look_at_memory(int proc, struct snapshot *snapshot)
{
	cleanup_free char *environment = NULL, *arguments = NULL;
	size_t len;

	environment =
		read_text(proc, "environ", FACT_ENVIRONMENT, &len, snapshot);
	if (environment)
		look_environment(environment, len, snapshot);
	arguments = read_text(proc, "cmdline", FACT_COMMAND, &len, snapshot);
	if (arguments)
		look_arguments(arguments, len, snapshot);
	look_at_program(proc, snapshot);
}

int look_at(pid_t pid, struct snapshot *snapshot)
{
	cleanup_free char *path = xasprintf("/proc/%d", (int)pid);
	cleanup_close int proc = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	cleanup_free char *limits = NULL, *stat = NULL;
	const bool self = pid == getpid();

	*snapshot = (struct snapshot){ .facts = NULL };
	if (proc < 0 || !lives(pid))
		return -1;
	if (!self)
		look_at_memory(proc, snapshot);
	look_at_namespaces(proc, snapshot);
	look_at_root(proc, snapshot);
	look_at_link(proc, "cwd", FACT_CWD, "", snapshot);
	look_at_texts(proc, snapshot);
	look_at_id_map(proc, "uid_map", FACT_USER, snapshot);
	look_at_id_map(proc, "gid_map", FACT_GROUP, snapshot);
	limits = read_text(proc, "limits", FACT_LIMIT, NULL, snapshot);
	if (limits)
		look_limits(limits, snapshot);
	stat = read_text(proc, "stat", FACT_SESSION, NULL, snapshot);
	if (stat)
		look_stat(stat, snapshot);
	look_at_descriptors(proc, self, snapshot);
	look_at_label(proc, snapshot);
	look_through(pid, snapshot);
	snapshot_sort(snapshot);
	/* What ended meanwhile has been seen in part only. */
	if (lives(pid))
		return 0;
	snapshot_free(snapshot);
	return -1;
}

void look_into_folder(const char *folder, struct snapshot *snapshot)
{
	cleanup_closedir DIR *dir = opendir(folder);
	struct dirent *entry;

	if (!dir)
		return;
	snapshot_add(snapshot, FACT_FILE, folder, "directory");
	while ((entry = readdir(dir))) {
		cleanup_free char *path =
			xasprintf("%s/%s", folder, entry->d_name);

		if (entry->d_name[0] != '.')
			snapshot_add(snapshot, FACT_FILE, path, "file");
	}
}
