/*
 * explain.h  [outside]  every act and step in words: the chapter's, the
 * kernel's
 */
#ifndef LIBCONTAINER_TRACE_EXPLAIN_H
#define LIBCONTAINER_TRACE_EXPLAIN_H

#include "libcontainer/system/error.h"

#include <stdbool.h>

/* One act of the outside, or one step of the inside. No member is NULL, but
 * for book. */
struct explanation {
	const char *tag;	/* "S1", "9"                              */
	const char *room;	/* "outside", "inside"                    */
	const char *name;	/* "execute the cmd", "pivot_root"        */
	const char *function;	/* in which it stands                     */
	const char *file;	/* from the repository's top              */
	int line;		/* of its [tag], or of the step's function */
	const char *chapter;	/* the chapter's sentence, in short       */
	const char *substeps;	/* "" or "9b console: ..."                */
	const char *kernel;	/* what the kernel does, and why here     */
	const char *look;	/* a command that shows it, or ""         */
	const char *const *man; /* "clone(2)" ...; NULL-terminated      */
	const char *book;	/* "05-twelve-steps.html#step-9", or NULL */
	int step;		/* 1-12, or 0 for an act                  */
	bool joining;		/* a step that a joining process walks    */
};

enum { STEPS = 12, EXPLANATIONS = 32 };

/* explain_find - by its exact tag; NULL when there is none. */
const struct explanation *explain_find(const char *tag);

/* explain_step - of step number, 1-12; NULL else. */
const struct explanation *explain_step(int number);

/* explain_at - of place 0 to EXPLANATIONS - 1: the acts, then the steps. */
const struct explanation *explain_at(int place);

/*
 * explain_search - what a person may write: 9, 9b, pivot_root,
 * step09_pivot_root, S3, s3, "send the config". NULL and *err, which names the
 * nearest right one, when there is none.
 */
const struct explanation *explain_search(const char *word, struct error *err);

/* explain_text - all of it, as nsinit explain prints it; the caller's:
 * free(). */
char *explain_text(const struct explanation *e);

/* explain_list - a line for each; the caller's: free(). */
char *explain_list(void);

#endif
