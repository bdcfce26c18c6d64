/*
 * step10_hostname_profile.c  [inside]  step 10: hostname, profiles, privileges
 *
 * What needs a root's privileges comes first: the hostname of the new uts
 * namespace, the profile or label for the coming execve, kernel parameters,
 * and the mounts that cover paths (10b; nothing may be mounted under them
 * later, so they follow every other mount).
 *
 * 10c gives the privileges away. From there on the process is root no longer,
 * unless that was asked for. It enters the working directory and finds the
 * program, whose absence is known here and can still be told in words. Both
 * are done with the capabilities of the config, which a user other than root
 * loses in the execve: a directory that only they could enter gives the
 * program nothing.
 *
 * The descriptor of the host's /proc is needed no more, and is closed.
 */
#include "dockerinit/hidden_paths.h"
#include "dockerinit/inside.h"
#include "dockerinit/label.h"
#include "dockerinit/mounted.h"
#include "dockerinit/privileges.h"
#include "dockerinit/program.h"
#include "dockerinit/propagation.h"

#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/file.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

static int set_hostname(const struct config *config, struct error *err)
{
	const char *name = config->hostname;

	/* A uts namespace that was joined has its owner's name. */
	if (!name || !*name || !config_makes_namespace(config, CLONE_NEWUTS))
		return 0;
	if (sethostname(name, strlen(name)) < 0)
		return error_errno(err, "set the hostname %s", name);
	return 0;
}

/* "net.ipv4.ip_forward" is sys/net/ipv4/ip_forward; as for sysctl(8), "/" in
 * a name stands for a dot: net.ipv4.conf.eth0/1.forwarding. */
static char *parameter_path(const char *key)
{
	char *path = xasprintf("sys/%s", key);

	for (char *p = path + strlen("sys/"); *p; p++) {
		if (*p == '.')
			*p = '/';
		else if (*p == '/')
			*p = '.';
	}
	return path;
}

static int set_parameters(const struct init *init, struct error *err)
{
	const struct config *config = init->config->config;

	for (size_t i = 0; i < config->system_properties_len; i++) {
		const struct system_property *p = &config->system_properties[i];
		cleanup_free char *path = parameter_path(p->key);

		if (strstr(path, "..") || strstr(path, "//"))
			return error_set(err, ERROR_CONFIG_INVALID,
					 "kernel parameter %s: no such name",
					 p->key);
		if (file_writeat(init->proc_fd, path, p->value, err) < 0)
			return error_wrap(err, "kernel parameter %s", p->key);
	}
	return 0;
}

//> step-10-outer
static int set_up_container(struct init *init, struct error *err)
{
	if (set_hostname(init->config->config, err) < 0)
		return -1;
	if (label_open(init, err) < 0)
		return -1;
	if (set_parameters(init, err) < 0)
		return -1;
	if (!config_makes_namespace(init->config->config, CLONE_NEWNS))
		return 0;
	if (paths_make_readonly(init, err) < 0)
		return -1;
	if (paths_mask(init, err) < 0)
		return -1;
	if (paths_verify(init, err) < 0)
		return -1;
	mounted_close(init);
	return propagation_of_root(init->config->config, err);
}
//< step-10-outer

/* A directory that is not below / is the host's, reached through a descriptor
 * or a link in /proc (CVE-2024-21626); getcwd then has no path for it. */
static int enter_cwd(const struct init_config *config, struct error *err)
{
	const char *cwd = config->cwd && *config->cwd ? config->cwd : "/";
	cleanup_free char *now = NULL;

	if (chdir(cwd) < 0)
		return error_errno(err, "enter the working directory %s", cwd);
	now = getcwd(NULL, 0);
	if (!now && errno != ENOENT)
		return error_errno(err, "ask where the working directory %s is",
				   cwd);
	if (!now || now[0] != '/')
		return error_set(err, ERROR_SYSTEM,
				 "the working directory %s is outside of the "
				 "container",
				 cwd);
	return 0;
}

//> step-10
int step10_hostname_profile(struct init *init, struct error *err)
{
	if (init->type == INIT_STANDARD && set_up_container(init, err) < 0)
		return -1;
	if (label_write(init, err) < 0)
		return -1;
	if (privileges_drop(init, err) < 0)
		return -1;
	if (init->proc_fd >= 0)
		close(init->proc_fd);
	init->proc_fd = -1;
	if (enter_cwd(init->config, err) < 0)
		return -1;
	init->program = program_find(init->config->args[0], err);
	return init->program ? 0 : -1;
}
//< step-10
