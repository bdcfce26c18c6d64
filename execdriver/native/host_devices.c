/* host_devices.c  [outside]  the device nodes in the host's /dev */
#include "execdriver/native/native.h"

#include "libcontainer/config_edit.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

/* Those that the container has of its own. */
static bool is_left_out(const char *name)
{
	static const char *const names[] = { ".",	"..",	"pts",
					     "shm",	"fd",	"mqueue",
					     "console", "ptmx", "hugepages" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static void add_node(struct config *config, const char *path,
		     const struct stat *st)
{
	config->devices =
		xreallocarray(config->devices, config->devices_len + 1,
			      sizeof(*config->devices));
	config->devices[config->devices_len++] = (struct device){
		.type = S_ISCHR(st->st_mode) ? 'c' : 'b',
		.path = xstrdup(path),
		.major = major(st->st_rdev),
		.minor = minor(st->st_rdev),
		.permissions = xstrdup("rwm"),
		.file_mode = st->st_mode & 07777,
		.uid = st->st_uid,
		.gid = st->st_gid,
	};
}

static int add_folder(struct config *config, const char *folder,
		      struct error *err)
{
	cleanup_closedir DIR *dir = opendir(folder);
	struct dirent *entry;

	if (!dir)
		return error_errno(err, "read the folder %s", folder);
	while ((entry = readdir(dir))) {
		cleanup_free char *path =
			xasprintf("%s/%s", folder, entry->d_name);
		struct stat st;

		/* Nodes come and go; links are none. */
		if (is_left_out(entry->d_name) || lstat(path, &st) < 0)
			continue;
		if (S_ISDIR(st.st_mode)) {
			if (add_folder(config, path, err) < 0)
				return -1;
		} else if (S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode)) {
			add_node(config, path, &st);
		}
	}
	return 0;
}

int native_host_devices(struct config *config, struct error *err)
{
	config_forget(config, "devices");
	return add_folder(config, "/dev", err);
}
