/*
 * values.h  [outside]  the small languages of cgroup files
 *
 * A cgroup file holds one number, "max", or lines of "key value". What cannot
 * be read is not there: readers answer no instead of an error, since which
 * files exist depends on the kernel.
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
