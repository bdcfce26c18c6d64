/* config_fields.c  [both]  how each member of a config is spelled in JSON
 *
 * The keys are those of libcontainer v2.2.1 (2015). Its cpu_quota and
 * cpu_period each stood on two Go members, which made encoding/json drop both;
 * here they mean the CFS pair and the real-time pair has keys of its own.
 * Keys that 2015 did not have (environment, user, pids_limit, unified, ...)
 * are written only when they hold something, so that a config without them
 * reads as it did in 2015. Rows marked FIELD_READ_ONLY are 2014's spellings.
 */
#include "libcontainer/configs/config_fields.h"

#include "libcontainer/configs/config.h"
#include "libcontainer/configs/names.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <stdlib.h>
#include <string.h>

#define STRING(s, k, m, ...) \
	FIELD(s, k, FIELD_STRING, m, .flags = FIELD_EMPTY_IS_NULL __VA_ARGS__)
#define PATH(s, k, m) STRING(s, k, m, | FIELD_BYTES)

/* --- capabilities ---------------------------------------------------------*/

/* The names become CAP_ names in upper case; a second mention is dropped. */
static int decode_capability_set(const struct field *row,
				 const struct json *value, void *object,
				 const struct json_path *path,
				 struct error *err)
{
	cleanup_strv char **names = NULL;
	char ***set = (char ***)(void *)((char *)object + row->offset);
	struct json_path at = { .up = path };
	bool seen[64] = { false };

	if (field_decode(row, value, object, path, err) < 0)
		return -1;
	names = steal_ptr(set);
	for (char **name = names; name && *name; name++, at.index++) {
		int number = capability_number(*name);

		if (number < 0)
			return unknown_name("capability", capability_names,
					    *name, &at, err);
		if (!seen[number])
			strv_append(set,
				    number_to_name(capability_names, number));
		seen[number] = true;
	}
	return 0;
}

#define CAPABILITY_SET(k, m)                            \
	FIELD(struct capabilities, k, FIELD_STRINGS, m, \
	      .decode = decode_capability_set)

const struct field capabilities_rows[] = {
	CAPABILITY_SET("bounding", bounding),
	CAPABILITY_SET("effective", effective),
	CAPABILITY_SET("inheritable", inheritable),
	CAPABILITY_SET("permitted", permitted),
	CAPABILITY_SET("ambient", ambient),
	FIELD_END,
};

/* 2015's list, or an object of the five sets. */
static int decode_capabilities(const struct field *row,
			       const struct json *value, void *object,
			       const struct json_path *path, struct error *err)
{
	struct capabilities *caps = &((struct config *)object)->capabilities;

	field_release(row, object);
	if (json_kind(value) != JSON_LIST)
		return field_decode(row, value, object, path, err);
	if (decode_capability_set(&capabilities_rows[0], value, caps, path,
				  err) < 0)
		return -1;
	caps->effective = strv_dup(caps->bounding);
	caps->permitted = strv_dup(caps->bounding);
	return 0;
}

static bool same_strings(char **a, char **b)
{
	size_t n = strv_len(a);

	if (n != strv_len(b))
		return false;
	for (size_t i = 0; i < n; i++)
		if (strcmp(a[i], b[i]) != 0)
			return false;
	return true;
}

/* A list where a list can say it, with 2015's names, which had no CAP_. */
static struct json *encode_capabilities(const struct field *row,
					const void *object)
{
	const struct config *config = object;
	const struct capabilities *caps = &config->capabilities;
	struct json *list;

	if (!same_strings(caps->bounding, caps->effective) ||
	    !same_strings(caps->bounding, caps->permitted) ||
	    strv_len(caps->inheritable) || strv_len(caps->ambient))
		return field_encode(row, object);
	list = json_new(JSON_LIST);
	for (char **name = caps->bounding; name && *name; name++)
		json_add(list, NULL,
			 json_new_string(*name +
					 (strncmp(*name, "CAP_", 4) ? 0 : 4)));
	return list;
}

/* --- the parts of a config ------------------------------------------------*/

static const struct field namespace_rows[] = {
	FIELD_NAME(struct namespace, "name", type, namespace_names, "namespace",
		   .flags = FIELD_READ_ONLY),
	FIELD_NAME(struct namespace, "type", type, namespace_names,
		   "namespace"),
	PATH(struct namespace, "path", path),
	FIELD_END,
};

static const struct field id_map_rows[] = {
	FIELD(struct id_map, "container_id", FIELD_INT64, container_id),
	FIELD(struct id_map, "host_id", FIELD_INT64, host_id),
	FIELD(struct id_map, "size", FIELD_INT64, size),
	FIELD_END,
};

static const struct field command_rows[] = {
	PATH(struct mount_command, "path", path),
	FIELD(struct mount_command, "args", FIELD_STRINGS, args,
	      .flags = FIELD_BYTES),
	FIELD(struct mount_command, "env", FIELD_STRINGS, env,
	      .flags = FIELD_BYTES),
	PATH(struct mount_command, "dir", dir),
	FIELD_END,
};

static int decode_mount_device(const struct field *row,
			       const struct json *value, void *object,
			       const struct json_path *path, struct error *err)
{
	struct mount *mount = object;
	int64_t number;

	if (field_decode(row, value, object, path, err) < 0)
		return -1;
	if (mount->device &&
	    name_to_number(mount_device_names, mount->device, &number) < 0)
		return unknown_name("mount device", mount_device_names,
				    mount->device, path, err);
	return 0;
}

const struct field mount_rows[] = {
	PATH(struct mount, "source", source),
	PATH(struct mount, "destination", destination),
	STRING(struct mount, "device", device, , .decode = decode_mount_device),
	FIELD(struct mount, "flags", FIELD_UINT64, flags),
	FIELD(struct mount, "rec_flags", FIELD_UINT64, rec_flags,
	      .flags = FIELD_OMIT_EMPTY),
	FIELD_UINT64S(struct mount, "propagation_flags", propagation_flags,
		      .flags = FIELD_OMIT_EMPTY),
	PATH(struct mount, "data", data),
	STRING(struct mount, "relabel", relabel),
	FIELD(struct mount, "tmpcopyup", FIELD_BOOL, tmpcopyup,
	      .flags = FIELD_OMIT_EMPTY),
	FIELD_OBJECTS(struct mount, "premount_cmds", premount_cmds,
		      struct mount_command, command_rows),
	FIELD_OBJECTS(struct mount, "postmount_cmds", postmount_cmds,
		      struct mount_command, command_rows),
	FIELD_END,
};

const struct field device_rows[] = {
	FIELD(struct device, "major_number", FIELD_INT64, major,
	      .flags = FIELD_READ_ONLY),
	FIELD(struct device, "minor_number", FIELD_INT64, minor,
	      .flags = FIELD_READ_ONLY),
	FIELD(struct device, "cgroup_permissions", FIELD_STRING, permissions,
	      .flags = FIELD_READ_ONLY | FIELD_EMPTY_IS_NULL),
	FIELD(struct device, "type", FIELD_INT, type),
	PATH(struct device, "path", path),
	FIELD(struct device, "major", FIELD_INT64, major),
	FIELD(struct device, "minor", FIELD_INT64, minor),
	STRING(struct device, "permissions", permissions),
	FIELD(struct device, "file_mode", FIELD_UINT32, file_mode),
	FIELD(struct device, "uid", FIELD_UINT32, uid),
	FIELD(struct device, "gid", FIELD_UINT32, gid),
	FIELD_END,
};

/* June 2014: "context": {"prefix", "bridge", "nspath"} of a network. */
static const struct field network_context_rows[] = {
	STRING(struct network, "prefix", veth_prefix),
	STRING(struct network, "bridge", bridge),
	STRING(struct network, "nspath", ns_path),
	FIELD_END,
};

static const struct field network_rows[] = {
	{ .key = "context",
	  .type = FIELD_OBJECT,
	  .flags = FIELD_READ_ONLY,
	  .rows = network_context_rows },
	STRING(struct network, "type", type),
	STRING(struct network, "name", name),
	STRING(struct network, "bridge", bridge),
	STRING(struct network, "mac_address", mac_address),
	STRING(struct network, "address", address),
	STRING(struct network, "gateway", gateway),
	STRING(struct network, "ipv6_address", ipv6_address),
	STRING(struct network, "ipv6_gateway", ipv6_gateway),
	FIELD(struct network, "mtu", FIELD_INT64, mtu),
	FIELD(struct network, "txqueuelen", FIELD_INT64, txqueuelen),
	STRING(struct network, "host_interface_name", host_interface_name),
	FIELD(struct network, "hairpin_mode", FIELD_BOOL, hairpin_mode),
	STRING(struct network, "ns_path", ns_path, | FIELD_OMIT_EMPTY),
	STRING(struct network, "veth_prefix", veth_prefix, | FIELD_OMIT_EMPTY),
	FIELD_END,
};

static const struct field route_rows[] = {
	STRING(struct route, "destination", destination),
	STRING(struct route, "source", source),
	STRING(struct route, "gateway", gateway),
	STRING(struct route, "interface_name", interface_name),
	FIELD_END,
};

/* 2015's number, or a name. */
static int decode_rlimit_type(const struct field *row, const struct json *value,
			      void *object, const struct json_path *path,
			      struct error *err)
{
	struct rlimit_entry *rlimit = object;
	int64_t number;

	if (json_kind(value) == JSON_STRING) {
		if (name_to_number(rlimit_names, json_text(value), &number) < 0)
			return unknown_name("rlimit", rlimit_names,
					    json_text(value), path, err);
		rlimit->type = (int)number;
		return 0;
	}
	if (field_decode(row, value, object, path, err) < 0)
		return -1;
	if (!number_to_name(rlimit_names, rlimit->type))
		return json_error(path, err, "unknown rlimit %d", rlimit->type);
	return 0;
}

static const struct field rlimit_rows[] = {
	FIELD(struct rlimit_entry, "type", FIELD_INT, type,
	      .decode = decode_rlimit_type),
	FIELD(struct rlimit_entry, "hard", FIELD_UINT64, hard),
	FIELD(struct rlimit_entry, "soft", FIELD_UINT64, soft),
	FIELD_END,
};

/* seccomp is not read yet, but a config that asks for it must not run
 * without it (config_validate). */
static int decode_seccomp(const struct field *row, const struct json *value,
			  void *object, const struct json_path *path,
			  struct error *err)
{
	struct config *config = object;
	const struct json *calls = json_member(value, "syscalls");

	(void)row;
	if (json_kind(value) != JSON_OBJECT)
		return json_error(path, err, "an object is wanted, this is %s",
				  json_kind_name(json_kind(value)));
	if (calls && json_first(calls))
		config->seccomp = true;
	return 0;
}

#define STRINGS(k, m) FIELD(struct config, k, FIELD_STRINGS, m)

const struct field config_rows[] = {
	FIELD(struct config, "no_pivot_root", FIELD_BOOL, no_pivot_root),
	FIELD(struct config, "parent_death_signal", FIELD_INT,
	      parent_death_signal),
	STRING(struct config, "pivot_dir", pivot_dir),
	PATH(struct config, "rootfs", rootfs),
	FIELD(struct config, "readonlyfs", FIELD_BOOL, readonlyfs),
	FIELD(struct config, "privatefs", FIELD_BOOL, privatefs),
	/* runc's spelling of 2015 */
	FIELD(struct config, "rootPropagation", FIELD_UINT64, root_propagation,
	      .flags = FIELD_OMIT_EMPTY),
	FIELD(struct config, "implicit_mounts", FIELD_BOOL, implicit_mounts),
	FIELD_OBJECTS(struct config, "mounts", mounts, struct mount, mount_rows,
		      .decode = decode_mounts),
	FIELD_OBJECTS(struct config, "devices", devices, struct device,
		      device_rows),
	STRING(struct config, "mount_label", mount_label),
	STRING(struct config, "hostname", hostname),
	FIELD_OBJECTS(struct config, "namespaces", namespaces, struct namespace,
		      namespace_rows, .decode = decode_namespaces),
	FIELD_OBJECT(struct config, "capabilities", capabilities,
		     capabilities_rows, .decode = decode_capabilities,
		     .encode = encode_capabilities),
	FIELD_OBJECTS(struct config, "networks", networks, struct network,
		      network_rows),
	FIELD_OBJECTS(struct config, "routes", routes, struct route,
		      route_rows),
	FIELD_OBJECT(struct config, "cgroups", cgroups, cgroup_rows),
	STRING(struct config, "apparmor_profile", apparmor_profile),
	STRING(struct config, "process_label", process_label),
	FIELD_OBJECTS(struct config, "rlimits", rlimits, struct rlimit_entry,
		      rlimit_rows),
	STRINGS("additional_groups", additional_groups),
	FIELD_OBJECTS(struct config, "uid_mappings", uid_mappings,
		      struct id_map, id_map_rows),
	FIELD_OBJECTS(struct config, "gid_mappings", gid_mappings,
		      struct id_map, id_map_rows),
	STRINGS("mask_paths", mask_paths),
	STRINGS("readonly_paths", readonly_paths),
	/* runc's word of 2016 */
	FIELD_MAP(struct config, "sysctl", system_properties,
		  struct system_property, .flags = FIELD_READ_ONLY),
	FIELD_MAP(struct config, "system_properties", system_properties,
		  struct system_property),
	FIELD_CUSTOM("seccomp_config", decode_seccomp),
	FIELD_CUSTOM("seccomp", decode_seccomp),
	FIELD(struct config, "no_new_privileges", FIELD_BOOL, no_new_privileges,
	      .flags = FIELD_OMIT_EMPTY),
	FIELD(struct config, "no_new_keyring", FIELD_BOOL, no_new_keyring,
	      .flags = FIELD_OMIT_EMPTY),
	FIELD(struct config, "environment", FIELD_STRINGS, environment,
	      .flags = FIELD_OMIT_EMPTY | FIELD_BYTES),
	STRING(struct config, "user", user, | FIELD_OMIT_EMPTY),
	STRING(struct config, "working_dir", working_dir,
	       | FIELD_OMIT_EMPTY | FIELD_BYTES),
	FIELD(struct config, "tty", FIELD_BOOL, tty, .flags = FIELD_OMIT_EMPTY),
	FIELD_END,
};
