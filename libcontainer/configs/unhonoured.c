/* unhonoured.c  [both]  keys that ask for what is not done here */
#include "libcontainer/configs/unhonoured.h"

#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <string.h>

/* Those of runc's later configs, of command.json (the same thing has another
 * name here), and of OCI's config.json, which is another kind of file. seccomp
 * has a row in config_fields.c. */
const struct unhonoured config_unhonoured[] = {
	{ "oom_score_adj", NULL },
	{ "hooks", NULL },
	{ "Hooks", NULL },
	{ "intel_rdt", NULL },
	{ "personality", NULL },
	{ "scheduler", NULL },
	{ "io_priority", NULL },
	{ "exec_cpu_affinity", NULL },
	{ "time_offsets", NULL },
	{ "memory_policy", NULL },
	{ "mounts[].extensions", NULL },
	{ "mounts[].uid_mappings", NULL },
	{ "mounts[].gid_mappings", NULL },
	{ "cgroups.devices", NULL },
	{ "cgroups.kernel_memory_tcp", NULL },
	{ "cgroups.blkio_leaf_weight", NULL },
	{ "cgroups.blkio_weight_device[].leafWeight", NULL },
	{ "cgroups.cpu_weight", NULL },
	{ "cgroups.cpu_burst", NULL },
	{ "cgroups.cpu_idle", NULL },
	{ "cgroups.memory_check_before_update", NULL },
	{ "cgroups.rdma", NULL },
	{ "cgroups.ulimits", NULL },
	/* command.json */
	{ "readonly_rootfs", NULL },
	{ "cap_drop", NULL },
	{ "resources", NULL },
	{ "seccomp_profile", "unconfined" },
	{ "ulimits", NULL },
	/* OCI */
	{ "ociVersion", NULL },
	{ "process", NULL },
	{ "linux", NULL },
	{ .path = NULL },
};

/* The number as it was written: 0, -0.0 and 0e9 are nothing. */
static bool is_zero(const char *number)
{
	size_t mantissa = strcspn(number, "eE");

	return strcspn(number, "123456789") >= mantissa;
}

static bool asks(const struct json *value, const char *nothing)
{
	switch (json_kind(value)) {
	case JSON_NULL:
		return false;
	case JSON_BOOL:
		return json_bool(value);
	case JSON_NUMBER:
		return !is_zero(json_text(value));
	case JSON_STRING:
		return *json_text(value) &&
		       !(nothing && strcmp(json_text(value), nothing) == 0);
	case JSON_LIST:
		return json_first(value) != NULL;
	case JSON_OBJECT:
		break;
	}
	for (value = json_first(value); value; value = json_next(value))
		if (asks(value, nothing))
			return true;
	return false;
}

/* rest: what of the row's path leads on from value, which stands at path. */
static int refuse_at(const struct json *value, const char *rest,
		     const struct unhonoured *row, const struct json_path *path,
		     struct error *err)
{
	struct json_path at = { .up = path };
	cleanup_free char *key = NULL;
	size_t len = strcspn(rest, ".[");

	if (!*rest)
		return asks(value, row->nothing)
			       ? json_error(path, err, "not supported")
			       : 0;
	if (*rest == '.')
		return refuse_at(value, rest + 1, row, path, err);
	if (*rest == '[') {
		if (json_kind(value) != JSON_LIST)
			return 0;
		value = json_first(value);
		for (; value; value = json_next(value), at.index++)
			if (refuse_at(value, rest + 2, row, &at, err) < 0)
				return -1;
		return 0;
	}
	key = xstrndup(rest, len);
	at.key = key;
	value = json_member(value, key);
	return value ? refuse_at(value, rest + len, row, &at, err) : 0;
}

int json_refuse_unhonoured(const struct json *document,
			   const struct unhonoured *table, struct error *err)
{
	for (; table->path; table++)
		if (refuse_at(document, table->path, table, NULL, err) < 0)
			return -1;
	return 0;
}
