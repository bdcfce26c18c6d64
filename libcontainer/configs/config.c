/* config.c  [both]  loading, printing, copying and releasing a config */
#include "libcontainer/configs/config.h"

#include "libcontainer/configs/config_fields.h"
#include "libcontainer/configs/json.h"
#include "libcontainer/configs/unhonoured.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/file.h"

#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>

enum { CONFIG_FILE_MAX = 16 * 1024 * 1024 };

struct config *config_new(void)
{
	struct config *config = xcalloc(1, sizeof(*config));

	config->cgroups.memory_swappiness = -1;
	return config;
}

void config_free(struct config *config)
{
	if (!config)
		return;
	fields_free(config_rows, config);
	free(config);
}

int config_load(const char *text, size_t len, struct config **out,
		struct error *err)
{
	struct config *config;
	struct json *document;
	int ret;

	if (json_parse(text, len, &document, err) < 0)
		return -1;
	config = config_new();
	config->implicit_mounts = true;
	ret = fields_decode_json(config_rows, document, config, NULL, err);
	if (ret == 0)
		ret = json_refuse_unhonoured(document, config_unhonoured, err);
	if (ret == 0)
		ret = config_legacy(document, config, err);
	json_free(document);
	if (ret < 0)
		config_free(config);
	else
		*out = config;
	return ret;
}

int config_load_fd(int fd, const char *path, struct config **out,
		   struct error *err)
{
	cleanup_free char *text = NULL;
	size_t len;

	if (file_read_fd(fd, CONFIG_FILE_MAX, &text, &len, err) == 0 &&
	    config_load(text, len, out, err) == 0)
		return 0;
	/* Whatever is wrong with the file, there is no config. */
	if (err)
		err->code = ERROR_CONFIG_INVALID;
	return error_wrap(err, "%s", path);
}

int config_load_file(const char *path, struct config **out, struct error *err)
{
	cleanup_close int fd = file_open(AT_FDCWD, path, 0, err);

	if (fd >= 0)
		return config_load_fd(fd, path, out, err);
	if (err)
		err->code = ERROR_CONFIG_INVALID;
	return -1;
}

char *config_print(const struct config *config)
{
	return fields_encode(config_rows, config, true);
}

struct config *config_copy(const struct config *config)
{
	struct config *copy = xcalloc(1, sizeof(*copy));

	fields_copy(config_rows, config, copy);
	copy->seccomp = config->seccomp;
	return copy;
}

const struct namespace *config_namespace(const struct config *config, int type)
{
	for (size_t i = 0; i < config->namespaces_len; i++)
		if (config->namespaces[i].type == type)
			return &config->namespaces[i];
	return NULL;
}

bool config_makes_namespace(const struct config *config, int type)
{
	const struct namespace *ns = config_namespace(config, type);

	return ns && (!ns->path || !*ns->path);
}

bool config_joins_namespace(const struct config *config, int type)
{
	return config_namespace(config, type) &&
	       !config_makes_namespace(config, type);
}

uint64_t config_clone_flags(const struct config *config)
{
	uint64_t flags = 0;

	for (size_t i = 0; i < config->namespaces_len; i++)
		if (config_makes_namespace(config, config->namespaces[i].type))
			flags |= (uint64_t)config->namespaces[i].type;
	return flags & ~(uint64_t)(CLONE_NEWNS | CLONE_NEWCGROUP);
}

const char *network_device(const struct network *network)
{
	return network->name ? network->name : "eth0";
}
