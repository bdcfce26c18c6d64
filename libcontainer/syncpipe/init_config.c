/* init_config.c  [both]  the cargo of the pipe, as rows
 *
 * The chapter: "merge the container's configuration and the Process's
 * entrypoint into one configuration". Arguments and environment may hold any
 * bytes, so their rows have FIELD_BYTES.
 */
#include "libcontainer/syncpipe/init_config.h"

#include "libcontainer/configs/config_fields.h"
#include "libcontainer/configs/names.h"

#include <stdlib.h>

static const struct field join_rows[] = {
	FIELD_NAME(struct joined_namespace, "type", type, namespace_names,
		   "namespace"),
	FIELD(struct joined_namespace, "fd", FIELD_INT, fd),
	FIELD_END,
};

static const struct field network_rows[] = {
	FIELD(struct network_state, "temp_veth_peer_name", FIELD_STRING,
	      temp_veth_peer_name, .flags = FIELD_EMPTY_IS_NULL),
	FIELD_END,
};

static const struct field own_cgroup_rows[] = {
	FIELD(struct own_cgroup, "controllers", FIELD_STRING, controllers,
	      .flags = FIELD_BYTES),
	FIELD(struct own_cgroup, "path", FIELD_STRING, path,
	      .flags = FIELD_BYTES),
	FIELD_END,
};

#define STRINGS(k, m) \
	FIELD(struct init_config, k, FIELD_STRINGS, m, .flags = FIELD_BYTES)
#define STRING(k, m)                                  \
	FIELD(struct init_config, k, FIELD_STRING, m, \
	      .flags = FIELD_BYTES | FIELD_EMPTY_IS_NULL)

const struct field init_config_rows[] = {
	FIELD_POINTER(struct init_config, "config", config, struct config,
		      config_rows),
	STRINGS("args", args),
	STRINGS("env", env),
	STRING("user", user),
	STRING("cwd", cwd),
	STRINGS("additional_groups", additional_groups),
	FIELD_POINTER(struct init_config, "capabilities", capabilities,
		      struct capabilities, capabilities_rows),
	FIELD(struct init_config, "no_new_privileges", FIELD_BOOL,
	      no_new_privileges),
	FIELD(struct init_config, "tty", FIELD_BOOL, tty),
	FIELD(struct init_config, "hidden", FIELD_BOOL, hidden),
	FIELD(struct init_config, "console_rows", FIELD_UINT16, console_rows),
	FIELD(struct init_config, "console_columns", FIELD_UINT16,
	      console_columns),
	FIELD(struct init_config, "passed_fds", FIELD_INT, passed_fds),
	FIELD(struct init_config, "rootfs_fd", FIELD_INT, rootfs_fd),
	FIELD_OBJECTS(struct init_config, "join", join, struct joined_namespace,
		      join_rows),
	FIELD_OBJECTS(struct init_config, "network", networks,
		      struct network_state, network_rows),
	FIELD_OBJECTS(struct init_config, "own_cgroups", own_cgroups,
		      struct own_cgroup, own_cgroup_rows),
	FIELD_END,
};

void init_config_free(struct init_config *init_config)
{
	if (!init_config)
		return;
	fields_free(init_config_rows, init_config);
	free(init_config);
}
