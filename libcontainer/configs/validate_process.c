/* validate_process.c  [both]  the rules for what a container's processes get */
#include "libcontainer/configs/validate.h"

#include "libcontainer/configs/names.h"

#include <sched.h>
#include <string.h>

enum {
	HOSTNAME_MAX = 64, /* __NEW_UTS_LEN, sethostname(2) */
	SIGNAL_MAX = 64,   /* _NSIG, signal(7)              */
};

/* The namespace that a sysctl belongs to, 0 when it is the whole machine's.
 * Source: ipc_namespaces(7), the kernel's sysctl/kernel.rst and net.rst. */
static int sysctl_namespace(const char *key)
{
	static const char *const ipc[] = {
		"kernel.msgmax", "kernel.msgmnb",	   "kernel.msgmni",
		"kernel.sem",	 "kernel.shmall",	   "kernel.shmmax",
		"kernel.shmmni", "kernel.shm_rmid_forced",
	};

	for (size_t i = 0; i < sizeof(ipc) / sizeof(ipc[0]); i++)
		if (!strcmp(key, ipc[i]))
			return CLONE_NEWIPC;
	if (!strncmp(key, "fs.mqueue.", 10))
		return CLONE_NEWIPC;
	if (!strncmp(key, "net.", 4))
		return CLONE_NEWNET;
	return strcmp(key, "kernel.domainname") ? 0 : CLONE_NEWUTS;
}

/* Words between dots (or slashes, where a word has a dot in it); an empty one
 * would become ".." or "//" in the path below /proc/sys. */
static bool is_sysctl_key(const char *key)
{
	size_t n;

	do {
		n = strcspn(key, "./");
		if (n == 0)
			return false;
		key += n;
	} while (*key++);
	return true;
}

int validate_sysctls(const struct config *config, struct error *err)
{
	for (size_t i = 0; i < config->system_properties_len; i++) {
		const char *key = config->system_properties[i].key;
		int type = sysctl_namespace(key);

		if (!is_sysctl_key(key))
			return invalid(err,
				       "system_properties: \"%s\" is no "
				       "sysctl",
				       key);
		if (!strcmp(key, "kernel.hostname"))
			return invalid(err, "system_properties: kernel.hostname"
					    " is set by \"hostname\"");
		if (type == 0)
			return invalid(err,
				       "system_properties: %s belongs to "
				       "the host, not to a namespace",
				       key);
		if (!config_makes_namespace(config, type))
			return invalid(err,
				       "system_properties: %s needs a %s "
				       "of its own",
				       key,
				       number_to_name(namespace_names, type));
	}
	return 0;
}

static int check_rlimits(const struct config *config, struct error *err)
{
	for (size_t i = 0; i < config->rlimits_len; i++) {
		const struct rlimit_entry *r = &config->rlimits[i];

		if (!number_to_name(rlimit_names, r->type))
			return invalid(err,
				       "rlimits[%zu].type: unknown rlimit "
				       "%d",
				       i, r->type);
		if (r->soft > r->hard)
			return invalid(err,
				       "rlimits[%zu].soft: above the hard "
				       "limit",
				       i);
		for (size_t j = 0; j < i; j++)
			if (config->rlimits[j].type == r->type)
				return invalid(
					err,
					"rlimits[%zu].type: %s "
					"stands twice",
					i,
					number_to_name(rlimit_names, r->type));
	}
	return 0;
}

static bool contains(char *const *names, const char *name)
{
	for (; names && *names; names++)
		if (capability_number(*names) == capability_number(name))
			return true;
	return false;
}

/* Each name is known and, capset(2) and prctl(2) insist, in the other set. */
static int check_set(const char *key, char *const *set, char *const *within,
		     const char *within_key, struct error *err)
{
	for (size_t i = 0; set && set[i]; i++) {
		if (capability_number(set[i]) < 0)
			return invalid(err,
				       "capabilities.%s[%zu]: unknown "
				       "capability \"%s\"",
				       key, i, set[i]);
		if (within_key && !contains(within, set[i]))
			return invalid(err,
				       "capabilities.%s[%zu]: %s is not "
				       "%s",
				       key, i, set[i], within_key);
	}
	return 0;
}

static int check_capabilities(const struct capabilities *c, struct error *err)
{
	if (check_set("bounding", c->bounding, NULL, NULL, err) < 0 ||
	    check_set("permitted", c->permitted, NULL, NULL, err) < 0 ||
	    check_set("inheritable", c->inheritable, c->bounding, "bounding",
		      err) < 0 ||
	    check_set("effective", c->effective, c->permitted, "permitted",
		      err) < 0 ||
	    check_set("ambient", c->ambient, c->permitted, "permitted", err) <
		    0)
		return -1;
	return check_set("ambient", c->ambient, c->inheritable, "inheritable",
			 err);
}

int validate_process(const struct config *config, struct error *err)
{
	char **env = config->environment;

	for (size_t i = 0; env && env[i]; i++)
		if (env[i][0] == '=' || !strchr(env[i], '='))
			return invalid(err,
				       "environment[%zu]: \"%s\" is not "
				       "KEY=VALUE",
				       i, env[i]);
	if (config->hostname && strlen(config->hostname) > HOSTNAME_MAX)
		return invalid(err, "hostname: longer than %d bytes",
			       HOSTNAME_MAX);
	if (config->parent_death_signal < 0 ||
	    config->parent_death_signal > SIGNAL_MAX)
		return invalid(err, "parent_death_signal: %d is no signal",
			       config->parent_death_signal);
	if (config->working_dir && *config->working_dir &&
	    config->working_dir[0] != '/')
		return invalid(err, "working_dir: %s is not absolute",
			       config->working_dir);
	if (check_rlimits(config, err) < 0)
		return -1;
	return check_capabilities(&config->capabilities, err);
}
