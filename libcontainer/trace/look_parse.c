/*
 * look_parse.c  [outside]  the texts of /proc/PID as facts
 *
 * Sources: proc(5); Documentation/filesystems/proc.rst, sections 3.5 and 1.
 */
#include "libcontainer/trace/look.h"

#include "libcontainer/configs/names.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The next line of *text, which is cut there; NULL after the last. */
static char *next_line(char **text)
{
	char *line = strsep(text, "\n");

	return line && (*line || *text) ? line : NULL;
}

/* "shared:7 master:1" in words: the numbers are the kernel's own. */
static const char *propagation(const char *tags)
{
	if (strstr(tags, "unbindable"))
		return "unbindable";
	if (strstr(tags, "shared:"))
		return strstr(tags, "master:") ? "slave+shared" : "shared";
	return strstr(tags, "master:") ? "slave" : "private";
}

/*
 * 36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=...
 * id up dev  root  point options    tags       type source    super options
 */
void look_mountinfo(char *text, struct snapshot *snapshot)
{
	char *line;

	while ((line = next_line(&text))) {
		char *field[6], *tags, *type, *source;
		size_t n = 0;

		while (n < 6 && (field[n] = strsep(&line, " ")))
			n++;
		tags = line;
		type = tags ? strstr(tags, "- ") : NULL;
		if (n < 6 || !type)
			continue;
		type[0] = '\0';
		source = type += 2;
		strsep(&source, " ");
		source = source ? strsep(&source, " ") : "";
		snapshot_addf(snapshot, FACT_MOUNT, field[4],
			      "%s %s%s%s %s %s (%s)", type, source,
			      strcmp(field[3], "/") ? " from " : "",
			      strcmp(field[3], "/") ? field[3] : "", field[5],
			      propagation(tags), field[2]);
	}
}

/* One line per limit, in the order of their numbers, after a headline:
 * "Max open files            1024                 4096                 files"
 */
void look_limits(const char *text, struct snapshot *snapshot)
{
	enum { SOFT_AT = 26 };

	for (int64_t n = -1; *text; n++) {
		size_t len = strcspn(text, "\n");
		const char *name = number_to_name(rlimit_names, n);
		char soft[24], hard[24];

		if (n >= 0 && len > SOFT_AT &&
		    sscanf(text + SOFT_AT, "%23s %23s", soft, hard) == 2)
			snapshot_addf(snapshot, FACT_LIMIT, name ? name : "?",
				      "%s %s", soft, hard);
		text += len + (text[len] == '\n');
	}
}

/* "1 1 1 1" of real, effective, saved and file system's: one will do. */
static const char *ids(char *four)
{
	unsigned id[4];

	if (sscanf(four, "%u %u %u %u", id, id + 1, id + 2, id + 3) == 4 &&
	    id[0] == id[1] && id[1] == id[2] && id[2] == id[3])
		four[strcspn(four, "\t ")] = '\0';
	for (char *c = four; *c; c++)
		if (*c == '\t')
			*c = ' ';
	return four;
}

void look_status(char *text, struct snapshot *snapshot)
{
	static const struct {
		const char *key;
		enum fact_kind kind;
		const char *name;
	} rows[] = {
		{ "Uid", FACT_USER, "uid" },
		{ "Gid", FACT_GROUP, "gid" },
		{ "Groups", FACT_GROUP, "others" },
		{ "CapInh", FACT_CAPABILITIES, "inheritable" },
		{ "CapPrm", FACT_CAPABILITIES, "permitted" },
		{ "CapEff", FACT_CAPABILITIES, "effective" },
		{ "CapBnd", FACT_CAPABILITIES, "bounding" },
		{ "CapAmb", FACT_CAPABILITIES, "ambient" },
		{ "NoNewPrivs", FACT_NO_NEW_PRIVS, "" },
		{ "Seccomp", FACT_SECCOMP, "" },
		{ "NSpid", FACT_SESSION, "pid" },
		{ "NSsid", FACT_SESSION, "sid" },
	};
	char *line;

	while ((line = next_line(&text))) {
		char *value = line;
		size_t len;

		line = strsep(&value, ":");
		if (!value)
			continue;
		value += strspn(value, "\t ");
		for (len = strlen(value); len && value[len - 1] == ' '; len--)
			value[len - 1] = '\0';
		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
			if (strcmp(rows[i].key, line) == 0)
				snapshot_add(snapshot, rows[i].kind,
					     rows[i].name, ids(value));
	}
}

/* "5:memory:/nsinit/x"; of cgroup v2 "0::/nsinit/x". */
void look_cgroup(char *text, struct snapshot *snapshot)
{
	char *line;

	while ((line = next_line(&text))) {
		const char *controllers;

		strsep(&line, ":");
		controllers = line ? strsep(&line, ":") : NULL;
		if (line)
			snapshot_add(snapshot, FACT_CGROUP,
				     *controllers ? controllers : "v2", line);
	}
}

void look_environment(const char *text, size_t len, struct snapshot *snapshot)
{
	for (size_t i = 0; i < len; i += strlen(text + i) + 1) {
		const char *pair = text + i, *equals = strchr(pair, '=');
		cleanup_free char *name = NULL;

		if (!equals)
			continue;
		name = xstrndup(pair, (size_t)(equals - pair));
		snapshot_add(snapshot, FACT_ENVIRONMENT, name, equals + 1);
	}
}

void look_arguments(char *text, size_t len, struct snapshot *snapshot)
{
	for (size_t i = 0; i + 1 < len; i++)
		if (!text[i])
			text[i] = ' ';
	snapshot_add(snapshot, FACT_COMMAND, "arguments", text);
}

/* PID (comm) state ppid pgrp session tty_nr ...; see system/proc.c. */
void look_stat(const char *text, struct snapshot *snapshot)
{
	const char *end = strrchr(text, ')');
	unsigned tty;

	if (end && sscanf(end + 1, " %*c %*d %*d %*d %u", &tty) == 1)
		snapshot_addf(snapshot, FACT_SESSION, "tty",
			      tty ? "%u:%u" : "none", tty >> 8 & 0xfff,
			      (tty & 0xff) | (tty >> 12 & 0xfff00));
}
