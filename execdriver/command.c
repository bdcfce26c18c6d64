/* command.c  [outside]  the rows of command.json */
#include "execdriver/command.h"

#include "libcontainer/configs/config_fields.h"
#include "libcontainer/configs/fields.h"
#include "libcontainer/configs/json.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/file.h"

#include <stdlib.h>

enum { COMMAND_LIMIT = 16 * 1024 * 1024 };

static const struct field process_config_rows[] = {
	FIELD(struct process_config, "privileged", FIELD_BOOL, privileged),
	FIELD(struct process_config, "user", FIELD_STRING, user),
	FIELD(struct process_config, "tty", FIELD_BOOL, tty),
	FIELD(struct process_config, "entrypoint", FIELD_STRING, entrypoint),
	FIELD(struct process_config, "arguments", FIELD_STRINGS, arguments),
	FIELD(struct process_config, "env", FIELD_STRINGS, env),
	FIELD_END
};

#define INTERFACE_TEXT(k, m)                                \
	FIELD(struct network_interface, k, FIELD_STRING, m, \
	      .flags = FIELD_EMPTY_IS_NULL)

static const struct field interface_rows[] = {
	INTERFACE_TEXT("gateway", gateway),
	INTERFACE_TEXT("ip", ip),
	FIELD(struct network_interface, "ip_prefix_len", FIELD_INT,
	      ip_prefix_len),
	INTERFACE_TEXT("mac", mac),
	INTERFACE_TEXT("bridge", bridge),
	INTERFACE_TEXT("global_ipv6", global_ipv6),
	FIELD(struct network_interface, "global_ipv6_prefix_len", FIELD_INT,
	      global_ipv6_prefix_len),
	INTERFACE_TEXT("ipv6_gateway", ipv6_gateway),
	FIELD(struct network_interface, "hairpin_mode", FIELD_BOOL,
	      hairpin_mode),
	FIELD_END
};

static const struct field network_rows[] = {
	FIELD_POINTER(struct command_network, "interface", interface,
		      struct network_interface, interface_rows),
	FIELD(struct command_network, "mtu", FIELD_INT64, mtu),
	FIELD(struct command_network, "container_id", FIELD_STRING,
	      container_id),
	FIELD(struct command_network, "namespace_path", FIELD_STRING,
	      namespace_path),
	FIELD(struct command_network, "host_networking", FIELD_BOOL,
	      host_networking),
	FIELD_END
};

static const struct field ipc_rows[] = {
	FIELD(struct command_ipc, "container_id", FIELD_STRING, container_id),
	FIELD(struct command_ipc, "host_ipc", FIELD_BOOL, host_ipc), FIELD_END
};

static const struct field pid_rows[] = {
	FIELD(struct command_pid, "host_pid", FIELD_BOOL, host_pid), FIELD_END
};

static const struct field uts_rows[] = {
	FIELD(struct command_uts, "host_uts", FIELD_BOOL, host_uts), FIELD_END
};

static const struct field rlimit_rows[] = {
	FIELD(struct rlimit_entry, "type", FIELD_INT, type),
	FIELD(struct rlimit_entry, "hard", FIELD_UINT64, hard),
	FIELD(struct rlimit_entry, "soft", FIELD_UINT64, soft), FIELD_END
};

#define INT64(k) FIELD(struct command_resources, #k, FIELD_INT64, k)
#define TEXT(k)	 FIELD(struct command_resources, #k, FIELD_STRING, k)
#define THROTTLE(k, m)                                                        \
	FIELD_OBJECTS(struct command_resources, k, m, struct throttle_device, \
		      throttle_device_rows)

static const struct field resources_rows[] = {
	INT64(memory), INT64(memory_swap), INT64(cpu_shares), INT64(cpu_period),
	INT64(cpu_quota),
	/* its name up to Docker 1.5 */
	FIELD(struct command_resources, "cpuset", FIELD_STRING, cpuset_cpus,
	      .flags = FIELD_READ_ONLY),
	TEXT(cpuset_cpus), TEXT(cpuset_mems), INT64(blkio_weight),
	FIELD_OBJECTS(struct command_resources, "rlimits", rlimits,
		      struct rlimit_entry, rlimit_rows),
	FIELD(struct command_resources, "oom_kill_disable", FIELD_BOOL,
	      oom_kill_disable),
	INT64(memory_swappiness), INT64(memory_reservation),
	INT64(kernel_memory), INT64(pids_limit),
	FIELD_OBJECTS(struct command_resources, "blkio_weight_device",
		      blkio_weight_device, struct weight_device,
		      weight_device_rows),
	THROTTLE("blkio_throttle_read_bps_device", throttle_read_bps),
	THROTTLE("blkio_throttle_write_bps_device", throttle_write_bps),
	THROTTLE("blkio_throttle_read_iops_device", throttle_read_iops),
	THROTTLE("blkio_throttle_write_iops_device", throttle_write_iops),
	FIELD_END
};

static const struct field command_mount_rows[] = {
	FIELD(struct command_mount, "source", FIELD_STRING, source),
	FIELD(struct command_mount, "destination", FIELD_STRING, destination),
	FIELD(struct command_mount, "writable", FIELD_BOOL, writable),
	FIELD(struct command_mount, "private", FIELD_BOOL, private),
	FIELD(struct command_mount, "slave", FIELD_BOOL, slave),
	FIELD(struct command_mount, "mountpropagation", FIELD_STRING,
	      propagation),
	FIELD_END
};

static const struct field command_rows[] = {
	FIELD(struct command, "id", FIELD_STRING, id),
	FIELD(struct command, "rootfs", FIELD_STRING, rootfs),
	FIELD(struct command, "readonly_rootfs", FIELD_BOOL, readonly_rootfs),
	FIELD(struct command, "working_dir", FIELD_STRING, working_dir),
	FIELD_POINTER(struct command, "network", network,
		      struct command_network, network_rows),
	FIELD_OBJECT(struct command, "ipc", ipc, ipc_rows),
	FIELD_OBJECT(struct command, "pid", pid, pid_rows),
	FIELD_OBJECT(struct command, "uts", uts, uts_rows),
	FIELD_OBJECT(struct command, "resources", resources, resources_rows),
	FIELD_OBJECTS(struct command, "mounts", mounts, struct command_mount,
		      command_mount_rows),
	FIELD_OBJECTS(struct command, "allowed_devices", allowed_devices,
		      struct device, device_rows),
	FIELD_OBJECTS(struct command, "autocreated_devices",
		      autocreated_devices, struct device, device_rows),
	FIELD(struct command, "cap_add", FIELD_STRINGS, cap_add),
	FIELD(struct command, "cap_drop", FIELD_STRINGS, cap_drop),
	FIELD(struct command, "group_add", FIELD_STRINGS, group_add),
	FIELD_OBJECT(struct command, "process_config", process_config,
		     process_config_rows),
	FIELD(struct command, "process_label", FIELD_STRING, process_label),
	FIELD(struct command, "mount_label", FIELD_STRING, mount_label),
	FIELD(struct command, "apparmor_profile", FIELD_STRING,
	      apparmor_profile),
	FIELD(struct command, "cgroup_parent", FIELD_STRING, cgroup_parent),
	FIELD(struct command, "no_new_privileges", FIELD_BOOL,
	      no_new_privileges),
	FIELD_END
};

static int load(const char *path, const struct field *rows,
		const struct unhonoured *unhonoured, void *object,
		struct error *err)
{
	cleanup_free char *text = NULL;
	struct json *document;
	size_t len;
	int result;

	if (file_read(path, COMMAND_LIMIT, &text, &len, err) < 0)
		return -1;
	if (json_parse(text, len, &document, err) < 0)
		return error_wrap(err, "%s", path);
	result = fields_decode_json(rows, document, object, NULL, err);
	if (result == 0)
		result = json_refuse_unhonoured(document, unhonoured, err);
	json_free(document);
	return result < 0 ? error_wrap(err, "%s", path) : 0;
}

struct command *command_new(const char *id)
{
	struct command *c = xcalloc(1, sizeof(*c));

	c->id = xstrdup(id);
	c->resources.memory_swappiness = -1;
	return c;
}

int command_load_file(const char *path, struct command **out, struct error *err)
{
	struct command *c = command_new(NULL);

	if (load(path, command_rows, command_unhonoured, c, err) < 0 ||
	    command_check(c, err) < 0) {
		command_free(c);
		return -1;
	}
	*out = c;
	return 0;
}

void command_free(struct command *command)
{
	if (!command)
		return;
	fields_free(command_rows, command);
	free(command);
}

int process_config_load_file(const char *path, struct process_config **out,
			     struct error *err)
{
	struct process_config *p = xcalloc(1, sizeof(*p));

	if (load(path, process_config_rows, process_config_unhonoured, p, err) <
	    0) {
		process_config_free(p);
		return -1;
	}
	*out = p;
	return 0;
}

void process_config_free(struct process_config *process_config)
{
	if (!process_config)
		return;
	fields_free(process_config_rows, process_config);
	free(process_config);
}

char **process_config_args(const struct process_config *process_config)
{
	char **args = NULL;

	strv_append(&args, process_config->entrypoint);
	for (char **a = process_config->arguments; a && *a; a++)
		strv_append(&args, *a);
	return args;
}
