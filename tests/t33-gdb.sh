#!/bin/bash
# t33: gdb stops before each of the twelve steps, inside the container
# timeout: 400
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/container.sh
. "${0%/*}/container.sh"
needs_root
needs_no_vm
needs_plain_build "gdb is given the debug kind"
needs_program gdb python3 strace strip setpriv
programs=$TOP/build/debug/bin
[[ -x $programs/nsinit ]] || skip_all "make test builds $programs before"
said=$(SHELL=/bin/sh gdb -nx -q -batch -ex run --args /bin/true 2>&1 </dev/null) || :
[[ $said == *'exited normally]'* ]] || skip_all "gdb may trace nothing here: $said"

box=$TEST_DIR/box
busybox_rootfs "$box"
chmod 0755 "$TEST_DIR" "$box"
mapfile -t rows < <(dockerinit --list-steps=json |
	sed -n 's/.*"number": \([0-9]*\), "function": "[^"]*", "name": "\([^"]*\)", "who": "\([^"]*\)".*/\1 \2 \3/p')
every=$(printf '%s\n' "${rows[@]}" | awk '{ print $1, $2 }')
joining=$(printf '%s\n' "${rows[@]}" | awk '$3 != "standard" { print $1, $2 }')

# batch GDB-COMMAND... -- NSINIT-WORD...: leaves $status, $out, $err.
from=$programs plain=--plain-init
batch() {
	local commands=()
	while [[ $1 != -- ]]; do
		commands+=(-ex "$1")
		shift
	done
	shift
	# shellcheck disable=SC2086 # empty is no word
	run env -C "$box" SHELL=/bin/sh TERM=dumb timeout $((30 * SLOW)) \
		gdb -nx -q -batch -x "$TOP/book/gdb/container.py" \
		-x "$TOP/book/gdb/both.py" "${commands[@]}" \
		--args "$from/nsinit" $plain exec "$@" </dev/null
}

# The steps that were told, a line each: "9 pivot_root".
told() {
	sed -nE 's/.*\[step +([0-9]+)\/12\] ([a-z_]+) +hostpid=.*/\1 \2/p' <<<"$out"
}

has_ended() { # STATUS SENTENCE
	like "$out" "\\[container\\] nsinit has ended; its exit status is $1" "$2"
}

go=(continue continue continue continue continue continue continue continue
	continue continue continue)

# --- twelve stops ------------------------------------------------------------

# shellcheck disable=SC2016 # for the shell inside
batch container-steps "${go[@]}" continue -- /bin/sh -c 'echo hi $$; exit 3'
is "$(told)" "$every" "gdb stops before each of the twelve steps, in order"
is "$(grep -c 'hostpid=' <<<"$out") $(grep -o 'hostpid=[0-9]*' <<<"$out" | sort -u | wc -l)" \
	"12 1" "... of one process"
like "$out" $'\nhi 1\n' "... which then is the container's program"
has_ended 3 "... and whose exit status nsinit has"

# Before a step nothing of it is done; after its function all is.
inode='python print("root", os.stat("/proc/%d/root/." % gdb.selected_inferior().pid).st_ino)'
batch 'container-steps 9 10' "$inode" continue "$inode" continue -- /bin/true
is "$(sed -n 's/^root //p' <<<"$out" | tr '\n' ' ')" \
	"$(stat -c %i / | tr '\n' ' ')$(stat -c %i "$box") " \
	"before step 9 its / is the host's, before step 10 the root file system"

while read -r number name variable value; do
	batch "container-steps $number" step-into "print $variable" next \
		'info source' continue -- --hostname stairs /bin/sh -c 'exit 0'
	file=dockerinit/step$(printf %02d "$number")_$name.c
	line=$(sed -nE "s|^#0 +${file:11:-2} \(init=0x.*, err=0x.*\) at $file:([0-9]+)\$|\1|p" <<<"$out")
	like "$line" '^[0-9]+$' "step-into leads into step $number: ${file:11:-2}"
	is "$(sed -n "s/^$line\t//p" <<<"$out")" \
		"$(sed -n "${line:-1}p" "$TOP/$file")" "... shows its source"
	like "$out" "\\\$1 = $value" "... and its variables: $variable"
	like "$out" "Located in $TOP/$file" "... and the next line is one of it, too"
done <<ROWS
7 mount_namespace init->config->config->rootfs 0x[0-9a-f]+ "$box"
9 pivot_root init->step->number 9
10 hostname_profile init->config->config->hostname 0x[0-9a-f]+ "stairs"
12 exec init->config->args[0] 0x[0-9a-f]+ "/bin/sh"
ROWS

batch 'container-steps 12' continue 'container-steps 9' next next \
	'container-steps 8 9' continue 'print step->number' continue \
	'info inferiors' -- /bin/echo "done"
is "$(told | grep -c '^9 ') $(grep -cx "done" <<<"$out")" "3 2" \
	"container-steps begins again, after an end and in the middle"
like "$out" $'\n\$1 = 9\n' "... and stops as well as before"

told_of=''
for n in {1..20}; do
	batch 'container-steps 12' continue -- /bin/true
	told_of+=$(told | md5sum)$'\n'
done
is "$(sort <<<"${told_of%$'\n'}" | uniq -c | awk '{ print $1, $2 }')" \
	"20 $(md5sum <<<"$every" | cut -d' ' -f1)" "twenty runs tell the same"

config hostname '"other"' tty true capabilities '[]'
config_file=$TEST_DIR/config.json
sed -i "s|$TEST_DIR/rootfs|$box|" "$config_file"
batch 'container-steps 11' continue -- --config "$config_file" --user daemon \
	/bin/sh -c 'tty; id -u; grep CapBnd /proc/self/status'
is "$(told)" "$every" "another user, no capabilities, a terminal: twelve steps"
like "$(tr -d '\r' <<<"$out")" $'\n/dev/(console|pts/[0-9]+)\n1\nCapBnd:\t0+\n' \
	"... and the program has it so"
batch 'container-steps 8' continue -- /bin/nosuch
like "$err" '^nsinit: exec: there is no /bin/nosuch' "an error is nsinit's own line"
batch 'container-steps 8' continue -- --config "$config_file" /bin/nosuch
like "$err" '(^|'$'\n'')nsinit: exec: dockerinit step 10 .*/bin/nosuch' \
	"... also one of a step's"
like "$out" "\\[container\\] nsinit has ended" "... which comes before gdb goes on"
batch 'container-steps 13' -- /bin/true
like "$err" 'there is no step 13: they are 1 to 12' "container-steps 13 is refused"
batch step-into -- /bin/true
like "$err" 'step-into goes on from before a step' "... as is step-into too early"

# --- joining, other users ----------------------------------------------------

mkfifo "$TEST_DIR/hold"
env -C "$box" nsinit exec --id other sh -c 'echo ready; exec cat' \
	<"$TEST_DIR/hold" >"$TEST_DIR/other" &
runner=$!
exec 7>"$TEST_DIR/hold"
wait_for grep -q ready "$TEST_DIR/other" || not_ok "a container begins"
# shellcheck disable=SC2016 # for the shell inside
batch container-steps continue continue continue continue continue step-into \
	continue continue continue -- --id other /bin/sh -c 'echo hi $$; exit 4'
is "$(told)" "$joining" "a process that joins: its eight steps"
is "$(grep -o 'hostpid=[0-9]*' <<<"$out" | uniq -c | awk '{ print $1 }' | tr '\n' ' ')" \
	"4 4 " "... born again in step 4, and followed"
like "$out" 'step10_hostname_profile \(init=0x' "... with lines and variables there"
like "$out" $'\nhi [2-9]\n' "... and then in the container"
has_ended 4 "... until its end"
batch 'container-both 12' "${go[@]}" -- --id other /bin/sh -c 'exit 5'
is "$(told)" "$joining" "container-both follows it, too"
has_ended 5 "... until its end"
exec 7>&-
wait "$runner"

if unshare -U true 2>/dev/null; then
	batch 'container-steps 9' step-into next next "$inode" continue -- \
		--userns-root-uid 1000 /bin/cat /proc/self/uid_map
	is "$(told)" "$every" "in a user namespace: twelve steps"
	like "$out" 'step09_pivot_root \(init=0x' "... lines and variables"
	is "$(sed -n 's/^root //p' <<<"$out")" "$(stat -c %i "$box")" \
		"... after pivot_root, too"
	like "$out" $'\n +0 +1000 +1\n' "... and it is one"
else
	skip "in a user namespace" "there are none here (or this is a chroot)"
fi

me=$((300000 + RANDOM)) clone=$TEST_DIR/clone
as_me=(setpriv --reuid "$me" --regid "$me" --clear-groups
	env -u XDG_RUNTIME_DIR -C "$clone" HOME="$clone" TERM=dumb)
mkdir -p "$clone/build"
cp -a "$TOP/Makefile" "$clone"
cp -a "$TOP/build/debug" "$clone/build"
for folder in "$TOP"/*/; do
	case $folder in
	*/rootfs/ | */build/ | */bin/) ;;
	*) cp -a "$folder" "$clone" ;;
	esac
done
chown -R "$me:$me" "$clone"
printf '%s\n' step-into 'print init->step->number' continue continue \
	>"$TEST_DIR/script"
if "${as_me[@]}" unshare -U true 2>/dev/null; then
	for target in gdb gdb-exec; do
		run "${as_me[@]}" make -s $target STEP=10 \
			SCRIPT="$TEST_DIR/script" CMD='echo $$; id -u; exit 6'
		is "$(told | tail -n 1)" "12 exec" \
			"an ordinary user in his own clone: make $target"
		like "$out" 'step10_hostname_profile .*'$'\n.*\n.* = 10\n' \
			"... lines and variables after pivot_root"
		like "$out" $'\n[1-9]\n0\n' "... and in the end he is root of a container"
		has_ended 6 "... until its end"
	done
else
	skip "an ordinary user in his own clone" "he may make no user namespace"
fi

# --- both sides --------------------------------------------------------------

for n in 1 2 3 4; do
	batch 'container-both S3 9' 'print pid' continue step-into \
		'info inferiors' continue -- --hostname both /bin/sh -c 'exit 7'
	is "$(told)" "$every" "side by side, the inside's twelve steps ($n)"
	is "$(sed -nE 's/^\[outside\] \[act +(S[1-5]) .*/\1/p' <<<"$out" | tr '\n' ' ')" \
		"S1 S2 S3 S4 S5 " "... and the outside's five acts"
	has_ended 7 "... until the end of both"
done
inside=$(sed -n 's/^\[inside\].*hostpid=\([0-9]*\).*/\1/p' <<<"$out" | head -n 1)
outside=$(sed -n 's/^\[outside\].*hostpid=\([0-9]*\).*/\1/p' <<<"$out" | head -n 1)
isnt "$inside" "$outside" "they are two processes"
like "$out" $'\n'"#0 +network_create \\(c=0x.*, pid=$inside, .* at libcontainer/network.c:" \
	"act S3 is a stop of nsinit's, for the container's pid"
like "$out" "step09_pivot_root \\(init=0x" "step-into works on the inside"
like "$(grep -nE 'act +S4|\[step  3' <<<"$out" | cut -c1-40 | tr '\n' ' ')" \
	'act +S4.*step +3' "step 3 does not come before S4"
batch 'container-both 10' continue -- --config "$config_file" /bin/nosuch
like "$err" 'nsinit: exec: dockerinit step 10 .*/bin/nosuch' \
	"when the inside fails, the outside says so"

: >"$TEST_DIR/once"
for step in S1 S3 5; do
	(cd "$TOP" && run make -s gdb-both STEP=$step SCRIPT="$TEST_DIR/once")
	is "$(ls /run/nsinit) $(pgrep -c nsinit)" " 0" \
		"what is ended after $step, on both sides, leaves nothing"
done

# --- a person at a terminal --------------------------------------------------

cd "$TOP"
at_terminal() {
	run env TERM=dumb python3 "$TOP/tests/pty.py" size=40x170 "$@"
	out=${out//$'\e[6n'/}
}

# README's session is typed, and its output compared.
cat >"$TEST_DIR/readme.py" <<'PYTHON'
"""steps: the session as words for pty.py; compare: what came with what stands"""
import re
import sys

block = re.search(r"<!-- gdb -->\n```console\n(.*?)```", open("README.md").read(),
                  re.DOTALL).group(1).splitlines()
PID, REAL = "4711", "$(pgrep -x dockerinit:09)"
PROMPT = re.compile(r"(\(gdb\) |/ # )(.*)")
if sys.argv[1] == "steps":
    for line in block:
        typed = PROMPT.fullmatch(line)
        if typed:
            print("wait=" + re.escape(typed[1]))
            print("send=" + typed[2].replace(PID, REAL) + r"\n")
    sys.exit()
seen = sys.stdin.read().replace(REAL, PID)
seen = re.sub(re.search(r"hostpid=(\d+)", seen)[1] + r"\b", PID, seen)
want = "".join(r"(?:.*\n)*?" if line == "…" else
               ".*?".join(map(re.escape, line.split("…"))) + r" *\n"
               for line in block[1:])
want = want.replace(re.escape("hostpid=" + PID) + r"\ \ \ \ ", r"hostpid=4711 +")
sys.exit(not re.match(want, seen))
PYTHON
mapfile -t steps < <(python3 "$TEST_DIR/readme.py" steps)
is "${#steps[@]}" 20 "README has a session of ten lines to type"
at_terminal "${steps[@]}" end -- make gdb STEP=9
is "$status ${out##*$'\n'}" "0 terminal restored" "README's session can be typed"
session=$out
passes "... and prints what stands there" \
	python3 "$TEST_DIR/readme.py" compare <<<"$session"
like "$session" 'You stand inside .*step-into .*next .*print .*shell ls .*continue ' \
	"a newcomer is told the five commands"

for target in gdb gdb-exec; do
	at_terminal 'wait=\(gdb\) ' 'send=continue\n' 'wait=/ # ' \
		'send=echo on""ce; tty\n' 'wait=/dev/\S+' 'wait=/ # ' \
		'send=sleep 1000\n' 'until=pgrep -x sleep' 'send=\x03' \
		'wait=\n/ # ' 'send=echo then $?\n' 'wait=then 130' \
		'send=exit 3\n' 'wait=exit status is 3' 'wait=\(gdb\) ' \
		'send=print 6*7\n' 'wait=42' 'send=quit\n' end \
		-- make $target STEP=12
	is "$status ${out##*$'\n'}" "0 terminal restored" \
		"make $target: after step 12 the shell has the terminal, then gdb"
	is "$(grep -c 'echo on""ce' <<<"$out") $(grep -c '^once' <<<"$out")" "1 1" \
		"... what is typed is echoed once"
	unlike "$out" "can't access tty|job control turned off" "... it has job control"
done
at_terminal 'wait=\(gdb\) ' 'send=\x03' 'wait=Quit' 'wait=\(gdb\) ' \
	'send=quit\n' end -- make gdb STEP=9
is "$status ${out##*$'\n'}" "0 terminal restored" \
	"Ctrl-C at gdb's prompt is gdb's, and quit in the middle ends all"
is "$(ls /run/nsinit) $(pgrep -c nsinit)" " 0" "... nothing is left"

# --- the chapter's sessions --------------------------------------------------

chapter=book/05-twelve-steps.md
tap python3 tests/gdb_blocks.py $chapter
# ... are really compared: a line that is not so, and a word gdb does not know.
# shellcheck disable=SC2016 # backquotes of markdown
printf '::: {.gdb}\n```console\n# make gdb STEP=9\n(gdb) %s\n```\n:::\n' \
	$'print 6*7\n$1 = 43' 'prinnt 1' >"$TEST_DIR/wrong.md"
run python3 tests/gdb_blocks.py "$TEST_DIR/wrong.md"
is "$(grep -c '^not ok' <<<"$out")" 2 "a session that is not so is found"

# --- other builds ------------------------------------------------------------

cp -r "$programs" "$TEST_DIR/lean"
rm -f "$TEST_DIR/lean/kind"
strip -g "$TEST_DIR"/lean/*
from=$TEST_DIR/lean
batch 'container-steps 9' step-into continue -- /bin/true
is "$(told)" "$every" "without debug information: twelve steps"
like "$out" 'dockerinit has no debug information' "... which is said"
like "$out" '#0 .* in step09_pivot_root \(\)' "... and step-into"
strip -s "$TEST_DIR"/lean/*
batch 'container-steps 9' continue -- /bin/true
is "$(told)" "$every" "without any symbol: twelve steps"
like "$out" 'dockerinit has no symbols' "... which is said"

# --- an ordinary run stays protected -----------------------------------------

from=$programs
exe='python print("exe", os.readlink("/proc/%d/exe" % gdb.selected_inferior().pid))'
batch 'container-steps 9' "$exe" continue -- /bin/true
is "$(sed -n 's/^exe //p' <<<"$out")" "$programs/dockerinit" \
	"with --plain-init the file itself is executed"
plain=''
batch 'container-steps 9' "$exe" step-into \
	'python open("/proc/%d/exe" % gdb.selected_inferior().pid, "r+b")' continue -- /bin/true
isnt "$(sed -n 's/^exe //p' <<<"$out")" "$programs/dockerinit" \
	"without it, it is not, as in every ordinary run"
like "$err" 'Read-only file system|Text file busy' "... and nobody can write to it"
like "$err" 'step-into finds no function' "... and gdb finds no symbols in it"

# --- what cannot be ----------------------------------------------------------

refused() { # REGEX SENTENCE COMMAND...
	local regex=$1 sentence=$2
	shift 2
	run "$@" </dev/null
	isnt "$status" 0 "$sentence: refused"
	like "$err" "^make gdb[a-z-]*: $regex"$'[^\n]*(\nmake: [^\n]*)?$' "... in one line"
	is "$out" "" "... and nothing is begun"
}

for step in 0 13 x -1 1.5; do
	refused "STEP=$step: there is no such step; they are 1 2 3 .* 12" \
		"STEP=$step" make gdb STEP=$step
done
refused "STEP=S6: there is no such step; they are S1 S2 S3 S4 S5 1 2 .* 12" "STEP=S6" make gdb-both STEP='S1 S6'
refused "STEP=S1: there is no such step" "S1 in the container's room" make gdb STEP=S1
refused "STEP=7: a process that joins does not take that step; it takes 1 2 3 4 6 10 11 12" \
	"a step that is skipped" make gdb-exec STEP=7
refused "gdb needs a terminal" "without a terminal" make gdb
refused "SCRIPT=/nowhere: there is no such file" "a script that is not there" \
	make gdb SCRIPT=/nowhere
mkdir "$TEST_DIR/path"
for name in bash sed tr cat grep tail realpath env; do
	ln -s "$(command -v $name)" "$TEST_DIR/path"
done
export GDB_SCRIPT=$TEST_DIR/script
refused "there is no gdb; as root: apt-get install gdb" "without gdb" \
	env PATH="$TEST_DIR/path" book/gdb/start.sh run gdb
refused 'gdb may trace no process here \(ptrace\): process [0-9]+ \(strace\) traces us' \
	"where ptrace is somebody else's" \
	strace -f -qq -o /dev/null book/gdb/start.sh run gdb
done_testing
