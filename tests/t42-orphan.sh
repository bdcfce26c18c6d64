#!/bin/bash
# t42: who stays with a container is killed: the next command ends what it left
# timeout: 180
# shellcheck disable=SC2016 # for the inner shell
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/container.sh
. "${0%/*}/container.sh"
needs_root
cd "$TEST_DIR"
fresh_rootfs
# No death signal: what a config of 2015 has, and what leaves most behind.
config parent_death_signal 0
left() { # what is there of a container, or was made for it
	find /run/nsinit "${cgroups[@]}" -mindepth 1 -type d 2>/dev/null |
		grep -E 'nsinit/(nsinit|live|beside)$' || :
}
said() { # PID
	echo "nsinit: container nsinit was left by process $1, which is dead: ended and removed"
}

# forsake: SIGKILL to the nsinit of $pid; its pid is in $maker then.
forsake() {
	maker=$runner runner=''
	kill -KILL "$maker"
	wait "$maker" 2>/dev/null || :
}
pause_it() { # FROZEN|THAWED: as another command's pause would do
	local directory=/sys/fs/cgroup frozen=0
	if has_cgroup v2; then
		directory+=$(sed -n 's/^0:://p' "/proc/$pid/cgroup")
		[[ $1 != FROZEN ]] || frozen=1
		echo $frozen >"$directory/cgroup.freeze"
		wait_for grep -q "frozen $frozen" "$directory/cgroup.events"
	else
		directory+=/freezer$(sed -n 's/.*:freezer://p' "/proc/$pid/cgroup")
		echo "$1" >"$directory/freezer.state"
		wait_for grep -q "$1" "$directory/freezer.state"
	fi
}
freezes=''
if has_cgroup v2 || has_cgroup v1 freezer; then freezes=1; fi

# --- what a state remembers --------------------------------------------------

begin
is "$(sed 's/.*"supervisor_pid":\([0-9]*\),"supervisor_start":\([0-9]*\).*/\1 \2/' \
	"$state_file")" "$runner $(cut -d' ' -f22 "/proc/$runner/stat")" \
	"a state names the nsinit that stays with the container, and when it began"
kill -STOP "$runner"
in_container /probe pid
is "$status $(facts pid) $err" "0 2 " "an nsinit that stands still is not dead: it is joined"
kill -CONT "$runner"
sed -i 's/"supervisor_start":[0-9]*/"supervisor_start":1/' "$state_file"
run nsinit stats --id nsinit
like "$status $out" '^0 .*"Status": "orphaned"' \
	"a process that has its pid and began at another time is not the one"
sed -i "s/\"supervisor_start\":1/\"supervisor_start\":$(cut -d' ' -f22 \
	"/proc/$runner/stat")/" "$state_file"
run nsinit stats --id nsinit
is "$status $(grep -c Status <<<"$out")" "0 0" "while it lives stats says nothing of it"
if command -v strace >/dev/null; then
	run env ASAN_OPTIONS=detect_leaks=0 strace -qq -o /dev/null \
		-P "/proc/$runner/stat" -e trace=openat \
		-e inject=openat:error=EIO nsinit exec --config "$config_file" \
		/probe pid
	like "$status $err" "^125 nsinit: exec: .*/proc/$runner/stat: Input/output" \
		"one whose start time cannot be read is an error, and not dead"
	is "$(comm_is "$pid" probe && echo lives)" lives "... and the container lives on"
else
	skip "one whose start time cannot be read is an error" "no strace here"
fi
end

# --- each command that ends an orphan ----------------------------------------

begin
forsake
run nsinit stats --id nsinit
like "$status $out" '^0 .*"Status": "orphaned",' "stats shows an orphan as orphaned"
run nsinit spec --id nsinit
is "$status" 0 "... spec shows its config"
run execdriver --root /run/nsinit info nsinit
like "$out" 'nsinit is orphaned' "... and execdriver info says it"
is "$(comm_is "$pid" probe && echo lives)" lives "... none of which ends it"
run execdriver --root /run/nsinit pause nsinit
like "$status $err" '^125 .*it is orphaned' "it is not paused"
in_container /probe say new
is "$status $out" "0 new" "exec makes a new one"
is "$err" "$(said "$maker")" "... and says in one line that it ended and removed the orphan"
is "$(gone "$pid" && echo gone)$(left)" gone "... which is gone"

begin
forsake
run nsinit nsenter --id nsinit /probe say new
is "$status $err" "125 $(said "$maker")"$'\n'"nsinit: nsenter: /run/nsinit/nsinit: there is no such container" \
	"nsenter ends the orphan and enters nothing"
is "$(gone "$pid" && echo gone)$(left)" gone "... it is gone"

begin
forsake
run nsinit kill nsinit KILL
is "$status $err" "0 $(said "$maker")" "kill ID KILL ends the orphan"
is "$(gone "$pid" && echo gone)$(left)" gone "... it is gone"

for verb in kill clean terminate; do
	begin
	forsake
	run execdriver --root /run/nsinit $verb nsinit
	is "$status ${err#*: }" "0 $(said "$maker" | sed 's/nsinit: //')" \
		"execdriver $verb ends the orphan"
	is "$(gone "$pid" && echo gone)$(left)" gone "... it is gone"
done
begin
forsake
cat >command.json <<X
{ "id": "nsinit", "rootfs": "$rootfs", "process_config":
  { "entrypoint": "/probe", "arguments": ["say", "new"], "env": [] } }
X
run execdriver --root /run/nsinit run command.json
is "$status $out" "0 new" "execdriver run takes an orphan's id"
like "$err" "^execdriver: container nsinit was left by process $maker, which is dead: ended and removed" \
	"... and says so"
is "$(gone "$pid" && echo gone)$(left)" gone "... the orphan is gone"

# Many at once: one ends it.
begin
forsake
for n in 1 2 3 4 5 6; do
	nsinit exec --id nsinit --rootfs "$rootfs" /probe exit 7 >"many.$n" 2>&1 &
	many[n]=$!
done
ends=''
for n in 1 2 3 4 5 6; do
	run wait "${many[n]}"
	ends+="$status "
done
is "$(tr ' ' '\n' <<<"$ends" | grep -vcE '^(7|137)?$')" 0 "six who find one orphan end well"
is "$(cat many.?)" "$(said "$maker")" "... and one of them has ended it"

# --- paused, and frozen by itself --------------------------------------------

if [[ ! $freezes ]]; then
	skip "a paused orphan is ended" "no freezer here"
else
	# The death signal does not end who is frozen (v1); on v2 it does.
	config parent_death_signal 0
	begin
	pause_it FROZEN
	forsake
	in_container /probe say new
	is "$status $out $err" "0 new $(said "$maker")" "a paused orphan is thawed and ended"
	is "$(gone "$pid" && echo gone)$(left)" gone "... it is gone"

	config
	begin
	pause_it FROZEN
	forsake
	in_container /probe say new
	is "$status $out" "0 new" "... also one with a death signal, which it has not heard"
	is "$(gone "$pid" && echo gone)$(left)" gone "... it is gone"

	begin
	pause_it FROZEN
	for n in exec nsenter; do
		run env -C "$rootfs" nsinit $n --id nsinit /probe say never
		is "$status $err" "125 nsinit: $n: container nsinit is paused" \
			"a paused container whose nsinit lives is not ended by $n"
	done
	run execdriver --root /run/nsinit clean nsinit
	is "$status" 125 "... nor by execdriver clean"
	sed -i 's/"supervisor_pid":[0-9]*/"supervisor_pid":0/' "$state_file"
	run env -C "$rootfs" nsinit exec --id nsinit /probe say never
	is "$status $err" "125 nsinit: exec: container nsinit is paused" \
		"... nor one that nobody stays with"
	is "$(comm_is "$pid" probe && echo lives)" lives "... it lives"
	run nsinit kill nsinit TERM
	like "$status $err" '^125 .*expected KILL, got "TERM"' "kill knows KILL alone"
	run nsinit kill nsinit
	is "$status" 125 "... and wants it said"
	is "$(comm_is "$pid" probe && echo lives)" lives "... it lives"
	run nsinit kill nsinit KILL
	is "$status $err" "0 " "kill ID KILL ends a paused container that nobody stays with"
	is "$(gone "$pid" && echo gone)$(left)" gone "... and removes it"
	wait "$runner" 2>/dev/null || :

	begin
	pause_it FROZEN
	run nsinit kill nsinit SIGKILL
	is "$status $err" "0 " "... and one whose nsinit lives"
	run wait "$runner"
	is "$status $(cat "$TEST_DIR/life.out")" "137 " "... which gets its status: 137"
	is "$(left)" "" "... and removes it"
fi

# By a cgroup that it has made itself: a kill reaches who is below, too.
own_cgroup() {
	if has_cgroup v2; then
		echo "/sys/fs/cgroup$(sed -n 's/^0:://p' "/proc/$pid/cgroup")"
	else
		echo "/sys/fs/cgroup/freezer$(sed -n 's/.*:freezer://p' \
			"/proc/$pid/cgroup")"
	fi
}
if [[ ! $freezes ]]; then
	skip "one that froze itself is ended" "no freezer here"
else
	for signal in 0 9; do
		config parent_death_signal $signal
		begin
		below=$(own_cgroup)/own/deep
		mkdir -p "$below"
		echo "$pid" >"$below/cgroup.procs"
		if has_cgroup v2; then
			echo 1 >"$below/cgroup.freeze"
			wait_for grep -q 'frozen 1' "$below/cgroup.events"
		else
			echo FROZEN >"$below/freezer.state"
			wait_for grep -q FROZEN "$below/freezer.state"
		fi
		forsake
		in_container /probe say new
		is "$status $out" "0 new" \
			"one that has frozen itself in a cgroup of its own is ended (death signal $signal)"
		is "$(gone "$pid" && echo gone)$(left)" gone "... it is gone"
	done
fi

# --- without a pid namespace -------------------------------------------------

config namespaces '[{"type": "NEWNS"}]' networks '[]' hostname '""'
background() { # one behind whose back the first process ends
	begin
	enter_out=$TEST_DIR/rest.out
	nsinit exec --config "$config_file" /probe say there , sleep 601 \
		>"$enter_out" 2>&1 &
	joiner=$!
	wait_for grep -q there "$enter_out"
	rest=$(ps -o pid= --ppid "$joiner" | tr -d ' ')
}
begin
kill -0 "$pid"
forsake
in_container /probe say new
is "$status $out" "0 new" "one of the host's pid namespace is ended"
is "$(gone "$pid" && echo gone)$(left)" gone "... it is gone"
config namespaces '[{"type": "NEWNS"}]' networks '[]' hostname '""' \
	parent_death_signal 9
busybox_rootfs "$TEST_DIR/bb"
run_in_background() {
	nsinit exec --id nsinit --config "$config_file" --rootfs "$TEST_DIR/bb" \
		/bin/sh -c 'sleep 602 & sleep 603 & echo $! >/tmp/last; exec sleep 604' \
		>"$TEST_DIR/bg.out" 2>&1 &
	runner=$!
	wait_for pgrep -fx 'sleep 604'
	pid=$(pgrep -fx 'sleep 604')
}
run_in_background
forsake
wait_for gone "$pid"
is "$(pgrep -fxc 'sleep 60[23]')" 2 "in the host's pid namespace two run on in the background"
run nsinit stats --id nsinit
like "$status $out" '^0 .*"Status": "orphaned"' "... and stats shows an orphan"
in_container /probe say new
is "$status $out $err" "0 new $(said "$maker")" "... the next command ends them"
is "$(pgrep -fxc 'sleep 60[23]')$(left)" 0 "... they are gone"

# --- an ordinary user's ------------------------------------------------------

# He may have neither a cgroup nor (by his wish) a pid namespace: then his
# container's user namespace tells who is in it.
me=$((400000 + RANDOM))
as_me=(setpriv --reuid "$me" --regid "$me" --clear-groups
	env -u XDG_RUNTIME_DIR HOME=/)
state=/tmp/nsinit-$me
if ! command -v setpriv >/dev/null ||
	! "${as_me[@]}" test -x "$BIN/nsinit" ||
	! "${as_me[@]}" unshare -U true 2>/dev/null; then
	skip "an ordinary user's orphan is ended" \
		"he may make no user namespace here"
else
	chmod 755 "$TEST_DIR"
	chown -R "$me:$me" "$TEST_DIR/bb"
	for kinds in '{"type": "NEWNS"}, {"type": "NEWPID"}' '{"type": "NEWNS"}'; do
		config namespaces "[$kinds]" networks '[]' hostname '""' \
			parent_death_signal 0 mounts '[]' devices '[]' \
			mask_paths '[]' readonly_paths '[]'
		chmod 644 "$config_file"
		"${as_me[@]}" env -C "$TEST_DIR/bb" nsinit exec --config \
			"$config_file" --rootfs "$TEST_DIR/bb" /bin/sh -c \
			'sleep 605 & sleep 606 & exec sleep 607' >bg.out 2>&1 &
		wait_for pgrep -fx 'sleep 607' || cat bg.out
		wait_for eval '[[ $(pgrep -cU "$me") -eq 4 ]]' # and nsinit
		maker=$(sed 's/.*"supervisor_pid":\([0-9]*\).*/\1/' \
			"$state/nsinit/state.json")
		kill -KILL "$maker"
		wait_for gone "$maker" || :
		run "${as_me[@]}" env -C "$TEST_DIR/bb" nsinit exec --config \
			"$config_file" --rootfs "$TEST_DIR/bb" /bin/echo new
		is "$status $out $err" "0 new $(said "$maker")" \
			"an ordinary user's orphan is ended (of $kinds)"
		is "$(pgrep -cU "$me")$(ls "$state")" 0 \
			"... it is gone, and what it had in the background"
	done
	rm -rf "$state"
fi
# --- whose cgroup it is ------------------------------------------------------

# What a dead container has left, and another one has made its own, is named by
# the first one's state still. That must not be the other's end.
if [[ ${#cgroups[@]} -gt 0 && ! ${VMTEST-} ]]; then
	config
	for how in exec "exec --pid host" kill; do
		rm -rf /run/one /run/two
		nsinit --root /run/one exec --id same --config "$config_file" \
			/probe sleep 600 >/dev/null 2>&1 &
		first=$!
		wait_for grep -q '"starting":false' /run/one/same/state.json
		kill -KILL "$first"
		wait "$first" 2>/dev/null || :
		init=$(sed 's/.*"init_process_pid":\([0-9]*\).*/\1/' /run/one/same/state.json)
		wait_for gone "$init"
		nsinit --root /run/two exec --id same --config "$config_file" \
			/probe sleep 600 >/dev/null 2>&1 &
		second=$!
		wait_for grep -q '"starting":false' /run/two/same/state.json
		other=$(sed 's/.*"init_process_pid":\([0-9]*\).*/\1/' /run/two/same/state.json)
		case $how in
		kill) run nsinit --root /run/one kill same KILL ;;
		*)
			# shellcheck disable=SC2086 # words
			run timeout 20 nsinit --root /run/one $how --id same \
				--rootfs "$rootfs" /probe say never
			like "$status $err" '^125 .*cgroup .* is in use' \
				"$how: the cgroup of another container is in use"
			;;
		esac
		is "$(comm_is "$other" probe && echo lives)" lives \
			"$how: what has the cgroup of a dead container is not killed"
		kill -KILL "$other" 2>/dev/null || :
		wait "$second" 2>/dev/null || :
	done
	rm -rf /run/one /run/two
fi

# --- what a crash left half made ---------------------------------------------

for verb in "nsinit --root /run/half kill half KILL" \
	"execdriver --root /run/half terminate half"; do
	mkdir -p /run/half/half
	# shellcheck disable=SC2086 # words
	run $verb
	is "$status $(ls /run/half)" "0 " "${verb%% *} removes a directory without a state"
done
rmdir /run/half
done_testing
