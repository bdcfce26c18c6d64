/*
 * user.c  [inside]  "name", "uid", "name:group", "uid:gid" -> numbers
 *
 * The names are the container's: they are looked up in its own /etc/passwd and
 * /etc/group, by this small parser, since libc's would ask the host's services
 * and load the image's libraries to do so. The files are the image's, so a
 * malformed line is passed over, and no text in them can turn a number that
 * was asked for into another one (CVE-2016-3697). A number that does not fit,
 * or the -1 that means "unchanged" to setresuid, is refused and never cut down
 * to something else.
 * Sources: passwd(5), group(5); Docker's pkg/user for which group applies.
 */
#include "dockerinit/user.h"

#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A piece of a text that is not NUL-terminated. */
struct span {
	const char *text;
	size_t len;
};

static struct span span_of(const char *text)
{
	return (struct span){ text, strlen(text) };
}

static bool same(struct span a, struct span b)
{
	return a.len == b.len && memcmp(a.text, b.text, a.len) == 0;
}

/* Take what stands before the next separator off *rest; false at the end. */
static bool next(struct span *rest, char separator, struct span *piece)
{
	const char *end;

	if (!rest->text)
		return false;
	end = memchr(rest->text, separator, rest->len);
	piece->text = rest->text;
	piece->len = end ? (size_t)(end - rest->text) : rest->len;
	if (end) {
		rest->len -= piece->len + 1;
		rest->text = end + 1;
	} else {
		rest->text = NULL;
	}
	return true;
}

/* The n-th field of a line, from 0; empty when there is none. */
static struct span field(struct span line, int n)
{
	struct span piece = { "", 0 };

	for (int i = 0; i <= n; i++)
		if (!next(&line, ':', &piece))
			return (struct span){ "", 0 };
	return piece;
}

static bool is_number(struct span s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.text[i] < '0' || s.text[i] > '9')
			return false;
	return s.len > 0;
}

/* An id: digits only, and below 2^32 - 1. */
static bool to_id(struct span s, uint32_t *id)
{
	uint64_t value = 0;

	if (!is_number(s))
		return false;
	for (size_t i = 0; i < s.len; i++) {
		value = value * 10 + (uint64_t)(s.text[i] - '0');
		if (value >= UINT32_MAX)
			return false;
	}
	*id = (uint32_t)value;
	return true;
}

/* What a person has written as an id or a name: 1 an id, 0 a name, -1. */
static int parse_id(struct span s, const char *what, uint32_t *id,
		    struct error *err)
{
	if (s.len == 0)
		return error_set(err, ERROR_CONFIG_INVALID, "%s: is empty",
				 what);
	if (to_id(s, id))
		return 1;
	if (is_number(s) || s.text[0] == '-')
		return error_set(err, ERROR_CONFIG_INVALID,
				 "%s %.*s: an id is between 0 and 4294967294",
				 what, (int)s.len, s.text);
	return 0;
}

static void add_group(struct user *user, gid_t gid)
{
	user->groups = xreallocarray(user->groups, user->groups_len + 1,
				     sizeof(gid_t));
	user->groups[user->groups_len++] = gid;
}

/* The gid of one group by name or number. */
static int find_group(const char *group, struct span wanted, gid_t *gid,
		      struct error *err)
{
	struct span rest = span_of(group), line;
	int kind = parse_id(wanted, "group", gid, err);

	if (kind != 0)
		return kind < 0 ? -1 : 0;
	while (next(&rest, '\n', &line))
		if (same(field(line, 0), wanted) && to_id(field(line, 2), gid))
			return 0;
	return error_set(err, ERROR_SYSTEM, "group %.*s: not in /etc/group",
			 (int)wanted.len, wanted.text);
}

/* The groups that list the user among their members. */
static void find_memberships(const char *group, struct span name,
			     struct user *user)
{
	struct span rest = span_of(group), line;

	while (next(&rest, '\n', &line)) {
		struct span members = field(line, 3), member;
		uint32_t gid;

		if (!to_id(field(line, 2), &gid))
			continue;
		while (next(&members, ',', &member)) {
			if (member.len == 0 || !same(member, name))
				continue;
			add_group(user, gid);
			break;
		}
	}
}

/* The passwd line of a name, or of a uid when by_id. Lines whose ids are no
 * numbers are no lines. */
static bool find_line(const char *passwd, struct span name, bool by_id,
		      uint32_t id, struct span *line, struct user *user)
{
	struct span rest = span_of(passwd);

	while (next(&rest, '\n', line)) {
		uint32_t uid, gid;

		if (field(*line, 0).len == 0 || !to_id(field(*line, 2), &uid) ||
		    !to_id(field(*line, 3), &gid))
			continue;
		if (by_id ? uid != id : !same(field(*line, 0), name))
			continue;
		user->uid = uid;
		user->gid = gid;
		return true;
	}
	return false;
}

int user_find(const char *passwd, const char *group, const char *spec,
	      struct user *user, struct error *err)
{
	struct span rest = span_of(spec && *spec ? spec : "0");
	struct span name, wanted_group, line, home = { "", 0 };
	uint32_t id = 0;
	bool found;
	int kind;

	*user = (struct user){ 0 };
	next(&rest, ':', &name);
	kind = parse_id(name, "user", &id, err);
	if (kind < 0)
		return -1;
	user->uid = id;
	found = find_line(passwd, name, kind == 1, id, &line, user);
	if (!found && kind == 0)
		return error_set(err, ERROR_SYSTEM,
				 "user %.*s: not in /etc/passwd", (int)name.len,
				 name.text);
	if (rest.text) {
		wanted_group = rest;
		if (find_group(group, wanted_group, &user->gid, err) < 0)
			return -1;
	} else if (found) {
		find_memberships(group, field(line, 0), user);
		user->memberships = user->groups_len;
	}
	if (found)
		home = field(line, 5);
	user->home = home.len ? xstrndup(home.text, home.len) : xstrdup("/");
	return 0;
}

int user_add_groups(const char *group, char *const *names, struct user *user,
		    struct error *err)
{
	for (; names && *names; names++) {
		gid_t gid;

		if (find_group(group, span_of(*names), &gid, err) < 0)
			return error_wrap(err, "additional groups");
		add_group(user, gid);
	}
	return 0;
}

void user_free(struct user *user)
{
	free(user->groups);
	free(user->home);
	*user = (struct user){ 0 };
}
