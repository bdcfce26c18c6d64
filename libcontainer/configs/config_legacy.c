/* config_legacy.c  [both]  what the container.json files of 2014 meant
 *
 * libcontainer's own repository shipped three families of container.json:
 *
 *   June 2014   namespaces as {"NEWPID": true}; readonly_fs, device_nodes,
 *               mounts and "context" (labels, restrictions) at the top
 *   v1.4        those moved into "mount_config"; root_fs, ipc, restrict_sys
 *   2015        the spelling of config_fields.c
 *
 * All of them are read. The older two did not list the mounts every container
 * got: init made proc, sysfs, /dev and what is below it from a fixed table,
 * and then the file's own. Early 2015 still made /proc, /dev and /dev/pts by
 * itself. What was implicit then is made explicit here, so that the steps
 * inside only ever see one kind of config. A file that wants nothing added
 * says "implicit_mounts": false, as everything that config_print wrote does.
 */
#include "libcontainer/configs/config.h"
#include "libcontainer/configs/config_fields.h"
#include "libcontainer/configs/defaults.h"
#include "libcontainer/configs/names.h"
#include "libcontainer/system/alloc.h"

#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

/* --- namespaces -----------------------------------------------------------*/

static int check_namespace_types(const struct config *config,
				 const struct json_path *path,
				 struct error *err)
{
	for (size_t i = 0; i < config->namespaces_len; i++) {
		struct json_path at = { .up = path, .index = i };

		if (config->namespaces[i].type == 0)
			return json_error(&at, err, "no type in it");
	}
	return 0;
}

/* 2014's {"NEWPID": true, "NEWUSER": false}. */
static int decode_namespace_map(const struct json *value, struct config *config,
				const struct json_path *path, struct error *err)
{
	const struct json *item = json_first(value);

	config->namespaces =
		xcalloc(json_length(value), sizeof(*config->namespaces));
	for (; item; item = json_next(item)) {
		struct json_path at = { path, json_key(item), 0 };
		int64_t type;

		if (json_kind(item) != JSON_BOOL)
			return json_error(&at, err,
					  "a boolean is wanted, this is %s",
					  json_kind_name(json_kind(item)));
		if (name_to_number(namespace_names, json_key(item), &type) < 0)
			return unknown_name("namespace", namespace_names,
					    json_key(item), path, err);
		if (json_bool(item))
			config->namespaces[config->namespaces_len++].type =
				(int)type;
	}
	return 0;
}

int decode_namespaces(const struct field *row, const struct json *value,
		      void *object, const struct json_path *path,
		      struct error *err)
{
	struct config *config = object;

	if (json_kind(value) == JSON_OBJECT) {
		field_release(row, object);
		return decode_namespace_map(value, config, path, err);
	}
	if (field_decode(row, value, object, path, err) < 0)
		return -1;
	return check_namespace_types(config, path, err);
}

/* v1.4: "ipc" is the path of an ipc namespace to join. */
static int decode_ipc(const struct field *row, const struct json *value,
		      void *object, const struct json_path *path,
		      struct error *err)
{
	struct config *config = object;
	struct namespace *ns = NULL;

	(void)row;
	if (json_kind(value) != JSON_STRING)
		return json_error(path, err, "a string is wanted, this is %s",
				  json_kind_name(json_kind(value)));
	if (!*json_text(value))
		return 0;
	for (size_t i = 0; i < config->namespaces_len; i++)
		if (config->namespaces[i].type == CLONE_NEWIPC)
			ns = &config->namespaces[i];
	if (!ns) {
		config->namespaces =
			xreallocarray(config->namespaces,
				      config->namespaces_len + 1, sizeof(*ns));
		ns = &config->namespaces[config->namespaces_len++];
		*ns = (struct namespace){ .type = CLONE_NEWIPC };
	}
	free(ns->path);
	ns->path = xstrdup(json_text(value));
	return 0;
}

/* --- restrictions ---------------------------------------------------------*/

static void restrict_paths(struct config *config, bool sys)
{
	static const char *const paths[] = { "/proc/sys", "/proc/sysrq-trigger",
					     "/proc/irq", "/proc/bus" };

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		strv_append(&config->readonly_paths, paths[i]);
	if (sys)
		strv_append(&config->readonly_paths, "/sys");
	strv_append(&config->mask_paths, "/proc/kcore");
}

/* June 2014: any text. */
static int decode_restrictions(const struct field *row,
			       const struct json *value, void *object,
			       const struct json_path *path, struct error *err)
{
	(void)row;
	if (json_kind(value) != JSON_STRING)
		return json_error(path, err, "a string is wanted, this is %s",
				  json_kind_name(json_kind(value)));
	if (*json_text(value))
		restrict_paths(object, true);
	return 0;
}

/* v1.4 */
static int decode_restrict_sys(const struct field *row,
			       const struct json *value, void *object,
			       const struct json_path *path, struct error *err)
{
	(void)row;
	if (json_kind(value) != JSON_BOOL)
		return json_error(path, err, "a boolean is wanted, this is %s",
				  json_kind_name(json_kind(value)));
	if (json_bool(value))
		restrict_paths(object, false);
	return 0;
}

/* 2014's strategy "netns": NEWNET was true, and init left the namespace it
 * got for the one with the path. It is the same as joining that one. */
static void join_network(struct config *config)
{
	for (size_t i = 0; i < config->networks_len; i++) {
		const struct network *network = &config->networks[i];

		if (!network->type || strcmp(network->type, "netns") != 0 ||
		    !network->ns_path || *network->ns_path != '/')
			continue;
		for (size_t j = 0; j < config->namespaces_len; j++)
			if (config->namespaces[j].type == CLONE_NEWNET &&
			    !config->namespaces[j].path)
				config->namespaces[j].path =
					xstrdup(network->ns_path);
	}
}

/* --- the document ---------------------------------------------------------*/

#define STRING(k, m) \
	FIELD(struct config, k, FIELD_STRING, m, .flags = FIELD_EMPTY_IS_NULL)
#define DEVICES(k) \
	FIELD_OBJECTS(struct config, k, devices, struct device, device_rows)

/* Objects whose values are the config's own members. */
static const struct field context_rows[] = {
	STRING("apparmor_profile", apparmor_profile),
	STRING("process_label", process_label),
	STRING("mount_label", mount_label),
	FIELD_CUSTOM("restrictions", decode_restrictions),
	FIELD_END,
};

static const struct field mount_config_rows[] = {
	FIELD(struct config, "no_pivot_root", FIELD_BOOL, no_pivot_root),
	FIELD(struct config, "readonly_fs", FIELD_BOOL, readonlyfs),
	FIELD_OBJECTS(struct config, "mounts", mounts, struct mount, mount_rows,
		      .decode = decode_mounts),
	DEVICES("device_nodes"),
	STRING("mount_label", mount_label),
	FIELD_END,
};

static const struct field legacy_rows[] = {
	STRING("root_fs", rootfs),
	FIELD(struct config, "readonly_fs", FIELD_BOOL, readonlyfs),
	DEVICES("device_nodes"),
	{ .key = "context", .type = FIELD_OBJECT, .rows = context_rows },
	{ .key = "mount_config",
	  .type = FIELD_OBJECT,
	  .rows = mount_config_rows },
	FIELD_CUSTOM("ipc", decode_ipc),
	FIELD_CUSTOM("restrict_sys", decode_restrict_sys),
	FIELD_END,
};

static bool has_any(const struct json *document, const char *const *keys)
{
	for (; *keys; keys++)
		if (json_member(document, *keys))
			return true;
	return false;
}

int config_legacy(const struct json *document, struct config *config,
		  struct error *err)
{
	static const char *const v1_keys[] = { "mount_config", "root_fs", "ipc",
					       "restrict_sys", NULL };
	static const char *const june_keys[] = { "context", "readonly_fs",
						 "device_nodes", NULL };
	const struct json *namespaces = json_member(document, "namespaces");
	const struct json *restricted = json_member(document, "restrict_sys");
	const struct json *cgroups = json_member(document, "cgroups");
	enum config_era era = ERA_2015;
	bool v1 = has_any(document, v1_keys);
	bool of_2014 = v1 || has_any(document, june_keys) ||
		       (namespaces && json_kind(namespaces) == JSON_OBJECT) ||
		       are_old_mounts(json_member(document, "mounts"));

	if (fields_decode_json(legacy_rows, document, config, NULL, err) < 0)
		return -1;
	join_network(config);
	if (v1)
		era = ERA_V1;
	else if (of_2014)
		era = ERA_JUNE_2014;
	if (config->implicit_mounts &&
	    config_makes_namespace(config, CLONE_NEWNS))
		add_implicit_mounts(config, era,
				    restricted && json_bool(restricted));
	if (config->implicit_mounts)
		protect_cgroups(config);
	config->implicit_mounts = false;
	/* A written [] allows none; a file that does not say would have a
	 * container that cannot open its own terminal. */
	if (!json_member(cgroups, "allowed_devices") &&
	    !json_member(cgroups, "denied_devices") &&
	    !config->cgroups.allow_all_devices)
		config_default_device_rules(config);
	if (of_2014) {
		/* The only behaviour of that time. */
		config->parent_death_signal = SIGKILL;
		config->privatefs = !config->no_pivot_root;
	}
	return 0;
}
