/*
 * errors-ignored.c  wrong: a refusal of the kernel is passed over
 *
 * Where pivot_root works, so does this. Where it does not, the container runs
 * in the host's tree, and nobody is told.
 *
 * fails: refusal
 */
static int let_go(int old_root, struct error *err)
{
	if (fchdir(old_root) < 0 ||
	    mount(NULL, ".", NULL, MS_SLAVE | MS_REC, NULL) < 0)
		return error_errno(err, "make the old root a slave mount");
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

static void pivot(const struct config *config, struct error *err)
{
	cleanup_close int old_root =
		open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	sys_pivot_root(".", ".");
	if (config->root_propagation & MS_SHARED)
		let_go(old_root, err);
	umount2(".", MNT_DETACH);
}

static int change_root(const struct init *init, struct error *err)
{
	const struct config *config = init->config->config;

	if (fchdir(init->rootfs_fd) < 0)
		return error_errno(err, "enter the rootfs");
	if (config->no_pivot_root && move(err) < 0)
		return -1;
	if (!config->no_pivot_root)
		pivot(config, err);
	return chdir("/") < 0 ? error_errno(err, "enter the new root") : 0;
}
