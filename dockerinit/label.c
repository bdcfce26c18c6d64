/*
 * label.c  [inside]  AppArmor profile and SELinux label
 *
 * Both modules let a process choose what it becomes at its next execve, by
 * writing to its own /proc/self/attr/exec: AppArmor wants the word "exec" and
 * the profile's name, SELinux the label alone. A file that only looks like
 * that one would leave the container unconfined (CVE-2019-16884), so it is
 * opened through a /proc that is known to be the host's.
 *
 * A kernel without the module ignores the wish, as Docker does, and a note
 * says so. With it, a profile that is not loaded is an error; and so is a
 * kernel that cannot be asked whether it has it.
 * Sources: aa_change_onexec(2), setexeccon(3), apparmor(7).
 */
#include "dockerinit/label.h"

#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { ATTR_LIMIT = 4096, FILESYSTEMS_LIMIT = 65536, FD_LINK = 24 };

static bool is_set(const char *s)
{
	return s && *s;
}

/* What a file below self/attr says, the caller's. Nobody speaks, and *text is
 * NULL, when it is not there or no module answers (EINVAL). */
static int read_attr(int proc_fd, const char *name, char **text,
		     struct error *err)
{
	struct error why = { 0 };

	*text = NULL;
	if (file_readat(proc_fd, name, ATTR_LIMIT, text, &why) == 0) {
		(*text)[strcspn(*text, "\n")] = '\0';
		return 0;
	}
	if (why.errnum == ENOENT || why.errnum == EINVAL)
		return 0;
	if (err)
		*err = why;
	return -1;
}

/* SELinux registers its file system when it starts; as long as it has no
 * policy it calls everybody "kernel". */
static int look_for_selinux(struct init *init, struct error *err)
{
	cleanup_free char *text = NULL, *current = NULL;

	if (file_readat(init->proc_fd, "filesystems", FILESYSTEMS_LIMIT, &text,
			err) < 0)
		return -1;
	if (!strstr(text, "\tselinuxfs\n"))
		return 0;
	if (read_attr(init->proc_fd, "self/attr/current", &current, err) < 0)
		return -1;
	init->selinux_runs = !current || strcmp(current, "kernel") != 0;
	return 0;
}

/* "unconfined" or "name (enforce)", where SELinux would say "user:role:..." */
static bool is_profile(const char *current)
{
	size_t len = strlen(current);

	return strcmp(current, "unconfined") == 0 ||
	       (len > 0 && current[len - 1] == ')');
}

/*
 * Where AppArmor takes the profile: it has had a directory of its own since
 * Linux 5.8, and answers there only when it is enabled; before it shared the
 * file with the others. NULL: it does not run.
 */
static int look_for_apparmor(struct init *init, struct error *err)
{
	cleanup_free char *own = NULL, *shared = NULL;

	if (read_attr(init->proc_fd, "self/attr/apparmor/current", &own, err) <
	    0)
		return -1;
	if (is_set(own))
		init->apparmor_file = "self/attr/apparmor/exec";
	if (is_set(own) ||
	    faccessat(init->proc_fd, "self/attr/apparmor", F_OK, 0) == 0)
		return 0;
	if (errno != ENOENT)
		return error_errno(err, "look for /proc/self/attr/apparmor");
	if (read_attr(init->proc_fd, "self/attr/current", &shared, err) < 0)
		return -1;
	if (shared && is_profile(shared))
		init->apparmor_file = "self/attr/exec";
	return 0;
}

static int open_attr(struct init *init, struct error *err)
{
	const char *profile = init->config->config->apparmor_profile;
	const char *label = init->config->config->process_label;
	const char *name = NULL;

	if (is_set(profile)) {
		name = init->apparmor_file;
		if (name)
			init->attr_text = xasprintf("exec %s", profile);
		else
			init_note(init,
				  "apparmor_profile %s is ignored: AppArmor "
				  "does not run here",
				  profile);
	}
	if (is_set(label) && !init->selinux_runs) {
		init_note(init,
			  "process_label %s is ignored: SELinux does not run "
			  "here",
			  label);
	} else if (is_set(label) && !name) {
		name = "self/attr/exec";
		init->attr_text = xstrdup(label);
	}
	if (!name)
		return 0;
	init->attr_fd = openat(init->proc_fd, name, O_WRONLY | O_CLOEXEC);
	if (init->attr_fd < 0)
		return error_errno(err, "open /proc/%s", name);
	return 0;
}

/* The host's /proc by its name. */
static int open_proc(struct error *err)
{
	cleanup_close int proc_fd =
		open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct statfs fs;

	if (proc_fd < 0 || fstatfs(proc_fd, &fs) < 0)
		return error_errno(err, "open the host's /proc");
	if (fs.f_type != PROC_SUPER_MAGIC)
		return error_set(err, ERROR_SYSTEM,
				 "the host's /proc is no proc file system");
	return steal_fd(&proc_fd);
}

static bool has_label(const struct config *config)
{
	return is_set(config->apparmor_profile) ||
	       is_set(config->process_label);
}

int label_look(struct init *init, struct error *err)
{
	const struct config *config = init->config->config;

	if (!has_label(config) && !is_set(config->mount_label))
		return 0;
	init->proc_fd = open_proc(err);
	if (init->proc_fd < 0 || look_for_selinux(init, err) < 0 ||
	    look_for_apparmor(init, err) < 0)
		return -1;
	return 0;
}

void label_close_proc(struct init *init)
{
	if (init->proc_fd >= 0)
		close(init->proc_fd);
	init->proc_fd = -1;
}

int label_open(struct init *init, struct error *err)
{
	return has_label(init->config->config) ? open_attr(init, err) : 0;
}

int label_write(const struct init *init, struct error *err)
{
	const char *profile;
	size_t len;

	if (init->attr_fd < 0)
		return 0;
	len = strlen(init->attr_text);
	if (write(init->attr_fd, init->attr_text, len) == (ssize_t)len)
		return 0;
	profile = strncmp(init->attr_text, "exec ", 5) == 0
			  ? init->attr_text + 5
			  : NULL;
	if (profile && errno == ENOENT)
		return error_errno(err,
				   "change to the AppArmor profile %s: it is "
				   "not loaded in the kernel",
				   profile);
	return error_errno(err, "change to the %s %s on exec",
			   profile ? "AppArmor profile" : "SELinux label",
			   profile ? profile : init->attr_text);
}

void label_note_mounts(const struct init *init)
{
	const char *label = init->config->config->mount_label;

	if (is_set(label) && !init->selinux_runs)
		init_note(init,
			  "mount_label %s is ignored: SELinux does not run "
			  "here",
			  label);
}

int label_set(const struct init *init, int fd, const char *label)
{
	char link[FD_LINK];

	snprintf(link, sizeof(link), "self/fd/%d", fd);
	if (fchdir(init->proc_fd) < 0)
		return -1;
	return setxattr(link, "security.selinux", label, strlen(label) + 1, 0);
}

int label_file(const struct init *init, int fd, struct error *err)
{
	const char *label = init->config->config->mount_label;

	if (!is_set(label) || !init->selinux_runs)
		return 0;
	if (label_set(init, fd, label) < 0)
		return error_errno(err, "give a mount the label %s", label);
	return 0;
}

char *label_mount_data(const struct init *init, const char *data)
{
	const char *label = init->config->config->mount_label;

	if (!is_set(label) || !init->selinux_runs)
		return xstrdup(data);
	return xasprintf("%s%scontext=\"%s\"", data ? data : "",
			 is_set(data) ? "," : "", label);
}
