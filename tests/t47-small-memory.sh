#!/bin/bash
# t47: whoever has little memory or a small stack says so, and leaves nothing
#
# A limit is tried at many sizes, from far too small to enough. In between lies
# each moment at which memory can run out: before anything is made, between two
# cgroups, when the process is there. Each run succeeds without a word or fails
# with one line; nothing may be left at once. Who is too small for the dynamic
# linker or for execve never gets to our main, and leaves nothing, either.
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
needs_root
needs_program prlimit
needs_plain_build "the sanitizers need much more memory"
needs_no_vm
cd "$TEST_DIR"
probe_rootfs rootfs
nsinit spec --id x --rootfs "$PWD/rootfs" >new.json
cat >command.json <<JSON
{"id": "x", "rootfs": "$PWD/rootfs",
 "process_config": {"entrypoint": "/probe", "arguments": ["say", "hi"]}}
JSON
new=(nsinit exec --id x --config new.json /probe say hi)
terminal=(nsinit exec -t --id x --config new.json /probe say hi)
join=(nsinit exec --id x /probe say hi)
driver=(execdriver run command.json)

# rest: directories and cgroups of containers, and their processes.
rest() {
	local list=(/run/{nsinit,execdriver}/*)
	printf '%s\n' "${list[@]}" | grep -v '\*' || :
	find "${cgroups[@]}" -mindepth 1 -type d
	grep -lsE '^(dockerinit|native)' /proc/[0-9]*/comm || :
}

# ends_well: what is wrong with the run that was just made, or nothing.
ends_well() {
	local said left
	said=$(grep -vE '^(started pid|exit status) [0-9]+$' <<<"$err" || :)
	left=$(diff <(rest) "$before" || :)
	[[ ! $left ]] || echo "it leaves: ${left//$'\n'/ }"
	case $status in
	0)
		[[ ${out%$'\r'} == hi && ! $said ]] || echo "it says: $said"
		reached=$((reached + 1))
		;;
	127 | 139)
		# Before main: nobody is there yet who could say it better.
		[[ ! $said || $said == *'shared libraries'* ||
			$said == *'cannot allocate TLS'* ]] || echo "it says: $said"
		;;
	*)
		[[ $status -eq 125 && $said =~ ^(nsinit|execdriver):\ [^$'\n']*$ &&
			$said =~ (memory|stack|killed\ by\ signal) ]] ||
			echo "status $status: ${said:-without a word}"
		refused=$((refused + 1))
		;;
	esac
}

# sweep LIMIT FROM TO STEP COMMAND...: in KiB.
sweep() {
	local limit=$1 from=$2 to=$3 step=$4 k bad='' text tried=0
	shift 4
	reached=0 refused=0
	rest >"$before"
	for ((k = from; k <= to; k += step)); do
		# bash tells of those that die by a signal.
		run prlimit "--$limit=$((k * 1024)):$((k * 1024))" "$@" 2>/dev/null
		ends_well >verdict
		text=$(<verdict)
		[[ ! $text ]] || bad+="$k KiB: $text"$'\n'
		tried=$((tried + 1))
	done
	text="$what: $limit of $from to $to KiB"
	if [[ ! $bad ]]; then
		ok "$text: it runs or says one line, and leaves nothing"
	else
		not_ok "$text: it runs or says one line, and leaves nothing" "$bad"
	fi
	isnt "$refused" 0 "$text: some are refused ($refused of $tried)"
	isnt "$reached" 0 "$text: some run ($reached of $tried)"
}
before=$TEST_DIR/before-sweep

sweeps() {
	what=$1
	local coarse=$2
	shift 2
	sweep stack 8 104 $((8 * coarse)) "$@"
	sweep data 96 1200 $((24 * coarse)) "$@"
	sweep as 2600 4400 $((60 * coarse)) "$@"
}
sweeps "a new container" 1 "${new[@]}"
sweeps "a terminal" 2 "${terminal[@]}"
sweeps "execdriver" 2 "${driver[@]}"

run prlimit --stack=32768:32768 "${new[@]}"
is "$status $err" "125 nsinit: the stack limit (RLIMIT_STACK, ulimit -s) is \
too small: expected at least 64 KiB, got 32768 bytes" \
	"who has a stack that is too small says what is wanted"

nsinit exec --id x --config new.json /probe say ready , sleep 1000 >said &
starter=$!
wait_for grep -q ready said || not_ok "a container runs"
init=$(sed 's/.*"init_process_pid":\([0-9]*\).*/\1/' /run/nsinit/x/state.json)
sweeps "one who joins" 1 "${join[@]}"
is "$(sed 's/.*"init_process_pid":\([0-9]*\).*/\1/' /run/nsinit/x/state.json)" \
	"$init" "whoever failed to join, the container lives as before"
kill -KILL "$init"
wait $starter 2>/dev/null || :

# --- the container's own limits ---------------------------------------------

# They are set in step 6, and dockerinit has six more steps to go.
own() { # TYPE BYTES
	awk -v limit="$1" -v n="$2" 'NR == 1 { print; printf "\t\"rlimits\": " \
		"[{\"type\": \"%s\", \"soft\": %d, \"hard\": %d}],\n", limit, n, n
		next } !/"rlimits"/' new.json >own.json
	run nsinit exec --id x --config own.json /probe say hi
}
rest >"$before"
for bytes in 16384 32768 65536; do
	own STACK $bytes
	is "$status $out" "0 hi" \
		"a container may have a stack of $bytes bytes: its own start does not need it"
done
for type in DATA AS; do
	own $type 4096 2>/dev/null
	is "$(ends_well)" "" \
		"a container of 4096 bytes of $type runs or says one line, and leaves nothing"
done
done_testing
