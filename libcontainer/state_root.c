/*
 * state_root.c  [outside]  the folder that the containers' state lives in
 *
 * Root's is in /run, which the next boot empties. An ordinary user (and root in
 * his user namespace, who may not write /run) has his below $XDG_RUNTIME_DIR,
 * or else in /tmp, where anybody can make a folder of that name first: it is
 * used only when it is really his (owner, mode 0700, no symbolic link).
 */
#include "libcontainer/state_root.h"

#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAP_LIMIT = 65536 };

/* Who we are outside of our user namespace, whose root many users may be. */
static int outer_uid(unsigned *uid, struct error *err)
{
	unsigned inside, outside, size, own = geteuid();
	cleanup_free char *text = NULL;

	*uid = own;
	if (file_read("/proc/self/uid_map", MAP_LIMIT, &text, NULL, err) < 0)
		return error_wrap(err, "choose the state root");
	for (const char *line = text;
	     sscanf(line, "%u %u %u", &inside, &outside, &size) == 3;
	     line = strchrnul(line, '\n') + 1) {
		if (own >= inside && own - inside < size) {
			*uid = outside + (own - inside);
			return 0;
		}
		if (!strchr(line, '\n'))
			break;
	}
	return 0;
}

/* A folder below /tmp is used only when nobody else can have made it. */
static int check_owned(const char *folder, struct error *err)
{
	struct stat st;

	if (mkdir(folder, 0700) < 0 && errno != EEXIST)
		return error_errno(err, "make the state root %s", folder);
	if (lstat(folder, &st) < 0)
		return error_errno(err, "look at the state root %s", folder);
	if (!S_ISDIR(st.st_mode) || st.st_uid != geteuid() ||
	    (st.st_mode & 077))
		return error_set(err, ERROR_SYSTEM,
				 "the state root %s is not a folder of user "
				 "%u's own (mode 0700)",
				 folder, geteuid());
	return 0;
}

/* Is it only that there is no such place for us? Else nobody has said no. */
static bool is_a_no(int errnum)
{
	return errnum == ENOENT || errnum == ENOTDIR || errnum == ELOOP ||
	       errnum == EACCES || errnum == EPERM || errnum == EROFS;
}

/* 1, 0 or -1. Where there is no /run it is made. */
static int may_write_run(struct error *err)
{
	if (geteuid() != 0)
		return 0;
	if (access("/run", W_OK) == 0 || errno == ENOENT)
		return 1;
	/* Whoever forbids it says EACCES or EROFS. */
	if (errno != EPERM && is_a_no(errno))
		return 0;
	return error_errno(err, "look at /run");
}

/* Somebody who became another user (su) keeps the first one's variable. 1, 0
 * or -1. */
static int is_own_folder(const char *folder, struct error *err)
{
	struct stat st;

	if (!folder || folder[0] != '/')
		return 0;
	if (stat(folder, &st) < 0)
		return is_a_no(errno) ? 0
				      : error_errno(err, "look at %s", folder);
	return S_ISDIR(st.st_mode) && st.st_uid == geteuid();
}

/* The folder by itself: -1, or one that is not NULL. */
static int choose_root(const char *program, char **folder, struct error *err)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	int yes = may_write_run(err);
	unsigned uid;

	if (yes > 0)
		*folder = xasprintf("/run/%s", program);
	if (yes != 0)
		return yes < 0 ? -1 : 0;
	yes = is_own_folder(runtime, err);
	if (yes > 0)
		*folder = xasprintf("%s/%s", runtime, program);
	if (yes != 0)
		return yes < 0 ? -1 : 0;
	if (outer_uid(&uid, err) < 0)
		return -1;
	*folder = xasprintf("/tmp/%s-%u", program, uid);
	return check_owned(*folder, err);
}

char *state_root(const char *program, const char *given, struct error *err)
{
	cleanup_free char *folder = NULL;

	if (given && given[0] == '/')
		return xstrdup(given);
	if (given) {
		cleanup_free char *here = getcwd(NULL, 0);

		if (here)
			return xasprintf("%s/%s", here, given);
		error_errno(err, "find the current directory");
		return NULL;
	}
	return choose_root(program, &folder, err) < 0 ? NULL
						      : steal_ptr(&folder);
}
