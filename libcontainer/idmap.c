/*
 * idmap.c  [outside]  uid_map and gid_map of a new user namespace
 *
 * Until its maps are written, nobody in a user namespace is anybody: each id
 * is shown as 65534, and an execve would lose every capability. They can be
 * written once, by a process of the parent namespace. Who has CAP_SETUID and
 * CAP_SETGID there may write what he likes. An ordinary user may map one id,
 * his own, and his group only after nobody in there can change his groups any
 * more ("deny" in /proc/PID/setgroups), for a group may also be what keeps
 * somebody out of a file. For ranges there are two programs with the right to
 * write them, which look into /etc/subuid and /etc/subgid whether the ranges
 * are his.
 *
 * Which of the three it is, nobody is asked but the kernel: the map is
 * written, and EPERM leads to the next way.
 * Source: user_namespaces(7), newuidmap(1).
 */
#include "libcontainer/idmap.h"

#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/file.h"
#include "libcontainer/system/spawn.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct map {
	const char *key;     /* in container.json        */
	const char *file;    /* in /proc/PID             */
	const char *helper;  /* with the right to write it */
	const char *granted; /* which ranges are whose  */
	const struct id_map *ranges;
	size_t len;
	int64_t own; /* our id of that kind             */
	bool deny;   /* setgroups, before one's own     */
};

char *idmap_text(const struct id_map *maps, size_t len)
{
	char *text = xstrdup("");

	for (size_t i = 0; i < len; i++) {
		char *longer = xasprintf(
			"%s%" PRId64 " %" PRId64 " %" PRId64 "\n", text,
			maps[i].container_id, maps[i].host_id, maps[i].size);

		free(text);
		text = longer;
	}
	return text;
}

static void append_number(char ***argv, int64_t number)
{
	cleanup_free char *text = xasprintf("%" PRId64, number);

	strv_append(argv, text);
}

char **idmap_arguments(const char *helper, pid_t pid, const struct id_map *maps,
		       size_t len)
{
	char **argv = NULL;

	strv_append(&argv, helper);
	append_number(&argv, pid);
	for (size_t i = 0; i < len; i++) {
		append_number(&argv, maps[i].container_id);
		append_number(&argv, maps[i].host_id);
		append_number(&argv, maps[i].size);
	}
	return argv;
}

static int write_file(pid_t pid, const char *file, const char *text,
		      struct error *err)
{
	cleanup_free char *path = xasprintf("/proc/%d/%s", (int)pid, file);

	return file_write(path, text, err);
}

static int ask_helper(const struct map *map, pid_t pid, struct error *err)
{
	cleanup_strv char **argv =
		idmap_arguments(map->helper, pid, map->ranges, map->len);
	struct error why;

	if (spawn_wait(argv, err) == 0)
		return 0;
	/* EACCES: some folder of PATH is not for him. */
	if (err && (err->errnum == ENOENT || err->errnum == EACCES))
		return error_set(err, ERROR_SYSTEM,
				 "%s: for more than his own id an ordinary "
				 "user needs %s (Debian package uidmap), which "
				 "is not in PATH",
				 map->key, map->helper);
	if (!err)
		return -1;
	why = *err;
	return error_set(err, ERROR_SYSTEM,
			 "%s: %s (the ranges that are a user's are in %s)",
			 map->key, why.message, map->granted);
}

static int write_map(const struct map *map, pid_t pid, struct error *err)
{
	cleanup_free char *text = idmap_text(map->ranges, map->len);
	struct error why = { 0 };

	if (write_file(pid, map->file, text, &why) == 0)
		return 0;
	if (why.errnum == EPERM && map->len == 1 && map->ranges[0].size == 1 &&
	    map->ranges[0].host_id == map->own) {
		if (map->deny && write_file(pid, "setgroups", "deny", err) < 0)
			return error_wrap(err, "%s", map->key);
		if (write_file(pid, map->file, text, &why) == 0)
			return 0;
	} else if (why.errnum == EPERM) {
		return ask_helper(map, pid, err);
	}
	if (err)
		*err = why;
	return error_wrap(err, "%s", map->key);
}

int idmap_write(const struct config *config, pid_t pid, struct error *err)
{
	const struct map uid = { .key = "uid_mappings",
				 .file = "uid_map",
				 .helper = "newuidmap",
				 .granted = "/etc/subuid",
				 .ranges = config->uid_mappings,
				 .len = config->uid_mappings_len,
				 .own = geteuid() };
	const struct map gid = { .key = "gid_mappings",
				 .file = "gid_map",
				 .helper = "newgidmap",
				 .granted = "/etc/subgid",
				 .ranges = config->gid_mappings,
				 .len = config->gid_mappings_len,
				 .own = getegid(),
				 .deny = true };

	if (write_map(&uid, pid, err) < 0)
		return -1;
	return write_map(&gid, pid, err);
}
