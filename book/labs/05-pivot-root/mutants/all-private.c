/*
 * all-private.c  wrong: whatever was shared is cut off, the volumes, too
 *
 * The host is safe. But the container asked for a shared volume, and what the
 * host mounts there later does not appear in it.
 *
 * fails: shared
 */
static int let_go(struct error *err)
{
	if (mount(NULL, "/", NULL, MS_PRIVATE | MS_REC, NULL) < 0)
		return error_errno(err, "make everything private");
	return 0;
}

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
	if (let_go(err) < 0)
		return -1;
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
