/* found_rules.h  [both]  what a config may ask for that nobody named
 *
 * A container.json that lies in the current folder was found, not named: that
 * folder is the container's /, and whatever ran in it may have written the
 * file. So it is data, and may ask only for what reaches nothing of the
 * host's. Each member of a config has a row; what has none may hold nothing
 * but what the template holds.
 */
#ifndef LIBCONTAINER_CONFIGS_FOUND_RULES_H
#define LIBCONTAINER_CONFIGS_FOUND_RULES_H

#include "libcontainer/configs/config.h"
#include "libcontainer/configs/fields.h"
#include "libcontainer/system/error.h"

/* What a rule looks at: a member of an object, and an object of the same kind
 * that has the most which may be asked for. path: "mounts[2].flags". */
struct found_member {
	const struct field *row;
	const void *object, *most;
	const char *path;
};

struct found_rule {
	const char *key; /* the member's in JSON; a table ends with NULL */
	/* Returns 0, or -1 with the path in *err. NULL: whatever it says
	 * reaches nothing of the host's. */
	int (*check)(const struct found_rule *rule,
		     const struct found_member *member, struct error *err);
	const char *why; /* what it would reach: the end of "KEY: it ..." */
	const struct found_rule *rules; /* of the structs that it holds   */
};

extern const struct found_rule found_rules[]; /* of a struct config */

/*
 * config_check_found - does config ask for no more than most does, where that
 * would reach the host? most: the template, as the caller may have it. Returns
 * 0, or -1 with CONFIG_INVALID, the JSON path and what it would reach. Its
 * rootfs is left to the caller, who knows where the file lies.
 */
int config_check_found(const struct config *config, const struct config *most,
		       struct error *err);

/*
 * found_check_members - check each member of object by its row in rules. rows
 * are object's; path is where it stands, "" for a whole config. For rules of
 * members that hold structs. Returns 0 or -1.
 */
int found_check_members(const struct field *rows,
			const struct found_rule *rules, const void *object,
			const void *most, const char *path, struct error *err);

/* found_refuse - "PATH: it WHY" in *err. Returns -1. */
int found_refuse(const struct found_rule *rule,
		 const struct found_member *member, struct error *err);

#endif
