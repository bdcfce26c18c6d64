/*
 * config_choose.c  [outside]  where a new container's config comes from
 *
 * Three generations, the first that is there: --config FILE (2015), a
 * container.json in $data_path or the current folder (June 2014, when the
 * file had no rootfs and the current folder was it), the built-in template.
 * The first is trusted, the second by config_found.c's rules: that is settled
 * before the caller's own flags change it.
 */
#include "nsinit/nsinit.h"

#include "libcontainer/config_edit.h"
#include "libcontainer/configs/defaults.h"
#include "libcontainer/rootless.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <limits.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#ifndef MQUEUE_MAGIC
#define MQUEUE_MAGIC 0x19800202
#endif

/* path without "//", "." and "..", by its letters alone; in place. */
static void clean_path(char *path)
{
	char *to = path;

	for (const char *part = path; *part;) {
		size_t len;

		part += strspn(part, "/");
		len = strcspn(part, "/");
		if (len == 2 && strncmp(part, "..", 2) == 0) {
			while (to > path && *--to != '/')
				;
		} else if (len > 0 && !(len == 1 && *part == '.')) {
			*to++ = '/';
			memmove(to, part, len);
			to += len;
		}
		part += len;
	}
	if (to == path)
		*to++ = '/';
	*to = '\0';
}

/* A config's rootfs is absolute, and no link leads to it. */
char *absolute_rootfs(const struct options *o, struct error *err)
{
	cleanup_free char *clean = NULL, *here = NULL, *real = NULL;
	char *path;

	if (o->rootfs && o->rootfs[0] == '/') {
		path = xstrdup(o->rootfs);
	} else if (!(here = getcwd(NULL, 0))) {
		error_errno(err, "find the current directory");
		return NULL;
	} else if (o->rootfs) {
		path = xasprintf("%s/%s", here, o->rootfs);
	} else {
		path = xstrdup(here);
	}
	/* "a/link/.." is not a: only where the kernel agrees. */
	clean = xstrdup(path);
	clean_path(clean);
	real = realpath(path, NULL);
	if (!real || strcmp(real, clean) == 0) {
		free(path);
		return steal_ptr(&clean);
	}
	return path;
}

/* "--mnt host", "--mnt PATH": the template has then nothing of its own to
 * mount or hide. (What a file asks for besides, config_validate refuses.) */
static bool shares_mounts(const struct options *o)
{
	const char *value = "";

	for (size_t i = 0; i < o->line.uses_len; i++)
		if (strcmp(o->line.uses[i].flag->name, "mnt") == 0)
			value = o->line.uses[i].value;
	return strcmp(value, "host") == 0 || *value == '/';
}

static struct config *template(const struct options *o, const char *rootfs)
{
	struct config *config =
		config_default(rootfs, "nsinit", "nsinit", o->id);

	if (!shares_mounts(o))
		return config;
	config_forget(config, "mounts");
	config_forget(config, "devices");
	config_forget(config, "mask_paths");
	config_forget(config, "readonly_paths");
	if (!o->rootfs) {
		free(config->rootfs);
		config->rootfs = xstrdup("/");
	}
	return config;
}

/* A user namespace may show the message queues of its own ipc namespace, or
 * what the host has mounted of its own. */
static void forget_mqueue(struct config *config)
{
	struct statfs fs;

	if (!config_namespace(config, CLONE_NEWUSER) ||
	    config_makes_namespace(config, CLONE_NEWIPC))
		return;
	if (config_namespace(config, CLONE_NEWIPC) ||
	    statfs("/dev/mqueue", &fs) < 0 || fs.f_type != MQUEUE_MAGIC)
		config_forget_mounts(config, "mqueue");
}

/* Where we stand does not move, but the path to it may lead elsewhere soon. */
static int remember_folder(const struct options *o, struct config *config,
			   struct error *err)
{
	struct stat here = { 0 };

	if (!o->rootfs && stat(".", &here) < 0)
		return error_errno(err, "look at the current directory");
	config->rootfs_device = here.st_dev;
	config->rootfs_inode = here.st_ino;
	return 0;
}

static int load(const struct options *o, struct config **out, bool *is_template,
		struct error *err)
{
	cleanup_free char *rootfs = NULL;
	int given = 1;

	if (!o->config_file)
		given = config_found(o, out, err);
	else if (config_load_file(o->config_file, out, err) < 0)
		given = -1;
	if (given < 0)
		return -1;
	*is_template = !given;
	if (given && (*out)->rootfs && !o->rootfs)
		return 0;
	rootfs = absolute_rootfs(o, err);
	if (!rootfs)
		return -1;
	if (*is_template) {
		*out = template(o, rootfs);
	} else {
		free((*out)->rootfs);
		(*out)->rootfs = steal_ptr(&rootfs);
	}
	return remember_folder(o, *out, err);
}

/* A file that says nothing of its place has the template's. A container
 * "nsinit" beside the folder "nsinit" of all others would be their parent, and
 * take them along when it ends. */
static void choose_cgroup(struct cgroup *cgroup, const char *id)
{
	if (cgroup->name || cgroup->path)
		return;
	cgroup->name = xstrdup(id);
	if (!cgroup->parent)
		cgroup->parent = xstrdup("nsinit");
}

int config_choose(const struct options *o, struct config **out,
		  bool *is_template, struct error *err)
{
	struct config *config = NULL;
	bool built_in;

	if (load(o, &config, &built_in, err) < 0 ||
	    flags_apply(create_flags, &o->line, config, err) < 0 ||
	    rootless_adapt(config, o->factory.note, err) < 0) {
		config_free(config);
		return -1;
	}
	if (built_in)
		forget_mqueue(config);
	choose_cgroup(&config->cgroups, o->id);
	if (is_template)
		*is_template = built_in;
	*out = config;
	return 0;
}
