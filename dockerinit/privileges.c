/*
 * privileges.c  [inside]  10c: who the process is, and what it may do
 *
 * The order is forced throughout. The users' names are read while the files
 * can be read. The bounding set is lowered while there is CAP_SETPCAP. The
 * groups are set before the uid, for setgroups and setresgid need CAP_SETGID;
 * setgroups is always called, for the caller's own groups would stay else.
 * Leaving uid 0 would clear the permitted set, and with it the wish to keep
 * some capabilities, hence "keep caps" before; it does not keep the effective
 * set, so the five sets are written last.
 *
 * Each change of credentials makes the kernel forget the parent death signal,
 * so the guard is armed again after each.
 * Sources: capabilities(7), "Effect of user ID changes on capabilities";
 * credentials(7); prctl(2).
 */
#include "dockerinit/privileges.h"

#include "dockerinit/capabilities.h"
#include "dockerinit/database.h"
#include "dockerinit/guard.h"
#include "dockerinit/user.h"

#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/file.h"

#include <errno.h>
#include <grp.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static int find_user(const struct init *init, struct user *user,
		     struct error *err)
{
	cleanup_free char *passwd = NULL, *group = NULL;
	char *const *more = init->config->additional_groups;

	if (database_read(init, "/etc/passwd", &passwd, err) < 0 ||
	    database_read(init, "/etc/group", &group, err) < 0)
		return -1;
	if (user_find(passwd, group, init->config->user, user, err) < 0)
		return -1;
	if (user_add_groups(group, init->config->config->additional_groups,
			    user, err) < 0)
		return -1;
	return user_add_groups(group, more, user, err);
}

/* Only those that the user namespace has; of those that it has not, the ones
 * that /etc/group alone names are left out. */
static int drop_unmapped(const struct init *init, struct user *user,
			 struct error *err)
{
	size_t kept = 0;

	for (size_t i = 0; i < user->groups_len; i++) {
		gid_t gid = user->groups[i];

		if (setgroups(1, &gid) == 0) {
			user->groups[kept++] = gid;
			continue;
		}
		if (i >= user->memberships)
			return error_errno(err,
					   "additional group %u: the "
					   "container's user namespace does "
					   "not have it",
					   gid);
		init_note(init,
			  "group %u is left out: the user namespace does "
			  "not have it",
			  gid);
	}
	user->groups_len = kept;
	return 0;
}

/*
 * Where one id alone is mapped, setgroups is denied: nobody may give up a
 * group that keeps him out of a file. Then there are no other groups.
 */
static int set_groups(const struct init *init, struct user *user,
		      struct error *err)
{
	int refused;

	if (setgroups(user->groups_len, user->groups) == 0)
		return 0;
	if (errno == EINVAL) {
		if (drop_unmapped(init, user, err) < 0)
			return -1;
		if (setgroups(user->groups_len, user->groups) == 0)
			return 0;
	}
	refused = errno;
	if (refused != EPERM || !init->setgroups_is_denied) {
		errno = refused;
		return error_errno(err, "set %zu supplementary groups",
				   user->groups_len);
	}
	errno = refused;
	if (user->groups_len > user->memberships)
		return error_errno(err,
				   "additional groups: the container's user "
				   "namespace allows none");
	if (user->groups_len)
		init_note(init,
			  "%zu groups of /etc/group are left out: the "
			  "user namespace allows none",
			  user->groups_len);
	return 0;
}

/* EINVAL is the kernel's word for an id that is in no map. */
static int cannot_become(const struct init *init, const char *kind, uint32_t id,
			 struct error *err)
{
	const char *asked = init->config->user;

	if (errno != EINVAL)
		return error_errno(err, "become %s %u", kind, id);
	return error_errno(err,
			   "user %s: become %s %u, which the container's user "
			   "namespace does not have",
			   asked && *asked ? asked : "0", kind, id);
}

static int become_user(const struct init *init, struct user *user,
		       struct error *err)
{
	if (set_groups(init, user, err) < 0)
		return -1;
	if (setresgid(user->gid, user->gid, user->gid) < 0)
		return cannot_become(init, "gid", user->gid, err);
	if (guard_arm(init, err) < 0)
		return -1;
	if (setresuid(user->uid, user->uid, user->uid) < 0)
		return cannot_become(init, "uid", user->uid, err);
	return guard_arm(init, err);
}

static const struct capabilities *capabilities_of(const struct init *init)
{
	if (init->config->capabilities)
		return init->config->capabilities;
	return &init->config->config->capabilities;
}

//> step-10c
static int change_credentials(const struct init *init, struct user *user,
			      struct error *err)
{
	const struct capabilities *capabilities = capabilities_of(init);

	if ((init->config->no_new_privileges ||
	     init->config->config->no_new_privileges) &&
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return error_errno(err, "set no_new_privs");
	if (capabilities_drop_bounding(capabilities, err) < 0)
		return -1;
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
		return error_errno(err, "keep the capabilities");
	if (become_user(init, user, err) < 0)
		return -1;
	if (capabilities_set(capabilities, err) < 0)
		return -1;
	if (prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) < 0)
		return error_errno(err, "stop keeping the capabilities");
	return guard_arm(init, err);
}
//< step-10c

int privileges_drop(struct init *init, struct error *err)
{
	struct user user = { 0 };
	const char *home = getenv("HOME");
	int result = -1;

	if (find_user(init, &user, err) < 0)
		goto out;
	/* The user must be able to open its own terminal by name. */
	if (init->config->tty &&
	    fchown(STDIN_FILENO, user.uid, (gid_t)-1) < 0 &&
	    errno != EINVAL) { /* in no map: to become it will fail */
		error_errno(err, "give the console to uid %u", user.uid);
		goto out;
	}
	if (change_credentials(init, &user, err) < 0)
		goto out;
	if ((!home || !*home) && setenv("HOME", user.home, 1) < 0) {
		error_errno(err, "set HOME");
		goto out;
	}
	result = 0;
out:
	user_free(&user);
	return result;
}
