/* whereabouts.c  [outside]  where a held process is, and how to get there */
#include "libcontainer/trace/whereabouts.h"

#include "libcontainer/system/alloc.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* nsenter(1)'s letters. */
static const struct {
	const char *file;
	char letter;
} namespaces[] = {
	{ "ns/user", 'U' },   { "ns/mnt", 'm' }, { "ns/uts", 'u' },
	{ "ns/ipc", 'i' },    { "ns/net", 'n' }, { "ns/pid", 'p' },
	{ "ns/cgroup", 'C' },
};

enum { NAMESPACES = sizeof(namespaces) / sizeof(namespaces[0]) };

static bool look(const char *process, const char *name, struct stat *st)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%s/%s", process, name);
	return stat(path, st) == 0;
}

bool whereabouts_shared(pid_t pid, const char *name)
{
	struct stat own, other;
	char number[16];

	snprintf(number, sizeof(number), "%d", (int)pid);
	return look("self", name, &own) && look(number, name, &other) &&
	       own.st_ino == other.st_ino && own.st_dev == other.st_dev;
}

char *whereabouts_command(pid_t pid, const char *word)
{
	char letters[3 * NAMESPACES + 1] = "";
	size_t len = 0;

	/* Each alone: what follows a letter would be a file's name. */
	for (size_t i = 0; i < NAMESPACES; i++)
		if (!whereabouts_shared(pid, namespaces[i].file))
			len += (size_t)sprintf(letters + len, " -%c",
					       namespaces[i].letter);
	/* In a user namespace of his own a user may not drop his groups. */
	return xasprintf("nsenter -t %s%s%s /bin/sh", word,
			 geteuid() == 0 ? "" : " --preserve-credentials",
			 letters);
}
