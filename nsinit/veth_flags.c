/*
 * veth_flags.c  [outside]  the flags of 2015 that ask for a veth
 *
 * --veth-bridge asks for one; the others say how it is to be, and need it, or
 * a config that has one already. Their values are judged by config_validate,
 * as the file's are.
 */
#include "nsinit/nsinit.h"

#include "libcontainer/system/alloc.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* The config's veth; NULL when it has none. */
static struct network *find_veth(struct config *config)
{
	for (size_t i = 0; i < config->networks_len; i++) {
		const char *type = config->networks[i].type;

		if (type && strcmp(type, "veth") == 0)
			return &config->networks[i];
	}
	return NULL;
}

static struct network *add_veth(struct config *config)
{
	struct network *network;

	config->networks =
		xreallocarray(config->networks, config->networks_len + 1,
			      sizeof(*config->networks));
	network = &config->networks[config->networks_len++];
	*network = (struct network){ .type = xstrdup("veth"),
				     .name = xstrdup("eth0") };
	return network;
}

static int need_veth(struct config *config, struct network **network,
		     struct error *err)
{
	*network = find_veth(config);
	if (*network)
		return 0;
	return error_set(err, ERROR_CONFIG_INVALID,
			 "there is no veth to set it for; --veth-bridge asks "
			 "for one");
}

int set_veth_bridge(void *config, const char *value,
		    struct error *err __attribute__((unused)))
{
	struct network *network = find_veth(config);

	if (!network)
		network = add_veth(config);
	free(network->bridge);
	network->bridge = xstrdup(value);
	return 0;
}

int set_veth_address(void *config, const char *value, struct error *err)
{
	struct network *network;

	if (need_veth(config, &network, err) < 0)
		return -1;
	free(network->address);
	network->address = xstrdup(value);
	return 0;
}

int set_veth_gateway(void *config, const char *value, struct error *err)
{
	struct network *network;

	if (need_veth(config, &network, err) < 0)
		return -1;
	free(network->gateway);
	network->gateway = xstrdup(value);
	return 0;
}

int set_veth_mtu(void *config, const char *value, struct error *err)
{
	struct network *network;
	long long number;

	if (need_veth(config, &network, err) < 0 ||
	    number_read(value, 0, INT_MAX, &number, err) < 0)
		return -1;
	network->mtu = number;
	return 0;
}
