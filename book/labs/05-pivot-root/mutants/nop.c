/*
 * nop.c  wrong: nothing is done
 *
 * The container lives in the host's tree. Everything that needs the image
 * fails with the first check.
 *
 * fails: image
 */
static int change_root(const struct init *init, struct error *err)
{
	(void)init;
	(void)err;
	return 0;
}
