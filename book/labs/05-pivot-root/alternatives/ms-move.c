/*
 * ms-move.c  right: MS_MOVE and chroot, always
 *
 * As Docker did with DOCKER_RAMDISK. The rootfs lies over / and is the root of
 * whoever comes; no way leads beneath it. Where / is shared, the move would be
 * seen by the host, so that one mount is cut off first, and no other.
 */
static int change_root(const struct init *init, struct error *err)
{
	if (fchdir(init->rootfs_fd) < 0)
		return error_errno(err, "enter the rootfs");
	if ((init->config->config->root_propagation & MS_SHARED) &&
	    mount(NULL, "/", NULL, MS_PRIVATE, NULL) < 0)
		return error_errno(err, "make / private");
	if (mount(".", "/", NULL, MS_MOVE, NULL) < 0)
		return error_errno(err, "move the rootfs");
	if (chroot(".") < 0 || chdir("/") < 0)
		return error_errno(err, "enter the new root");
	return 0;
}
