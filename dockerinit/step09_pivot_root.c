/*
 * step09_pivot_root.c  [inside]  step 9: the old root goes away
 *
 * The rootfs is complete, but the process still lives in the host's tree.
 * pivot_root makes the mount at the rootfs the root of this mount namespace
 * and puts the old root somewhere below it, where it can be unmounted. After
 * that no path leads to the host's files: not a hidden one, as with chroot,
 * but none.
 *
 * pivot_root is refused where / is the initial ramfs. no_pivot_root is for
 * that: the mount is moved onto / and chroot makes it the process's root.
 *
 * From here on no path of the host works any more.
 *
 * 9b: the console, which must be made from the container's devpts. Read-only
 * comes last, for /dev/console may have to be created before.
 * Sources: pivot_root(2), the kernel's ramfs-rootfs-initramfs.rst.
 */
#include "dockerinit/console.h"
#include "dockerinit/inside.h"
#include "dockerinit/mount.h"
#include "dockerinit/mounted.h"

#include "libcontainer/system/cleanup.h"
#include "libcontainer/system/linux.h"

#include <fcntl.h>
#include <sched.h>
//@lab 5
//@stub
//| #include <stdio.h>
//@end
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

//@lab 5
/* Where the host's mounts are still our peers, taking ours away would take
 * theirs: they become slaves first. */
static int let_go(int old_root, struct error *err)
{
	if (fchdir(old_root) < 0 ||
	    mount(NULL, ".", NULL, MS_SLAVE | MS_REC, NULL) < 0)
		return error_errno(err, "make the old root a slave mount");
	return 0;
}

//> step-09
/* With "." for both, the old root ends up on top of the new one, at the same
 * place, and one unmount reveals what is beneath. It is lazy, since our
 * descriptor of /proc still is in there. */
static int pivot(const struct config *config, struct error *err)
{
	cleanup_close int old_root =
		open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (old_root < 0)
		return error_errno(err, "open the old root");
	if (sys_pivot_root(".", ".") < 0)
		return error_errno(err, "pivot_root into the rootfs");
	if ((config->root_propagation & MS_SHARED) && let_go(old_root, err) < 0)
		return -1;
	if (umount2(".", MNT_DETACH) < 0)
		return error_errno(err, "unmount the old root");
	return 0;
}
//< step-09

static int move(struct error *err)
{
	if (mount(".", "/", NULL, MS_MOVE, NULL) < 0)
		return error_errno(err, "move the rootfs onto /");
	if (chroot(".") < 0)
		return error_errno(err, "chroot into the rootfs");
	return 0;
}

//> step-09-chdir
static int change_root(const struct init *init, struct error *err)
{
	const struct config *config = init->config->config;

	if (fchdir(init->rootfs_fd) < 0)
		return error_errno(err, "enter the rootfs");
	if (config->no_pivot_root ? move(err) < 0 : pivot(config, err) < 0)
		return -1;
	if (chdir("/") < 0)
		return error_errno(err, "enter the new root");
	return 0;
}
//< step-09-chdir
//@stub
//| /*
//|  * LAB 5. Make the mount at init->rootfs_fd the root of this mount
//|  * namespace, let go of the old root, and end in the new /.
//|  *
//|  *	config->no_pivot_root	pivot_root is refused on this machine;
//|  *				MS_MOVE and chroot(2) do it there
//|  *	config->root_propagation & MS_SHARED
//|  *				what is unmounted below the old root is
//|  *				unmounted on the host, too, unless ...
//|  *
//|  * What the kernel refuses is an error: return error_errno(err, ...);
//|  */
//| static int change_root(const struct init *init, struct error *err)
//| {
//| 	(void)init;
//| 	(void)err;
//| 	dprintf(STDERR_FILENO, "TODO lab 5: pivot_root is yours to write "
//| 			       "(the step is skipped)\n");
//| 	return 0;
//| }
//@end

/* The tmpfs mounts that step 8 left writable, then the root. */
static int set_readonly(const struct init *init, struct error *err)
{
	const struct config *config = init->config->config;

	for (size_t i = 0; i < init->mounted_len; i++) {
		const struct mounted *m = &init->mounted[i];

		if (strcmp(m->mount->device, "tmpfs") != 0)
			continue;
		if (mount_add_flags(init, m->fd, MS_RDONLY) < 0)
			return error_errno(err, "make %s read-only", m->path);
	}
	if (config->readonlyfs &&
	    mount_add_flags(init, init->rootfs_fd, MS_RDONLY) < 0)
		return error_errno(err, "make / read-only");
	return 0;
}

int step09_pivot_root(struct init *init, struct error *err)
{
	const struct config *config = init->config->config;

	if (init_changes_root(init) && change_root(init, err) < 0)
		return -1;
	umask(022);
	if (init->config->tty && console_open(init, err) < 0)
		return -1;
	if (config_makes_namespace(config, CLONE_NEWNS))
		return set_readonly(init, err);
	return 0;
}
