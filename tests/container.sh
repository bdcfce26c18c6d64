# shellcheck shell=bash
# container.sh  containers of a test: their config, their life, their pids
#
# Sourced after lib.sh. One rootfs, $rootfs, of the probe alone, and one
# container id at a time, nsinit's own default with --config.

rootfs=$TEST_DIR/rootfs
config_file=$TEST_DIR/config.json
state_file=/run/nsinit/nsinit/state.json
pid='' runner='' status=0

# fresh_rootfs: as if no container had been there before.
fresh_rootfs() {
	rm -rf --one-file-system -- "$rootfs"
	probe_rootfs "$rootfs"
}

# config KEY JSON...: the template, with these members in place of its own, is
# what the next container is made from.
config() {
	local keys='' own=''

	while [[ $# -gt 0 ]]; do
		keys+=" $1 " own+=$'\t'"\"$1\": $2,"$'\n'
		shift 2
	done
	[[ -e $TEST_DIR/template ]] ||
		nsinit spec --id nsinit --rootfs "$rootfs" >"$TEST_DIR/template"
	KEYS=$keys OWN=$own awk '
		/^\t"/ { split($0, part, "\"")
			skip = index(ENVIRON["KEYS"], " " part[2] " ") }
		/^}/ { skip = 0 }
		!skip { text = text $0 "\n" }
		END {
			sub(/,\n}/, "\n}", text)
			print "{\n" ENVIRON["OWN"] substr(text, 3)
		}' "$TEST_DIR/template" >"$config_file"
}

# in_container [FLAG...] WORD...: run it in a new container, or in the one that
# lives; leaves $status, $out, $err.
in_container() {
	run nsinit exec --config "$config_file" "$@"
}

# probe QUESTION...: what the probe answers in a new container.
probe() {
	in_container /probe "$@"
}

# facts WORD: the lines of $out that begin so, without it.
facts() {
	sed -n "s/^$1 //p" <<<"$out"
}

# The pid of the living container's first process, as this test sees it.
container_pid() {
	sed -n 's/.*"init_process_pid": *\([1-9][0-9]*\).*/\1/p' \
		"$state_file" 2>/dev/null
}

comm_is() { # PID NAME
	[[ $1 && $(tr -d '\0' 2>/dev/null <"/proc/$1/comm") == "$2" ]]
}

begun() {
	pid=$(container_pid) && comm_is "$pid" probe
}

# begin: a container that lives until end; its pid is in $pid.
begin() {
	nsinit exec --config "$config_file" /probe sleep 600 \
		>"$TEST_DIR/life.out" 2>&1 &
	runner=$!
	wait_for begun || not_ok "a container begins" \
		"$(cat "$TEST_DIR/life.out")"
	begun || :
}

# end: it is killed; leaves $status.
end() {
	[[ ! $pid ]] || kill -KILL "$pid" 2>/dev/null || :
	status=0
	wait "$runner" 2>/dev/null || status=$?
	runner='' pid=''
}

# of_status PID KEY: a line of /proc/PID/status.
of_status() {
	sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status" | tr '\t' ' ' |
		sed 's/ *$//'
}

# --- a dockerinit that stands still ------------------------------------------

# The pid of the process of that name; nothing when there is none.
named() { # NAME
	local comm

	for comm in /proc/[0-9]*/comm; do
		if [[ $(tr -d '\0' 2>/dev/null <"$comm") == "$1" ]]; then
			comm=${comm#/proc/}
			echo "${comm%/comm}"
			return 0
		fi
	done
	return 1
}

stopped() { # PID
	[[ $(of_status "$1" State 2>/dev/null) == T* ]]
}

# hold STEP [WORD...]: a dockerinit that stands before that step; its pid is in
# $pid. The tracer that lets it wait has stopped itself.
hold() {
	local step=$1
	shift

	[[ $# -gt 0 ]] || set -- /probe say ran
	"$TRACER" /run/nsinit nsinit "$rootfs" "-$step" "$@" \
		>"$TEST_DIR/hold.out" 2>&1 &
	runner=$!
	wait_for stopped "$runner" ||
		not_ok "a dockerinit waits before step $step" \
			"$(cat "$TEST_DIR/hold.out")"
	pid=$(sed -n "s/^> $step [^ ]* //p" "$TEST_DIR/hold.out")
}

# release: it goes on; leaves $status and $out.
release() {
	status=0
	kill -CONT "$runner"
	# shellcheck disable=SC2034 # the tests read it
	wait "$runner" || status=$?
	# shellcheck disable=SC2034 # the tests read it
	out=$(cat "$TEST_DIR/hold.out")
	runner='' pid=''
}

# slowly CALL WORD...: run it in the background while each process's first
# CALL takes seconds.
slowly() { # CALL SECONDS COMMAND...
	local call=$1 seconds=$2
	shift 2

	ASAN_OPTIONS=detect_leaks=0 strace -qq -f -o /dev/null \
		-e "trace=$call" \
		-e "inject=$call:delay_enter=${seconds}000000:when=1" \
		"$@" >"$TEST_DIR/slow.out" 2>"$TEST_DIR/slow.err" &
	runner=$!
}

# alone PID: nobody else is in its pid namespace.
alone() {
	local other namespace
	namespace=$(readlink "/proc/$1/ns/pid")
	for other in /proc/[0-9]*; do
		[[ $other == "/proc/$1" ||
			$(readlink "$other/ns/pid") != "$namespace" ]] ||
			return 1
	done
}

gone() { # PID
	[[ ! -e /proc/$1 ]]
}
