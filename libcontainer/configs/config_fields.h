/* config_fields.h  [both]  the rows of a config, for documents that hold one */
#ifndef LIBCONTAINER_CONFIGS_CONFIG_FIELDS_H
#define LIBCONTAINER_CONFIGS_CONFIG_FIELDS_H

#include "libcontainer/configs/fields.h"
#include "libcontainer/configs/json.h"
#include "libcontainer/system/error.h"

struct config;

extern const struct field config_rows[];       /* struct config       */
extern const struct field cgroup_rows[];       /* struct cgroup       */
extern const struct field capabilities_rows[]; /* struct capabilities */
extern const struct field mount_rows[];	       /* struct mount        */
extern const struct field device_rows[];       /* struct device       */
extern const struct field weight_device_rows[];
extern const struct field throttle_device_rows[];

/*
 * For config_load: decode hooks for what 2014 spelled in other shapes, and
 * the keys and the mounts that a file of that time meant but did not list.
 * See config_legacy.c.
 */
int decode_namespaces(const struct field *row, const struct json *value,
		      void *object, const struct json_path *path,
		      struct error *err);
int decode_mounts(const struct field *row, const struct json *value,
		  void *object, const struct json_path *path,
		  struct error *err);

/* The shapes that were ever shipped; see config_legacy.c. */
enum config_era { ERA_JUNE_2014, ERA_V1, ERA_2015 };

/* are_old_mounts - a list of 2014's mounts? NULL is none. */
bool are_old_mounts(const struct json *list);

/* add_implicit_mounts - what that time mounted unasked, before the config's
 * own mounts. restricted: v1.4's restrict_sys. */
void add_implicit_mounts(struct config *config, enum config_era era,
			 bool restricted);

/* protect_cgroups - 2015 showed cgroups read-only, whatever the flags said. */
void protect_cgroups(struct config *config);

/* config_legacy - the rest of config_load: a whole document's older keys. */
int config_legacy(const struct json *document, struct config *config,
		  struct error *err);

#endif
