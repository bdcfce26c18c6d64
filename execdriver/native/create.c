/*
 * create.c  [outside]  struct command -> struct config
 *
 * Docker 1.8's createContainer, in its order: the template, then ipc, pid, uts
 * and network, privileges, groups, cgroups, the read-only root, the user's
 * mounts, labels, rlimits. The order is forced in two places: what privilege
 * changes of the mounts must come before the user's own mounts, and a read-only
 * root before both.
 */
#include "execdriver/native/native.h"

#include "libcontainer/config_edit.h"
#include "libcontainer/configs/config_fields.h"
#include "libcontainer/configs/defaults.h"
#include "libcontainer/configs/names.h"
#include "libcontainer/rootless.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>

enum { SHORT_ID = 12 };

static const char *env_get(char *const *env, const char *key)
{
	size_t len = strlen(key);

	for (; env && *env; env++)
		if (strncmp(*env, key, len) == 0 && (*env)[len] == '=')
			return *env + len + 1;
	return NULL;
}

static void copy_devices(struct device **to, size_t *to_len,
			 const struct device *from, size_t len)
{
	*to = xcalloc(len, sizeof(**to));
	*to_len = len;
	for (size_t i = 0; i < len; i++)
		fields_copy(device_rows, &from[i], &(*to)[i]);
}

static void create_devices(struct config *config, const struct command *c)
{
	struct cgroup *cgroup = &config->cgroups;

	if (c->autocreated_devices_len) {
		config_forget(config, "devices");
		copy_devices(&config->devices, &config->devices_len,
			     c->autocreated_devices,
			     c->autocreated_devices_len);
	}
	if (c->allowed_devices_len) {
		for (size_t i = 0; i < cgroup->allowed_devices_len; i++)
			fields_free(device_rows, &cgroup->allowed_devices[i]);
		free(cgroup->allowed_devices);
		copy_devices(&cgroup->allowed_devices,
			     &cgroup->allowed_devices_len, c->allowed_devices,
			     c->allowed_devices_len);
	}
}

/*
 * What every program in the container starts from; Exec finds it there. The
 * daemon sends the host name as HOSTNAME; one that does not is given what the
 * daemon would have sent, the id's first twelve characters.
 */
static void create_process(struct config *config, const struct command *c)
{
	const char *hostname = env_get(c->process_config.env, "HOSTNAME");

	config->hostname = hostname && *hostname ? xstrdup(hostname)
						 : xstrndup(c->id, SHORT_ID);
	config->environment = c->process_config.env
				      ? strv_dup(c->process_config.env)
				      : default_environment(config->hostname);
	config->working_dir = xstrdup(c->working_dir);
	config->user = xstrdup(c->process_config.user);
}

/* Share a namespace of another living container. */
static int join_container(struct native_driver *native, struct config *config,
			  int type, const char *id, struct error *err)
{
	cleanup_free char *path = NULL;
	struct container *other;
	enum container_status status;
	int rc;

	if (factory_load(&native->factory, id, &other, err) < 0)
		return -1;
	rc = container_status(other, &status, err);
	path = xasprintf("/proc/%d/ns/%s", (int)other->init_pid,
			 namespace_file(type));
	container_free(other);
	if (rc < 0)
		return -1;
	if (status != CONTAINER_RUNNING && status != CONTAINER_PAUSED)
		return error_set(err, ERROR_CONTAINER_NOT_RUNNING,
				 "join the %s namespace of container %s: it "
				 "is %s",
				 namespace_file(type), id,
				 container_status_name(status));
	config_set_namespace(config, type, path);
	return 0;
}

static int create_namespaces(struct native_driver *native,
			     struct config *config, const struct command *c,
			     struct error *err)
{
	if (c->ipc.host_ipc)
		config_share_namespace(config, CLONE_NEWIPC);
	else if (c->ipc.container_id && *c->ipc.container_id &&
		 join_container(native, config, CLONE_NEWIPC,
				c->ipc.container_id, err) < 0)
		return -1;
	if (c->pid.host_pid)
		config_share_namespace(config, CLONE_NEWPID);
	if (c->uts.host_uts) {
		config_share_namespace(config, CLONE_NEWUTS);
		config_forget(config, "hostname");
	}
	return 0;
}

static int create_network(struct native_driver *native, struct config *config,
			  const struct command *c, struct error *err)
{
	const struct command_network *network = c->network;

	if (network && network->host_networking) {
		config_share_namespace(config, CLONE_NEWNET);
		return 0;
	}
	if (network && network->container_id && *network->container_id)
		return join_container(native, config, CLONE_NEWNET,
				      network->container_id, err);
	if (network && network->namespace_path && *network->namespace_path) {
		config_set_namespace(config, CLONE_NEWNET,
				     network->namespace_path);
		return 0;
	}
	config->networks = xcalloc(1, sizeof(*config->networks));
	config->networks[0].type = xstrdup("loopback");
	config->networks_len = 1;
	if (network && network->interface)
		return native_bridge(config, network, err);
	return 0;
}

static int create_privileges(struct config *config, const struct command *c,
			     struct error *err)
{
	struct capabilities *caps = &config->capabilities;
	char **names;

	config->apparmor_profile = xstrdup(c->apparmor_profile);
	if (c->process_config.privileged)
		return native_privilege(config, err);
	if (native_capabilities(caps->bounding, c->cap_add, c->cap_drop, &names,
				err) < 0)
		return -1;
	config_forget(config, "capabilities");
	caps->bounding = names;
	caps->effective = strv_dup(names);
	caps->permitted = strv_dup(names);
	return 0;
}

static void *copy_list(const void *list, size_t len, size_t size)
{
	void *copy = xcalloc(len, size);

	if (len)
		memcpy(copy, list, len * size);
	return copy;
}

/* Elements that own nothing. */
#define COPY(to, from, list)                                             \
	do {                                                             \
		(to)->list = copy_list((from)->list, (from)->list##_len, \
				       sizeof(*(from)->list));           \
		(to)->list##_len = (from)->list##_len;                   \
	} while (0)

static void create_blkio(struct cgroup *cgroup,
			 const struct command_resources *r)
{
	COPY(cgroup, r, blkio_weight_device);
	COPY(cgroup, r, throttle_read_bps);
	COPY(cgroup, r, throttle_write_bps);
	COPY(cgroup, r, throttle_read_iops);
	COPY(cgroup, r, throttle_write_iops);
}

static int create_cgroup(struct config *config, const struct command *c,
			 struct error *err)
{
	const struct command_resources *r = &c->resources;
	struct cgroup *cgroup = &config->cgroups;

	if (r->blkio_weight && (r->blkio_weight < 10 || r->blkio_weight > 1000))
		return error_set(err, ERROR_CONFIG_INVALID,
				 "resources.blkio_weight: a number from 10 to "
				 "1000 is wanted");
	cgroup->name = xstrdup(c->id);
	if (c->cgroup_parent && *c->cgroup_parent) {
		free(cgroup->parent);
		cgroup->parent = xstrdup(c->cgroup_parent);
	}
	cgroup->memory = r->memory;
	/* as Docker did before it had a key for it */
	cgroup->memory_reservation =
		r->memory_reservation ? r->memory_reservation : r->memory;
	cgroup->kernel_memory = r->kernel_memory;
	cgroup->pids_limit = r->pids_limit;
	cgroup->memory_swap = r->memory_swap;
	cgroup->memory_swappiness = r->memory_swappiness;
	cgroup->oom_kill_disable = r->oom_kill_disable;
	cgroup->cpu_shares = r->cpu_shares;
	cgroup->cpu_period = r->cpu_period;
	cgroup->cpu_quota = r->cpu_quota;
	cgroup->cpuset_cpus = xstrdup(r->cpuset_cpus);
	cgroup->cpuset_mems = xstrdup(r->cpuset_mems);
	cgroup->blkio_weight = (uint16_t)r->blkio_weight;
	create_blkio(cgroup, r);
	return 0;
}

/* The writable folders of the template become read-only as well; programs
 * still need a terminal, and /proc has its own read-only paths. */
static void create_readonly_root(struct config *config)
{
	for (size_t i = 0; i < config->mounts_len; i++) {
		const char *at = config->mounts[i].destination;

		if (strcmp(at, "/proc") != 0 && strcmp(at, "/dev") != 0 &&
		    strcmp(at, "/dev/pts") != 0)
			config->mounts[i].flags |= MS_RDONLY;
	}
	strv_append(&config->readonly_paths, "/dev");
}

/* A user's /dev or /sys hides what the template mounts below it. */
static void forget_below(struct config *config, const char *folder)
{
	size_t kept = 0, len = strlen(folder);

	for (size_t i = 0; i < config->mounts_len; i++) {
		struct mount *m = &config->mounts[i];

		if (strncmp(m->destination, folder, len) == 0 &&
		    m->destination[len] == '/')
			fields_free(mount_rows, m);
		else
			config->mounts[kept++] = *m;
	}
	config->mounts_len = kept;
}

/* Private is what every mount is here; shared is more than can be had of a
 * container whose / is private. */
static int create_propagation(const struct command_mount *from, size_t i,
			      bool *slave, struct error *err)
{
	const char *word = from->propagation ? from->propagation : "";

	*slave = from->slave || strcmp(word, "slave") == 0 ||
		 strcmp(word, "rslave") == 0;
	if (!*word || *slave || strcmp(word, "private") == 0 ||
	    strcmp(word, "rprivate") == 0)
		return 0;
	return error_set(err, ERROR_CONFIG_INVALID,
			 "mounts[%zu].mountpropagation: \"%s\" is not "
			 "supported",
			 i, word);
}

static int create_mounts(struct config *config, const struct command *c,
			 struct error *err)
{
	for (size_t i = 0; i < c->mounts_len; i++)
		if (!c->mounts[i].source || !c->mounts[i].destination)
			return error_set(err, ERROR_CONFIG_INVALID,
					 "mounts[%zu]: source and destination "
					 "are wanted",
					 i);
		else if (strcmp(c->mounts[i].destination, "/dev") == 0 ||
			 strcmp(c->mounts[i].destination, "/sys") == 0)
			forget_below(config, c->mounts[i].destination);
	for (size_t i = 0; i < c->mounts_len; i++) {
		const struct command_mount *from = &c->mounts[i];
		struct mount *m = config_add_mount(config, from->destination);
		bool slave;

		m->source = xstrdup(from->source);
		m->device = xstrdup("bind");
		m->flags = MS_BIND | MS_REC;
		if (!from->writable)
			m->flags |= MS_RDONLY;
		if (create_propagation(from, i, &slave, err) < 0)
			return -1;
		if (slave) {
			m->propagation_flags = xcalloc(1, sizeof(uint64_t));
			m->propagation_flags[0] = MS_SLAVE;
			m->propagation_flags_len = 1;
		}
	}
	return 0;
}

static void create_rest(struct config *config, const struct command *c)
{
	config->process_label = xstrdup(c->process_label);
	config->mount_label = xstrdup(c->mount_label);
	config->additional_groups = strv_dup(c->group_add);
	config->no_new_privileges = c->no_new_privileges;
	config->rlimits_len = c->resources.rlimits_len;
	config->rlimits =
		xcalloc(config->rlimits_len, sizeof(*config->rlimits));
	for (size_t i = 0; i < config->rlimits_len; i++)
		config->rlimits[i] = c->resources.rlimits[i];
}

int native_create_config(struct native_driver *native, const struct command *c,
			 struct config **out, struct error *err)
{
	struct config *config = native_template();

	config->rootfs = xstrdup(c->rootfs);
	config->readonlyfs = c->readonly_rootfs;
	config->no_pivot_root = getenv("DOCKER_RAMDISK") != NULL;
	create_process(config, c);
	create_devices(config, c);
	if (create_namespaces(native, config, c, err) < 0 ||
	    create_network(native, config, c, err) < 0 ||
	    create_privileges(config, c, err) < 0 ||
	    create_cgroup(config, c, err) < 0)
		goto undo;
	if (config->readonlyfs)
		create_readonly_root(config);
	if (create_mounts(config, c, err) < 0)
		goto undo;
	create_rest(config, c);
	if (rootless_adapt(config, native->factory.note, err) < 0)
		goto undo;
	*out = config;
	return 0;
undo:
	config_free(config);
	return -1;
}
