/*
 * no-unmount.c  wrong: the old root stays, on top of the new one
 *
 * / is the image, but the way from / to /.. goes up the stack of mounts at
 * that place, and the top of the stack is the host's root.
 *
 * fails: above descriptors escape host-enter mount-table
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
