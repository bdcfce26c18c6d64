/* user.h  [inside]  "name", "uid", "name:group", "uid:gid" -> numbers */
#ifndef DOCKERINIT_USER_H
#define DOCKERINIT_USER_H

#include "libcontainer/system/error.h"

#include <stddef.h>
#include <sys/types.h>

struct user {
	uid_t uid;
	gid_t gid;
	gid_t *groups; /* supplementary: /etc/group's, then those asked for */
	size_t groups_len;
	size_t memberships; /* how many of them are /etc/group's */
	char *home;
};

/*
 * user_find - who spec means, by the texts of a passwd(5) and a group(5) file
 * (may be ""). A number is always an id, whatever names the files hold, and
 * needs no entry. NULL or "" is uid 0. Without a group in spec, the gid is
 * the entry's (0 without an entry), and the groups are those whose members
 * name the user. home is "/" without an entry. On success *user is released
 * with user_free.
 */
int user_find(const char *passwd, const char *group, const char *spec,
	      struct user *user, struct error *err);

/* user_add_groups - add names or gids to user's groups; NULL is none. */
int user_add_groups(const char *group, char *const *names, struct user *user,
		    struct error *err);

/* user_free - release what user owns. */
void user_free(struct user *user);

#endif
