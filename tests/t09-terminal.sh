#!/bin/bash
# t09: a person at a terminal, and the signals that reach nsinit
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/container.sh
. "${0%/*}/container.sh"
needs_root
needs_program python3 pgrep

fresh_rootfs
config
box=$TEST_DIR/box
busybox_rootfs "$box"
cp "$PROBE" "$box/probe"

# at_terminal STEP... -- COMMAND...: see pty.py; what was on the screen is $out.
at_terminal() {
	run env -C "$box" python3 "$TOP/tests/pty.py" "$@"
}

# ended STATUS SENTENCE: COMMAND ended so, and left the terminal as it was.
ended_well() {
	is "$status ${out##*$'\n'}" "$1 terminal restored" "$2"
}

# --- a shell -----------------------------------------------------------------

at_terminal 'wait=/ # ' mode=raw 'send=echo on""ce; tty\n' 'wait=/dev/\S+' \
	'wait=/ # ' 'send=exit 3\n' end -- nsinit exec /bin/sh
ended_well 3 "at a terminal, a shell prompts, obeys, and its exit status comes"
unlike "$out" "can't access tty|job control turned off" "it has job control"
is "$(grep -c 'echo on""ce' <<<"$out") $(grep -c '^once$' <<<"$out")" "1 1" \
	"what is typed is echoed once"
like "$out" $'\n/dev/(console|pts/[0-9]+)\n' "tty names a terminal of the container's"

interrupt=('until=pgrep -x sleep' 'send=\x03' 'wait=\n/ # ')
at_terminal 'wait=/ # ' 'send=sleep 1000\n' 'wait=sleep 1000\n?' "${interrupt[@]}" \
	'send=echo then $?\n' 'wait=then 130' 'send=exit 0\n' end \
	-- nsinit exec /bin/sh
ended_well 0 "Ctrl-C interrupts a sleep (130), not the shell"

at_terminal 'wait=/ # ' 'send=sleep 1000\n' 'until=pgrep -x sleep' \
	'send=\x1a' 'wait=Stopped' 'wait=/ # ' 'until=pgrep -x -r T sleep' \
	'send=fg\n' 'until=pgrep -x -r S sleep' 'send=\x03' 'wait=\n/ # ' \
	'send=echo then $?\n' 'wait=then 130' 'send=exit 0\n' end \
	-- nsinit exec /bin/sh
ended_well 0 "Ctrl-Z stops a sleep, fg continues it"
at_terminal 'wait=/ # ' 'send=cat\n' 'until=pgrep -x cat' 'send=line\n' \
	'wait=line\s+line' 'send=\x04' 'wait=/ # ' 'send=exit 0\n' end \
	-- nsinit exec /bin/sh
ended_well 0 "Ctrl-D ends the input of a cat"
at_terminal 'wait=/ # ' 'send=\x04' end -- nsinit exec /bin/sh
ended_well 0 "... and the shell"
at_terminal 'wait=/ # ' away hang back mode=raw 'send=echo a""gain\n' \
	'wait=again' 'send=exit 0\n' end -- nsinit exec /bin/sh
ended_well 0 "put into the background and back, it goes on"

# --- what the program has ----------------------------------------------------

at_terminal end -- nsinit exec /probe tty , stat /dev/console , fds
ended_well 0 "a program that asks nothing of its terminal ends well"
name=$(sed -n 's/^tty 0 //p' <<<"$out")
like "$name" '^/dev/(console|pts/[0-9]+)$' "its standard input is a terminal with a name"
is "$(grep -E '^tty [12]' <<<"$out")" "tty 1 $name"$'\n'"tty 2 $name" \
	"... and so are its output and its standard error"
like "$out" $'\nforeground yes\nopen /dev/tty ok\n' "it is its controlling terminal"
like "$out" $'\nstat /dev/console char 0[0-9]+ 0 [0-9]+ 136:' \
	"/dev/console is that pseudo-terminal"
is "$(grep '^fd' <<<"$out")" $'fd 0 device\nfd 1 device\nfd 2 device' \
	"it has no other descriptor"
at_terminal end -- nsinit exec /probe stat "$name"
like "$out" "stat $name char" "the name exists"
at_terminal end -- nsinit exec --rootfs "$rootfs" --user user /probe tty , \
	stat "$name"
like "$out" $'\nopen /dev/tty ok\nstat '"$name char 0620 1000 " \
	"with --user, the terminal is the user's"
at_terminal end -- bash -c 'nsinit exec /probe tty | cat'
like "$out" 'tty 1 no' "without a terminal at both ends it is given none"
at_terminal end -- bash -c 'nsinit exec -t /probe tty | cat'
like "$out" "tty 1 $name" "... unless it is asked for: -t"
config tty true
at_terminal end -- nsinit exec --config "$config_file" /probe tty
like "$out" "tty 1 $name" "... or the config says tty"
config

at_terminal size=33x97 'wait=size 33 97' 'wait=ready' size=50x120 \
	'wait=caught 28' 'wait=size 50 120' end \
	-- nsinit exec /probe tty , await 28 , tty
ended_well 0 "it has the window's size, and SIGWINCH when that changes"

at_terminal end -- nsinit exec sh -c 'seq 1 160000'
is "$(head -n 160000 <<<"$out" | sha256sum)" "$(seq 1 160000 | sha256sum)" \
	"a megabyte comes through the console whole"
ended_well 0 "... and the terminal is as before"

# --- a console without a terminal --------------------------------------------

run env -C "$box" bash -c 'echo hi | nsinit exec -t cat'
is "$status $(tr -d '\r' <<<"$out")" $'0 hi\nhi' \
	"with -t, the end of a pipe ends the input"
run env -C "$box" bash -c 'printf hi | nsinit exec -t cat'
is "$status $(tr -d '\r' <<<"$out")" '0 hihi' "... in the middle of a line, too"
run env -C "$box" nsinit exec -t cat
is "$status $out" "0 " "... as does that of /dev/null"
run env -C "$box" bash -c 'seq 1 20000 | nsinit exec -t sh -c \
	"cat >/tmp/got; sha256sum </tmp/got"'
is "$(tr -d '\r' <<<"$out" | tail -1)" "$(seq 1 20000 | sha256sum)" \
	"a hundred kilobytes go in whole"
run env -C "$box" bash -c 'nsinit exec -t sh -c "seq 1 200000; exit 4" | head -1'
is "$out" $'1\r' "output that is closed early does not hold anybody up"

# --- who holds the terminal --------------------------------------------------

: >"$TEST_DIR/first"
env -C "$box" nsinit exec /probe await 15 >"$TEST_DIR/first" 2>&1 &
runner=$!
wait_for grep -q ready "$TEST_DIR/first" ||
	not_ok "a container begins" "$(cat "$TEST_DIR/first")"
at_terminal end -- nsinit exec -t sh -c 'trap "" HUP; sleep 1000 & echo bye; exit 3'
ended_well 3 "a background process that holds the terminal does not keep nsinit"
like "$out" 'bye' "... nor its last words"
is "$(pgrep -xc sleep)" 1 "... and lives on"
at_terminal 'wait=/ # ' 'send=tty\n' 'wait=/dev/(pts/[0-9]+|console)' \
	'send=exit 5\n' end -- nsinit exec -t /bin/sh
ended_well 5 "a process that joins has a terminal of its own"
unlike "$out" "can't access tty" "... with job control"
kill -TERM "$runner"
run wait "$runner"
is "$status" 0 "the container ends well"
wait_for bash -c '! pgrep -x sleep'
is "$(pgrep -xc sleep)" 0 "... and the background process with it"

# --- every way out restores the terminal -------------------------------------

for signal in HUP USR1 TERM INT QUIT ALRM; do
	number=$(kill -l $signal)
	at_terminal 'wait=ready' mode=raw sign=$signal "wait=caught $number" end \
		-- nsinit exec /probe await "$number" , exit 6
	ended_well 6 "SIG$signal to nsinit reaches the program"
done
at_terminal 'wait=ready' mode=raw 'host=pkill -KILL -x probe' end \
	-- nsinit exec /probe await 10
ended_well 137 "a program that is killed from the host: 137"
at_terminal 'wait=ready' mode=raw 'host=pkill -TERM -x probe' end \
	-- nsinit exec --pid host /probe await 10
ended_well 143 "... by SIGTERM, without a pid namespace: 143"
at_terminal end -- nsinit exec --config "$config_file" -t /none
ended_well 127 "an error at the start"
like "$out" 'nsinit: exec: dockerinit step 10 .*/none' "... which is said"
at_terminal end -- nsinit exec -t --env =x /probe tty
ended_well 125 "a mistake on the command line"
at_terminal 'wait=/ # ' 'send=kill -9 1; stty raw -echo; exit 7\n' end \
	-- nsinit exec /bin/sh
ended_well 7 "a program that spoils its own terminal"

at_terminal 'wait=ready' mode=raw sign=KILL end 'until=! pgrep -x probe' \
	-- nsinit exec /probe await 10
is "$status" 137 "SIGKILL of nsinit ends the container with it"
is "$(find /run/nsinit -name state.json | wc -l)" 1 "... and its state is left"
at_terminal end -- nsinit exec /probe pid
ended_well 0 "the next exec is a new container"
like "$out" 'pid 1' "... whose program is pid 1"
is "$(ls /run/nsinit)" "" "... and the state root is empty after it"
done_testing
