/*
 * config.h  [both]  what a container is: pure data, no verbs
 *
 * One struct config is a container.json in memory. Each member names the act
 * or step that uses it, so that this file is an index of the pipeline, too.
 * The JSON names are those of libcontainer v2.2.1 (2015) unless a comment says
 * otherwise; config_fields.c holds the rows. Lists are a pointer and a length;
 * string lists are NULL-terminated. Everything is owned by the struct. A
 * string that is empty or absent in JSON is NULL; absent numbers are 0.
 */
#ifndef LIBCONTAINER_CONFIGS_CONFIG_H
#define LIBCONTAINER_CONFIGS_CONFIG_H

#include "libcontainer/system/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* clang-format off: the columns are for reading */

/* A namespace to make (no path) or to join (path). type: a CLONE_NEW flag,
 * in JSON "NEWPID", "NEWNS", "NEWUTS", "NEWIPC", "NEWNET", "NEWUSER",
 * "NEWCGROUP" or "NEWTIME". */
struct namespace
{
	int type;
	char *path;
};

/* One line of uid_map or gid_map: user_namespaces(7). */
struct id_map {
	int64_t container_id;
	int64_t host_id;
	int64_t size;
};

/* A program that step 8 runs before or after a mount. */
struct mount_command {
	char *path, **args, **env, *dir;
};

struct mount {
	char *source;	   /* a path, or the name shown in mountinfo     */
	char *destination; /* a path inside the rootfs                   */
	char *device;	   /* bind proc sysfs tmpfs devpts mqueue cgroup */
	uint64_t flags;	   /* MS_ flags, mount(2)                        */
	char *data;	   /* the file system's own options              */
	char *relabel;	   /* SELinux: "z" shared, "Z" private           */
	uint64_t *propagation_flags; /* MS_ flags, each a mount call     */
	size_t propagation_flags_len;
	uint64_t rec_flags; /* bind: MS_ flags for the whole tree      */
	bool tmpcopyup;	    /* tmpfs keeps what the image has there       */
	struct mount_command *premount_cmds, *postmount_cmds;
	size_t premount_cmds_len, postmount_cmds_len;
};

/* A device node, or a rule of the devices cgroup. major or minor -1: any. */
struct device {
	int32_t type; /* 'c', 'b', 'p' or 'a' (any)                 */
	char *path;   /* below the rootfs; NULL for a rule          */
	int64_t major, minor;
	char *permissions; /* some of "rwm"                              */
	uint32_t file_mode;
	uint32_t uid, gid;
};

/* type says which of three strategies it is, and what else is read:
 *   loopback  the new network namespace's own lo is set up (mtu)
 *   veth      a cable whose other end is a port of a bridge (all but ns_path)
 *   netns     2014's way to join a network namespace, by its path (ns_path)
 * Numbers of 0 are not asked for. */
struct network {
	char *type;
	char *name;   /* inside the container; NULL: "eth0"               */
	char *bridge; /* of the host                                      */
	char *mac_address;
	char *address, *gateway; /* CIDR; plain address                  */
	char *ipv6_address, *ipv6_gateway;
	int64_t mtu, txqueuelen;
	char *host_interface_name; /* NULL: veth_prefix and a random part */
	bool hairpin_mode; /* what it sends may come back to it           */
	char *ns_path;
	char *veth_prefix; /* 2014; NULL: "veth"                          */
};

/* destination is CIDR (NULL: the default route), source an address, or CIDR,
 * of which the address is meant (2014), gateway an address. */
struct route {
	char *destination, *source, *gateway, *interface_name;
};

/* One RLIMIT_; type is the kernel's number, RLIM_INFINITY is written whole. */
struct rlimit_entry {
	int type;
	uint64_t hard, soft;
};

/* Capability names with CAP_: capabilities(7). In JSON a plain list (2015)
 * stands for bounding, permitted and effective; an object names each set. */
struct capabilities {
	char **bounding, **effective, **inheritable, **permitted, **ambient;
};

struct weight_device {
	int64_t major, minor;
	uint16_t weight;
};

struct throttle_device {
	int64_t major, minor;
	uint64_t rate;
};

struct hugetlb_limit {
	char *page_size;
	uint64_t limit;
};

struct interface_priority {
	char *interface;
	int64_t priority;
};

struct unified_key {
	char *file, *value;
};

/* What act S2 writes. 0 means not asked for, except where a comment says so;
 * -1 means no limit. Bytes and microseconds. */
struct cgroup {
	char *name;   /* the last part of the path                  */
	char *parent; /* from our own cgroup; absolute: from the root */
	char *path;   /* whole path; overrides name and parent      */
	bool allow_all_devices;
	struct device *allowed_devices, *denied_devices;
	size_t allowed_devices_len, denied_devices_len;
	int64_t memory, memory_reservation, memory_swap, kernel_memory;
	int64_t memory_swappiness; /* 0-100; -1 not asked for            */
	bool oom_kill_disable;
	int64_t cpu_shares, cpu_quota, cpu_period;
	int64_t cpu_rt_runtime, cpu_rt_period;
	char *cpuset_cpus, *cpuset_mems;
	int64_t pids_limit;
	uint16_t blkio_weight;
	struct weight_device *blkio_weight_device;
	size_t blkio_weight_device_len;
	struct throttle_device *throttle_read_bps, *throttle_write_bps;
	struct throttle_device *throttle_read_iops, *throttle_write_iops;
	size_t throttle_read_bps_len, throttle_write_bps_len;
	size_t throttle_read_iops_len, throttle_write_iops_len;
	char *freezer; /* NULL, "FROZEN", "THAWED"                   */
	struct hugetlb_limit *hugetlb_limit;
	size_t hugetlb_limit_len;
	char *slice; /* systemd                                    */
	struct interface_priority *net_prio;
	size_t net_prio_len;
	uint32_t net_cls_classid;
	struct unified_key *unified; /* v2 file -> value, written as is  */
	size_t unified_len;
};

struct system_property {
	char *key, *value;
};

struct config {
	char *rootfs; /* what becomes the container's /    step 7, 9 */
	uint64_t rootfs_device,
		rootfs_inode; /* the folder that was meant:
			       * in no file; 0: whatever rootfs leads to, F1 */
	bool readonlyfs;      /* the root is remounted read-only   step 9  */
	bool no_pivot_root;   /* MS_MOVE and chroot instead        step 9  */
	bool privatefs;	      /* / is made private, not slave      step 7  */
	char *pivot_dir;      /* read, not needed: we pivot on "." step 9  */
	uint64_t root_propagation;    /* MS_ flags for / step 7, 10      */
	struct namespace *namespaces; /* P4, step 4, 7   */
	size_t namespaces_len;
	struct id_map *uid_mappings, *gid_mappings; /* S1              */
	size_t uid_mappings_len, gid_mappings_len;
	struct network *networks; /* S3, step 5      */
	size_t networks_len;
	struct route *routes; /* step 6          */
	size_t routes_len;
	struct rlimit_entry *rlimits; /* step 6          */
	size_t rlimits_len;
	struct mount *mounts; /* step 8          */
	size_t mounts_len;
	struct device *devices; /* step 8          */
	size_t devices_len;
	char *hostname;				   /* step 10         */
	char **mask_paths, **readonly_paths;	   /* step 10         */
	struct system_property *system_properties; /* step 10         */
	size_t system_properties_len;
	char *apparmor_profile, *process_label; /* step 10         */
	char *mount_label;			/* step 8          */
	struct capabilities capabilities;	/* step 10         */
	char **additional_groups;		/* step 10         */
	bool no_new_privileges;			/* step 10         */
	bool no_new_keyring;			/* step 4          */
	int parent_death_signal;		/* step 11; 0 none */
	struct cgroup cgroups;			/* S2              */

	/* What a process of this container runs with when the caller of
	 * nsinit does not say: June 2014's own keys. */
	char **environment;	  /* step 3          */
	char *user, *working_dir; /* step 10         */
	bool tty;		  /* step 9          */

	/* What only config_load and config_validate look at. */
	bool implicit_mounts; /* add /proc, /dev and /dev/pts if none of them
			       * is listed: true for a file that does not say
			       * otherwise, false ever after             */
	bool seccomp;	      /* a system call filter is asked for       */
};

/* clang-format on */

/* config_new - the config of an empty file: all zero, but a memory_swappiness
 * of -1. The caller's: config_free. */
struct config *config_new(void);

/*
 * config_load - read a container.json of any era from text (len bytes).
 * On success *out is owned by the caller: config_free. An error is
 * ERROR_CONFIG_INVALID and names the JSON path of the culprit
 * ("mounts[2].flags: a number is wanted, this is a string").
 */
int config_load(const char *text, size_t len, struct config **out,
		struct error *err);

/* config_load_file - the same from a regular file of at most 16 MiB. */
int config_load_file(const char *path, struct config **out, struct error *err);

/* config_load_fd - the same from one that is open; path is for errors. */
int config_load_fd(int fd, const char *path, struct config **out,
		   struct error *err);

/*
 * config_print - the config as indented JSON, in the 2015 spelling, with a
 * final newline. The text is the caller's: free().
 */
char *config_print(const struct config *config);

/* config_copy - a deep copy, owned by the caller: config_free. */
struct config *config_copy(const struct config *config);

/* config_free - release a config and all it owns; NULL is allowed. */
void config_free(struct config *config);

/*
 * config_validate - the rules that a config must obey before anything is
 * made (source: factory.Create's first act; the rules are listed in
 * validate.c). Returns 0, or -1 with ERROR_CONFIG_INVALID and the JSON path.
 */
int config_validate(const struct config *config, struct error *err);

/*
 * config_open_rootfs - find the folder that becomes the container's root, and
 * hold it: no symbolic link may lead to it, and it may not be our own root.
 * What is opened here is what step 7 enters, wherever the path leads by then.
 * *fd is an O_PATH descriptor, the caller's, or -1 for a config that enters no
 * rootfs. Returns 0, or -1 with ERROR_CONFIG_INVALID and the JSON path.
 */
int config_open_rootfs(const struct config *config, int *fd, struct error *err);

/*
 * config_namespace - the entry of that type (a CLONE_NEW flag), or NULL when
 * the container shares the host's.
 */
const struct namespace *config_namespace(const struct config *config, int type);

/* network_device - what a veth is called inside the container. */
const char *network_device(const struct network *network);

/* config_makes_namespace - is a new namespace of that type asked for? */
bool config_makes_namespace(const struct config *config, int type);

/* config_joins_namespace - is one that is there already to be joined? */
bool config_joins_namespace(const struct config *config, int type);

/*
 * config_clone_flags - the CLONE_NEW flags of all namespaces that are new, but
 * of mount and cgroup namespace, which step 7 makes.
 */
uint64_t config_clone_flags(const struct config *config);

#endif
