/* config_edit.h  [outside]  the changes that entrances make to a config */
#ifndef LIBCONTAINER_CONFIG_EDIT_H
#define LIBCONTAINER_CONFIG_EDIT_H

#include "libcontainer/configs/config.h"

/* config_forget - empty the member that JSON calls key, and release it. */
void config_forget(struct config *config, const char *key);

/* config_share_namespace - the container has none of its own of that type. */
void config_share_namespace(struct config *config, int type);

/* config_set_namespace - a new one (path NULL), or one that is there. */
void config_set_namespace(struct config *config, int type, const char *path);

/* config_share_own - a namespace whose path leads to one that is ours already
 * is none to join: what the container has of that type is the host's. Returns
 * 0, or -1 when the kernel does not say. */
int config_share_own(struct config *config, struct error *err);

/* config_forget_mounts - mount nothing of that device. */
void config_forget_mounts(struct config *config, const char *device);

/*
 * config_add_mount - a mount on destination, in place of what was to be
 * mounted there. The caller fills the rest; the pointer is good until the next
 * mount is added.
 */
struct mount *config_add_mount(struct config *config, const char *destination);

#endif
