/* unhonoured.h  [both]  keys that ask for what is not done here
 *
 * A key that nobody knows is ignored; but one that confines, and is known from
 * another version or another runtime, would be missed by who wrote it. Such a
 * key is in a table, and refused where it asks for something.
 */
#ifndef LIBCONTAINER_CONFIGS_UNHONOURED_H
#define LIBCONTAINER_CONFIGS_UNHONOURED_H

#include "libcontainer/configs/json.h"
#include "libcontainer/system/error.h"

/* path: "resources.ulimits", "mounts[].data", where [] stands for each element
 * of a list. nothing: a string that asks for nothing, beside ""; or NULL. A
 * table ends with a path of NULL. */
struct unhonoured {
	const char *path, *nothing;
};

/*
 * json_refuse_unhonoured - does one of the keys ask for something: is it there,
 * and not null, false, 0, "", an empty list, or an object whose members are
 * all such? Returns 0, or -1 with CONFIG_INVALID and the JSON path.
 */
int json_refuse_unhonoured(const struct json *document,
			   const struct unhonoured *table, struct error *err);

/* config_unhonoured - the table for a container.json. */
extern const struct unhonoured config_unhonoured[];

#endif
