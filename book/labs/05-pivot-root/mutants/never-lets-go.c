/*
 * never-lets-go.c  wrong: what is unmounted here is unmounted on the host
 *
 * Where / is shared with the host, the mounts below the old root are peers of
 * the host's. Taking the tree away takes the host's /proc, /sys, /dev ...
 * away, too.
 *
 * fails: shared
 */
static int move(struct error *err)
{
	if (mount(".", "/", NULL, MS_MOVE, NULL) < 0)
		return error_errno(err, "move the rootfs");
	if (chroot(".") < 0)
		return error_errno(err, "chroot");
	return 0;
}

static int pivot(struct error *err)
{
	if (sys_pivot_root(".", ".") < 0)
		return error_errno(err, "pivot_root");
	if (umount2(".", MNT_DETACH) < 0)
		return error_errno(err, "unmount the old root");
	return 0;
}

static int change_root(const struct init *init, struct error *err)
{
	const struct config *config = init->config->config;

	if (fchdir(init->rootfs_fd) < 0)
		return error_errno(err, "enter the rootfs");
	if (config->no_pivot_root ? move(err) < 0 : pivot(err) < 0)
		return -1;
	if (chdir("/") < 0)
		return error_errno(err, "enter the new root");
	return 0;
}
