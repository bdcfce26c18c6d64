/*
 * relabel.c  [inside]  SELinux labels for what a bind mount brings in
 *
 * Under SELinux a container may only touch files that have its label; a folder
 * of the host has another one. "Z" in a bind's relabel gives it the
 * container's (and takes it from all others), "z" the same without its
 * categories, for several containers. It changes the host's files for good, so
 * the folders that the host itself lives by are refused.
 * Source: libcontainer's "relabel", semanage-fcontext(8).
 */
#include "dockerinit/relabel.h"

#include "dockerinit/label.h"

#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DEPTH_MAX = 128 };

char *relabel_shared(const char *label)
{
	const char *level = label;

	for (int i = 0; i < 3 && level; i++) {
		level = strchr(level, ':');
		level = level ? level + 1 : NULL;
	}
	if (!level)
		return xstrdup(label);
	return xasprintf("%.*ss0", (int)(level - label), label);
}

/* The host's own folders; asked of the descriptor, not of the config. */
static int refuse_host(const struct init *init, const struct mount *m, int fd,
		       struct error *err)
{
	static const char *const refused[] = { "/", "/usr", "/etc" };
	char link[24], path[PATH_MAX];
	ssize_t n;

	snprintf(link, sizeof(link), "self/fd/%d", fd);
	n = readlinkat(init->proc_fd, link, path, sizeof(path) - 1);
	if (n < 0)
		return error_errno(err, "find the path of %s", m->source);
	path[n] = '\0';
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++)
		if (strcmp(path, refused[i]) == 0)
			return error_set(err, ERROR_CONFIG_INVALID,
					 "relabel %s: this would be the host's "
					 "own %s",
					 m->source, path);
	return 0;
}

static int relabel_tree(const struct init *init, int fd, const char *label,
			int depth, struct error *err);

static int relabel_below(const struct init *init, int dir_fd, const char *label,
			 int depth, struct error *err)
{
	int fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cleanup_closedir DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!dir || depth > DEPTH_MAX) {
		errno = dir ? ELOOP : errno;
		return error_errno(err, "read a folder");
	}
	for (errno = 0; (entry = readdir(dir)); errno = 0) {
		cleanup_close int below = -1;

		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		below = openat(dir_fd, entry->d_name,
			       O_PATH | O_NOFOLLOW | O_CLOEXEC);
		if (below < 0 && errno == ENOENT) /* it is in use, after all */
			continue;
		if (below < 0)
			return error_errno(err, "open %s", entry->d_name);
		if (relabel_tree(init, below, label, depth, err) < 0)
			return error_wrap(err, "%s", entry->d_name);
	}
	return errno ? error_errno(err, "read a folder") : 0;
}

static int relabel_tree(const struct init *init, int fd, const char *label,
			int depth, struct error *err)
{
	struct stat st;

	if (label_set(init, fd, label) < 0) {
		if (errno != ENOTSUP)
			return error_errno(err, "set the label %s", label);
		init_note(init, "relabel: a file system keeps no labels");
		return 0;
	}
	if (fstat(fd, &st) < 0)
		return error_errno(err, "stat");
	if (!S_ISDIR(st.st_mode))
		return 0;
	return relabel_below(init, fd, label, depth + 1, err);
}

int relabel(const struct init *init, const struct mount *m, int source_fd,
	    struct error *err)
{
	const char *label = init->config->config->mount_label;
	cleanup_free char *shared = NULL;

	if (!m->relabel || !*m->relabel)
		return 0;
	if (!label || !*label || !init->selinux_runs) {
		init_note(init, "relabel of %s is ignored: %s", m->source,
			  label && *label ? "SELinux does not run here"
					  : "there is no mount_label");
		return 0;
	}
	if (refuse_host(init, m, source_fd, err) < 0)
		return -1;
	if (strcmp(m->relabel, "z") == 0)
		label = shared = relabel_shared(label);
	if (relabel_tree(init, source_fd, label, 0, err) < 0)
		return error_wrap(err, "relabel %s", m->source);
	return 0;
}
