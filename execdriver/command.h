/*
 * command.h  [outside]  what the daemon hands down: struct command
 *
 * The JSON keys are those of Docker 1.8's execdriver.Command. Two differ:
 * Docker hid the embedded exec.Cmd from JSON, and with it the environment; here
 * process_config has "env". initpath, config_path, layer_paths, layer_folder,
 * first_start and container_pid are not read: they are for other drivers, for
 * Windows, or for the daemon itself. Of what Docker 1.9 to 1.12 added, that
 * which confines is here, or refused (command_check.c).
 */
#ifndef EXECDRIVER_COMMAND_H
#define EXECDRIVER_COMMAND_H

#include "libcontainer/configs/config.h"
#include "libcontainer/configs/unhonoured.h"
#include "libcontainer/system/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One program: the container's own, or one that Exec adds. */
struct process_config {
	bool privileged;
	char *user;
	bool tty;
	char *entrypoint;
	char **arguments;
	char **env; /* ours, see above */
};

/* Docker up to 1.6: eth0 is a veth, and the daemon has chosen its address. */
struct network_interface {
	char *bridge, *mac;
	char *ip, *gateway;
	int ip_prefix_len;
	char *global_ipv6, *ipv6_gateway;
	int global_ipv6_prefix_len;
	bool hairpin_mode;
};

struct command_network {
	struct network_interface *interface;
	int64_t mtu;
	char *container_id;   /* share the network of that container       */
	char *namespace_path; /* join this one, which somebody has set up  */
	bool host_networking;
};

struct command_ipc {
	char *container_id;
	bool host_ipc;
};

struct command_pid {
	bool host_pid;
};

struct command_uts {
	bool host_uts;
};

struct command_resources {
	int64_t memory, memory_swap; /* bytes; -1: no limit      */
	int64_t cpu_shares, cpu_period, cpu_quota;
	char *cpuset_cpus, *cpuset_mems;
	int64_t blkio_weight;
	/* Docker 1.9 on; 0: not asked for */
	int64_t memory_reservation, kernel_memory, pids_limit;
	struct weight_device *blkio_weight_device;
	size_t blkio_weight_device_len;
	struct throttle_device *throttle_read_bps, *throttle_write_bps;
	struct throttle_device *throttle_read_iops, *throttle_write_iops;
	size_t throttle_read_bps_len, throttle_write_bps_len;
	size_t throttle_read_iops_len, throttle_write_iops_len;
	struct rlimit_entry *rlimits;
	size_t rlimits_len;
	bool oom_kill_disable;
	int64_t memory_swappiness; /* -1: not asked for        */
};

struct command_mount {
	char *source, *destination;
	bool writable, private, slave;
	char *propagation; /* Docker 1.10: "rprivate", "rslave" ... */
};

struct command {
	char *id;
	char *rootfs;
	bool readonly_rootfs;
	char *working_dir;
	struct command_network *network; /* NULL: none */
	struct command_ipc ipc;
	struct command_pid pid;
	struct command_uts uts;
	struct command_resources resources;
	struct command_mount *mounts;
	size_t mounts_len;
	struct device *allowed_devices, *autocreated_devices;
	size_t allowed_devices_len, autocreated_devices_len;
	char **cap_add, **cap_drop, **group_add;
	struct process_config process_config;
	char *process_label, *mount_label, *apparmor_profile;
	char *cgroup_parent;
	bool no_new_privileges; /* Docker 1.11 */
};

/*
 * command_load_file - read a command.json of at most 16 MiB. On success *out
 * is the caller's: command_free. Errors: CONFIG_INVALID with the JSON path.
 */
int command_load_file(const char *path, struct command **out,
		      struct error *err);

/* command_check - of what it says nothing is lost that confines, or is
 * contradicted by something else in it. Returns 0, or -1 with the two keys. */
int command_check(const struct command *c, struct error *err);

/* What confines in a command.json, and for Exec, and is not done here. */
extern const struct unhonoured command_unhonoured[];
extern const struct unhonoured process_config_unhonoured[];

/* command_new - an empty command that knows its id; the caller's. */
struct command *command_new(const char *id);

/* command_free - release all it owns and the struct; NULL is allowed. */
void command_free(struct command *command);

/* process_config_load_file - the same for what Exec is to run. */
int process_config_load_file(const char *path, struct process_config **out,
			     struct error *err);

/* process_config_free - the same as command_free. */
void process_config_free(struct process_config *process_config);

/* process_config_args - entrypoint and arguments as one list; the caller's:
 * strv_free. */
char **process_config_args(const struct process_config *process_config);

#endif
