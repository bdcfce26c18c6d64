/*
 * step03_environment.c  [inside]  step 3: the container's environment
 *
 * What dockerinit inherited is the host's and goes away first: a variable of
 * the daemon's must not be seen inside. What step 12 hands to execve is what
 * stands here, with HOME added in step 10 when it is missing. A name that
 * comes twice has its last value, as in a shell.
 */
#include "dockerinit/inside.h"

#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <stdlib.h>
#include <string.h>

//> step-03
int step03_environment(struct init *init, struct error *err)
{
	if (clearenv() != 0)
		return error_set(err, ERROR_SYSTEM, "clear the environment");
	for (char **entry = init->config->env; entry && *entry; entry++) {
		const char *equals = strchr(*entry, '=');
		cleanup_free char *name = NULL;

		if (!equals || equals == *entry)
			return error_set(err, ERROR_CONFIG_INVALID,
					 "environment entry \"%s\" is not "
					 "NAME=VALUE",
					 *entry);
		name = xstrndup(*entry, (size_t)(equals - *entry));
		if (setenv(name, equals + 1, 1) < 0)
			return error_errno(err, "set %s", name);
	}
	return 0;
}
//< step-03
