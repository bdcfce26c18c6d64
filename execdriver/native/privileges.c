/*
 * privileges.c  [outside]  Docker's --cap-add, --cap-drop and --privileged
 *
 * A set of capabilities is a number with a bit for each, so that adding and
 * dropping are | and & ~.
 */
#include "execdriver/native/native.h"

#include "libcontainer/config_edit.h"
#include "libcontainer/configs/names.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/file.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mount.h>

/* All that we have ourselves: nobody can give away more. proc(5), CapPrm. */
static int all_capabilities(uint64_t *set, struct error *err)
{
	static const char key[] = "CapPrm:";
	cleanup_free char *text = NULL;
	const char *line;

	if (file_read("/proc/self/status", 64 * 1024, &text, NULL, err) < 0)
		return -1;
	line = strstr(text, key);
	if (!line)
		return error_set(err, ERROR_SYSTEM,
				 "/proc/self/status has no line %s", key);
	*set = strtoull(line + strlen(key), NULL, 16);
	return 0;
}

static int set_of_names(char *const *names, const char *act, uint64_t all,
			uint64_t *set, struct error *err)
{
	*set = 0;
	for (; names && *names; names++) {
		int number = capability_number(*names);

		if (strcasecmp(*names, "all") == 0)
			*set = all;
		else if (number >= 0)
			*set |= UINT64_C(1) << number;
		else
			return error_set(err, ERROR_CONFIG_INVALID,
					 "%s: unknown capability \"%s\"", act,
					 *names);
	}
	return 0;
}

static bool has_all(char *const *names)
{
	for (; names && *names; names++)
		if (strcasecmp(*names, "all") == 0)
			return true;
	return false;
}

/* Docker's order: "all" in add makes the base everything; then drop, which
 * takes "all" of the base; then the single names of add. */
int native_capabilities(char *const *base, char *const *add, char *const *drop,
			char ***out, struct error *err)
{
	uint64_t all = 0, set = 0, added = 0, dropped = 0;

	if (all_capabilities(&all, err) < 0 ||
	    set_of_names(base, "capabilities", all, &set, err) < 0 ||
	    set_of_names(drop, "cap_drop", all, &dropped, err) < 0 ||
	    set_of_names(add, "cap_add", 0, &added, err) < 0)
		return -1;
	if (has_all(add))
		set = all;
	set = (set & ~dropped) | added;
	*out = xcalloc(1, sizeof(**out));
	for (const struct name *n = capability_names; n->name; n++) {
		uint64_t bit = UINT64_C(1) << n->number;

		/* A number may have a second name. */
		if ((set & bit) && strncmp(n->name, "CAP_", 4) == 0) {
			strv_append(out, n->name);
			set &= ~bit;
		}
	}
	return 0;
}

static void make_writable(struct config *config, const char *destination)
{
	for (size_t i = 0; i < config->mounts_len; i++)
		if (strcmp(config->mounts[i].destination, destination) == 0)
			config->mounts[i].flags &= ~(uint64_t)MS_RDONLY;
}

int native_privilege(struct config *config, struct error *err)
{
	char *const all[] = { (char[]){ "ALL" }, NULL };
	struct capabilities *caps = &config->capabilities;

	config_forget(config, "capabilities");
	if (native_capabilities(NULL, all, NULL, &caps->bounding, err) < 0)
		return -1;
	caps->effective = strv_dup(caps->bounding);
	caps->permitted = strv_dup(caps->bounding);
	config->cgroups.allow_all_devices = true;
	if (native_host_devices(config, err) < 0)
		return -1;
	free(config->apparmor_profile);
	config->apparmor_profile = xstrdup("unconfined");
	if (!config->readonlyfs) {
		make_writable(config, "/sys");
		config_forget(config, "readonly_paths");
	}
	make_writable(config, "/sys/fs/cgroup");
	config_forget(config, "mask_paths");
	return 0;
}
