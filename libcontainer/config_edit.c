/* config_edit.c  [outside]  the changes that entrances make to a config */
#include "libcontainer/config_edit.h"

#include "libcontainer/configs/config_fields.h"
#include "libcontainer/configs/namespace.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <stdlib.h>
#include <string.h>

void config_forget(struct config *config, const char *key)
{
	for (const struct field *row = config_rows; row->key; row++)
		if (strcmp(row->key, key) == 0)
			field_release(row, config);
}

void config_share_namespace(struct config *config, int type)
{
	size_t kept = 0;

	for (size_t i = 0; i < config->namespaces_len; i++) {
		if (config->namespaces[i].type == type)
			free(config->namespaces[i].path);
		else
			config->namespaces[kept++] = config->namespaces[i];
	}
	config->namespaces_len = kept;
}

void config_set_namespace(struct config *config, int type, const char *path)
{
	config_share_namespace(config, type);
	config->namespaces =
		xreallocarray(config->namespaces, config->namespaces_len + 1,
			      sizeof(*config->namespaces));
	config->namespaces[config->namespaces_len++] = (struct namespace){
		.type = type,
		.path = xstrdup(path),
	};
}

int config_share_own(struct config *config, struct error *err)
{
	for (size_t i = config->namespaces_len; i-- > 0;) {
		const struct namespace *ns = &config->namespaces[i];
		cleanup_close int fd = -1;
		int own = 0;

		if (!ns->path || !*ns->path)
			continue;
		fd = namespace_open(ns->path, ns->type, NULL);
		if (fd >= 0)
			own = namespace_is_own(fd, ns->type, err);
		if (own < 0)
			return error_wrap(err, "namespaces[%zu].path", i);
		if (own)
			config_share_namespace(config, ns->type);
	}
	return 0;
}

void config_forget_mounts(struct config *config, const char *device)
{
	size_t kept = 0;

	for (size_t i = 0; i < config->mounts_len; i++) {
		struct mount *m = &config->mounts[i];

		if (m->device && strcmp(m->device, device) == 0)
			fields_free(mount_rows, m);
		else
			config->mounts[kept++] = *m;
	}
	config->mounts_len = kept;
}

struct mount *config_add_mount(struct config *config, const char *destination)
{
	struct mount *m = NULL;

	for (size_t i = 0; i < config->mounts_len; i++)
		if (config->mounts[i].destination &&
		    strcmp(config->mounts[i].destination, destination) == 0)
			m = &config->mounts[i];
	if (m) {
		fields_free(mount_rows, m);
	} else {
		config->mounts =
			xreallocarray(config->mounts, config->mounts_len + 1,
				      sizeof(*config->mounts));
		m = &config->mounts[config->mounts_len++];
	}
	*m = (struct mount){ .destination = xstrdup(destination) };
	return m;
}
