# Makefile - two rooms, one door, three entrances
#
#   make            build the programs into bin/
#   make shell      a shell in a container; CMD='...' runs that instead
#   make trace      the same, and what each of its steps changes
#   make step       ... asking before each; make break STEP=9, make stop STEP=7
#   make gdb        gdb stops before each step inside a container (STEP=9);
#                   gdb-both: and before each act outside; gdb-exec: joining
#   make test       every test; make check: only those that need no root
#   make test-inject test-kill  system calls fail, processes die: some points
#                   of all; ALL=1 each one; SCENES='new join' there alone
#   make book       the book, into build/book/; make test-book: look at it
#   make doctor     what this machine has, and what to do about what it lacks
#   make skeleton grade hint  a lab's tree, its points, its hints (LAB=5)
#   make steps rooms size format clean test-vm
#   DEBUG=1 (-O0 -g3)   SAN=1 (address and undefined behaviour sanitizers)
#   WERROR=1 (a warning is an error)
#
# Whatever is said while building is said on stderr: the standard output of
# `make shell` belongs to the command in the container.

SHELL := /bin/bash
.DELETE_ON_ERROR:
.SUFFIXES:

VERSION    := 0.1
# Where a program looks for dockerinit that has none beside itself.
LIBEXECDIR := /usr/libexec/libcontainer

# In parallel; a -j that was typed wins, and so does the make that called us.
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc)
endif

# Each kind of build has its own objects; bin/ holds the kind built last.
B := build$(if $(SAN),/san)$(if $(DEBUG),/debug)
BIN  := bin
KIND := $(if $(filter bin,$(BIN)),build,$(BIN))/kind

ifeq ($(origin CC),default)
CC := gcc
endif
# What gcc guesses about values is wrong at times in a sanitized build, so
# there no warning is an error.
WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion \
	-Wstrict-prototypes -Wmissing-prototypes -Wformat=2 -Wvla \
	$(if $(WERROR),$(if $(SAN),,-Werror))
# A path fits on the stack, two do not: it may be as small as 64 KiB.
FRAMES   := $(if $(SAN),,-Wframe-larger-than=4608)
OPTIMIZE := $(if $(DEBUG),-O0 -g3,$(if $(SAN),-O1 -g,-O2 -g))
HARDEN   := -fstack-protector-strong -fstack-clash-protection \
	$(if $(findstring clang,$(CC)),,-ftrivial-auto-var-init=zero) \
	$(if $(SAN)$(DEBUG),,-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
SANITIZE := $(if $(SAN),-fsanitize=address -fsanitize=undefined \
	-fno-sanitize-recover=all -fno-omit-frame-pointer)
CPPFLAGS := -I. -I$(B) -D_GNU_SOURCE -DVERSION=\"$(VERSION)\" \
	-DLIBEXECDIR=\"$(LIBEXECDIR)\"
CFLAGS   := -std=gnu11 -fPIE $(OPTIMIZE) $(HARDEN) $(SANITIZE) $(WARNINGS)
LDFLAGS  := -pie -Wl,-z,relro,-z,now -Wl,--as-needed $(SANITIZE)

# An archive where Debian has one: a shared library costs a start of 0.1 ms.
# --as-needed leaves out what a program does not call.
LIBCAP   := -l:libcap.a
LIBMNL   := -lmnl
LIBCJSON := -lcjson

# --- the rooms -------------------------------------------------------------

SHARED   := libcontainer/system libcontainer/configs libcontainer/syncpipe \
	reexec
OUTSIDE  := libcontainer libcontainer/cgroups libcontainer/trace
INSIDE   := dockerinit
# A program's main, and the one file of execdriver/ that wakes up inside, are
# named on link lines below, so no archive has them.
APART    := %/main.c execdriver/native/register.c

sources   = $(filter-out $(APART),$(wildcard $(addsuffix /*.c,$(1))))
objects   = $(patsubst %.c,$(B)/%.o,$(call sources,$(1)))

# Those of the programs that are written: runc's place is kept.
PROGRAMS := $(addprefix $(BIN)/,$(filter nsinit dockerinit execdriver runc, \
	$(patsubst %/main.c,%,$(wildcard */main.c))))
LIBRARY  := $(B)/libcontainer.a

all: $(PROGRAMS) $(LIBRARY)

$(B)/libshared.a:  $(call objects,$(SHARED))
$(B)/liboutside.a: $(call objects,$(OUTSIDE))
$(B)/libinside.a:  $(call objects,$(INSIDE))
# Both rooms, for a program that embeds the library and is its own dockerinit:
# it calls factory_start_initialization() first in main.
$(LIBRARY): $(call objects,$(SHARED) $(OUTSIDE) $(INSIDE))

# --- the programs ----------------------------------------------------------

# dockerinit is never given liboutside.a: where inside code calls outside
# code, this link fails. register.o is named although it is all that
# execdriver/native has for the inside, because it holds nothing but a
# constructor: nobody refers to it, and out of an archive the linker would
# not take it. This line is Go's `import _ ".../execdriver/native"`.
$(BIN)/dockerinit: $(B)/dockerinit/main.o $(B)/execdriver/native/register.o \
		$(if $(SAN),$(B)/tests/sanitizer.o) \
		$(B)/libinside.a $(B)/libshared.a
$(BIN)/dockerinit: LIBS = $(LIBCAP) $(LIBMNL) $(LIBCJSON)

# The entrances never get libinside.a: they start dockerinit, they are not it.
$(BIN)/nsinit: $(B)/nsinit/main.o $(call objects,nsinit) \
		$(B)/liboutside.a $(B)/libshared.a
$(BIN)/nsinit: LIBS = $(LIBMNL) $(LIBCJSON)

$(BIN)/execdriver: $(B)/execdriver/main.o \
		$(call objects,execdriver execdriver/native) \
		$(B)/liboutside.a $(B)/libshared.a
$(BIN)/execdriver: LIBS = $(LIBMNL) $(LIBCJSON)

$(PROGRAMS): $(KIND)
	@echo "  LINK  $@" >&2; mkdir -p $(@D)
	@$(CC) $(LDFLAGS) -o $@ $(filter %.o %.a,$^) $(LIBS)

$(LIBRARY) $(B)/libshared.a $(B)/liboutside.a $(B)/libinside.a: $(KIND)
$(B)/%.a:
	@echo "  AR    $@" >&2; rm -f $@
	@$(AR) rcs $@ $(filter %.o,$^)

$(B)/%.o: %.c $(B)/flags | setup
	@echo "  CC    $<" >&2; mkdir -p $(@D)
	@$(CC) $(CPPFLAGS) $(CFLAGS) $(if $(filter tests/%,$<),,$(FRAMES)) \
		$(EXTRA) -MMD -MP -c -o $@ $<

-include $(shell find $(B) -name '*.d' 2>/dev/null)

# Where each act and step stands, by grep, so that what nsinit explain says of
# it is never wrong. Written only when it changes.
LINES := $(B)/libcontainer/trace/lines.inc
PLACES := $(call sources,$(OUTSIDE) execdriver/native) \
	$(wildcard dockerinit/step*.c)
$(B)/libcontainer/trace/explain.o: $(LINES)
$(LINES): $(PLACES)
	@mkdir -p $(@D); { grep -HnoE '\[[EFPS][1-9]\]' $(PLACES) | \
	sed -E 's/(.*):([0-9]+):\[(..)\]/LINE(\3, "\1", \2)/'; \
	grep -HnoE '^int step[0-9]+' $(PLACES) | \
	sed -E 's/(.*):([0-9]+):int step0?(.*)/LINE(\3, "\1", \2)/'; } >$@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@

# --- the page of --trace=html ----------------------------------------------

# page.html with page.css and one page.js in it, as the bytes of a C array. The
# page lets a browser run these two and nothing else: it has their hashes.
PAGE := libcontainer/trace/page
PAGE_JS := $(PAGE).js $(patsubst %,$(PAGE)_%.js,timeline details model replay)
$(B)/$(PAGE).js: $(PAGE_JS)
	@mkdir -p $(@D); { printf '%s\n' '(function () {' '"use strict";'; \
		cat $^; echo '})();'; } >$@
$(B)/$(PAGE).o: EXTRA = -I$(B)
$(B)/$(PAGE).o: $(B)/$(PAGE).inc
$(B)/$(PAGE).inc: $(PAGE).html $(PAGE).css $(B)/$(PAGE).js
	@hash() { printf "$$({ echo; cat $$1; } | sha256sum | \
			sed 's/ .*//; s/../\\x&/g')" | base64; }; \
	{ sed -e "s|@CSS-HASH@|$$(hash $(PAGE).css)|" \
		-e "s|@JS-HASH@|$$(hash $(B)/$(PAGE).js)|" \
		-e '/^@CSS@$$/{r $(PAGE).css' -e 'd}' \
		-e '/^@JS@$$/{r $(B)/$(PAGE).js' -e 'd}' $(PAGE).html | \
		od -An -v -tx1 | sed 's/ \(..\)/0x\1,/g'; echo 0; } >$@

# Two notes that change only when their text does. Other flags make new
# objects; another kind of build, or a room that lost a file, links again.
note = @mkdir -p $(@D); \
	[[ "$$(cat $@ 2>/dev/null)" == '$(strip $(1))' ]] || \
	echo '$(strip $(1))' >$@
$(B)/flags: FORCE
	$(call note,$(CC) $(CPPFLAGS) $(CFLAGS))
$(KIND): FORCE
	$(call note,$(B) $(sort $(call sources,$(SHARED) $(OUTSIDE) $(INSIDE) \
		nsinit execdriver execdriver/native)))

# --- running ---------------------------------------------------------------

# Debian packages, asked for only when a file that they bring is missing.
goal = $(filter $(1),$(MAKECMDGOALS))
setup:
	@tests/setup.sh build \
		$(if $(call goal,$(SHELLS) test test-vm book test-book),shell) \
		$(if $(call goal,check test test-vm),check) \
		$(if $(call goal,test test-vm),test gdb) \
		$(if $(call goal,gdb-programs),shell gdb) \
		$(if $(call goal,test book test-book),book) \
		$(if $(call goal,test-book),screens) \
		$(if $(call goal,skeleton grade hint grade-selftest),shell lab)

# value: the text as it was typed; make expands no dollar in it.
SHELLS := shell trace step break stop
$(SHELLS): export CONTAINER_CMD := $(value CMD)
$(SHELLS): export CONTAINER_STEP := $(value STEP)
$(SHELLS): $(PROGRAMS) rootfs/bin/busybox
	@unset MAKEFLAGS MFLAGS MAKELEVEL; cd rootfs && \
	exec ../bin/nsinit $(WATCH) exec /bin/sh \
		$${CONTAINER_CMD:+-c "$$CONTAINER_CMD"}
trace: WATCH := --trace
step: WATCH := --step
break: WATCH := --break "$${CONTAINER_STEP:-9}"
stop: WATCH := --stop "$${CONTAINER_STEP:-7}"

# Under gdb, a step at a time: book/gdb/. The programs are of the debug kind,
# in a folder of their own, so that bin/ stays as it is.
DEBUG_PROGRAMS = $(MAKE) --no-print-directory SAN= DEBUG=1 \
	BIN=build/debug/bin gdb-programs
DEBUGGED := gdb gdb-both gdb-exec
$(DEBUGGED): export GDB_STEP   := $(value STEP)
$(DEBUGGED): export GDB_CMD    := $(value CMD)
$(DEBUGGED): export GDB_FLAGS  := $(value FLAGS)
$(DEBUGGED): export GDB_SCRIPT := $(value SCRIPT)
$(DEBUGGED):
	@book/gdb/start.sh check $@
	+@$(DEBUG_PROGRAMS)
	@unset MAKEFLAGS MFLAGS MAKELEVEL; exec book/gdb/start.sh run $@
gdb-programs: $(PROGRAMS) rootfs/bin/busybox

rootfs/bin/busybox: | setup
	@tests/rootfs.sh rootfs

steps: bin/dockerinit
	@bin/dockerinit --list-steps

doctor:
	@tests/doctor.sh

rooms size:
	@tests/$@.sh

format:
	@clang-format -i $(shell find $(SHARED) $(OUTSIDE) $(INSIDE) nsinit \
		execdriver tests -name '*.[ch]')

# rootfs/ stays: what was put there is not ours to remove.
clean:
	rm -rf bin build

# --- the book --------------------------------------------------------------

# Whole or not at all: build/book/ changes when everything fits.
book: $(PROGRAMS) rootfs/bin/busybox
	@book/weave.py

# A browser looks at it; the pictures go to build/screens/.
test-book: book
	@status=0; for pages in book trace; do \
		tests/$$pages-screens.py || status=1; done; exit $$status

# --- tests -----------------------------------------------------------------

UNIT  := $(B)/tests/unit
PROBE := $(B)/tests/probe

# Everything but the mains, so that a test reaches every part.
$(B)/tests/libentrances.a: $(KIND) \
		$(call objects,nsinit execdriver execdriver/native)
$(UNIT): $(patsubst %.c,$(B)/%.o,tests/main.c $(wildcard tests/check_*.c)) \
		$(B)/tests/libentrances.a $(LIBRARY)
	@echo "  LINK  $@" >&2
	@$(CC) $(LDFLAGS) -o $@ $(filter %.o %.a,$^) \
		-lcheck -lsubunit -lm $(LIBCAP) $(LIBMNL) $(LIBCJSON)
$(B)/tests/main.o: EXTRA = -I$(B)/tests
$(B)/tests/main.o: $(B)/tests/suites.inc

# One row for each tests/check_*.c, which exports check_*_suite().
$(B)/tests/suites.inc: $(wildcard tests/check_*.c) tests
	@mkdir -p $(@D); for f in tests/check_*.c; do \
		f=$${f##*/}; echo "SUITE($${f%.c}_suite)"; done >$@

# A test's whole root filesystem: one static program, sanitized in no build.
$(PROBE): tests/probe.c tests/probe_acts.c tests/probe.h $(B)/flags | setup
	@echo "  CC    $<" >&2; mkdir -p $(@D)
	@$(CC) $(CPPFLAGS) -std=gnu11 -O1 -g $(WARNINGS) -static -o $@ \
		$(filter %.c,$^)

# Programs that tests run: an entrance which answers the trace socket, a
# cgroup manager alone. They find dockerinit beside themselves, as all do.
TOOLS := $(B)/tests/tracer $(B)/tests/real_cgroup $(B)/tests/real_delegation \
	 $(B)/tests/killer
$(TOOLS): %: %.o $(B)/liboutside.a $(B)/libshared.a
	@echo "  LINK  $@" >&2
	@$(CC) $(LDFLAGS) -o $@ $^ $(LIBMNL) $(LIBCJSON)
	@ln -sf $(CURDIR)/bin/dockerinit $(@D)/dockerinit

# What lets a system call fail watches from outside: none of our own code.
INJECT := $(B)/tests/inject
$(INJECT): tests/inject.c $(B)/tests/syscalls.inc $(B)/flags
	@echo "  CC    $<" >&2
	@$(CC) $(CPPFLAGS) -std=gnu11 -O1 -g $(WARNINGS) -o $@ $<

# The system calls that this machine's headers know, one row each.
$(B)/tests/syscalls.inc: | setup
	@mkdir -p $(@D); echo '#include <sys/syscall.h>' | $(CC) -E -dM -x c - | \
		sed -n 's/^#define SYS_\([a-z0-9_]*\) .*/CALL(\1)/p' | sort >$@

RUN := BUILD=$(B) SAN=$(SAN) tests/run.sh

check: $(UNIT)
	@$(RUN) --unit

test: all $(UNIT) $(PROBE) $(TOOLS) rootfs/bin/busybox
	$(if $(SAN),,+@$(DEBUG_PROGRAMS))
	@$(RUN) $(TESTS)

# Each system call of a start and of a join fails once, or kills. Some points of
# all, others each day; ALL=1 tries each. SCENES='new join' chooses.
test-inject test-kill: export ALL := $(ALL)
test-inject test-kill: test-%: all $(PROBE) $(INJECT)
	@$(RUN) --inject $(if $(filter kill,$*),kill,fail)

test-vm: all $(UNIT) $(PROBE) $(TOOLS) rootfs/bin/busybox
	@BUILD=$(B) SAN=$(SAN) tests/vm.sh $(TESTS)

# --- the labs --------------------------------------------------------------

# value, as above: what was typed reaches the program as it is.
skeleton grade hint grade-selftest: export LAB_TYPED := $(value LAB)
skeleton: export LAB_WORD := $(value DIR)
grade:    export LAB_WORD := $(value RESULTS)
hint:     export LAB_WORD := $(value AGAIN)
grade-selftest: export LAB_WORD :=

skeleton grade hint grade-selftest: | setup
	@python3 -B book/labs $@ "$$LAB_TYPED" "$$LAB_WORD"

FORCE:
.PHONY: skeleton grade hint grade-selftest
.PHONY: all $(SHELLS) steps doctor rooms size format clean check test test-vm \
	test-inject test-kill \
	$(DEBUGGED) gdb-programs book test-book setup FORCE
