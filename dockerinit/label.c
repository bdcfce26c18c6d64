/*
 * label.c  [inside]  AppArmor profile and SELinux label
 *
 * Both modules let a process choose what it becomes at its next execve, by
 * writing to its own /proc/self/attr/exec: AppArmor wants the word "exec" and
 * the profile's name, SELinux the label alone. A file that only looks like
 * that one would leave the container unconfined (CVE-2019-16884), so it is
 * opened through a /proc that is known to be the host's.
 *
 * A kernel without the module ignores the wish, as Docker does.
 * Sources: aa_change_onexec(2), setexeccon(3).
 */
#include "dockerinit/label.h"

#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/file.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

static bool is_set(const char *s)
{
	return s && *s;
}

/* AppArmor answers in its own directory only when it is enabled. */
static bool apparmor_runs(int proc_fd)
{
	cleanup_close int fd = openat(proc_fd, "self/attr/apparmor/current",
				      O_RDONLY | O_CLOEXEC);
	char byte;

	return fd >= 0 && read(fd, &byte, 1) == 1;
}

/* SELinux registers its file system when it starts. */
static bool selinux_runs(int proc_fd)
{
	cleanup_free char *text = NULL;

	return file_readat(proc_fd, "filesystems", 65536, &text, NULL) == 0 &&
	       strstr(text, "\tselinuxfs\n");
}

static int open_attr(struct init *init, int proc_fd, struct error *err)
{
	const struct config *config = init->config->config;
	const char *name = NULL;

	if (is_set(config->apparmor_profile) && apparmor_runs(proc_fd)) {
		name = "self/attr/apparmor/exec";
		init->attr_text =
			xasprintf("exec %s", config->apparmor_profile);
	} else if (is_set(config->process_label) && selinux_runs(proc_fd)) {
		name = "self/attr/exec";
		init->attr_text = xstrdup(config->process_label);
	}
	if (!name)
		return 0;
	init->attr_fd = openat(proc_fd, name, O_WRONLY | O_CLOEXEC);
	if (init->attr_fd < 0)
		return error_errno(err, "open /proc/%s", name);
	return 0;
}

int label_open(struct init *init, struct error *err)
{
	const struct config *config = init->config->config;
	cleanup_close int proc_fd = -1;
	struct statfs fs;

	if (!is_set(config->apparmor_profile) && !is_set(config->process_label))
		return 0;
	if (init->proc_fd >= 0)
		return open_attr(init, init->proc_fd, err);
	proc_fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (proc_fd < 0 || fstatfs(proc_fd, &fs) < 0)
		return error_errno(err, "open the host's /proc");
	if (fs.f_type != PROC_SUPER_MAGIC)
		return error_set(err, ERROR_SYSTEM,
				 "the host's /proc is no proc file system");
	return open_attr(init, proc_fd, err);
}

int label_write(const struct init *init, struct error *err)
{
	size_t len;

	if (init->attr_fd < 0)
		return 0;
	len = strlen(init->attr_text);
	if (write(init->attr_fd, init->attr_text, len) != (ssize_t)len)
		return error_errno(err, "change to \"%s\" on exec",
				   init->attr_text);
	return 0;
}

char *label_mount_data(const struct init *init, const char *data)
{
	const char *label = init->config->config->mount_label;

	if (!is_set(label) || !selinux_runs(init->proc_fd))
		return xstrdup(data);
	return xasprintf("%s%scontext=\"%s\"", data ? data : "",
			 is_set(data) ? "," : "", label);
}
