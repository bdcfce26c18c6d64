/*
 * flag_keys.c  [outside]  which flag an error is about
 *
 * A flag only changes the config, which is then judged as a whole: an error
 * names a key ("networks[1].mtu"), as if there were a file. Who typed flags
 * alone has never seen that key. So the flags that wrote it, or that took away
 * what it needs, are named behind the message, as they were typed.
 */
#include "nsinit/nsinit.h"

#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <ctype.h>
#include <string.h>

static const struct row {
	const char *flag, *key; /* "[]" stands for any index             */
	bool quoted; /* other flags and files write that key, too: only a
		      * message in which this one's value stands is about it */
} rows[] = {
	{ "mnt", "namespaces[].path", true },
	{ "uts", "namespaces[].path", true },
	{ "ipc", "namespaces[].path", true },
	{ "pid", "namespaces[].path", true },
	{ "net", "namespaces[].path", true },
	{ "mnt", "namespaces: a mount namespace", false },
	{ "userns-root-uid", "namespaces: a mount namespace", false },
	{ "userns-root-uid", "uid_mappings", false },
	{ "userns-root-uid", "gid_mappings", false },
	{ "rootfs", "rootfs:", false },
	{ "mnt", "rootfs: needs", false },
	{ "read-only", "readonlyfs: needs", false },
	{ "mnt", "readonlyfs: needs", false },
	{ "bind", "mounts: needs", false },
	{ "tmpfs", "mounts: needs", false },
	{ "cgroup", "mounts: needs", false },
	{ "mnt", "mounts: needs", false },
	{ "bind", "mounts[]", true },
	{ "tmpfs", "mounts[]", true },
	{ "cgroup", "mounts[].device: there is no cgroup", false },
	{ "mnt", "devices: needs", false },
	{ "mnt", "mask_paths: needs", false },
	{ "mnt", "readonly_paths: needs", false },
	{ "hostname", "hostname:", false },
	{ "uts", "hostname: needs", false },
	{ "net", "networks: needs", false },
	{ "veth-bridge", "networks: needs", false },
	{ "net", "networks[].type: a veth", false },
	{ "veth-bridge", "networks[].type: a veth", false },
	{ "veth-bridge", "networks[].bridge:", true },
	{ "veth-bridge", "networks[].address:", true },
	{ "veth-address", "networks[].address:", true },
	{ "veth-address", "networks[].gateway:", true },
	{ "veth-gateway", "networks[].gateway:", true },
	{ "veth-mtu", "networks[].mtu:", true },
	{ "memory-limit", "cgroups.memory:", false },
	{ "memory-limit", "cgroups.memory_swap:", false },
	{ "memory-swap", "cgroups.memory_swap:", false },
	{ "cpushares", "cgroups.cpu_shares:", false },
	{ "cpuset-cpus", "cgroups.cpuset_cpus:", false },
	{ "cpuset-mems", "cgroups.cpuset_mems:", false },
	{ "pids-limit", "cgroups.pids_limit:", false },
	{ "sysctl", "system_properties", true },
	{ "groups", "additional_groups", true },
	{ "apparmor-profile", "apparmor_profile", false },
	{ "process-label", "process_label", false },
	{ "mount-label", "mount_label", false },
};

/* Does text begin with key? */
static bool begins(const char *text, const char *key)
{
	while (*key) {
		if (*text++ != *key)
			return false;
		if (*key++ != '[')
			continue;
		text += strspn(text, "0123456789");
	}
	return true;
}

/* Is it somewhere in the message, a word of its own? */
static bool names_key(const char *message, const char *key)
{
	for (const char *word = message; word; word = strchr(word, ' ')) {
		word += *word == ' ';
		if (begins(word, key))
			return true;
	}
	return false;
}

/* Is text in the message, and not as the part of a longer word? */
static bool quotes(const char *message, const char *text)
{
	size_t len = strlen(text);

	for (const char *at = message; len && (at = strstr(at, text)); at++)
		if ((at == message || !isalnum((unsigned char)at[-1])) &&
		    !isalnum((unsigned char)at[len]))
			return true;
	return false;
}

/* The value, or one of its parts: SRC:DST, K=V. */
static bool quotes_value(const char *message, const char *value)
{
	cleanup_free char *parts = xstrdup(value);
	char *rest = parts, *part;

	if (quotes(message, value))
		return true;
	while ((part = strsep(&rest, ":=")))
		if (quotes(message, part))
			return true;
	return false;
}

static const char *use_value(const struct flag_use *use)
{
	return use->value ? use->value : "";
}

static bool is_about(const char *message, const struct flag_use *use)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];

		if (strcmp(row->flag, use->flag->name) == 0 &&
		    names_key(message, row->key) &&
		    (!row->quoted || quotes_value(message, use_value(use))))
			return true;
	}
	return false;
}

void error_name_flags(struct error *err, const struct command_line *line)
{
	cleanup_free char *flags = xstrdup("");
	struct error text;

	for (size_t i = 0; i < line->uses_len; i++) {
		const struct flag_use *use = &line->uses[i];
		const char *value = use_value(use);
		char *longer;

		if (!is_about(err->message, use))
			continue;
		longer = xasprintf("%s%s--%s%s%s", flags, *flags ? ", " : "",
				   use->flag->name, *value ? " " : "", value);
		free(flags);
		flags = longer;
	}
	if (!*flags)
		return;
	error_set(&text, err->code, "%s (%s)", err->message, flags);
	memcpy(err->message, text.message, sizeof(err->message));
}
