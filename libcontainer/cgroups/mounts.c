/*
 * mounts.c  [outside]  which hierarchies are mounted, and where
 *
 * The kernel does not say where cgroups "are": each hierarchy is a file
 * system that somebody mounted somewhere. /proc/self/mountinfo lists them:
 * v1's controllers stand among the mount's own options ("rw,cpu,cpuacct"), v2
 * has one file system of another type. Both at once is the hybrid layout, a
 * v1 system whose v2 tree stands beside: it counts as v1. The v2 tree offers
 * what no v1 hierarchy has taken, often nothing, at times hugetlb.
 * Source: proc(5) mountinfo, cgroups(7).
 */
#include "libcontainer/cgroups/mounts.h"

#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/file.h"

#include <dirent.h>
#include <errno.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

enum { MOUNTINFO_LIMIT = 64 * 1024 * 1024 };

/* What v1 mounts may carry; their other options are no controllers. */
static const char v1_controllers[] =
	"cpu,cpuacct,cpuset,memory,devices,freezer,net_cls,net_prio,blkio,"
	"perf_event,hugetlb,pids,rdma,misc";

const char *next_word(const char *list, size_t *len, char separator)
{
	const char *end = strchrnul(list, separator);

	*len = (size_t)(end - list);
	return *end ? end + 1 : end;
}

static bool list_has(const char *list, const char *name, size_t name_len)
{
	while (*list) {
		const char *word = list;
		size_t len;

		list = next_word(list, &len, ',');
		if (len == name_len && strncmp(word, name, len) == 0)
			return true;
	}
	return false;
}

bool cgroup_list_has(const char *controllers, const char *name)
{
	return list_has(controllers, name, strlen(name));
}

/* mountinfo writes blank, tab, newline and backslash as \ooo. */
static char *unescape(const char *text, size_t len)
{
	char *copy = xstrndup(text, len), *out = copy;

	for (const char *in = copy; *in;) {
		if (in[0] == '\\' && in[1] >= '0' && in[1] <= '3' &&
		    in[2] >= '0' && in[2] <= '7' && in[3] >= '0' &&
		    in[3] <= '7') {
			*out++ = (char)((in[1] - '0') * 64 + (in[2] - '0') * 8 +
					(in[3] - '0'));
			in += 4;
		} else {
			*out++ = *in++;
		}
	}
	*out = '\0';
	return copy;
}

/* "rw,cpu,cpuacct,release_agent=/x" -> "cpu,cpuacct" */
static char *controllers_of(const char *options)
{
	char *found = xstrdup("");

	while (*options) {
		const char *word = options;
		size_t len;
		char *longer;

		options = next_word(options, &len, ',');
		if (strncmp(word, "name=", 5) != 0 &&
		    !list_has(v1_controllers, word, len))
			continue;
		longer = xasprintf("%s%s%.*s", found, *found ? "," : "",
				   (int)len, word);
		free(found);
		found = longer;
	}
	return found;
}

static void mounts_add(struct cgroup_mounts *mounts, char *controllers,
		       char *root, char *point)
{
	bool known = mounts->len == CGROUP_PATHS_MAX;

	for (size_t i = 0; i < mounts->len && !known; i++)
		known = strcmp(mounts->list[i].controllers, controllers) == 0;
	if (known) {
		free(controllers);
		free(root);
		free(point);
		return;
	}
	mounts->list[mounts->len++] = (struct cgroup_mount){
		.controllers = controllers, .root = root, .point = point
	};
}

enum { FIELD_ROOT = 3, FIELD_POINT = 4, FIELDS = 5 };

/* "31 23 0:28 ROOT POINT OPTIONS [TAGS...] - TYPE SOURCE SUPER_OPTIONS" */
static void parse_line(const char *line, bool unified,
		       struct cgroup_mounts *mounts)
{
	const char *field[FIELDS], *tail = strstr(line, " - ");
	size_t len[FIELDS];
	cleanup_free char *root = NULL;
	char *controllers;

	if (!tail || strncmp(tail + 3, unified ? "cgroup2 " : "cgroup ",
			     unified ? 8 : 7) != 0)
		return;
	for (int i = 0; i < FIELDS; i++) {
		field[i] = line;
		line = next_word(line, &len[i], ' ');
	}
	root = unescape(field[FIELD_ROOT], len[FIELD_ROOT]);
	/* mounted outside of our cgroup namespace: no name leads there */
	if (strncmp(root, "/..", 3) == 0)
		return;
	controllers =
		unified ? xstrdup("") : controllers_of(strrchr(tail, ' ') + 1);
	if (!unified && !*controllers) {
		free(controllers);
		return;
	}
	mounts_add(mounts, controllers, steal_ptr(&root),
		   unescape(field[FIELD_POINT], len[FIELD_POINT]));
}

static void parse_kind(const char *text, bool unified,
		       struct cgroup_mounts *mounts)
{
	while (*text) {
		cleanup_free char *line = NULL;
		size_t len;
		const char *start = text;

		text = next_word(text, &len, '\n');
		line = xstrndup(start, len);
		parse_line(line, unified, mounts);
	}
}

void cgroup_mounts_parse(const char *mountinfo, struct cgroup_mounts *mounts)
{
	struct cgroup_mounts second = { 0 };

	memset(mounts, 0, sizeof(*mounts));
	parse_kind(mountinfo, false, mounts);
	parse_kind(mountinfo, true, &second);
	if (mounts->len > 0) {
		mounts->beside = second.list[0];
		return;
	}
	*mounts = second;
	mounts->unified = mounts->len > 0;
}

static void mount_free(struct cgroup_mount *mount)
{
	free(mount->controllers);
	free(mount->root);
	free(mount->point);
	*mount = (struct cgroup_mount){ 0 };
}

static bool is_type(const char *path, long magic)
{
	struct statfs fs;

	return statfs(path, &fs) == 0 && fs.f_type == magic;
}

/*
 * Is the hierarchy of that mount what its path leads to? It may lie hidden
 * under a later mount, which may lack the path. Returns 1, 0, or -1: the kernel
 * does not tell. Where we may not look, it is left out, and we say why.
 */
static int is_seen(struct cgroup_mounts *mounts, struct cgroup_mount *mount,
		   long magic, struct error *err)
{
	struct statfs fs;

	if (statfs(mount->point, &fs) == 0)
		return fs.f_type == magic;
	if (errno == ENOENT || errno == ENOTDIR)
		return 0;
	error_errno(err, "look at the file system of %s", mount->point);
	if (errno != EACCES || mounts->left_out_len == CGROUP_PATHS_MAX)
		return -1;
	mounts->left_out[mounts->left_out_len++] = (struct cgroup_left_out){
		.controller = xstrdup(mount->controllers),
		.why = xstrdup(err->message),
	};
	return 0;
}

/* The root of v2, or what a test makes to look like one. */
static bool is_v2_root(const char *dir)
{
	cleanup_free char *mark = xasprintf("%s/cgroup.controllers", dir);

	return is_type(dir, CGROUP2_SUPER_MAGIC) || file_exists(mark);
}

/* A directory given by the caller: each folder is a v1 hierarchy, or the v2
 * tree beside them, unless it is a v2 root itself. */
static int mounts_below(const char *dir, struct cgroup_mounts *mounts,
			struct error *err)
{
	cleanup_closedir DIR *stream = NULL;
	struct dirent *entry;

	memset(mounts, 0, sizeof(*mounts));
	mounts->unified = is_v2_root(dir);
	if (mounts->unified) {
		mounts->plain = !is_type(dir, CGROUP2_SUPER_MAGIC);
		mounts_add(mounts, xstrdup(""), xstrdup("/"), xstrdup(dir));
		return 0;
	}
	stream = opendir(dir);
	if (!stream)
		return error_errno(err, "open %s", dir);
	while ((entry = readdir(stream))) {
		cleanup_free char *path =
			xasprintf("%s/%s", dir, entry->d_name);
		bool systemd = strcmp(entry->d_name, "systemd") == 0;
		struct stat st;

		if (entry->d_name[0] == '.' || lstat(path, &st) < 0 ||
		    !S_ISDIR(st.st_mode))
			continue;
		if (is_v2_root(path)) {
			mount_free(&mounts->beside);
			mounts->beside = (struct cgroup_mount){
				.controllers = xstrdup(""),
				.root = xstrdup("/"),
				.point = steal_ptr(&path)
			};
			continue;
		}
		mounts->plain = !is_type(path, CGROUP_SUPER_MAGIC);
		mounts_add(mounts,
			   xstrdup(systemd ? "name=systemd" : entry->d_name),
			   xstrdup("/"), steal_ptr(&path));
	}
	return 0;
}

void cgroup_mounts_free(struct cgroup_mounts *mounts)
{
	for (size_t i = 0; i < mounts->len; i++)
		mount_free(&mounts->list[i]);
	mount_free(&mounts->beside);
	for (size_t i = 0; i < mounts->left_out_len; i++) {
		free(mounts->left_out[i].controller);
		free(mounts->left_out[i].why);
	}
	mounts->len = mounts->left_out_len = 0;
}

/* Keep those mounts that are to be seen. */
static int keep_seen(struct cgroup_mounts *mounts, struct error *err)
{
	long magic = mounts->unified ? CGROUP2_SUPER_MAGIC : CGROUP_SUPER_MAGIC;
	size_t kept = 0, i;
	int seen = 0;

	for (i = 0; i < mounts->len; i++) {
		seen = is_seen(mounts, &mounts->list[i], magic, err);
		if (seen < 0)
			break;
		if (seen)
			mounts->list[kept++] = mounts->list[i];
		else
			mount_free(&mounts->list[i]);
	}
	/* of a failure the rest stays, to be released */
	for (; i < mounts->len; i++)
		mounts->list[kept++] = mounts->list[i];
	mounts->len = kept;
	if (seen < 0 || !mounts->beside.point)
		return seen < 0 ? -1 : 0;
	seen = is_seen(mounts, &mounts->beside, CGROUP2_SUPER_MAGIC, err);
	if (seen == 0)
		mount_free(&mounts->beside);
	return seen < 0 ? -1 : 0;
}

int cgroup_mounts_read(const char *mount_root, struct cgroup_mounts *mounts,
		       struct error *err)
{
	cleanup_free char *text = NULL;
	struct error why = { 0 };

	if (mount_root)
		return mounts_below(mount_root, mounts, err);
	if (file_read("/proc/self/mountinfo", MOUNTINFO_LIMIT, &text, NULL,
		      err) < 0)
		return -1;
	cgroup_mounts_parse(text, mounts);
	if (keep_seen(mounts, &why) == 0)
		return 0;
	if (err)
		*err = why;
	cgroup_mounts_free(mounts);
	return -1;
}
