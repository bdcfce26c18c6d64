/*
 * explain.c  [outside]  every act and step in words
 *
 * Each of four lists knows a part of a row: acts.def and steps.def have the
 * chapter's words, explain.def the kernel's, and lines.inc, which the build
 * makes by grep, where it stands in the sources. (steps.def is the inside's;
 * that it is read here as well is what keeps the two rooms of one mind.)
 */
#include "libcontainer/trace/explain.h"

#include "libcontainer/configs/names.h"
#include "libcontainer/system/alloc.h"
#include "libcontainer/system/cleanup.h"
#include "libcontainer/trace/tracer.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_WIDTH = 72, PART_MIN = 3 };

/* Which row is whose: the acts in their order, then the steps. */
enum row {
#define ACT(tag, name, function, file, chapter) ROW_##tag,
#include "libcontainer/trace/acts.def"
#undef ACT
#define STEP(number, function, who, chapter, substeps) ROW_##number,
#include "dockerinit/steps.def"
#undef STEP
	ROWS,
};
_Static_assert((int)ROWS == EXPLANATIONS && ROWS == (int)ACTS + STEPS,
	       "explain.h counts the rows");

/* A step's name is its function's without "stepNN_". */
enum { NAME_AT = sizeof("stepNN_") - 1 };
enum { JOINING_INIT_STANDARD = false, JOINING_INIT_BOTH = true };

static const struct explanation rows[ROWS] = {
#define ACT(tag_, name_, function_, file_, chapter_)                   \
	[ROW_##tag_].tag = #tag_, [ROW_##tag_].room = "outside",       \
	[ROW_##tag_].name = name_, [ROW_##tag_].function = #function_, \
	[ROW_##tag_].chapter = chapter_, [ROW_##tag_].substeps = "",
#include "libcontainer/trace/acts.def"
#undef ACT
#define STEP(number, function_, who, chapter_, substeps_)                  \
	[ROW_##number].tag = #number, [ROW_##number].room = "inside",      \
	[ROW_##number].name = &#function_[NAME_AT],                        \
	[ROW_##number].function = #function_,                              \
	[ROW_##number].chapter = chapter_,                                 \
	[ROW_##number].substeps = substeps_, [ROW_##number].step = number, \
	[ROW_##number].joining = JOINING_##who,                            \
	[ROW_##number].book = "05-twelve-steps.html#step-" #number,
#include "dockerinit/steps.def"
#undef STEP
#define EXPLAIN(tag_, kernel_, look_, ...)                        \
	[ROW_##tag_].kernel = kernel_, [ROW_##tag_].look = look_, \
	[ROW_##tag_].man = (const char *const[]){ __VA_ARGS__, NULL },
#include "libcontainer/trace/explain.def"
#undef EXPLAIN
#define LINE(tag_, file_, line_) \
	[ROW_##tag_].file = file_, [ROW_##tag_].line = line_,
#include "libcontainer/trace/lines.inc"
#undef LINE
};

const struct explanation *explain_find(const char *tag)
{
	for (size_t i = 0; i < ROWS; i++)
		if (strcmp(rows[i].tag, tag) == 0)
			return &rows[i];
	return NULL;
}

const struct explanation *explain_step(int number)
{
	return number >= 1 && number <= STEPS ? &rows[ROW_1 + number - 1]
					      : NULL;
}

const struct explanation *explain_at(int place)
{
	return place >= 0 && place < ROWS ? &rows[place] : NULL;
}

/* The number that word is, or 0: "9" and "09", but not "9z". */
static long whole_number(const char *word)
{
	char *end;
	long number = strtol(word, &end, 10);

	return isdigit((unsigned char)*word) && !*end ? number : 0;
}

/* "10b": the step that has such a sub-step; or NULL. */
static const struct explanation *step_of_part(const char *word)
{
	char *letter, part[24];
	long number = strtol(word, &letter, 10);
	const struct explanation *step =
		number <= STEPS ? explain_step((int)number) : NULL;

	if (!step || !isdigit((unsigned char)*word) || !*letter || letter[1])
		return NULL;
	snprintf(part, sizeof(part), "%ld%c ", number,
		 tolower((unsigned char)*letter));
	return strstr(step->substeps, part) ? step : NULL;
}

/* The only name that has word in it; or NULL. */
static const char *name_with(const char *word)
{
	const char *found = NULL;

	for (size_t i = 0; strlen(word) >= PART_MIN && i < ROWS; i++) {
		if (!strcasestr(rows[i].name, word))
			continue;
		if (found)
			return NULL;
		found = rows[i].name;
	}
	return found;
}

static int no_such(const char *word, struct error *err)
{
	const char *names[3 * ROWS + 1], *nearest;
	size_t len = 0;

	if (isdigit((unsigned char)*word) || *word == '-')
		return error_set(err, ERROR_CONFIG_INVALID,
				 "there is no step %s; the steps are 1 to %d",
				 word, STEPS);
	for (size_t i = 0; i < ROWS; i++) {
		names[len++] = rows[i].name;
		/* That of an act belongs to several of them. */
		if (rows[i].step)
			names[len++] = rows[i].function;
	}
	names[len] = NULL;
	nearest = name_with(word);
	if (!nearest)
		nearest = nearest_name(word, names);
	if (nearest)
		return error_set(err, ERROR_CONFIG_INVALID,
				 "there is no act or step %s; did you mean %s?",
				 word, nearest);
	return error_set(err, ERROR_CONFIG_INVALID,
			 "there is no act or step %s; there are the acts "
			 "E1-E6, F1-F4, P1-P5, S1-S5 and the steps 1-%d",
			 word, STEPS);
}

/* "S9": the last of its letter is the nearest. */
static int no_such_act(const char *word, struct error *err)
{
	const struct explanation *last = NULL;

	for (size_t i = 0; i < ACTS; i++)
		if (rows[i].tag[0] == toupper((unsigned char)*word))
			last = &rows[i];
	if (!last || !isdigit((unsigned char)word[1]))
		return no_such(word, err);
	return error_set(err, ERROR_CONFIG_INVALID,
			 "there is no act %s; the acts of that letter are %c1 "
			 "to %s",
			 word, last->tag[0], last->tag);
}

const struct explanation *explain_search(const char *word, struct error *err)
{
	const struct explanation *step = explain_step((int)whole_number(word));

	if (!step || strlen(word) > 2)
		step = step_of_part(word);
	if (step)
		return step;
	for (size_t i = 0; i < ROWS; i++) {
		const struct explanation *e = &rows[i];

		if (strcasecmp(word, e->tag) == 0 ||
		    strcasecmp(word, e->name) == 0 ||
		    (e->step && strcmp(word, e->function) == 0))
			return e;
	}
	no_such_act(word, err);
	return NULL;
}

/* A paragraph under a heading: words as far as the width goes. */
static void put(FILE *f, const char *heading, const char *text)
{
	size_t used = 0;

	if (!*text)
		return;
	fprintf(f, "\n%s\n ", heading);
	while (*text) {
		size_t len = strcspn(text, " ");

		if (used && used + 1 + len > TEXT_WIDTH) {
			fputs("\n ", f);
			used = 0;
		}
		fprintf(f, " %.*s", (int)len, text);
		used += 1 + len;
		text += len + strspn(text + len, " ");
	}
	fputc('\n', f);
}

static void put_more(FILE *f, const struct explanation *e)
{
	fputs("\nRead\n  ", f);
	for (const char *const *page = e->man; *page; page++)
		fprintf(f, "%s%s", page == e->man ? "" : ", ", *page);
	fputc('\n', f);
	if (e->book)
		fprintf(f, "  build/book/%s (make book)\n", e->book);
	if (!e->step)
		return;
	fprintf(f, "\nStand there\n  nsinit exec --break %d CMD...\n", e->step);
	if (!e->joining)
		fputs("  (a process that joins a container skips this step)\n",
		      f);
}

char *explain_text(const struct explanation *e)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		abort(); /* out of memory, as in alloc.c */
	fprintf(f, "%s %s, %s: %s\n", e->step ? "step" : "act", e->tag, e->room,
		e->name);
	fprintf(f, "  %s, %s:%d\n", e->function, e->file, e->line);
	put(f, "The chapter", e->chapter);
	put(f, "Its sub-steps", e->substeps);
	put(f, "The kernel", e->kernel);
	put(f, "Look", e->look);
	put_more(f, e);
	fclose(f);
	return text;
}

char *explain_list(void)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		abort();
	for (size_t i = 0; i < ROWS; i++) {
		const struct explanation *e = &rows[i];

		if (i == 0 || strcmp(e->room, e[-1].room) != 0)
			fprintf(f, "%s%s, %s\n", i ? "\n" : "",
				e->step ? "The twelve steps" : "The acts",
				e->room);
		fprintf(f, "%4s  %-22s %s\n", e->tag, e->name, e->chapter);
	}
	fputs("\nnsinit explain 9, nsinit explain pivot_root, nsinit explain "
	      "S3: all about one of them\n",
	      f);
	fclose(f);
	return text;
}
