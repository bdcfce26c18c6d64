/* legacy_mounts.c  [both]  mounts as 2014 listed them, or did not list them
 *
 * 2014's init made proc, sysfs, /dev and what is below it from a fixed table
 * and then the file's own mounts, which named a "type" where 2015 names a
 * "device". The tables are kept in their order.
 */
#include "libcontainer/configs/config.h"
#include "libcontainer/configs/config_fields.h"
#include "libcontainer/system/alloc.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>

enum { NO_NODES = MS_NOEXEC | MS_NOSUID | MS_NODEV };

/* An entry of 2014's "mounts". */
struct old_mount {
	char *type, *source, *destination, *relabel;
	bool writable, private, slave;
};

static const struct field old_mount_rows[] = {
	FIELD(struct old_mount, "type", FIELD_STRING, type),
	FIELD(struct old_mount, "source", FIELD_STRING, source,
	      .flags = FIELD_EMPTY_IS_NULL),
	FIELD(struct old_mount, "destination", FIELD_STRING, destination,
	      .flags = FIELD_EMPTY_IS_NULL),
	FIELD(struct old_mount, "relabel", FIELD_STRING, relabel,
	      .flags = FIELD_EMPTY_IS_NULL),
	FIELD(struct old_mount, "writable", FIELD_BOOL, writable),
	FIELD(struct old_mount, "private", FIELD_BOOL, private),
	FIELD(struct old_mount, "slave", FIELD_BOOL, slave),
	FIELD_END,
};

static void add_propagation(struct mount *mount, uint64_t flags)
{
	size_t n = mount->propagation_flags_len++;

	mount->propagation_flags = xreallocarray(mount->propagation_flags,
						 n + 1, sizeof(uint64_t));
	mount->propagation_flags[n] = flags;
}

static struct mount *add_mount(struct config *config, const char *device,
			       const char *source, const char *destination,
			       uint64_t flags, const char *data)
{
	struct mount *mount;

	config->mounts = xreallocarray(config->mounts, config->mounts_len + 1,
				       sizeof(*config->mounts));
	mount = &config->mounts[config->mounts_len++];
	*mount = (struct mount){
		.source = xstrdup(source),
		.destination = xstrdup(destination),
		.device = xstrdup(device),
		.flags = flags,
		.data = xstrdup(data),
	};
	return mount;
}

/* 2014 knew bind and tmpfs; a devtmpfs entry (its own sample has one) was
 * ignored, since /dev is always a tmpfs with the listed nodes. */
static int convert_mount(struct config *config, const struct old_mount *old,
			 const struct json_path *path, struct error *err)
{
	struct mount *mount;

	if (!strcmp(old->type, "devtmpfs"))
		return 0;
	if (!strcmp(old->type, "tmpfs")) {
		add_mount(config, "tmpfs", "tmpfs", old->destination, NO_NODES,
			  NULL);
		return 0;
	}
	if (strcmp(old->type, "bind") != 0)
		return json_error(path, err, "unknown mount type \"%.64s\"",
				  old->type);
	mount = add_mount(config, "bind", old->source, old->destination,
			  MS_BIND | MS_REC | (old->writable ? 0 : MS_RDONLY),
			  NULL);
	mount->relabel = xstrdup(old->relabel);
	if (old->slave)
		add_propagation(mount, MS_SLAVE);
	if (old->private)
		add_propagation(mount, MS_PRIVATE);
	return 0;
}

static int decode_old_mounts(const struct json *value, struct config *config,
			     const struct json_path *path, struct error *err)
{
	const struct json *item = json_first(value);
	struct json_path at = { .up = path };

	for (; item; item = json_next(item), at.index++) {
		struct old_mount old = { 0 };
		int ret = fields_decode_json(old_mount_rows, item, &old, &at,
					     err);

		if (ret == 0 && !old.type)
			ret = json_error(&at, err, "no type in it");
		if (ret == 0)
			ret = convert_mount(config, &old, &at, err);
		fields_free(old_mount_rows, &old);
		if (ret < 0)
			return -1;
	}
	return 0;
}

/* 2015's entries have a "device", 2014's a "type". */
bool are_old_mounts(const struct json *list)
{
	const struct json *first = NULL;

	if (list && json_kind(list) == JSON_LIST)
		first = json_first(list);
	return json_member(first, "type") && !json_member(first, "device");
}

/* mount(2) ignores a propagation flag beside MS_BIND or a file system, where
 * 2015 wrote it: it is a call of its own. */
static void split_flags(struct mount *mount)
{
	const uint64_t propagation =
		MS_PRIVATE | MS_SLAVE | MS_SHARED | MS_UNBINDABLE;
	uint64_t asked = mount->flags & propagation;

	mount->flags &= ~propagation;
	if (asked)
		add_propagation(mount, asked | (mount->flags & MS_REC));
}

int decode_mounts(const struct field *row, const struct json *value,
		  void *object, const struct json_path *path, struct error *err)
{
	struct config *config = object;

	if (are_old_mounts(value)) {
		field_release(row, object);
		return decode_old_mounts(value, config, path, err);
	}
	if (field_decode(row, value, object, path, err) < 0)
		return -1;
	for (size_t i = 0; i < config->mounts_len; i++)
		split_flags(&config->mounts[i]);
	return 0;
}

static bool has_mount_on(const struct config *config, const char *destination)
{
	for (size_t i = 0; i < config->mounts_len; i++)
		if (config->mounts[i].destination &&
		    !strcmp(config->mounts[i].destination, destination))
			return true;
	return false;
}

/* June's table. v1.4 had mqueue as well, and sysfs at the end, read-only when
 * restrict_sys was on. */
static void add_mounts_of_2014(struct config *config, bool june,
			       bool restricted)
{
	add_mount(config, "proc", "proc", "/proc", NO_NODES, NULL);
	if (june)
		add_mount(config, "sysfs", "sysfs", "/sys", NO_NODES, NULL);
	add_mount(config, "tmpfs", "tmpfs", "/dev", MS_NOSUID | MS_STRICTATIME,
		  "mode=755");
	add_mount(config, "tmpfs", "shm", "/dev/shm", NO_NODES,
		  "mode=1777,size=65536k");
	if (!june)
		add_mount(config, "mqueue", "mqueue", "/dev/mqueue", NO_NODES,
			  NULL);
	add_mount(config, "devpts", "devpts", "/dev/pts", MS_NOSUID | MS_NOEXEC,
		  "newinstance,ptmxmode=0666,mode=620,gid=5");
	if (!june)
		add_mount(config, "sysfs", "sysfs", "/sys",
			  NO_NODES | (restricted ? MS_RDONLY : 0), NULL);
}

static void add_mounts_of_2015(struct config *config)
{
	add_mount(config, "proc", "proc", "/proc", NO_NODES, NULL);
	add_mount(config, "tmpfs", "tmpfs", "/dev", MS_NOSUID | MS_STRICTATIME,
		  "mode=755");
	add_mount(config, "devpts", "devpts", "/dev/pts", MS_NOSUID | MS_NOEXEC,
		  "newinstance,ptmxmode=0666,mode=620,gid=5");
}

void add_implicit_mounts(struct config *config, enum config_era era,
			 bool restricted)
{
	struct mount *own = config->mounts;
	size_t own_len = config->mounts_len;

	if (era == ERA_2015 &&
	    (has_mount_on(config, "/proc") || has_mount_on(config, "/dev") ||
	     has_mount_on(config, "/dev/pts")))
		return;
	config->mounts = NULL;
	config->mounts_len = 0;
	if (era == ERA_2015)
		add_mounts_of_2015(config);
	else
		add_mounts_of_2014(config, era == ERA_JUNE_2014, restricted);
	if (own_len) {
		config->mounts = xreallocarray(config->mounts,
					       config->mounts_len + own_len,
					       sizeof(*own));
		memcpy(config->mounts + config->mounts_len, own,
		       own_len * sizeof(*own));
		config->mounts_len += own_len;
	}
	free(own);
}

void protect_cgroups(struct config *config)
{
	for (size_t i = 0; i < config->mounts_len; i++) {
		struct mount *m = &config->mounts[i];

		if (m->device && !strcmp(m->device, "cgroup"))
			m->flags |= MS_RDONLY;
	}
}
