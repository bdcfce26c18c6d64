/*
 * network.c  [outside]  the host's half of a container's network devices
 *
 * A network is one of a few strategies, as in libcontainer. A new network
 * namespace is born with its loopback device, down: the host has nothing to
 * make for it, and step 5 brings it up from inside.
 */
#include "libcontainer/network.h"

#include <string.h>

struct strategy {
	const char *type;
	int (*create)(const struct network *network, pid_t pid,
		      struct error *err);
};

static int loopback_create(const struct network *network, pid_t pid,
			   struct error *err)
{
	(void)network;
	(void)pid;
	(void)err;
	return 0;
}

static const struct strategy strategies[] = {
	{ "loopback", loopback_create },
};

static const struct strategy *find(const char *type)
{
	for (size_t i = 0; i < sizeof(strategies) / sizeof(*strategies); i++)
		if (type && strcmp(strategies[i].type, type) == 0)
			return &strategies[i];
	return NULL;
}

int network_create(const struct config *config, pid_t pid, struct error *err)
{
	for (size_t i = 0; i < config->networks_len; i++) {
		const struct network *network = &config->networks[i];
		const struct strategy *strategy = find(network->type);

		if (!strategy)
			return error_set(err, ERROR_CONFIG_INVALID,
					 "networks[%zu].type: no strategy "
					 "\"%s\"",
					 i, network->type ? network->type : "");
		if (strategy->create(network, pid, err) < 0)
			return error_wrap(err, "networks[%zu]", i);
	}
	return 0;
}
