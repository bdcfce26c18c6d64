/*
 * io_limits.c  [outside]  limits of block devices: v1's blkio, v2's io
 *
 * The same limits in two spellings. A throttle is absolute:
 *
 *	v1  blkio.throttle.read_bps_device     "8:0 1048576"
 *	v2  io.max                             "8:0 rbps=1048576"
 *
 * A weight is a share among those who wait for a device, and kept by who has
 * the device's queue: the BFQ scheduler (blkio.bfq.weight, io.bfq.weight; 1 to
 * 1000), CFQ until Linux 5.0 (blkio.weight; 10 to 1000), v2's cost model
 * (io.weight; 1 to 10000). Which files are there depends on the kernel, so a
 * weight is written to each that is, and one must take it. A config means
 * 10..1000, which becomes 1..10000 by
 *
 *	io.weight = 1 + (weight - 10) * 9999 / 990
 *
 * Source: Documentation/admin-guide/cgroup-v1/blkio-controller.rst,
 * cgroup-v2.rst, block/bfq-iosched.rst.
 */
#include "libcontainer/cgroups/worlds.h"

#include "libcontainer/cgroups/values.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

static const struct throttle {
	const char *key, *v1, *v2;
	size_t list, len; /* where in struct cgroup                      */
} throttles[] = {
#define THROTTLE(name, word, member)                              \
	{                                                         \
		"cgroups.blkio_throttle_" name "_device",         \
			"blkio.throttle." name "_device", (word), \
			offsetof(struct cgroup, member),          \
			offsetof(struct cgroup, member##_len)     \
	}
	THROTTLE("read_bps", "rbps", throttle_read_bps),
	THROTTLE("write_bps", "wbps", throttle_write_bps),
	THROTTLE("read_iops", "riops", throttle_read_iops),
	THROTTLE("write_iops", "wiops", throttle_write_iops),
};

enum { THROTTLES = sizeof(throttles) / sizeof(throttles[0]) };

static size_t throttle_list(const struct cgroup *cgroup,
			    const struct throttle *row,
			    const struct throttle_device **list)
{
	size_t len;

	memcpy(list, (const char *)cgroup + row->list, sizeof(*list));
	memcpy(&len, (const char *)cgroup + row->len, sizeof(len));
	return len;
}

/* A rate of 0 takes a limit away. */
static char *throttle_text(const struct throttle_device *device,
			   const char *v2_word)
{
	char *number = device->rate || !v2_word
			       ? xasprintf("%" PRIu64, device->rate)
			       : xstrdup("max");
	char *text = xasprintf("%" PRId64 ":%" PRId64 " %s%s%s", device->major,
			       device->minor, v2_word ? v2_word : "",
			       v2_word ? "=" : "", number);

	free(number);
	return text;
}

static int set_throttles(const char *dir, const struct cgroup *cgroup, bool v2,
			 struct error *err)
{
	for (size_t i = 0; i < THROTTLES; i++) {
		const struct throttle *row = &throttles[i];
		const struct throttle_device *list;
		size_t len = throttle_list(cgroup, row, &list);

		for (size_t k = 0; k < len; k++) {
			cleanup_free char *text =
				throttle_text(&list[k], v2 ? row->v2 : NULL);

			if (cgroup_write(dir, v2 ? "io.max" : row->v1, text,
					 NULL, err) < 0)
				return error_wrap(err, "%s[%zu]", row->key, k);
		}
	}
	return 0;
}

/* The files that take weights; the second of v2 counts to 10000. */
static const struct weight_files {
	const char *weight, *device;
} v1_files[] = { { "blkio.bfq.weight", "blkio.bfq.weight_device" },
		 { "blkio.weight", "blkio.weight_device" } },
  v2_files[] = { { "io.bfq.weight", "io.bfq.weight" },
		 { "io.weight", "io.weight" } };

static int to_v2(int weight)
{
	return weight <= 10 ? 1 : 1 + (weight - 10) * 9999 / 990;
}

/* "200", or "8:0 200" for one device; to whichever file takes it. */
static int write_weight(const char *dir, const char *device, int weight,
			bool v2, struct error *err)
{
	const struct weight_files *files = v2 ? v2_files : v1_files;
	struct error why = { 0 };
	bool taken = false;

	for (size_t i = 0; i < 2; i++) {
		int number = v2 && i == 1 ? to_v2(weight) : weight;
		cleanup_free char *text =
			xasprintf("%s%s%d", device ? device : "",
				  device ? " " : "", number);
		struct error no;

		if (cgroup_write(dir,
				 device ? files[i].device : files[i].weight,
				 text, NULL, &no) == 0)
			taken = true;
		else if (!why.errnum || no.errnum != ENOENT)
			why = no;
	}
	if (taken)
		return 0;
	if (err)
		*err = why;
	return -1;
}

static int set_io(const char *dir, const struct cgroup *cgroup, bool v2,
		  struct error *err)
{
	if (cgroup->blkio_weight > 0 &&
	    write_weight(dir, NULL, cgroup->blkio_weight, v2, err) < 0)
		return error_wrap(err, "cgroups.blkio_weight");
	for (size_t i = 0; i < cgroup->blkio_weight_device_len; i++) {
		const struct weight_device *row =
			&cgroup->blkio_weight_device[i];
		cleanup_free char *device = xasprintf("%" PRId64 ":%" PRId64,
						      row->major, row->minor);

		if (write_weight(dir, device, row->weight, v2, err) < 0)
			return error_wrap(
				err, "cgroups.blkio_weight_device[%zu]", i);
	}
	return set_throttles(dir, cgroup, v2, err);
}

int cgroup_v1_set_io(const char *dir, const struct cgroup *cgroup,
		     struct error *err)
{
	return set_io(dir, cgroup, false, err);
}

int cgroup_v2_set_io(const char *dir, const struct cgroup *cgroup,
		     struct error *err)
{
	return set_io(dir, cgroup, true, err);
}

const char *cgroup_asked_io(const struct cgroup *cgroup)
{
	if (cgroup->blkio_weight > 0)
		return "cgroups.blkio_weight";
	if (cgroup->blkio_weight_device_len > 0)
		return "cgroups.blkio_weight_device";
	for (size_t i = 0; i < THROTTLES; i++) {
		const struct throttle_device *list;

		if (throttle_list(cgroup, &throttles[i], &list) > 0)
			return throttles[i].key;
	}
	return NULL;
}
