/* cgroup_fields.c  [both]  how a config's "cgroups" is spelled in JSON
 *
 * 2015 wrote some values as the very text that a cgroup file takes ("8:0 500"
 * for blkio.weight_device, "0x100001" for net_cls.classid). Such text is still
 * read; what we write are the numbers in it, for v2 has other files.
 */
#include "libcontainer/configs/config_fields.h"

#include "libcontainer/configs/config.h"
#include "libcontainer/system/alloc.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "MAJOR:MINOR NUMBER"; *text moves behind it and the comma or newline that
 * follows. Returns false when that is not there. */
static bool parse_device_line(const char **text, uint32_t *major,
			      uint32_t *minor, uint64_t *number)
{
	int used = 0;

	errno = 0;
	if (sscanf(*text, "%9" SCNu32 ":%9" SCNu32 " %19" SCNu64 "%n", major,
		   minor, number, &used) != 3)
		return false;
	*text += used;
	if (**text && !strchr(",\n", **text))
		return false;
	*text += strspn(*text, ",\n ");
	return true;
}

/* The lines of a string become a list, {"major", "minor", key: number}, which
 * is then read like any other. */
static int decode_device_lines(const struct field *row,
			       const struct json *value, void *object,
			       const struct json_path *path, struct error *err)
{
	const char *number_key = row->rows[2].key, *text;
	uint32_t major, minor;
	struct json *list;
	uint64_t number;
	int ret = 0;

	if (json_kind(value) != JSON_STRING)
		return field_decode(row, value, object, path, err);
	list = json_new(JSON_LIST);
	for (text = json_text(value); *text;) {
		struct json *line = json_new(JSON_OBJECT);

		json_add(list, NULL, line);
		if (!parse_device_line(&text, &major, &minor, &number)) {
			ret = json_error(path, err,
					 "\"MAJOR:MINOR NUMBER\" is wanted, "
					 "this is \"%.64s\"",
					 text);
			break;
		}
		json_add(line, "major", json_new_integer(major));
		json_add(line, "minor", json_new_integer(minor));
		json_add(line, number_key, json_new_unsigned(number));
	}
	if (ret == 0)
		ret = field_decode(row, list, object, path, err);
	json_free(list);
	return ret;
}

/* A number, or 2015's string of one, decimal or with 0x. */
static int decode_classid(const struct field *row, const struct json *value,
			  void *object, const struct json_path *path,
			  struct error *err)
{
	struct cgroup *cgroup = object;
	unsigned long number;
	const char *text;
	char *end;

	if (json_kind(value) != JSON_STRING)
		return field_decode(row, value, object, path, err);
	text = json_text(value);
	errno = 0;
	number = strtoul(text, &end, 0);
	/* strtoul takes a sign and spaces, too. */
	if (*end || errno || number > UINT32_MAX ||
	    strspn(text, "-+ \t\n\v\f\r"))
		return json_error(path, err,
				  "a class is wanted, this is "
				  "\"%.64s\"",
				  text);
	cgroup->net_cls_classid = (uint32_t)number;
	return 0;
}

const struct field weight_device_rows[] = {
	FIELD(struct weight_device, "major", FIELD_INT64, major),
	FIELD(struct weight_device, "minor", FIELD_INT64, minor),
	FIELD(struct weight_device, "weight", FIELD_UINT16, weight),
	FIELD_END,
};

const struct field throttle_device_rows[] = {
	FIELD(struct throttle_device, "major", FIELD_INT64, major),
	FIELD(struct throttle_device, "minor", FIELD_INT64, minor),
	FIELD(struct throttle_device, "rate", FIELD_UINT64, rate),
	FIELD_END,
};

static const struct field hugetlb_rows[] = {
	FIELD(struct hugetlb_limit, "page_size", FIELD_STRING, page_size,
	      .flags = FIELD_EMPTY_IS_NULL),
	FIELD(struct hugetlb_limit, "limit", FIELD_UINT64, limit),
	FIELD_END,
};

static const struct field priority_rows[] = {
	FIELD(struct interface_priority, "interface", FIELD_STRING, interface,
	      .flags = FIELD_EMPTY_IS_NULL),
	FIELD(struct interface_priority, "priority", FIELD_INT64, priority),
	FIELD_END,
};

#define STRING(k, m) \
	FIELD(struct cgroup, k, FIELD_STRING, m, .flags = FIELD_EMPTY_IS_NULL)
#define INT64(k, m) FIELD(struct cgroup, k, FIELD_INT64, m)
#define BOOL(k, m)  FIELD(struct cgroup, k, FIELD_BOOL, m)
#define THROTTLE(k, m)                                             \
	FIELD_OBJECTS(struct cgroup, k, m, struct throttle_device, \
		      throttle_device_rows, .decode = decode_device_lines)

const struct field cgroup_rows[] = {
	STRING("name", name),
	STRING("parent", parent),
	FIELD(struct cgroup, "path", FIELD_STRING, path,
	      .flags = FIELD_EMPTY_IS_NULL | FIELD_OMIT_EMPTY),
	BOOL("allow_all_devices", allow_all_devices),
	FIELD_OBJECTS(struct cgroup, "allowed_devices", allowed_devices,
		      struct device, device_rows),
	FIELD_OBJECTS(struct cgroup, "denied_devices", denied_devices,
		      struct device, device_rows),
	INT64("memory", memory),
	INT64("memory_reservation", memory_reservation),
	INT64("memory_swap", memory_swap),
	INT64("kernel_memory", kernel_memory),
	INT64("cpu_shares", cpu_shares),
	INT64("cpu_quota", cpu_quota),
	INT64("cpu_period", cpu_period),
	INT64("cpu_rt_runtime", cpu_rt_runtime),
	INT64("cpu_rt_period", cpu_rt_period),
	STRING("cpuset_cpus", cpuset_cpus),
	STRING("cpuset_mems", cpuset_mems),
	FIELD(struct cgroup, "pids_limit", FIELD_INT64, pids_limit,
	      .flags = FIELD_OMIT_EMPTY),
	FIELD(struct cgroup, "blkio_weight", FIELD_UINT16, blkio_weight),
	FIELD_OBJECTS(struct cgroup, "blkio_weight_device", blkio_weight_device,
		      struct weight_device, weight_device_rows,
		      .decode = decode_device_lines),
	THROTTLE("blkio_throttle_read_bps_device", throttle_read_bps),
	THROTTLE("blkio_throttle_write_bps_device", throttle_write_bps),
	THROTTLE("blkio_throttle_read_iops_device", throttle_read_iops),
	THROTTLE("blkio_throttle_write_iops_device", throttle_write_iops),
	STRING("freezer", freezer),
	FIELD_OBJECTS(struct cgroup, "hugetlb_limit", hugetlb_limit,
		      struct hugetlb_limit, hugetlb_rows),
	STRING("slice", slice),
	BOOL("oom_kill_disable", oom_kill_disable),
	INT64("memory_swappiness", memory_swappiness),
	FIELD_OBJECTS(struct cgroup, "net_prio_ifpriomap", net_prio,
		      struct interface_priority, priority_rows),
	FIELD(struct cgroup, "net_cls_classid", FIELD_UINT32, net_cls_classid,
	      .decode = decode_classid),
	FIELD_MAP(struct cgroup, "unified", unified, struct unified_key,
		  .flags = FIELD_OMIT_EMPTY),
	FIELD_END,
};
