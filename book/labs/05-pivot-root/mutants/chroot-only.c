/*
 * chroot-only.c  wrong: chroot(2) moves one process's / and nothing else
 *
 * From inside it looks right, down to the mount table. But the root of the
 * mount namespace is still the host's: who is outside of his own root climbs
 * to it, and who joins the namespace begins there.
 *
 * fails: escape host-root host-enter no-pivot-root
 */
static int change_root(const struct init *init, struct error *err)
{
	if (fchdir(init->rootfs_fd) < 0 || chroot(".") < 0)
		return error_errno(err, "chroot into the rootfs");
	if (chdir("/") < 0)
		return error_errno(err, "enter the new root");
	return 0;
}
