/*
 * values.h  [outside]  the small languages of cgroup files
 *
 * A cgroup file holds one number, "max", or lines of "key value". Which files
 * exist depends on the kernel. For figures what cannot be read is not there:
 * those readers (cgroup_read...) answer no instead of an error. Where the
 * answer decides something, cgroup_look... tells a file that is not there from
 * one that the kernel does not let us read.
 */
#ifndef LIBCONTAINER_CGROUPS_VALUES_H
#define LIBCONTAINER_CGROUPS_VALUES_H

#include "libcontainer/system/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* cgroup_read - the text of dir/file without its last newline, the caller's;
 * NULL when it cannot be read. */
char *cgroup_read(const char *dir, const char *file);

/* cgroup_read_u64 - dir/file as a number; "max" is UINT64_MAX. false and
 * *value untouched when there is none. */
bool cgroup_read_u64(const char *dir, const char *file, uint64_t *value);

/* cgroup_read_key - the value of one line "key value" of dir/file. */
bool cgroup_read_key(const char *dir, const char *file, const char *key,
		     uint64_t *value);

/* cgroup_is_gone - does an open or a read that failed so mean that the cgroup,
 * or its file, is not there? (ENODEV: it was removed while it was open.) */
bool cgroup_is_gone(int errnum);

/* cgroup_look - the text of dir/file without its last newline in *text, the
 * caller's. Returns 1; 0 when it is not there, and *text is NULL; -1. */
int cgroup_look(const char *dir, const char *file, char **text,
		struct error *err);

/* cgroup_look_u64 - the same for a number; -1 also when it is none. */
int cgroup_look_u64(const char *dir, const char *file, uint64_t *value,
		    struct error *err);

/* cgroup_look_key - the same for a line "key value"; 0 also without one. */
int cgroup_look_key(const char *dir, const char *file, const char *key,
		    uint64_t *value, struct error *err);

/*
 * cgroup_write - write text to dir/file. On failure the message begins with
 * key, the member of config.json that asked for it ("cgroups.memory"), and
 * names file, text and reason. key may be NULL.
 */
int cgroup_write(const char *dir, const char *file, const char *text,
		 const char *key, struct error *err);

/* cgroup_write_number - the same for a number; -1, no limit, is written as
 * no_limit ("-1" on v1, "max" on v2); 0, not asked for, writes nothing. */
int cgroup_write_number(const char *dir, const char *file, int64_t value,
			const char *no_limit, const char *key,
			struct error *err);

/*
 * cgroup_next_pair - take one line "key value" off *text. key points into the
 * text and is key_len long. false at the end; other lines are passed over.
 */
bool cgroup_next_pair(const char **text, const char **key, size_t *key_len,
		      uint64_t *value);

/* A deadline: milliseconds from now, on a clock that nobody sets back. */
int64_t deadline_in(int64_t milliseconds);
bool deadline_passed(int64_t deadline);

/* pause_ms - sleep for a millisecond, the step of every poll here. */
void pause_ms(void);

#endif
