/*
 * factory.h  [outside]  makes or loads containers under one root directory
 */
#ifndef LIBCONTAINER_FACTORY_H
#define LIBCONTAINER_FACTORY_H

#include "libcontainer/configs/config.h"
#include "libcontainer/system/error.h"

#include <stdbool.h>

struct container;
struct tracer;

struct factory {
	const char *root;      /* state directories live here, absolute    */
	const char *init_path; /* dockerinit's file; NULL: find it         */
	const char *init_name; /* its argv[0], the row of the reexec table */
	bool plain_init;       /* run the file itself, unprotected (gdb)   */
	/* What dockerinit leaves out and that is no error, one line each, for
	 * who wants to know (--debug); NULL: nobody does. */
	void (*note)(const char *text);
	/* What a user has to know and that is no error, one line each; NULL:
	 * nobody wants to. */
	void (*warn)(const char *text);
	/* Who makes a container by this factory stays with it until its end:
	 * is he dead, it is an orphan. */
	bool stays;
	/* Somebody makes or removes container id, for a second by now, and
	 * factory_load waits for him; NULL: nobody wants to know. */
	void (*waiting)(const char *id);
	/* A mount "cgroup" is only a default: it may be an empty folder where
	 * the container cannot have cgroups. */
	bool cgroup_view_is_default;
	struct tracer *tracer; /* trace/tracer.h; NULL: nobody watches */
};

/* factory_check_id - an id is [A-Za-z0-9_+][A-Za-z0-9_+.-]*, at most 128 bytes.
 */
int factory_check_id(const char *id, struct error *err);

/*
 * factory_create - make a logical container; nothing runs yet.
 * config becomes the container's when it succeeds, and stays the caller's
 * when not. On success *out is the caller's, locked against other creators
 * until it is started: container_start, then container_destroy and
 * container_free.
 * Errors: INVALID_ID_FORMAT, CONFIG_INVALID, ID_IN_USE, SYSTEM.
 * Source: the chapter's four acts of Factory.Create (F1-F4).
 */
int factory_create(const struct factory *f, const char *id,
		   struct config *config, struct container **out,
		   struct error *err);

/*
 * factory_load - find a container by its id. Waits while somebody is still
 * starting it. On success *out is the caller's: container_free. A container
 * whose processes are dead loads, with status stopped.
 * Errors: INVALID_ID_FORMAT, CONTAINER_NOT_EXISTS, SYSTEM.
 */
int factory_load(const struct factory *f, const char *id,
		 struct container **out, struct error *err);

#endif
