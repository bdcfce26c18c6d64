/*
 * cleanup.h  [both]  attributes free things; one label undoes deeds
 *
 * A variable declared with one of these words is released when it leaves its
 * scope, whichever return is taken:
 *
 *	cleanup_free char *path = xasprintf("%s/state.json", dir);
 *	cleanup_close int fd = open(path, O_RDONLY | O_CLOEXEC);
 *
 * and leaves the function alive only through steal_ptr() or steal_fd():
 *
 *	*out = steal_ptr(&path);
 *	return steal_fd(&fd);
 *
 * Deeds (a started child, a directory made) are not things: they are undone
 * at a single "undo:" label, in reverse order.
 */
#ifndef LIBCONTAINER_SYSTEM_CLEANUP_H
#define LIBCONTAINER_SYSTEM_CLEANUP_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline void cleanup_free_fn(void *p)
{
	free(*(void **)p);
}

static inline void cleanup_close_fn(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void cleanup_fclose_fn(FILE **f)
{
	if (*f)
		fclose(*f);
}

static inline void cleanup_closedir_fn(DIR **d)
{
	if (*d)
		closedir(*d);
}

static inline void cleanup_strv_fn(char ***v)
{
	for (char **s = *v; s && *s; s++)
		free(*s);
	free(*v);
}

#define cleanup_free	 __attribute__((cleanup(cleanup_free_fn)))
#define cleanup_close	 __attribute__((cleanup(cleanup_close_fn)))
#define cleanup_fclose	 __attribute__((cleanup(cleanup_fclose_fn)))
#define cleanup_closedir __attribute__((cleanup(cleanup_closedir_fn)))
#define cleanup_strv	 __attribute__((cleanup(cleanup_strv_fn)))

/* Take the fd out of its variable, which will then close nothing. */
static inline int steal_fd(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

static inline void *steal_ptr_fn(void *p)
{
	void *taken = *(void **)p;

	*(void **)p = NULL;
	return taken;
}

/* Take the pointer out of its variable, which will then free nothing. */
#define steal_ptr(p) ((__typeof__(*(p)))steal_ptr_fn(p))

#endif
