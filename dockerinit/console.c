/*
 * console.c  [inside]  a terminal of the container's own
 *
 * A pty has two ends. The slave is what the user's program has as stdio; the
 * master is what nsinit, outside, copies to and from the real terminal. Were
 * the pair made outside, the slave would belong to the host's devpts and have
 * no name in here: tty(1) would say "not a tty". So it is made inside, and the
 * master travels out through the pipe as a descriptor (SCM_RIGHTS).
 *
 * Neither end is ever found by name: /dev/ptmx is opened in the rootfs and must
 * be character device 5:2, and the slave is asked from the master itself
 * (TIOCGPTPEER), since /dev/pts/N could be swapped (CVE-2025-52565). Nor is
 * /dev/console followed when it is a link.
 *
 * The process leads a session since 4b; the first terminal that such a leader
 * takes becomes its controlling terminal, and with it come job control,
 * Ctrl-C and SIGWINCH. Sources: pty(7), ioctl_tty(2), tty(4).
 */
#include "dockerinit/console.h"

#include "dockerinit/mount.h"
#include "dockerinit/rootfs.h"

#include "libcontainer/system/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#ifndef TIOCGPTPEER
#define TIOCGPTPEER _IO('T', 0x41)
#endif

static int open_master(const struct init *init, struct error *err)
{
	cleanup_close int fd =
		rootfs_open(init->rootfs_fd, "/dev/ptmx", O_RDWR, true);
	struct stat st;
	int unlock = 0;

	if (fd < 0)
		return error_errno(err, "console: open /dev/ptmx");
	if (fstat(fd, &st) < 0)
		return error_errno(err, "console: look at /dev/ptmx");
	if (!S_ISCHR(st.st_mode) || st.st_rdev != makedev(5, 2))
		return error_set(err, ERROR_SYSTEM,
				 "console: /dev/ptmx is not the ptmx device");
	if (ioctl(fd, TIOCSPTLCK, &unlock) < 0)
		return error_errno(err, "console: unlock the pty");
	return steal_fd(&fd);
}

static int open_slave(int master, struct error *err)
{
	int fd = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return error_errno(err, "console: open the pty's other end");
	return fd;
}

static int set_size(const struct init_config *config, int master,
		    struct error *err)
{
	struct winsize size = { .ws_row = config->console_rows,
				.ws_col = config->console_columns };

	if (size.ws_row == 0 && size.ws_col == 0)
		return 0;
	if (ioctl(master, TIOCSWINSZ, &size) < 0)
		return error_errno(err, "console: set the window size");
	return 0;
}

static int bind_on_dev_console(const struct init *init, int slave,
			       struct error *err)
{
	cleanup_close int dev_fd = -1, fd = -1;

	dev_fd = rootfs_create(init->rootfs_fd, "/dev", S_IFDIR, true, err);
	if (dev_fd < 0)
		return -1;
	fd = openat(dev_fd, "console",
		    O_RDONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0 && errno == EEXIST)
		fd = rootfs_open(dev_fd, "console", O_PATH, false);
	if (fd < 0)
		return error_errno(err, "console: create /dev/console");
	if (mount_bind(init, slave, fd, 0) < 0)
		return error_errno(err, "console: bind on /dev/console");
	return 0;
}

static int send_master(struct init *init, int master, struct error *err)
{
	struct message message = { .type = MSG_CONSOLE, .fd = master };

	return syncpipe_send(&init->pipe, &message, err);
}

static int become_terminal(int slave, struct error *err)
{
	if (ioctl(slave, TIOCSCTTY, 0) < 0)
		return error_errno(err, "console: make it the controlling "
					"terminal");
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (dup2(slave, fd) < 0)
			return error_errno(err, "console: make it fd %d", fd);
	return 0;
}

int console_open(struct init *init, struct error *err)
{
	cleanup_close int master = -1, slave = -1;

	master = open_master(init, err);
	if (master < 0)
		return -1;
	slave = open_slave(master, err);
	if (slave < 0)
		return -1;
	if (set_size(init->config, master, err) < 0)
		return -1;
	if (init->type == INIT_STANDARD &&
	    config_makes_namespace(init->config->config, CLONE_NEWNS) &&
	    bind_on_dev_console(init, slave, err) < 0)
		return -1;
	if (send_master(init, master, err) < 0)
		return -1;
	return become_terminal(slave, err);
}
