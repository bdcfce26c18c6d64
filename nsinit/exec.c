/*
 * exec.c  [outside]  nsinit exec: a new container, or one more process in it
 *
 * Read this file first: it is the whole pipeline from its user's side.
 *
 *	config_choose ► factory_create ► container_start ► terminal_attach
 *
 * (the last two in run_process.c, for nsenter has them, too).
 *
 * New or join is asked of the kernel: a container that lives is joined, what
 * a dead one has left is removed. Between looking and making somebody else
 * may make it; then we look again.
 */
#include "nsinit/nsinit.h"

#include "libcontainer/configs/defaults.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/resolve.h"
#include "libcontainer/trace/tracer.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { TRIES = 100 };

/* The host's own root as a container's would be pivoted away and remounted. */
static int refuse_host_root(const struct config *config, struct error *err)
{
	struct stat root, host;

	if (!config_makes_namespace(config, CLONE_NEWNS) || !config->rootfs)
		return 0;
	if (stat(config->rootfs, &root) == 0 && stat("/", &host) == 0 &&
	    root.st_dev == host.st_dev && root.st_ino == host.st_ino)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "the rootfs %s is the host's own root; go to "
				 "the folder that is to become the "
				 "container's /, or say --rootfs",
				 config->rootfs);
	return 0;
}

/* Is there a file at path, with root as its /? Where we may not look, step 10
 * will tell. */
static bool exists_in_root(int root, const char *folder, size_t folder_len,
			   const char *name)
{
	cleanup_free char *path =
		xasprintf("%.*s/%s", (int)folder_len, folder, name);
	cleanup_close int fd = resolve(root, path, O_PATH, RESOLVE_IN_ROOT);

	return fd >= 0 || (errno != ENOENT && errno != ENOTDIR &&
			   errno != ELOOP && errno != ENAMETOOLONG);
}

static bool root_holds(int root, const char *name, const char *cwd,
		       char *const *env)
{
	const char *path = "";

	if (name[0] == '/')
		return exists_in_root(root, "", 0, name);
	if (strchr(name, '/'))
		return exists_in_root(root, cwd, strlen(cwd), name);
	for (; *env; env++)
		if (strncmp(*env, "PATH=", 5) == 0)
			path = *env + 5;
	while (*path) {
		size_t len = strcspn(path, ":");

		if (exists_in_root(root, path, len, name))
			return true;
		path += len + (path[len] == ':');
	}
	return false;
}

/* With the template, somebody may be in any folder: look before we make. */
static int refuse_wrong_folder(const struct options *o,
			       const struct config *config, const char *name,
			       struct error *err)
{
	cleanup_strv char **env = process_environment(o, config);
	cleanup_close int root = -1;

	for (size_t i = 0; i < config->mounts_len; i++)
		if (strcmp(config->mounts[i].device, "bind") == 0)
			return 0; /* it may come from there */
	root = open(config->rootfs, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return error_errno(err, "open the rootfs %s", config->rootfs);
	if (root_holds(root, name, o->cwd ? o->cwd : "/", env))
		return 0;
	return error_set(err, ERROR_COMMAND_NOT_FOUND,
			 "there is no %s in the folder %s; is it a root file "
			 "system?",
			 name, config->rootfs);
}

static int choose_and_check(const struct options *o, struct config **config,
			    struct error *err)
{
	bool is_template;

	if (resolve_is_possible(err) < 0)
		return -1;
	if (config_choose(o, config, &is_template, err) < 0)
		return -1;
	if (refuse_host_root(*config, err) < 0 ||
	    (is_template && !config_joins_namespace(*config, CLONE_NEWNS) &&
	     refuse_wrong_folder(o, *config, o->line.words[0], err) < 0)) {
		config_free(*config);
		return -1;
	}
	return 0;
}

/* The program has ended, and its status is what was asked for. What could not
 * be removed is said; the next command on the id removes it. */
static void warn_left(const struct options *o, const struct error *why)
{
	cleanup_free char *text =
		xasprintf("the program has ended, but container %s is left for "
			  "the next command to remove: %s",
			  o->id, why->message);

	o->factory.warn(text);
}

/* Returns 1 when somebody else was quicker. */
static int run_new(const struct options *o, int *status, struct error *err)
{
	struct config *config;
	struct container *c;
	struct error later;
	int result;

	if (choose_and_check(o, &config, err) < 0)
		return -1;
	if (factory_create(&o->factory, o->id, config, &c, err) < 0) {
		config_free(config);
		return err->code == ERROR_ID_IN_USE ? 1 : -1;
	}
	result = run_process(o, c, o->line.words, NULL, status, err);
	if (container_destroy(c, &later) < 0 && result == 0)
		warn_left(o, &later);
	container_free(c);
	return result;
}

/* Returns 1 when it was too late to join. */
static int run_joining(const struct options *o, struct container *c,
		       int *status, struct error *err)
{
	bool started;
	int result = run_process(o, c, o->line.words, &started, status, err);
	bool too_late = result < 0 && !started &&
			err->code == ERROR_CONTAINER_NOT_RUNNING;

	container_free(c);
	return too_late ? 1 : result;
}

/* A flag for a new container would be lost on one that lives. */
static int refuse_create_flags(const struct options *o,
			       const struct container *c, struct error *err)
{
	cleanup_free char *rootfs = NULL;
	const char *flag = create_flag_used(o);

	if (!flag && o->rootfs) {
		rootfs = absolute_rootfs(o, err);
		if (!rootfs)
			return -1;
		if (!c->config->rootfs || strcmp(rootfs, c->config->rootfs))
			flag = "rootfs";
	}
	if (!flag)
		return 0;
	return error_set(err, ERROR_ID_IN_USE,
			 "container %s lives already, and --%s is for a new "
			 "one: leave it out to join, or name another "
			 "container by --id",
			 c->id, flag);
}

static int join(const struct options *o, struct container *c, int *status,
		struct error *err)
{
	if (refuse_create_flags(o, c, err) == 0)
		return run_joining(o, c, status, err);
	container_free(c);
	return -1;
}

static int run(const struct options *o, int *status, struct error *err)
{
	struct container *c;
	int result = 1;

	for (int i = 0; i < TRIES && result == 1; i++) {
		result = container_find_living(o, &c, err);
		if (result == 1)
			result = join(o, c, status, err);
		else if (result == 0)
			result = run_new(o, status, err);
	}
	return result == 0 ? 0 : -1;
}

int nsinit_exec(void *nsinit, const struct subcommand *self, int argc,
		char **argv, struct error *err)
{
	struct options o;
	int status = 0;
	int result = options_read(nsinit, self, argc, argv, &o, err);

	if (result == 0)
		result = run(&o, &status, err);
	if (result < 0)
		error_name_flags(err, &o.line);
	return options_end(&o, result, status, err);
}
