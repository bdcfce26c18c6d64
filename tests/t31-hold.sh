#!/bin/bash
# t31: --step, --break and --stop hold the walk before a step, and let it go on
# timeout: 240
# shellcheck disable=SC2016 # what is typed is for the shells inside
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/container.sh
. "${0%/*}/container.sh"
needs_root
needs_program python3 pgrep setsid

fresh_rootfs
box=$TEST_DIR/box
busybox_rootfs "$box"
cp "$PROBE" "$box/probe"
echo image >"$box/whose"
echo host >"$TEST_DIR/whose"
nl=$'\n' own_devpts=''
# What the program says, which may come after a prompt.
over="($nl|[#\$] )over($nl|\$)"
export TERM=dumb

# at_terminal STEP... -- COMMAND...: see pty.py; what was on the screen is $out.
at_terminal() {
	run env -C "$box" python3 "$TOP/tests/pty.py" "$@"
}

# ended_well STATUS SENTENCE: it ended so, and left the terminal as it was.
ended_well() {
	is "$status ${out##*"$nl"}${err:+ $err}" "$1 terminal restored" "$2"
}

# without_terminal COMMAND...: in a session that has none.
without_terminal() {
	run setsid -w env -C "$box" "$@"
}

nobody_left() {
	[[ ! $(ls /run/nsinit) ]] && ! pgrep -x probe >/dev/null
}

# undone SENTENCE
undone() {
	is "$(cd /run && echo {nsinit,execdriver}/*) $(
		pgrep -fx native | xargs)" "nsinit/* execdriver/* " "$1"
}

# enters N...: what pty.py does to answer the question before each step N.
enters() {
	local i
	answers=()
	for i; do
		printf -v i '%2d' "$i"
		answers+=("wait=step $i/12.*<Enter> " 'send=\n')
	done
}
all=(1 2 3 4 5 6 7 8 9 10 11 12)
joining=(1 2 3 4 6 10 11 12)

# A sandbox may keep ptmx from everybody but root.
if ! setpriv --reuid 65534 test -w /dev/ptmx; then
	mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts /dev/pts
	own_devpts=1
fi

# --- --step ------------------------------------------------------------------

enters "${all[@]}"
at_terminal "${answers[@]}" 'wait=\n/ # ' 'send=echo on""ce; tty; ps | tail -n +2\n' \
	'wait=/ # ' 'send=exit 3\n' end -- nsinit exec --step /bin/sh
ended_well 3 "--step: twelve times Enter, then a usable shell"
is "$(sed -n 's/^\[step \(..\)\/12\] next: \([a-z_]*\) - .*/\1 \2/p' <<<"$out")" \
	"$(dockerinit --list-steps=json | sed -n \
	's/.*"number": \([0-9]*\), .*"name": "\([^"]*\)".*/\1 \2/p' |
	awk '{ printf "%2d %s\n", $1, $2 }')" \
	"... with each step's number and name"
like "$out" 'next: mount_namespace - create the mount namespace, to prepare for mounting <Enter> ' \
	"... and the chapter's words"
unlike "$out" "can't access tty|job control turned off" "the shell has job control"
at_terminal "${answers[@]}" 'wait=\nin' end -- \
	bash -c 'echo in | nsinit --step exec cat | cat'
ended_well 0 "... also with a pipe for standard input, and for output"
at_terminal "${answers[@]}" 'wait=hi\s+hi' end -- \
	bash -c 'echo hi | nsinit exec -t --step cat'
ended_well 0 "... and with a console of the container's own at a pipe"
at_terminal "${answers[@]}" end -- \
	bash -c 'nsinit exec --step --pid host /probe say out 2>/dev/null >/dev/null'
ended_well 0 "... and when all output goes elsewhere: the terminal is asked"

at_terminal 'wait=step  1/12.*<Enter> ' 'send=9\n' 'wait=step  9/12.*<Enter> ' \
	'send=3\n' 'wait=step 3 is over; 9 is next' 'wait=step  9/12.*<Enter> ' \
	'send=x\n' 'wait=x: what is that' 'wait=step  9/12.*<Enter> ' \
	'send=e\n' 'wait=pivot_root\(2\)' 'wait=step  9/12.*<Enter> ' 'send=c\n' \
	end -- nsinit exec --step /probe say over
ended_well 0 "a number goes on to that step, e explains, c goes on to the end"
like "$out" "$over" "... and the program runs"
is "$(grep -c '\] next' <<<"$out")" 5 "... with no question more"

interrupted="${nl}nsinit: exec: start container [^ ]*: before step 8 \(step08_mounts\): interrupted by signal "
for how in 'send=q\n' 'send=\x03' 'send=\x04' sign=TERM sign=HUP; do
	want=125 says="${nl}nsinit: exec: given up before step 8 \(step08_mounts\)"
	case $how in
	*03) want=130 says="${interrupted}2 \(Interrupt\)" ;;
	*TERM) want=143 says="${interrupted}15 \(Terminated\)" ;;
	*HUP) want=129 says="${interrupted}1 \(Hangup\)" ;;
	esac
	at_terminal 'wait=step  1/12.*<Enter> ' 'send=8\n' \
		'wait=step  8/12.*<Enter> ' "$how" end -- \
		nsinit exec --step /probe say over
	ended_well $want "giving up before step 8 ($how) is a failure"
	like "$out" "$says" "... that says so"
	unlike "$out" "$over" "... the program does not run"
	undone "... and nothing of the container is left"
done
at_terminal 'wait=step  1/12.*<Enter> ' 'send=\x1a' \
	'until=grep -q "State.*T" /proc/$JOB/status' back \
	'wait=step  1/12.*<Enter> ' 'send=c\n' end -- nsinit exec --step /probe say over
ended_well 0 "Ctrl-Z stops it while it asks, and fg asks again"
at_terminal 'wait=step  1/12.*<Enter> ' sign=USR2 'send=c\n' \
	end -- nsinit exec --step --pid host /probe sleep 60
ended_well 140 "a signal that came while it asked reaches the program"
at_terminal 'wait=step  1/12.*<Enter> ' 'send=9\n' 'wait=step  9/12.*<Enter> ' \
	'host=pkill -KILL -fx native' end -- nsinit exec --step /probe say over
ended_well 125 "when dockerinit is killed meanwhile it ends"
like "$out" 'nsinit: exec: dockerinit was killed by signal 9' "... and says how"
undone "... and nothing is left"

# --- --break, inside ---------------------------------------------------------

# Each shell looks at the same things. (What is typed has quotes in it, so that
# it cannot be taken for what is printed.)
look='echo m""nt $(readlink /proc/self/ns/mnt); echo wh""ose $(cat '
at_terminal 'wait=\(step 7\) # ' "send=$look $TEST_DIR/whose)\n" \
	'wait=\nwhose.*\n\(step 7\) # ' \
	'send=ls -l /proc/self/fd/ | grep -c " -> "; tty; umask; exit\n' \
	'wait=\(step 9\) # ' "send=$look $TEST_DIR/whose)\n" \
	'wait=\nwhose.*\n\(step 9\) # ' \
	"send=echo pr\"\"oc \$(grep -c '$box/proc ' /proc/self/mountinfo); umask; exit\n" \
	'wait=\(step 10\) # ' "send=$look /whose); ls -d $TEST_DIR\n" \
	'wait=No such file.*\n\(step 10\) # ' 'send=hostname; cat /proc/$PPID/comm; exit\n' \
	'wait=\(step 12\) # ' "send=$look /whose); hostname\n" 'wait=half\s+\(step 12\) # ' \
	'send=echo c""ap $(grep CapEff /proc/self/status); exit\n' \
	'wait=\n/ # ' 'send=echo c""ap $(grep CapEff /proc/self/status)\n' \
	'wait=cap CapEff.*\n/ # ' 'send=tty; ps\n' 'wait=\{ps\}.*\n/ # ' 'send=exit 6\n' end -- \
	nsinit exec --hostname half --break 7 --break 9 --break 10 --break 12 sh
ended_well 6 "--break: a shell before each of four steps, then the program"
host_mnt=$(readlink /proc/self/ns/mnt)
mapfile -t mnts < <(sed -n 's/^mnt //p' <<<"$out")
is "${#mnts[@]} ${mnts[0]}" "4 $host_mnt" \
	"before step 7 the mount namespace is the host's"
is "$(grep -c CAREFUL <<<"$out") $(grep -A1 'break  7/12' <<<"$out" | tail -n1)" \
	"2   CAREFUL: its mounts are still the host's: what you mount or change here is the host's" \
	"... and there the banner warns of it"
like "$out" "before hostname_profile; exit goes on${nl}[^$nl]*$nl  CAREFUL: this sh is the image's and has all of root's power: for images you trust; else --break 10=host$nl" \
	"before step 10 it warns of the image's shell, which is root, and nowhere else"
like "$out" "mount_namespace; exit goes on" "the banner says how to go on"
isnt "${mnts[1]}" "$host_mnt" "before step 9 it is the container's"
is "${mnts[2]} ${mnts[3]}" "${mnts[1]} ${mnts[1]}" "... and stays so"
is "$(sed -n 's/^whose //p' <<<"$out" | xargs)" "host host image image" \
	"before step 9 the files are the host's, after it the image's"
like "$out" "${nl}proc 1${nl}0022${nl}" "... where the container's /proc is mounted already"
like "$out" "ls: $TEST_DIR: No such file" "... after it the host's have gone"
like "$out" "${nl}4${nl}/dev/pts/[0-9]+${nl}0022${nl}" \
	"the shell has no descriptor but its terminal (and ls its folder), umask 022"
like "$out" "${nl}dockerinit:10${nl}" "... and is dockerinit's child"
is "$(grep -c '^half$' <<<"$out")" 1 "before step 10 the host name is another"
like "$out" 'before exec; exit goes on'"$nl.*$nl"'  privileges are given away' \
	"before step 12 the banner tells of the privileges"
is "$(grep -c '^cap CapEff' <<<"$out") $(grep '^cap CapEff' <<<"$out" | sort -u | wc -l)" \
	"2 1" "... which are those of the program"
like "$out" "${nl}/dev/(console|pts/[0-9]+)${nl}PID" "the program has its own terminal"
is "$(grep -cE '^ +[0-9]+ root ' <<<"$out")" 2 "... and the container for itself"
unlike "$out" "can't access tty|job control turned off|Cannot set tty" \
	"no shell complains about its terminal"

# /bin/sh of the host before step 9, busybox's after it.
for step in 8 10; do
	at_terminal "wait=\\(step $step\\) # " 'send=sleep 1000\n' \
		'until=pgrep -x sleep' 'send=\x1a' 'wait=Stopped' 'wait=# ' \
		'until=pgrep -x -r T sleep' 'send=fg\n' \
		'until=pgrep -x -r S sleep' 'send=\x03' 'wait=\n\(step' \
		'send=echo then $?\n' 'wait=then 130' 'send=exit\n' \
		end -- nsinit exec --break $step /probe say over
	ended_well 0 "before step $step: Ctrl-Z, fg and Ctrl-C are the shell's"
	like "$out" "$over" "... and after it the program runs"
done
at_terminal size=33x97 'wait=\(step 6\) # ' 'send=stty size\n' 'wait=33 97' \
	size=50x120 'send=stty size\n' 'wait=50 120\s+\(step' 'send=echo $TERM; exit\n' \
	'wait=\ndumb' end -- nsinit exec --break 6 /probe say over
ended_well 0 "the shell's window has the size of the user's, and his TERM"
at_terminal 'wait=\(step 9\) # ' 'send=\x04' end -- \
	nsinit exec --break 9 /probe say over
ended_well 0 "Ctrl-D ends the shell"
at_terminal 'wait=\(step 9\) # ' 'send=exit 9\n' end -- \
	nsinit exec --break 9 /probe say over
ended_well 0 "... and a shell that ends with an error is no error"
at_terminal 'wait=\(step 9\) # ' 'send=echo typed; exit\n' 'wait=\nprogram in' \
	end -- bash -c 'echo in | nsinit exec --break 9 sh -c "echo program \$(cat)"'
ended_well 0 "the program's standard input is not the shell's"

# What a shell leaves behind: a job, one that ignores signals, one that has left
# the session.
leave='sleep 1001 & (trap \"\" HUP TERM; sleep 1002) & setsid sleep 1003 &\n'
for flags in '' '--pid host'; do
	# shellcheck disable=SC2086 # words
	at_terminal 'wait=\(step 5\) # ' "send=$leave" 'until=pgrep -f "^sleep 1003"' \
		'send=exit\n' end -- \
		nsinit exec $flags --break 5 /probe say over
	ended_well 0 "a shell leaves processes behind ${flags:-in a pid namespace}"
	like "$out" "$over" "... the program runs nevertheless"
	is "$(pgrep -f '^sleep 100')" "" "... and they are gone"
done
at_terminal 'wait=\(step 11\) # ' "send=$leave" 'until=pgrep -f "^sleep 1003"' \
	'send=exit\n' 'wait=PID' end -- nsinit exec --break 11 ps
is "$(grep -cE '^ +[0-9]+ root ' <<<"$out")" 1 "... before the program begins"

at_terminal 'wait=\(step 5\) # ' "send=$leave" 'until=pgrep -f "^sleep 1003"' \
	sign=TERM end -- nsinit exec --pid host --break 5 /probe say over
ended_well 143 "given up with a shell open, in the host's pid namespace"
is "$(pgrep -f '^sleep 100|^sh -i')" "" "... it takes all along, too"

for who in 'pkill -KILL -fx native' 'pkill -KILL -x nsinit'; do
	at_terminal 'wait=\(step 9\) # ' "host=$who" end -- \
		nsinit exec --break 9 /probe say over
	like "$status" '^(125|137)$' "killed while a shell is open: $who"
	wait_for bash -c '! pgrep -f "^sh -i"'
	is "$(pgrep -f '^sh -i')" "" "... ends the shell, too"
done
at_terminal end -- nsinit exec /probe exit 0
undone "... and what they left, the next one removes"
at_terminal 'wait=\(step 9\) # ' sign=TERM end -- \
	nsinit exec --break 9 /probe say over
ended_well 143 "SIGTERM to nsinit gives up"
like "$out" 'before step 9 .step09_pivot_root.: interrupted by signal 15' "... and is said"
undone "... and nothing is left"

at_terminal end -- nsinit exec --rootfs "$rootfs" --break 10 /probe say over
ended_well 125 "an image without a shell: --break after pivot_root fails"
like "$out" "nsinit: exec: --break 10: execute /bin/sh before step 10 \(on the host's side there is one: --break 10=host\): No such file" \
	"... and suggests the host's side"
undone "... and nothing is left"
at_terminal 'wait=\(step 9\) # ' 'send=exit\n' end -- \
	nsinit exec --rootfs "$rootfs" --break 9 /probe say over
ended_well 0 "... before it, the host's shell is there"

run nsinit --trace exec --trace="$TEST_DIR/twice" /probe say over
like "$status $err" '^125 nsinit: exec: --trace=.*: it was given already; one is enough$' \
	"two --trace are refused in a line"

# --- --break N=host ----------------------------------------------------------

at_terminal 'wait=\(host, step 10\) # ' \
	'send=echo wh""ose $(cat /proc/$PID/root/whose) $(cat /proc/$PID/comm)\n' \
	'wait=\nwhose' 'send=nsenter -t $PID -a /bin/sh -c "ec""ho; ls /"\n' 'wait=whose\s+\(host' \
	'send=diff /proc/self/mountinfo /proc/$PID/mountinfo | grep -c "^<"\n' \
	'wait=\n[1-9][0-9]*\r?\n' 'send=sleep 1000\n' 'until=pgrep -x sleep' \
	'send=\x1a' 'wait=Stopped' 'wait=\n\(host' 'send=fg\n' 'until=pgrep -x -r S sleep' 'send=\x03' \
	'wait=\n\(host' 'send=exit\n' end -- \
	nsinit exec --break 10=host /probe say over
ended_well 0 "--break 10=host: a shell on the host, with job control"
like "$out" "whose image dockerinit:10" "... that finds the container in \$PID"
like "$out" "  the container is process .PID, [0-9]+;" "... as the banner says"
like "$out" "$over" "... and the program runs after it"
at_terminal 'wait=\(host, step 10\) # ' 'send=kill -STOP $$\n' \
	'send=echo st""ill\n' 'wait=still' 'host=pkill -KILL -fx native' \
	'wait=the container has died' 'send=exit\n' end -- \
	nsinit exec --rootfs "$rootfs" --break 10=host /probe say over
ended_well 125 "a shell on the host outlives the container, for its user to see"
undone "... of which nothing is left"
at_terminal 'wait=\(host, step 3\) # ' sign=TERM end -- \
	nsinit exec --break 3=host /probe say over
ended_well 143 "SIGTERM to nsinit gives up, and ends the shell"
for how in TERM HUP; do
	at_terminal 'wait=\(host, step 3\) # ' 'send=sleep 1004 &\n' \
		'until=pgrep -f "^sleep 1004"' 'send=sleep 1005\n' \
		'until=pgrep -f "^sleep 1005"' sign=$how end -- \
		nsinit exec --break 3=host /probe say over
	ended_well $((128 + $(kill -l $how))) "SIG$how, with jobs of that shell"
	wait_for bash -c '! pgrep -f "^sleep 100|^sh -i"' || :
	is "$(pgrep -f '^sleep 100|^sh -i')" "" "... hangs them up"
done
at_terminal 'wait=\(host, step 3\) # ' 'send=trap "" HUP; echo de""af\n' \
	'wait=deaf' sign=TERM end -- nsinit exec --break 3=host /probe say over
ended_well 143 "... and a shell that will not hear of it is killed"
at_terminal 'wait=\(host, step 4\) # ' 'send=sleep 1006 & exit\n' end -- \
	nsinit exec --break 4=host /probe say over
ended_well 0 "what it leaves in the background when it ends is the user's"
is "$(pgrep -fc '^sleep 1006')" 1 "... and goes on"
pkill -f '^sleep 1006'
at_terminal 'wait=\(host, step 4\) # ' 'host=pkill -KILL -x nsinit' end -- \
	nsinit exec --break 4=host /probe say over
wait_for bash -c '! pgrep -f "^sh -i"' || :
is "$status $(pgrep -f '^sh -i')" "137 " \
	"a nsinit that is killed leaves no such shell at the terminal"
at_terminal end -- nsinit exec /probe exit 0

at_terminal 'wait=step  1/12.*<Enter> ' 'send=9\n' 'wait=step  9/12.*<Enter> ' \
	'send=b\n' 'wait=\(step 9\) # ' 'send=exit\n' 'wait=step  9/12.*<Enter> ' \
	'send=h\n' 'wait=\(host, step 9\) # ' 'send=exit\n' 'wait=step  9/12.*<Enter> ' \
	'send=q\n' end -- nsinit exec --step /probe say over
ended_well 125 "at --step's question, b and h are shells"
undone "... and nothing is left"

# --- --stop ------------------------------------------------------------------

# stop_at STEP [WORD...]: one that has no terminal, until it is held; $pid.
stop_at() {
	local step=$1
	shift
	: >"$TEST_DIR/stop.err"
	setsid env -C "$box" nsinit exec --stop "$step" "$@" \
		>"$TEST_DIR/stop.out" 2>"$TEST_DIR/stop.err" &
	runner=$!
	wait_for is_held || not_ok "it is held before step $step" \
		"$(cat "$TEST_DIR/stop.err")"
	shown=$(<"$TEST_DIR/stop.err")
}
is_held() {
	pid=$(sed -n 's/.*dockerinit is process \([0-9]*\), held.*/\1/p' \
		"$TEST_DIR/stop.err") && [[ $pid ]] &&
		grep -q 'gives up' "$TEST_DIR/stop.err"
}
# let_go: leaves $status, $out.
let_go() {
	kill -USR1 "$(sed -n 's/.*kill -USR1 \([0-9]*\).*/\1/p' <<<"$shown")"
	status=0
	wait "$runner" || status=$?
	out=$(<"$TEST_DIR/stop.out")
}
# With what is printed, as a user would paste it.
command_with() { # WORD
	sed -n "s/^    \\($1.*\\)/\\1/p" <<<"$shown"
}

# gdb_finds STEP: attached as it is printed, it knows where the process is.
gdb_finds() {
	if ! command -v gdb >/dev/null; then
		skip "the gdb line works before step $1" "there is no gdb here"
		return
	fi
	run bash -c "$(command_with gdb) -batch -ex bt -ex 'info line \
		$(sed -n 's/.*next function is \([a-z0-9_]*\).*/\1/p' \
		<<<"$shown")' </dev/null"
	like "$out" "trace_before .*step=0x[0-9a-f]+ <init_steps.*dockerinit/staircase.c:" \
		"the gdb line works before step $1: it shows the gate, with names"
	like "$out" "Line [0-9]+ of \"dockerinit/step$(printf %02d "$1")_" \
		"... and knows the next step's function"
}

for step in 7 10; do
	stop_at $step /probe say over
	like "$shown" "^\[stop $(printf %2d $step)/12\] next: (mount_namespace|hostname_profile) - " \
		"--stop $step says where it is held"
	is "$(tr -d '\0' <"/proc/$pid/comm")" "dockerinit:$(printf %02d $step)" \
		"... and the process is there"
	is "$(readlink "/proc/$pid/exe")" "$BIN/dockerinit" \
		"... which runs dockerinit's own file"
	like "$shown" 'as with --plain-init' "... and that is said"
	like "$shown" 'CAREFUL: nothing hides it, .* \(--pid host\)' \
		"... and that nothing hides it"
	run bash -c "$(command_with ls)"
	like "$status $out" "^0 .* mnt -> .*/root/:" "the ls that is printed works"
	run bash -c "$(command_with nsenter) -c 'echo \$\$; cat /whose' </dev/null"
	if [[ $step -eq 7 ]]; then
		is "$(readlink "/proc/$pid/ns/mnt") $status" "$host_mnt 1" \
			"before step 7 nsenter leads to the host's files"
	else
		is "$(<"/proc/$pid/root/whose") $status ${out#*"$nl"}" \
			"image 0 image" "before step 10, to the image"
	fi
	gdb_finds $step
	let_go
	is "$status $out" "0 over" "SIGUSR1 goes on, and the program runs"
done
stop_at 9 /probe say over
kill -KILL "$pid"
run wait "$runner"
is "$status $(tail -n1 "$TEST_DIR/stop.err" | cut -d' ' -f1-8)" \
	"125 nsinit: exec: dockerinit was killed by signal 9" \
	"killed while it is held, it is reported"
undone "... and nothing is left"
for signal in INT TERM; do
	stop_at 9 /probe say over
	kill -$signal "$runner"
	run wait "$runner"
	number=$(kill -l $signal)
	like "$status $(tail -n1 "$TEST_DIR/stop.err")" \
		"^$((128 + number)) nsinit: exec: start container [^ ]*: before step 9 \(step09_pivot_root\): interrupted by signal $number " \
		"SIG$signal gives up"
done
undone "... and nothing is left"

stop_at 9 --id held /probe sleep 600
: >"$TEST_DIR/second.err"
for signal in INT ''; do
	env --default-signal=INT -C "$box" nsinit exec --id held /probe say joined \
		>"$TEST_DIR/second.out" 2>"$TEST_DIR/second.err" &
	second=$!
	wait_for grep -q waiting "$TEST_DIR/second.err" || :
	is "$(<"$TEST_DIR/second.err")" \
		"nsinit: container held is being started by somebody (held by --step, --break or --stop?); waiting ..." \
		"who comes meanwhile is told why he waits"
	[[ $signal ]] || break
	kill -INT "$second"
	run wait "$second"
	is "$status" 130 "... and Ctrl-C ends that"
done
kill -USR1 "$runner"
run wait "$second"
is "$status $(<"$TEST_DIR/second.out")" "0 joined" "... and joins in the end"
kill -KILL "$(pgrep -fx '/probe sleep 600')"
wait "$runner" || :
stop_at 9 --stop 11 /probe say over
kill -USR1 "$runner"
wait_for grep -q '^.stop 11/12' "$TEST_DIR/stop.err"
: >"$TEST_DIR/stop.out"
let_go
is "$status $out" "0 over" "--stop may be given twice"

at_terminal 'wait=gives up' 'send=\n' end -- nsinit exec --stop 9 /probe say over
ended_well 0 "at a terminal Enter goes on"
at_terminal 'wait=gives up' 'send=\x03' end -- nsinit exec --stop 9 /probe say over
ended_well 130 "... and Ctrl-C gives up"
undone "... and nothing is left"
at_terminal 'wait=process [0-9]+ is held <Enter> ' 'send=\n' end -- \
	bash -c 'nsinit exec --stop 9 /probe say over 2>/dev/null'
ended_well 0 "... and is told so when standard error leads elsewhere"
at_terminal 'wait=gives up' away 'host=kill -USR1 $JOB' end -- \
	nsinit exec --stop 9 /probe say over
like "$status $out" "^0 .*${nl}over" "in the background SIGUSR1 goes on"

# --- joining -----------------------------------------------------------------

nsinit exec --rootfs "$box" --id life --hostname home /probe sleep 600 \
	>"$TEST_DIR/life.out" 2>&1 &
life=$!
wait_for nsinit nsenter --id life /probe say up ||
	not_ok "a container begins" "$(cat "$TEST_DIR/life.out")"
enters "${joining[@]}"
at_terminal "${answers[@]}" end -- nsinit nsenter --id life --step /probe say over
ended_well 0 "a process that joins: --step asks eight times"
at_terminal 'wait=\(step 3\) # ' "send=$look $TEST_DIR/whose); exit\n" \
	'wait=\(step 6\) # ' "send=$look /whose); hostname; ps; exit\n" \
	'wait=\(host, step 12\) # ' 'send=cat /proc/$PID/root/whose; exit\n' end -- \
	nsinit exec --id life --break 3 --break 6 --break 12=host /probe say over
ended_well 0 "... it has shells on its way"
is "$(sed -n 's/^whose //p' <<<"$out" | xargs)" "host image" \
	"... before step 4 outside of the container, after it inside"
like "$out" "${nl}home$nl.* 1 root .*probe sleep" "... with the others in it"
for step in 5 7 8 9; do
	at_terminal end -- nsinit exec --id life --break $step /probe say over
	ended_well 125 "--break $step is refused"
	like "$out" "nsinit: exec: --break $step: a process that joins a container does not walk step $step; it walks 1 2 3 4 6 10 11 12" \
		"... with the steps that it walks"
done
without_terminal nsinit nsenter --id life --stop 9 --stop 6 /probe say over
like "$status $err" '^125 nsinit: nsenter: --stop 9: .* does not walk step 9' \
	"and so is --stop 9 of nsenter"
stop_at 6 --id life /probe say over
is "$(<"/proc/$pid/root/whose") $(tr -d '\0' <"/proc/$pid/comm")" \
	"image dockerinit:06" "--stop 6 holds it inside"
like "$shown" "CAREFUL: its file is not protected" \
	"... and says that the others there could reach its file"
gdb_finds 6
let_go
is "$status $out" "0 over" "... and lets it go on"
at_terminal 'wait=step  1/12.*<Enter> ' 'send=6\n' 'wait=step  6/12.*<Enter> ' \
	'send=9\n' 'wait=joins a container does not walk step 9; it walks 1 2 3 4 6 10 11 12' \
	'send=q\n' end -- \
	nsinit exec --id life --step /probe say over
ended_well 125 "giving up joining"
is "$(kill -0 $life && pgrep -xc probe)" 1 "... leaves the container alone"
kill -KILL "$(pgrep -x probe)"
wait "$life" || :
wait_for nobody_left || :

# --- users, terminals, other entrances ---------------------------------------

user='{"type": "NEWUSER"}, {"type": "NEWNS"}, {"type": "NEWUTS"},
	{"type": "NEWIPC"}, {"type": "NEWPID"}, {"type": "NEWNET"}'
if unshare -U true 2>/dev/null; then
	cp "$box/bin/busybox" "$TEST_DIR/sh"
	fresh_rootfs
	mkdir -p "$rootfs/bin"
	cp "$TEST_DIR/sh" "$rootfs/bin/sh"
	chown -R 100000:100000 "$rootfs"
	chmod 711 "$TEST_DIR"
	map='[{"container_id": 0, "host_id": 100000, "size": 65536}]'
	config namespaces "[$user]" uid_mappings "$map" gid_mappings "$map" \
		capabilities '["NET_BIND_SERVICE"]' tty true
	at_terminal 'wait=\(step 2\) # ' 'send=exit\n' 'wait=\(step 10\) # ' \
		'send=read x y z </proc/self/uid_map; echo $x,$y; exit\n' \
		'wait=\n0,100000' 'wait=\(step 12\) \$ ' \
		'send=read x </proc/self/attr/none; echo $HOME-; exit\n' end -- \
		nsinit exec --config "$config_file" --user 1000 --break 2 \
		--break 10 --break 12 /probe tty , id , caps
	ended_well 0 "in a user namespace, as another user: shells before 2, 10 and 12"
	is "$(grep 'CAREFUL: this sh' <<<"$out")" "" \
		"... none of them with root's power"
	like "$out" "tty 0 /dev/.*${nl}foreground yes" "... and the program has its terminal"
	unlike "$out" "can't access tty|job control turned off" "... as have they"
	config
	fresh_rootfs
else
	skip "in a user namespace" "there are none here"
fi

me=$((300000 + RANDOM)) home=$TEST_DIR/home
as_me=(setpriv --reuid "$me" --regid "$me" --clear-groups
	env -u XDG_RUNTIME_DIR HOME="$home")
if "${as_me[@]}" unshare -U true 2>/dev/null &&
	"${as_me[@]}" test -x "$BIN/nsinit" -a -w /dev/ptmx; then
	mkdir "$home"
	chown "$me:$me" "$home"
	"${as_me[@]}" "$TOP/tests/rootfs.sh" "$home/box"
	cp "$PROBE" "$home/box/probe"
	mine() { run env -C "$home/box" python3 "$TOP/tests/pty.py" "$@"; }
	enters "${all[@]}"
	# The terminal is the tester's, and /dev/tty everybody's.
	mine "${answers[@]}" end -- "${as_me[@]}" nsinit exec --step /probe say over
	ended_well 0 "an ordinary user steps"
	mine 'wait=\(step 9\) # ' 'send=id -u; sleep 1000 & setsid sleep 1001 &\n' \
		'until=pgrep -f "^sleep 1001"' 'send=exit\n' \
		'wait=\(host, step 10\) \$ ' 'send=nsenter -t $PID --preserve-credentials -U -m -u -i -n -p /bin/cat /proc/1/comm; exit\n' \
		end -- "${as_me[@]}" nsinit exec --break 9 --break 10=host /probe say over
	ended_well 0 "... and breaks, inside and on his own side"
	like "$out" "nsenter -t .PID --preserve-credentials -U -m -u -i -n -p /bin/sh" \
		"... whose banner has the nsenter that works for him"
	like "$out" "${nl}dockerinit:10" "... as one sees"
	is "$(pgrep -f '^sleep 100')" "" "... and nothing of the shell is left"
	: >"$TEST_DIR/stop.err"
	setsid env -C "$home/box" "${as_me[@]}" nsinit exec --stop 9 /probe say over \
		>"$TEST_DIR/stop.out" 2>"$TEST_DIR/stop.err" &
	runner=$!
	wait_for is_held || not_ok "it is held" "$(cat "$TEST_DIR/stop.err")"
	shown=$(<"$TEST_DIR/stop.err")
	if command -v gdb >/dev/null; then
		run "${as_me[@]}" bash -c "$(command_with gdb) -batch -ex bt </dev/null"
		like "$out" "trace_before .*dockerinit/staircase.c:" "... and attaches gdb"
	else
		skip "... and attaches gdb" "there is no gdb here"
	fi
	let_go
	is "$status $out" "0 over" "... to one that he stops"
	rm -rf "/tmp/nsinit-$me"
else
	skip "an ordinary user" "he may make no user namespace here, or not reach $BIN or /dev/ptmx"
fi

printf '{"id": "oak", "rootfs": "%s", "process_config": {"entrypoint": "/probe",
	"arguments": ["say", "over"]}}' "$box" >"$TEST_DIR/command.json"
for line in 'execdriver --break 10 run' 'execdriver run --break 10'; do
	# shellcheck disable=SC2086 # words
	at_terminal 'wait=\(step 10\) # ' 'send=cat /whose; exit\n' 'wait=\nover' \
		end -- $line "$TEST_DIR/command.json"
	ended_well 0 "$line: a shell"
	like "$out" "${nl}image$nl" "... in the image"
done
at_terminal 'wait=step  1/12.*<Enter> ' 'send=q\n' end -- \
	execdriver run --step "$TEST_DIR/command.json"
ended_well 125 "execdriver run --step, given up"
undone "... leaves nothing"

# --- mistakes ----------------------------------------------------------------

refused() { # REGEX FLAG...
	local want=$1
	shift
	without_terminal nsinit exec "$@" /probe say over
	is "$status $(wc -l <<<"$err") $out" "125 1 " "refused in one line: $*"
	like "$err" "^nsinit: exec: $want" "... $want"
}
for step in 0 13 x -1 9x '' 0x9 99999999999; do
	refused '--break.*there is no step .*; the steps are 1 to 12' --break "$step"
	refused '--stop.*there is no step .*; the steps are 1 to 12' --stop "$step"
done
refused '--break 9=x: a shell is inside .--break 9. or on the host.s side .--break 9=host' \
	--break 9=x
refused '--break 9=: a shell is inside' --break 9=
refused '--break wants a value|--break /probe' --break
refused '--step takes no value' --step=9
refused '--step: there is no terminal to ask at: open /dev/tty: No such device' --step
refused '--break: there is no terminal' --break 9
refused '--break: there is no terminal' --break 9=host
refused '--break: there is no terminal' --stop 9 --break 9
undone "nothing is made meanwhile"
for line in 'stats' 'spec' 'explain'; do
	for flag in --step '--break 9' '--stop 9'; do
		# shellcheck disable=SC2086 # words
		run nsinit $flag $line
		like "$status $err" "^125 nsinit: $line: nothing is started" \
			"nsinit $flag $line: nothing is started"
	done
done

# --- who does not ask pays nothing -------------------------------------------

if command -v strace >/dev/null; then
	run strace -f -qq -o "$TEST_DIR/calls" nsinit exec --rootfs "$box" /probe say over
	is "$(grep -cE '/dev/tty|/dev/ptmx|SEQPACKET|SUBREAPER' "$TEST_DIR/calls")" 0 \
		"without these flags no terminal is looked for, and no socket made"
else
	skip "without these flags nothing is done" "there is no strace here"
fi
# --- README's session --------------------------------------------------------

session=$(sed -n '/^<!-- hold -->/,/^<!-- .hold -->/p' "$TOP/README.md" |
	grep -v '^<!--\|^```')
steps=()
while IFS= read -r line; do
	case $line in
	'(step 9) # '*) steps+=('wait=\(step 9\) # ' "send=${line#*# }\n") ;;
	'/ # '*) steps+=('wait=\n/ # ' "send=${line#*# }\n") ;;
	esac
done <<<"$session"
read -r -a first <<<"$(head -n1 <<<"$session")"
is "${#steps[@]} ${first[*]}" "12 # make break STEP=9" \
	"README has a session that begins with one command"
# (make itself would build here.)
run env -C "$TOP" make -n break STEP=9
like "$out" 'nsinit --break "..CONTAINER_STEP:-9.".*exec /bin/sh' "... which is nsinit"
[[ -e $TOP/rootfs/bin/busybox ]] || "$TOP/tests/rootfs.sh" "$TOP/rootfs"
run env -C "$TOP/rootfs" python3 "$TOP/tests/pty.py" "${steps[@]}" end -- \
	nsinit --break 9 exec /bin/sh
ended_well 1 "it can be typed"
is "$(awk 'NR == FNR { said[FNR] = $0; n = FNR; next }
	/^# make / || /^…$/ { next }
	{
		want = $0; gsub(/[][().*$\/|?+^]/, "\\\\&", want)
		gsub(/…/, ".*", want)
		while (++at <= n && said[at] !~ "^" want "$") ;
		if (at > n) { print "missing: " $0; exit }
	}' <(echo "${out//$'\e[6n'/}") - <<<"$session")" "" "... and its output is what one sees"

[[ ! $own_devpts ]] || umount /dev/pts
done_testing
