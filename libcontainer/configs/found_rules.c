/*
 * found_rules.c  [both]  what a config may ask for that nobody named
 *
 * The tables are the answer: a key without a check reaches nothing of the
 * host's, whatever it says; another one names what it would reach. What the
 * template has is never too much. It is the decoded config that is looked at,
 * so that what a file of 2014 meant, but did not list, counts as well.
 */
#include "libcontainer/configs/found_rules.h"

#include "libcontainer/configs/config_fields.h"
#include "libcontainer/configs/found_checks.h"
#include "libcontainer/configs/validate.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <string.h>

/* --- the tables -----------------------------------------------------------*/

/* clang-format off */

#define ANY(k) { .key = (k) }
#define RULE(k, c, w, ...)                                              \
	{ .key = (k), .check = found_##c, .why = (w), __VA_ARGS__ }
#define END { .key = NULL }

/* found_mounts has decided on the place, and of what the mount is. */
static const struct found_rule mount_rules[] = {
	ANY("device"),
	ANY("destination"),
	ANY("source"), /* a name in mountinfo, but for binds */
	RULE("flags", mount_flags, "may do more than the template's"),
	RULE("rec_flags", no_more, "changes mounts of the host"),
	RULE("propagation_flags", mount_propagation,
	     "shows to others what is mounted"),
	RULE("data", mount_data, "has an option that may reach the host:"),
	RULE("relabel", no_more, "changes labels on the host"),
	ANY("tmpcopyup"),
	RULE("premount_cmds", no_more, "runs a program on the host"),
	RULE("postmount_cmds", no_more, "runs a program on the host"),
	END
};

static const struct found_rule namespace_rules[] = {
	ANY("type"), /* found_namespaces has decided */
	RULE("path", no_more, "joins a namespace of others"),
	END
};

static const struct found_rule capability_rules[] = {
	RULE("bounding", part_of_most, "has more than the template:"),
	RULE("effective", part_of_most, "has more than the template:"),
	RULE("inheritable", part_of_most, "has more than the template:"),
	RULE("permitted", part_of_most, "has more than the template:"),
	RULE("ambient", part_of_most, "has more than the template:"),
	END
};

/* Of a loopback no more than mtu is looked at. */
static const struct found_rule network_rules[] = {
	RULE("type", loopback, "is more than a loopback"),
	ANY("name"),
	ANY("bridge"),
	ANY("mac_address"),
	ANY("address"),
	ANY("gateway"),
	ANY("ipv6_address"),
	ANY("ipv6_gateway"),
	ANY("mtu"),
	ANY("txqueuelen"),
	ANY("host_interface_name"),
	ANY("hairpin_mode"),
	ANY("veth_prefix"),
	RULE("ns_path", no_more, "joins a namespace of others"),
	END
};

static const struct found_rule rlimit_rules[] = {
	ANY("type"),
	RULE("hard", own_limit, "is above our own limit"),
	RULE("soft", own_limit, "is above our own limit"),
	END
};

/* found_devices and found_device_rules have decided on the numbers. */
static const struct found_rule device_rules[] = {
	ANY("type"),
	ANY("path"),
	ANY("major"),
	ANY("minor"),
	ANY("permissions"),
	ANY("file_mode"),
	ANY("uid"),
	ANY("gid"),
	END
};

/* A limit holds the container alone; a weight takes from its neighbours. */
static const struct found_rule group_rules[] = {
	RULE("name", no_more, "chooses another cgroup"),
	RULE("parent", no_more, "chooses another cgroup"),
	RULE("path", no_more, "chooses another cgroup"),
	RULE("slice", no_more, "chooses another cgroup"),
	RULE("allow_all_devices", no_more, "opens the host's devices"),
	RULE("allowed_devices", device_rules,
	     "allows more than the template's rules", .rules = device_rules),
	ANY("denied_devices"),
	ANY("memory"),
	ANY("memory_reservation"),
	ANY("memory_swap"),
	ANY("memory_swappiness"),
	ANY("kernel_memory"),
	RULE("oom_kill_disable", no_more, "keeps memory that the host needs"),
	RULE("cpu_shares", usual_shares, "takes time from its neighbours"),
	ANY("cpu_quota"),
	ANY("cpu_period"),
	RULE("cpu_rt_runtime", no_more, "runs before the host's processes"),
	RULE("cpu_rt_period", no_more, "runs before the host's processes"),
	ANY("cpuset_cpus"),
	ANY("cpuset_mems"),
	ANY("pids_limit"),
	RULE("blkio_weight", no_more, "takes time from its neighbours"),
	RULE("blkio_weight_device", no_more, "takes time from its neighbours"),
	ANY("blkio_throttle_read_bps_device"),
	ANY("blkio_throttle_write_bps_device"),
	ANY("blkio_throttle_read_iops_device"),
	ANY("blkio_throttle_write_iops_device"),
	RULE("freezer", no_more, "lets the caller wait for ever"),
	ANY("hugetlb_limit"),
	RULE("net_prio_ifpriomap", no_more, "goes before the host's packets"),
	RULE("net_cls_classid", no_more, "chooses a class of the host's"),
	RULE("unified", no_more, "writes any file of a cgroup"),
	END
};

const struct found_rule found_rules[] = {
	ANY("rootfs"), /* who found the file knows where it may be */
	RULE("no_pivot_root", no_more,
	     "keeps the host's root mounted below its own"),
	ANY("pivot_dir"),
	ANY("readonlyfs"),
	ANY("privatefs"),
	RULE("rootPropagation", not_shared, "shows its mounts to the host"),
	ANY("implicit_mounts"),
	RULE("mounts", mounts, "is no mount of the template's",
	     .rules = mount_rules),
	RULE("devices", devices, "is no device of the template's",
	     .rules = device_rules),
	RULE("namespaces", namespaces, "makes what the template does not:",
	     .rules = namespace_rules),
	RULE("uid_mappings", no_more, "chooses users of the host"),
	RULE("gid_mappings", no_more, "chooses groups of the host"),
	RULE("networks", each, NULL, .rules = network_rules),
	RULE("routes", no_more, "reaches other networks"),
	ANY("hostname"),
	RULE("rlimits", each, NULL, .rules = rlimit_rules),
	RULE("system_properties", sysctls,
	     "is no parameter of the container's alone"),
	RULE("mask_paths", all_of_most, "does not hide"),
	RULE("readonly_paths", all_of_most, "leaves writable"),
	RULE("apparmor_profile", no_more, "chooses what confines it"),
	RULE("process_label", no_more, "chooses what confines it"),
	RULE("mount_label", no_more, "chooses what confines it"),
	RULE("capabilities", members, NULL, .rules = capability_rules),
	ANY("no_new_privileges"),
	RULE("no_new_keyring", no_more, "takes the keys of the caller's session"),
	ANY("additional_groups"),
	ANY("user"),
	ANY("working_dir"),
	ANY("environment"),
	ANY("tty"),
	ANY("parent_death_signal"),
	RULE("cgroups", members, NULL, .rules = group_rules),
	END
};

/* clang-format on */

/* --- the walk -------------------------------------------------------------*/

int found_refuse(const struct found_rule *rule,
		 const struct found_member *member, struct error *err)
{
	return invalid(err, "%s: it %s", member->path, rule->why);
}

static const struct found_rule *rule_of(const struct found_rule *rules,
					const char *key)
{
	static const struct found_rule undecided = {
		.check = found_no_more,
		.why = "is a key that only a file with a name may have",
	};

	for (; rules->key; rules++)
		if (strcmp(rules->key, key) == 0)
			return rules;
	return &undecided;
}

int found_check_members(const struct field *rows,
			const struct found_rule *rules, const void *object,
			const void *most, const char *path, struct error *err)
{
	for (const struct field *row = rows; row->key; row++) {
		const struct found_rule *rule = rule_of(rules, row->key);
		cleanup_free char *at =
			xasprintf("%s%s%s", path, *path ? "." : "", row->key);
		const struct found_member member = { row, object, most, at };

		/* An older spelling of a member that has its row. */
		if ((row->flags & FIELD_READ_ONLY) || !rule->check)
			continue;
		if (rule->check(rule, &member, err) < 0)
			return -1;
	}
	return 0;
}

int config_check_found(const struct config *config, const struct config *most,
		       struct error *err)
{
	return found_check_members(config_rows, found_rules, config, most, "",
				   err);
}
