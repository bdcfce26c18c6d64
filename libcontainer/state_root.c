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
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAP_LIMIT = 65536 };

/* Who we are outside of our user namespace, whose root many users may be. */
static unsigned outer_uid(void)
{
	unsigned inside, outside, size, uid = geteuid();
	cleanup_free char *text = NULL;

	if (file_read("/proc/self/uid_map", MAP_LIMIT, &text, NULL, NULL) < 0)
		return uid;
	for (const char *line = text;
	     sscanf(line, "%u %u %u", &inside, &outside, &size) == 3;
	     line = strchrnul(line, '\n') + 1) {
		if (uid >= inside && uid - inside < size)
			return outside + (uid - inside);
		if (!strchr(line, '\n'))
			break;
	}
	return uid;
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

static bool may_write_run(void)
{
	return geteuid() == 0 && (access("/run", W_OK) == 0 || errno == ENOENT);
}

/* Somebody who became another user (su) keeps the first one's variable. */
static bool is_own_folder(const char *folder)
{
	struct stat st;

	return folder && folder[0] == '/' && stat(folder, &st) == 0 &&
	       S_ISDIR(st.st_mode) && st.st_uid == geteuid();
}

char *state_root(const char *program, const char *given, struct error *err)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
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
	if (may_write_run())
		return xasprintf("/run/%s", program);
	if (is_own_folder(runtime))
		return xasprintf("%s/%s", runtime, program);
	folder = xasprintf("/tmp/%s-%u", program, outer_uid());
	return check_owned(folder, err) < 0 ? NULL : steal_ptr(&folder);
}
