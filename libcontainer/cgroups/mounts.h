/* mounts.h  [outside]  which hierarchies are mounted, and where */
#ifndef LIBCONTAINER_CGROUPS_MOUNTS_H
#define LIBCONTAINER_CGROUPS_MOUNTS_H

#include "libcontainer/cgroups/manager.h"

#include <stdbool.h>
#include <stddef.h>

/* One mounted hierarchy. */
struct cgroup_mount {
	char *controllers; /* "memory", "cpu,cpuacct", "name=systemd"; v2 "" */
	char *root;	   /* which of its cgroups is mounted, often "/"     */
	char *point;	   /* where                                          */
};

/* v1: all hierarchies. v2: the only one. Nothing mounted: len 0. */
struct cgroup_mounts {
	bool unified; /* v2                                             */
	bool plain;   /* a directory of plain files, of no kernel       */
	struct cgroup_mount beside; /* hybrid: v2 beside v1's; else all NULL */
	struct cgroup_mount list[CGROUP_PATHS_MAX];
	size_t len;
	/* Those that we may not look at. */
	struct cgroup_left_out left_out[CGROUP_PATHS_MAX];
	size_t left_out_len;
};

/* cgroup_mounts_parse - the hierarchies in the text of a mountinfo file
 * (proc(5)); cgroup_mounts_free releases them. */
void cgroup_mounts_parse(const char *mountinfo, struct cgroup_mounts *mounts);

/* cgroup_mounts_read - the hierarchies that this process can see, or those
 * below mount_root when it is given. */
int cgroup_mounts_read(const char *mount_root, struct cgroup_mounts *mounts,
		       struct error *err);
void cgroup_mounts_free(struct cgroup_mounts *mounts);

/* cgroup_list_has - is name one of the comma-separated controllers? */
bool cgroup_list_has(const char *controllers, const char *name);

/* next_word - the word that list begins with is *len long; returns what comes
 * after it and its separator. */
const char *next_word(const char *list, size_t *len, char separator);

#endif
