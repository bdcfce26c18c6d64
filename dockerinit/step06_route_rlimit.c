/*
 * step06_route_rlimit.c  [inside]  step 6: routes and RLIMITs
 *
 * Limits belong to the process and are inherited over execve, so the user's
 * program gets what is set here. Lowering is free; raising a hard limit needs
 * CAP_SYS_RESOURCE in the host's user namespace, which this process may not
 * have any more: the outside has raised them already (prlimit, act S4), and
 * only lowering is left. Every later step lives under these limits, too.
 *
 * A config with routes does not come this far: validation knows no network
 * yet that could carry one.
 * Source: setrlimit(2).
 */
#include "dockerinit/inside.h"

#include "libcontainer/configs/names.h"

#include <errno.h>
#include <sys/resource.h>

static int set_rlimit(const struct rlimit_entry *entry, struct error *err)
{
	struct rlimit limit = { .rlim_cur = entry->soft,
				.rlim_max = entry->hard };
	const char *name = number_to_name(rlimit_names, entry->type);
	struct rlimit now = { 0 };

	if (setrlimit((__rlimit_resource_t)entry->type, &limit) == 0)
		return 0;
	if (errno != EPERM)
		return error_errno(err, "set %s", name ? name : "an rlimit");
	getrlimit((__rlimit_resource_t)entry->type, &now);
	errno = EPERM;
	return error_errno(err, "raise %s from %llu to %llu",
			   name ? name : "an rlimit",
			   (unsigned long long)now.rlim_max,
			   (unsigned long long)entry->hard);
}

int step06_route_rlimit(struct init *init, struct error *err)
{
	const struct config *config = init->config->config;

	for (size_t i = 0; i < config->rlimits_len; i++)
		if (set_rlimit(&config->rlimits[i], err) < 0)
			return -1;
	return 0;
}
