/*
 * found_mounts.c  [both]  what the mounts of a config that nobody named may be
 *
 * A tmpfs is memory of the container's own, wherever it stands. The other file
 * systems show what the kernel knows, and are safe in the places where the
 * template has them, for there its masks and its read-only paths cover what is
 * the host's. Their options are listed, for one may reach far: pidns= of proc
 * shows the processes of any pid namespace that it is given the path of.
 */
#include "libcontainer/configs/found_checks.h"

#include "libcontainer/configs/config_fields.h"
#include "libcontainer/configs/validate.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <string.h>
#include <sys/mount.h>

static const struct {
	const char *device;
	const char *options[8]; /* by name, those that reach nothing */
} safe_options[] = {
	{ "proc", { "hidepid", "gid", "subset" } },
	{ "tmpfs",
	  { "mode", "size", "nr_blocks", "nr_inodes", "uid", "gid",
	    "noswap" } },
	{ "devpts",
	  { "newinstance", "ptmxmode", "mode", "uid", "gid", "max" } },
};

static bool is_safe_option(const char *device, const char *option, size_t len)
{
	for (size_t i = 0; i < sizeof(safe_options) / sizeof(*safe_options);
	     i++) {
		const char *const *name = safe_options[i].options;

		if (strcmp(safe_options[i].device, device) != 0)
			continue;
		for (; *name; name++)
			if (strlen(*name) == len &&
			    strncmp(*name, option, len) == 0)
				return true;
	}
	return false;
}

int found_mount_data(const struct found_rule *rule,
		     const struct found_member *member, struct error *err)
{
	const struct mount *mount = member->object;
	const char *option = mount->data ? mount->data : "";

	while (*option) {
		size_t len = strcspn(option, ",");

		if (!is_safe_option(mount->device, option,
				    strcspn(option, ",=")))
			return invalid(err, "%s: it %s %.*s", member->path,
				       rule->why, (int)len, option);
		option += len + (option[len] == ',');
	}
	return 0;
}

/* All that the template's has, and of the others those that forbid. */
int found_mount_flags(const struct found_rule *rule,
		      const struct found_member *member, struct error *err)
{
	const uint64_t forbid = MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC |
				MS_NOATIME | MS_NODIRATIME | MS_RELATIME |
				MS_STRICTATIME | MS_NOSYMFOLLOW;
	const struct mount *mount = member->object, *most = member->most;

	if ((mount->flags & most->flags) == most->flags &&
	    !(mount->flags & ~forbid))
		return 0;
	return found_refuse(rule, member, err);
}

int found_mount_propagation(const struct found_rule *rule,
			    const struct found_member *member,
			    struct error *err)
{
	const struct mount *mount = member->object;

	for (size_t i = 0; i < mount->propagation_flags_len; i++)
		if (mount->propagation_flags[i] & MS_SHARED)
			return found_refuse(rule, member, err);
	return 0;
}

/* What the mount may be at most; NULL when it may not be at all. */
static const struct mount *find_most(const struct mount *mount,
				     const struct config *most)
{
	static const struct mount nothing;
	cleanup_free char *at =
		mount->destination ? path_plain(mount->destination) : NULL;

	if (!at || !mount->device)
		return NULL;
	if (strcmp(mount->device, "tmpfs") == 0)
		return &nothing;
	for (size_t i = 0; i < most->mounts_len; i++)
		if (strcmp(most->mounts[i].device, mount->device) == 0 &&
		    strcmp(most->mounts[i].destination, at) == 0)
			return &most->mounts[i];
	return NULL;
}

int found_mounts(const struct found_rule *rule,
		 const struct found_member *member, struct error *err)
{
	const struct config *config = member->object;

	for (size_t i = 0; i < config->mounts_len; i++) {
		const struct mount *mount = &config->mounts[i];
		const struct mount *most = find_most(mount, member->most);
		cleanup_free char *path = xasprintf("%s[%zu]", member->path, i);

		if (!most)
			return invalid(
				err, "%s: it %s: %s of %s on %s", path,
				rule->why, mount->device ? mount->device : "?",
				mount->source ? mount->source : "?",
				mount->destination ? mount->destination : "?");
		if (found_check_members(mount_rows, rule->rules, mount, most,
					path, err) < 0)
			return -1;
	}
	return 0;
}
