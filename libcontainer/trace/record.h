/* record.h  [outside]  a container's birth, as it is remembered */
#ifndef LIBCONTAINER_TRACE_RECORD_H
#define LIBCONTAINER_TRACE_RECORD_H

#include "libcontainer/system/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <time.h>

/* One thing that is not what it was. */
struct trace_change {
	const char *what; /* "namespace", "mount" ...: snapshot.h   */
	char *name;	  /* "uts", "/proc"; "" where there is one  */
	char *before;	  /* NULL: it was not there                 */
	char *after;	  /* NULL: it is gone; "?": it is hidden    */
};

enum trace_room { TRACE_OUTSIDE, TRACE_INSIDE };

/* An act of the outside, or a step of the inside. */
struct trace_event {
	enum trace_room room;
	int step;      /* 1-12; 0 for an act                      */
	char tag[8];   /* "S1", "9"                               */
	char name[40]; /* "execute the cmd", "pivot_root"         */
	long start_us; /* since the first act                     */
	long us;       /* how long it took; -1: not known         */
	bool failed;   /* it is the one that failed               */
	char **notes;  /* what it left out, one line each; or NULL */
	struct trace_change *changes;
	size_t changes_len;
};

/* All strings are its own. */
struct trace_record {
	char *program;	/* "nsinit"                        */
	char *id;	/* "" until it is known            */
	char *rootfs;	/* NULL: none of its own           */
	char **command; /* what shall run                  */
	bool joined;	/* the container lived already     */
	pid_t pid;	/* of the process, ours; 0: none   */
	time_t time;	/* of the first act                */
	long total_us;	/* from the first act to the end   */
	bool failed;
	struct error error;	    /* when failed                 */
	struct trace_event *events; /* by their start      */
	size_t len;
};

/* trace_record_add - one more event, zeroed but for us (-1); valid until the
 * next is added. */
struct trace_event *trace_record_add(struct trace_record *record);

/* trace_event_change, trace_event_note - add a copy of the strings. */
void trace_event_change(struct trace_event *event, const char *what,
			const char *name, const char *before,
			const char *after);
void trace_event_note(struct trace_event *event, const char *text);

/*
 * trace_record_noted - "dockerinit step 8 (step08_mounts): text" belongs to
 * that step, which may be over: its event, and *text is moved on to what stands
 * after the colon. NULL for another text.
 */
struct trace_event *trace_record_noted(struct trace_record *record,
				       const char **text);

/* trace_record_forget - remove the events: another attempt begins. */
void trace_record_forget(struct trace_record *record);

/* trace_record_free - all but the struct itself. */
void trace_record_free(struct trace_record *record);

/* trace_record_json - the document of --trace=json, with a newline at its end;
 * the caller's: free(). */
char *trace_record_json(const struct trace_record *record);

#endif
