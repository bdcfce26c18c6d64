#!/bin/bash
# t41: one id, many starts: each command gets what is its own
# timeout: 180
#
# Who comes while the container of that id ends waits for the end, and starts
# anew; whose program has ended says so, whatever the next one does.
# shellcheck disable=SC2016,SC2034 # for the inner shell
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/container.sh
. "${0%/*}/container.sh"
needs_root
cd "$TEST_DIR"
fresh_rootfs

# --- eight at a time ---------------------------------------------------------

# many N AT_A_TIME WORD...: that many starts of one id; what each said, and its
# status, comes in many.out, one line each.
many() {
	local n=$1 width=$2
	shift 2
	seq "$n" | xargs -P "$width" -n 1 bash -c 'said=$("${@:1:$#-1}" 2>&1)
		echo "$?" $said' - "$@" >many.out
}
outcomes() {
	sort many.out | uniq -c | sed 's/^ *//; s/ *$//'
}
starts=400
[[ ! ${VMTEST-} ]] || starts=40
many $starts 8 nsinit exec --id same --rootfs "$rootfs" /probe exit 7
# 137: it had joined, and the container's first process ended before.
is "$(outcomes | grep -vE '^[0-9]+ (7|137)$')" "" \
	"of $starts starts of one id, 8 at a time, each ends with its program's status"
is "$(wc -l <many.out)" "$starts" "... and not one is missing"
is "$(ls /run/nsinit)" "" "... and no container is left"

# The same where the next one is there already: who cleans up is held between
# its program's end and its look at what is its own.
if ! command -v strace >/dev/null; then
	skip "who is late to clean up does not take the next one for its own" \
		"there is no strace here"
else
	# The third flock is the first of its clean-up: the first two are of the
	# start.
	slow_end() {
		ASAN_OPTIONS=detect_leaks=0 strace -qq -o /dev/null \
			-e trace=flock \
			-e inject=flock:delay_enter=3000000:when=3 \
			nsinit exec --id same --rootfs "$rootfs" /probe exit 7
	}
	slow_end >slow.out 2>&1 &
	slow=$!
	first_ended() {
		[[ -e /run/nsinit/same/state.json ]] && ! pgrep -x probe &&
			grep -q '"starting":false' /run/nsinit/same/state.json
	}
	wait_for first_ended
	nsinit exec --id same --rootfs "$rootfs" /probe sleep 600 \
		>next.out 2>&1 &
	next=$!
	wait_for pgrep -x probe
	run wait "$slow"
	is "$status $(cat slow.out)" "7 " \
		"who is late to clean up says its program's status, with the next one running"
	is "$(pgrep -x probe | wc -l)" 1 "... which it leaves alone"
	kill -KILL "$(pgrep -x probe)"
	run wait "$next"
	is "$status $(cat next.out)" "137 " "... up to its own end"
fi

# --- a container that is just ending -----------------------------------------

# begin_same: one that lives; its first process is $pid, its nsinit $runner.
state_file=/run/nsinit/same/state.json
begin_same() {
	nsinit exec --id same --rootfs "$rootfs" /probe sleep 600 \
		>life.out 2>&1 &
	runner=$!
	wait_for begun || not_ok "a container begins" "$(cat life.out)"
	begun || :
}
in_rootfs() { env -C "$rootfs" "$@"; }

# Its nsinit has not seen yet that it is dead.
begin_same
kill -STOP "$runner"
kill -KILL "$pid"
wait_for eval '[[ $(of_status $pid State) == Z* ]]'
run in_rootfs nsinit nsenter --id same /probe pid
is "$status $err" "125 nsinit: nsenter: container same has ended" \
	"nsenter says of a container whose first process is a zombie that it has ended"
run in_rootfs nsinit exec --id same --rootfs "$rootfs" /probe exit 7
is "$status $out$err" "7 " "... and exec makes a new one"
kill -CONT "$runner"
run wait "$runner"
is "$status $(cat life.out)" "137 " "... and the first nsinit has its own status"

# Where orphans are reaped late, the first process of a pid namespace is a long
# time at its end: it waits for all others in there, also for those who joined.
cat >late.py <<'X'
import ctypes, os, signal, subprocess, sys, time
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER, and no wait
first = subprocess.Popen(["nsinit", "exec", "--id", "same", "--rootfs",
                          sys.argv[1], "/probe", "sleep", "600"])
while '"starting":false' not in open(sys.argv[2]).read() \
        if os.path.exists(sys.argv[2]) else True:
    time.sleep(0.01)
joined = subprocess.Popen(["nsinit", "exec", "--id", "same", "/probe",
                           "say", "joined", ",", "sleep", "600"])
print(first.pid, joined.pid, flush=True)
signal.pause()
X
late() {
	: >late.out
	python3 late.py "$rootfs" "$state_file" >late.out 2>late.err &
	reaper=$!
	wait_for grep -q joined late.out || cat late.err
	read -r first joined < <(grep '^[0-9]' late.out)
	pid=$(container_pid)
	inner=$(ps -o pid= --ppid "$joined" | tr -d ' ')
	kill -KILL "$joined"
	wait_for eval '[[ $(of_status $inner State) == Z* ]]'
}
if ! command -v python3 >/dev/null; then
	skip "one that waits for its last process's reaper has ended" \
		"there is no python3 here"
else
	for whose in "its nsinit" "its first process"; do
		late
		victim=$first
		[[ $whose == "its nsinit" ]] || victim=$pid
		kill -KILL "$victim"
		# PF_EXITING
		wait_for eval '(( $(cut -d" " -f9 "/proc/$pid/stat") & 4 ))'
		passes "SIGKILL to $whose: the first process waits at its end for others' reaper" \
			wait_for eval '[[ $(of_status "$pid" State) == S* ]]'
		run in_rootfs nsinit nsenter --id same /probe pid
		is "$status $err" "125 nsinit: nsenter: container same has ended" \
			"... nsenter says that the container has ended"
		run in_rootfs nsinit exec --id same --rootfs "$rootfs" \
			/probe exit 7
		is "$status $out$err" "7 " \
			"... exec makes a new one, without a word of memory"
		kill -KILL "$reaper"
		wait "$reaper" 2>/dev/null || :
		wait_for gone "$pid"
	done
fi

# Who is half-way in when the container ends: held at each act, and the
# container's first process is killed meanwhile.
if ! command -v strace >/dev/null; then
	skip "who joins a container that ends meanwhile" "there is no strace here"
else
	calls=(openat:8 openat:14 openat:20 openat:26 openat:32 clone3:1 prctl:1
		setns:1 setns:3 setns:6 clone:1 recvmsg:1 recvmsg:2 sendmsg:1
		sendmsg:2 sendmsg:3 newfstatat:3 setresuid:1 capset:1)
	[[ ! ${VMTEST-} ]] || calls=(openat:14 clone3:1 setns:3 sendmsg:2)
	for verb in exec nsenter; do
		bad=''
		for call in "${calls[@]}"; do
			begin_same
			: >hold.trace
			# -f: dockerinit's as well; held in whichever process
			in_rootfs env ASAN_OPTIONS=detect_leaks=0 strace -f -qq \
				-o hold.trace -e "trace=${call%:*}" -e \
				"inject=${call%:*}:delay_enter=500000:when=${call#*:}" \
				nsinit "$verb" --id same /probe exit 7 \
				>join.out 2>join.err &
			joiner=$!
			sleep 0.2
			kill -KILL "$pid"
			joined=0
			wait "$joiner" || joined=$?
			run wait "$runner"
			said="$verb $call: $joined $(grep -hv '^strace: ' join.out join.err || :)"
			case $said in
			"$verb $call: 7 ") ;;           # anew, or in time
			"$verb $call: 137 ") ;;         # it ran, and ended with it
			"nsenter $call: 125 nsinit: nsenter: container same has ended") ;;
			"nsenter $call: 125 nsinit: nsenter: /run/nsinit/same: there is no such container") ;;
			*) bad+="$said"$'\n' ;;
			esac
		done
		is "$bad" "" "$verb, held at ${#calls[@]} acts while the container ends, says that alone"
	done
	wait_for eval '[[ ! -e /run/nsinit/same ]]'
fi
done_testing
