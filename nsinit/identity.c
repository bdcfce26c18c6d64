/*
 * identity.c  [outside]  which container
 *
 * In June 2014 a container was a folder: the one with its container.json. In
 * 2015 it was an id below a root. Both hold here: a folder without --id has an
 * id made of its name, to be read by people, and of its device and inode, so
 * that two folders of one name do not meet and "nsinit stats" in the same
 * folder finds its own. Where its state lives: libcontainer/state_root.c.
 */
#include "nsinit/nsinit.h"

#include "libcontainer/state_root.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ID_NAME_MAX = 100 /* with "-" and 8 digits below an id's 128 */ };

/* FNV-1a, 32 bit. */
static uint32_t hash(const void *data, size_t len)
{
	const unsigned char *byte = data;
	uint32_t h = 2166136261u;

	while (len--)
		h = (h ^ *byte++) * 16777619u;
	return h;
}

static char *id_of_folder(const char *folder, const struct stat *st)
{
	const uint64_t place[2] = { st->st_dev, st->st_ino };
	const char *slash = strrchr(folder, '/');
	cleanup_free char *name =
		xstrndup(slash ? slash + 1 : folder, ID_NAME_MAX);

	for (char *c = name; *c; c++) {
		bool plain = (*c >= 'a' && *c <= 'z') ||
			     (*c >= 'A' && *c <= 'Z') ||
			     (*c >= '0' && *c <= '9') || *c == '_' || *c == '+';

		if (!plain && (c == name || (*c != '.' && *c != '-')))
			*c = '_';
	}
	return xasprintf("%s-%08x", *name ? name : "root",
			 hash(place, sizeof(place)));
}

static int choose_id(struct options *o, struct error *err)
{
	const char *data_path = getenv("data_path");
	struct stat st;

	o->data_dir_named = data_path && *data_path;
	if (!o->data_dir_named)
		data_path = ".";
	o->data_dir = realpath(data_path, NULL);
	if (!o->data_dir || stat(o->data_dir, &st) < 0)
		return error_errno(err, "find the folder %s", data_path);
	if (!S_ISDIR(st.st_mode))
		return error_set(err, ERROR_CONFIG_INVALID,
				 "data_path: %s is no folder", data_path);
	if (o->id_flag)
		o->id = xstrdup(o->id_flag);
	else if (o->config_file || o->rootfs ||
		 flags_used(create_flags, &o->line))
		o->id = xstrdup("nsinit");
	else
		o->id = id_of_folder(o->data_dir, &st);
	return 0;
}

/* The lock is held as long as a start is, and a person may hold that. */
static void say_waiting(const char *id)
{
	fprintf(stderr,
		"nsinit: container %s is being started by somebody (held by "
		"--step, --break or --stop?); waiting ...\n",
		id);
}

static void say_warning(const char *text)
{
	fprintf(stderr, "nsinit: %s\n", text);
}

int identity_choose(const struct nsinit *nsinit, struct options *o,
		    struct error *err)
{
	if (choose_id(o, err) < 0)
		return -1;
	o->root = state_root("nsinit", nsinit->root, err);
	if (!o->root)
		return -1;
	o->factory = (struct factory){
		.root = o->root,
		.init_name = "native",
		.plain_init = nsinit->plain_init,
		.note = nsinit->note,
		.warn = say_warning,
		.stays = true,
		.waiting = say_waiting,
	};
	return 0;
}
