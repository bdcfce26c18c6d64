# shellcheck shell=bash
# lib.sh  what every tests/tNN-*.sh begins with:  . "${0%/*}/lib.sh"
#
# A test is a list of sentences, printed as TAP ("ok 3 - it is pid 1"). It ends
# with done_testing; one that ends earlier has failed. It runs as process 1 of
# its own pid, mount, network, host name and IPC namespaces, so that what it
# breaks is its own and what it leaves behind can be seen whole.
#
#   $TOP       the project            $BIN   its programs
#   $TEST_DIR  a folder of this test alone, removed after it
#   $TRACER    an entrance that lets a step fail (tracer.c)
#   $PROBE     the one static program that is a root filesystem (probe.c)

set -euo pipefail

if [[ -z ${TEST_DIR-} ]]; then
	# Started by hand: run.sh makes the namespaces and the folder.
	exec "${0%/*}/run.sh" "$(basename "$0" .sh)"
fi
TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
BIN=$TOP/bin
PROBE=$TOP/${BUILD:-build}/tests/probe
# shellcheck disable=SC2034 # the tests use it
TRACER=$TOP/${BUILD:-build}/tests/tracer
export PATH=$BIN:$PATH:/usr/sbin:/sbin LC_ALL=C
count=0 todo_end=1 line=''

# --- verdicts ----------------------------------------------------------------

ok() { # SENTENCE
	count=$((count + 1))
	echo "ok $count - $*"
}

not_ok() { # SENTENCE [DETAIL]
	count=$((count + 1))
	echo "not ok $count - $1"
	[[ -z ${2-} ]] || printf '%s\n' "$2" | sed 's/^/#   /'
}

is() { # GOT WANT SENTENCE
	if [[ $1 == "$2" ]]; then ok "$3"; else
		not_ok "$3" "got:  $1"$'\n'"want: $2"
	fi
}

isnt() { # GOT OTHER SENTENCE
	if [[ $1 != "$2" ]]; then ok "$3"; else not_ok "$3" "got: $1"; fi
}

like() { # GOT REGEX SENTENCE
	if [[ $1 =~ $2 ]]; then ok "$3"; else
		not_ok "$3" "got:  $1"$'\n'"like: $2"
	fi
}

unlike() { # GOT REGEX SENTENCE
	if [[ ! $1 =~ $2 ]]; then ok "$3"; else
		not_ok "$3" "got:    $1"$'\n'"unlike: $2"
	fi
}

passes() { # SENTENCE COMMAND...
	local text=$1
	shift
	run "$@"
	if [[ $status -eq 0 ]]; then ok "$text"; else
		not_ok "$text" "exit status $status: $*"$'\n'"$err"
	fi
}

# run COMMAND...: never fails; leaves $status, and what it wrote in $out, $err.
run() {
	status=0
	"$@" >"$TEST_DIR/run.out" 2>"$TEST_DIR/run.err" || status=$?
	# shellcheck disable=SC2034 # the tests read it
	out=$(tr -d '\0' <"$TEST_DIR/run.out")
	err=$(tr -d '\0' <"$TEST_DIR/run.err")
	if grep -qE 'Sanitizer|runtime error:' "$TEST_DIR/run.err"; then
		not_ok "no sanitizer complains about: $*" "$err"
	fi
}

# Nothing can look for leaks while strace holds the process.
strace() {
	ASAN_OPTIONS=detect_leaks=0 command strace "$@"
}

# tap COMMAND...: a program that speaks TAP itself; its sentences become ours.
tap() {
	local line bad=0 status=0
	while read -r line; do
		case $line in
		'1..0 # SKIP '*) skip "$(basename "$1")" "${line#*SKIP }" ;;
		'1..'*) ;;
		'ok '*'# SKIP '*)
			line=${line#ok *- }
			skip "${line% # SKIP*}" "${line##*# SKIP }"
			;;
		'ok '*) ok "${line#ok *- }" ;;
		'not ok '*) bad=1 && not_ok "${line#not ok *- }" ;;
		*) echo "# ${line#\# }" ;;
		esac
	done < <("$@" 2>&1)
	wait "$!" || status=$?
	[[ $status -eq 0 || $bad -ne 0 ]] ||
		not_ok "$(basename "$1") succeeds" "exit status $status"
}

# wait_for COMMAND...: until it succeeds, for at most ten seconds.
wait_for() {
	local i
	for ((i = 0; i < 200 * SLOW; i++)); do
		if "$@" >/dev/null 2>&1; then return 0; fi
		sleep 0.05
	done
	return 1
}
SLOW=${VMTEST:+10} SLOW=${SLOW:-1} # an emulated machine

# --- what a test needs -------------------------------------------------------

skip() { # SENTENCE WHY: one sentence that cannot be tried here
	count=$((count + 1))
	echo "ok $count - $1 # SKIP $2"
}

skip_all() { # WHY
	todo_end=''
	echo "1..0 # SKIP $*"
	exit 0
}

needs_root() {
	[[ $EUID -eq 0 ]] || skip_all "needs root"
	[[ ${TEST_ISOLATED-} ]] || skip_all "root here may not make namespaces"
}

needs_program() { # NAME...
	local name
	for name; do
		command -v "$name" >/dev/null || skip_all "there is no $name here"
	done
}

# What says nothing about the kernel need not run on a second one, slowly.
needs_no_vm() {
	[[ ! ${VMTEST-} ]] || skip_all "the same here as outside the machine"
}

needs_plain_build() { # WHY
	[[ -z ${SAN-} ]] || skip_all "not in a sanitized build: $1"
}

# has_true_root: our / is the mount namespace's root, not a chroot in it.
has_true_root() {
	[[ $(nsenter --mount=/proc/self/ns/mnt stat -c %d:%i /) == \
		"$(stat -c %d:%i /)" ]]
}

# has_user_namespaces: not in a chroot, nor where the machine forbids them.
has_user_namespaces() {
	unshare -U true 2>/dev/null
}

# has_cgroup v1|v2 [CONTROLLER]: hybrid machines count as v1.
has_cgroup() {
	local kind=v1
	[[ $(stat -fc %T /sys/fs/cgroup) != cgroup2fs ]] || kind=v2
	[[ $kind == "$1" ]] || return 1
	[[ -n ${2-} ]] || return 0
	if [[ $kind == v2 ]]; then
		grep -qw "$2" /sys/fs/cgroup/cgroup.controllers
	else
		[[ -e /sys/fs/cgroup/$2/cgroup.procs ]]
	fi
}

needs_cgroup() { # v1|v2 [CONTROLLER]
	has_cgroup "$@" || skip_all "no cgroup $* here"
}

# --- root filesystems --------------------------------------------------------

# probe_rootfs DIR: /probe, and the folders that mounts go to. Its host name,
# users and groups are there for what looks them up.
probe_rootfs() {
	mkdir -p "$1"/{bin,dev,etc,proc,sys,tmp,root}
	chmod 1777 "$1/tmp"
	cp "$PROBE" "$1/probe"
	printf '%s\n' 'root:x:0:0:root:/root:/probe' \
		'user:x:1000:1000:a user:/tmp:/probe' >"$1/etc/passwd"
	printf '%s\n' 'root:x:0:' 'user:x:1000:' 'extra:x:2000:user' \
		>"$1/etc/group"
}

# busybox_rootfs DIR: a copy of rootfs/, with a shell.
busybox_rootfs() {
	"$TOP/tests/rootfs.sh" "$1"
}

# --- nothing is left ---------------------------------------------------------

# Everything a container could leave, one line each. A process is left when it
# is in our pid namespace and is not this shell or its child that looks.
snapshot() {
	local p
	if [[ ${TEST_ISOLATED-} ]]; then
		for p in /proc/[0-9]*; do
			p=${p#/proc/}
			[[ $p == "$$" || $p == "$BASHPID" ]] && continue
			[[ $(cut -d' ' -f4 "/proc/$p/stat" 2>/dev/null) \
				!= "$BASHPID" ]] || continue
			[[ ! -e /proc/$p ]] || echo "process $(tr -d '\0' \
				2>/dev/null <"/proc/$p/comm" || :)"
		done
		sed 's/^/mount /' /proc/self/mountinfo
		ip -o link | sed 's/^/link /; s/: <.*> /: /; s/ state .*//'
		for p in /run/{nsinit,execdriver,runc}/*; do
			[[ ! -e $p ]] || echo "state $p"
		done
		echo "hostname $(uname -n)"
	fi
	find "${cgroups[@]}" -type d 2>/dev/null | sed 's/^/cgroup /'
}

# Containers' cgroups are made below that of who makes them (v1), or beside it
# (v2): in each hierarchy the test goes into a cgroup of its own, and looks
# there. Where it cannot, it looks at the whole tree.
cgroups=()
enter_cgroups() {
	local controllers path root home own file
	while IFS=: read -r _ controllers path; do
		root=/sys/fs/cgroup/${controllers#name=}
		if [[ ! $controllers ]]; then
			has_cgroup v2 || continue
			root=/sys/fs/cgroup path=${path%/*}
		fi
		[[ -e $root/cgroup.procs ]] || continue
		home=$root${path%/}/$TEST_CGROUP
		if [[ ${TEST_ISOLATED-} ]] && mkdir "$home" 2>/dev/null; then
			own=$home
			[[ $controllers ]] || own=$home/test
			mkdir -p "$own"
			# cpuset takes nobody in before it has these.
			for file in "$root${path%/}"/cpuset.{cpus,mems}; do
				[[ ! -e $file || ! $controllers ]] ||
					cat "$file" >"$home/${file##*/}"
			done
			if { echo $$ >"$own/cgroup.procs"; } 2>/dev/null; then
				cgroups+=("$home")
				continue
			fi
			rmdir "$own" "$home" 2>/dev/null || :
		fi
		cgroups+=("$root")
	done <<<"$(</proc/self/cgroup)" # which changes while we move
}

# snapshot_to FILE: not in a pipe, whose other end would be in the picture.
snapshot_to() {
	(snapshot) >"$TEST_DIR/unsorted"
	sort "$TEST_DIR/unsorted" >"$1"
}

# leftovers SENTENCE: the machine is as it was at the beginning, or will be
# within two seconds.
leftovers() {
	local i diff=''
	for ((i = 0; i < 20 * SLOW; i++)); do
		snapshot_to "$TEST_DIR/after"
		if diff=$(diff "$TEST_DIR/before" "$TEST_DIR/after"); then
			ok "$1"
			return 0
		fi
		sleep 0.1
	done
	not_ok "$1" "$diff"
}

# --- begin and end -----------------------------------------------------------

done_testing() {
	leftovers "nothing is left behind"
	todo_end=''
	echo "1..$count"
}

ended() {
	local status=$?
	trap - EXIT ERR
	if [[ $todo_end ]]; then
		not_ok "the test ran to its end" \
			"it ended with status $status${line:+ at line $line}"
		echo "1..$count"
		exit 1
	fi
}
trap ended EXIT
trap 'line=$LINENO' ERR
trap 'exit 130' INT
trap 'exit 143' TERM

if [[ ${TEST_ISOLATED-} ]]; then
	# State roots live in /run: this test has its own.
	mount -t tmpfs -o mode=755 tmpfs /run
	ip link set lo up
fi
enter_cgroups
snapshot_to "$TEST_DIR/before"
