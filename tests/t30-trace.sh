#!/bin/bash
# t30: --trace: each act and step, and what it really changed
# timeout: 300
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/container.sh
. "${0%/*}/container.sh"
needs_root
needs_program python3 strace nsenter setpriv

fresh_rootfs
config hostname '"traced"' \
	rlimits '[{"type": "NOFILE", "soft": 64, "hard": 128}]'
json=$TEST_DIR/trace.json

# trace ACT [WORD...]: of the document, see trace.py.
trace() {
	local act=$1
	shift
	"$TOP/tests/trace.py" "$act" "$json" "$@" 2>&1
}

# valid SENTENCE: the document is what is promised.
valid() {
	is "$(trace check)" ok "$1"
}

# living WORD...: a container that lives until end, traced into $json; its pid
# is in $pid.
living() {
	rm -f "$json"
	"$@" >"$TEST_DIR/life.out" 2>&1 &
	runner=$!
	pid=''
	wait_for written || not_ok "a trace is written" \
		"$(cat "$TEST_DIR/life.out")"
	written || :
}
written() {
	pid=$(trace get pid) && [[ $pid == [1-9]* ]]
}

of_namespace() { # PID NAME
	readlink "/proc/$1/ns/$2" | tr -dc 0-9
}

# claims_hold [NAMESPACE...]: what the trace says came, is so; asked of /proc
# for process $pid, which has all of these namespaces of its own.
claims_hold() {
	local name file
	for name; do
		is "$(trace ask namespace "$name")" \
			"$(of_namespace "$pid" "$name")" "... its $name namespace"
	done
	is "$(trace left mount | sort)" \
		"$(cut -d' ' -f5 "/proc/$pid/mountinfo" | sort -u)" \
		"... its mounts, and no other"
	is "$(trace ask root '')" \
		"inode $(stat -Lc '%i' "/proc/$pid/root") of $(mountpoint -d \
			"$(stat -c %m "$rootfs")")" "... its root"
	is "$(trace ask cwd '')" "$(readlink "/proc/$pid/cwd")" "... its cwd"
	for name in bounding:Bnd effective:Eff permitted:Prm; do
		is "$(trace ask capabilities "${name%:*}")" \
			"$(of_status "$pid" "Cap${name#*:}")" \
			"... its ${name%:*} capabilities"
	done
	is "$(trace left descriptor | grep -v our | tr '\n' ' ')" \
		"$(find "/proc/$pid/fd" -mindepth 1 -printf '%f\n' | sort |
			tr '\n' ' ')" "... its descriptors"
	is "$(trace left environment | sort)" \
		"$(tr '\0' '\n' <"/proc/$pid/environ" | sed 's/=.*//' | sort)" \
		"... the names in its environment"
	is "$(trace ask command arguments)" \
		"$(tr '\0' ' ' <"/proc/$pid/cmdline" | sed 's/ $//')" \
		"... its arguments"
	is "$(trace ask session pid)" "$(of_status "$pid" NSpid)" "... its pids"
	while IFS=: read -r _ name file; do
		name=${name:-v2}
		[[ $(trace ask cgroup "$name") ]] || continue
		is "$(trace ask cgroup "$name")" "$file" "... its cgroup $name"
	done <"/proc/$pid/cgroup"
}

# --- a new container ---------------------------------------------------------

living nsinit exec "--trace=json:$json" --config "$config_file" /probe sleep 600
valid "the document of a new container is as promised"
is "$(stat -c %a "$json")" 600 "... in a file that is its user's alone"
is "$(trace get program) $(trace get id) $(trace get rootfs)" \
	"nsinit nsinit $rootfs" "it says which program, container and rootfs"
is "$pid" "$(container_pid)" "... and the pid that the host sees"
claims_hold ipc mnt net pid uts
is "$(trace ask limit RLIMIT_NOFILE)" "64 128" "... its limit of files"
is "$(trace ask hostname '')" "$(nsenter -t "$pid" -u uname -n)" \
	"... its hostname"
is "$(trace ask address lo)" "$(nsenter -t "$pid" -n ip -o address show lo |
	sed 's/.*inet6* \([^ ]*\) .*/\1/')" "... the addresses of lo"
like "$(trace ask link lo)" '^up mtu 65536$' "... and that it is up"

# Each in the step whose subject it is.
while read -r tag what name want; do
	[[ $name != - ]] || name=''
	like "$(trace event "$tag" "$what" "$name")" "$want" \
		"step $tag: $what $name"
done <<-EVENTS
	F3 file /run/nsinit/nsinit None > directory
	S1 namespace pid ^[0-9]+ > [0-9]+\$
	S1 namespace uts ^[0-9]+ > [0-9]+\$
	S1 link lo None > down
	4 session sid > $pid 1\$
	5 link lo down.* > up
	6 limit RLIMIT_NOFILE > 64 128\$
	7 namespace mnt ^[0-9]+ > [0-9]+\$
	8 mount $rootfs/proc None > proc proc
	9 root - inode
	9 mount /proc proc proc.* > proc proc
	10 hostname - > traced\$
	10 capabilities effective > 00000000a80425fb\$
	12 command arguments native > /probe sleep 600\$
	12 environment HOME None > /
EVENTS
is "$(trace event 9 hostname '')$(trace event 4 limit RLIMIT_NOFILE)" "" \
	"... and nowhere else"
is "$(trace event S1 namespace mnt)" "" \
	"the clone makes no mount namespace, says the trace as well"

# --- joined ------------------------------------------------------------------

first=$pid first_runner=$runner
cp "$json" "$TEST_DIR/first.json"
json=$TEST_DIR/joined.json
living nsinit exec "--trace=json:$json" --config "$config_file" /probe sleep 600
valid "the document of a joining process is as promised"
is "$(trace get joined)" True "... and says so"
isnt "$pid" "$first" "it is another process"
claims_hold ipc mnt net pid uts
is "$(of_namespace "$pid" pid)" "$(of_namespace "$first" pid)" \
	"... which are the container's"
like "$(trace event 4 session pid)" "^[0-9]+ > $pid [0-9]+\$" \
	"step 4 is left with another pid than it was entered with"
like "$(trace event 4 hostname '')" " > traced\$" "... and another hostname"
kill -KILL "$pid"
wait "$runner" 2>/dev/null || :
json=$TEST_DIR/nsenter.json
run nsinit --trace="json:$json" nsenter --id nsinit /probe say hello
is "$status $out" "0 hello" "nsenter is traced, too"
valid "... with a document as promised"
runner=$first_runner pid=$first
end
leftovers "nothing is left of them"

# --- closed to those who are inside ------------------------------------------

# pry PID: how the container's root gets at that process of his.
pry() {
	run nsinit nsenter --id nsinit /probe pry "$1"
	facts pry | tr '\n' ' '
}
in_its_own() { # PID: its number where it lives
	of_status "$1" NSpid | sed 's/.* //'
}
# closed SENTENCE: held before the steps that are behind the door.
closed() {
	local step
	begin
	[[ $pid ]] || return 0
	first=$pid first_runner=$runner
	if [[ $(cat /proc/sys/kernel/yama/ptrace_scope 2>/dev/null || echo 0) == 0 ]]
	then
		is "$(pry 1)" "getfd ok fd ok mem ok environ ok cwd ok seize ok " \
			"$1: its root gets at the container's own processes"
	fi
	for step in 6 10 11 12; do
		hold $step
		isnt "$(in_its_own "$pid")" "$pid" "... one that joins stands inside"
		is "$(pry "$(in_its_own "$pid")")" \
			"getfd EPERM fd EACCES mem EACCES environ EACCES cwd EACCES seize EPERM " \
			"... and is closed, although traced, before step $step"
		release
		is "$status ${out##*$'\n'}" "0 ran" "... and goes on"
	done
	pid=$first runner=$first_runner
	end
}
config
closed "a container"
if unshare -U true 2>/dev/null; then
	config namespaces '[{"type": "NEWUSER"}, {"type": "NEWNS"},
		{"type": "NEWUTS"}, {"type": "NEWIPC"}, {"type": "NEWPID"},
		{"type": "NEWNET"}]' \
		uid_mappings '[{"container_id": 0, "host_id": 100000, "size": 65536}]' \
		gid_mappings '[{"container_id": 0, "host_id": 100000, "size": 65536}]' \
		capabilities '["SYS_PTRACE", "SYS_ADMIN", "KILL", "SETUID", "SETGID"]'
	chown -R 100000:100000 "$rootfs"
	closed "a user namespace, with CAP_SYS_PTRACE"
	fresh_rootfs
else
	skip "a user namespace's root gets at no traced process" "there are none here"
fi

# --- signals while step 12 is watched ----------------------------------------

# spray PID SIGNAL...: for a second, then CONT.
spray() {
	python3 -c '
import os, signal, sys, time
pid, end = int(sys.argv[1]), time.monotonic() + 1
try:
    while time.monotonic() < end:
        for name in sys.argv[2:]:
            os.kill(pid, getattr(signal, "SIG" + name))
    os.kill(pid, signal.SIGCONT)
except ProcessLookupError:
    pass' "$@"
}
for signals in WINCH 'WINCH URG CHLD CONT' 'STOP CONT' 'TSTP CONT WINCH' STOP; do
	config
	rm -f "$json"
	: >"$TEST_DIR/life.err"
	nsinit exec "--trace=json:$json" --stop 12 --config "$config_file" \
		/probe say hello >"$TEST_DIR/life.out" 2>"$TEST_DIR/life.err" &
	runner=$!
	wait_for grep -q 'gives up' "$TEST_DIR/life.err" ||
		not_ok "it is held" "$(cat "$TEST_DIR/life.err")"
	pid=$(sed -n 's/.* is process \([0-9]*\), held.*/\1/p' "$TEST_DIR/life.err")
	# shellcheck disable=SC2086 # words
	spray "$pid" $signals &
	sprayer=$!
	sleep 0.1
	kill -USR1 "$runner"
	wait "$sprayer"
	wait_for eval "! kill -0 $runner" || kill -KILL "$pid"
	status=0
	wait "$runner" || status=$?
	is "$status $(cat "$TEST_DIR/life.out")" "0 hello" \
		"step 12 is traced under a rain of signals ($signals)"
	valid "... with a document as promised"
	is "$(trace event 12 command arguments)" "native > /probe say hello" \
		"... and with what it changed"
done
runner='' pid=''

# --- user namespaces, users, capabilities, terminals --------------------------

json=$TEST_DIR/trace.json
config namespaces '[{"type": "NEWUSER"}, {"type": "NEWNS"}, {"type": "NEWUTS"},
	{"type": "NEWIPC"}, {"type": "NEWPID"}, {"type": "NEWNET"}]' \
	uid_mappings '[{"container_id": 0, "host_id": 100000, "size": 65536}]' \
	gid_mappings '[{"container_id": 0, "host_id": 100000, "size": 65536}]'
if unshare -U true 2>/dev/null; then
	chown -R 100000:100000 "$rootfs"
	living nsinit exec "--trace=json:$json" --config "$config_file" \
		--user user /probe sleep 600
	valid "the document of a user namespace is as promised"
	claims_hold ipc mnt net pid user uts
	is "$(trace ask user map)" "0 100000 65536" "... its id map"
	is "$(trace ask user uid) $(of_status "$pid" Uid)" \
		"101000 101000 101000 101000 101000" "... its user"
	is "$(trace ask group others)" "$(of_status "$pid" Groups)" \
		"... its other groups"
	end
	me=$((300000 + RANDOM)) home=$TEST_DIR/home
	mkdir -p "$home" && probe_rootfs "$home/rootfs"
	chown -R "$me:$me" "$home"
	if setpriv --reuid "$me" --regid "$me" --clear-groups \
		test -x "$BIN/nsinit"; then
		json=$home/trace.json
		living setpriv --reuid "$me" --regid "$me" --clear-groups \
			env -u XDG_RUNTIME_DIR -C "$home/rootfs" HOME="$home" \
			nsinit exec "--trace=json:$json" /probe sleep 600
		valid "an ordinary user traces his own container"
		claims_hold ipc mnt net pid user uts
		is "$(trace ask hostname '')" "$(nsenter -t "$pid" -u uname -n)" \
			"... its hostname"
		unlike "$(cat "$json")" '"\?"' "... and nothing is hidden from him"
		like "$(trace get events 8 notes)" 'no cgroup' \
			"... and what he cannot have is noted, without --debug"
		json=$home/joined.json
		run setpriv --reuid "$me" --regid "$me" --clear-groups \
			env -u XDG_RUNTIME_DIR -C "$home/rootfs" HOME="$home" \
			nsinit exec "--trace=json:$json" /probe say joined
		is "$status $out" "0 joined" "he traces one that joins, too"
		valid "... with a document as promised"
		is "$(trace event 4 descriptor '')" "None > ?" \
			"... in which its descriptors are hidden from step 4 on"
		like "$(trace get events "$(trace tags | tr ' ' '\n' |
			grep -nx 4 | cut -d: -f1 | awk '{ print $1 - 1 }')" notes)" \
			'shown as \?' "... and a note says why"
		is "$(grep -o 'shown as ?' "$json" | wc -l)" 1 "... one note"
		end
		rm -rf "/tmp/nsinit-$me"
	else
		skip "an ordinary user traces his own" "he cannot reach $BIN"
	fi
	json=$TEST_DIR/trace.json
	fresh_rootfs
else
	skip "user namespaces are traced" "there are none here"
fi

config capabilities '[]'
living nsinit exec "--trace=json:$json" --config "$config_file" \
	--user 1000:2000 --cwd /tmp /probe sleep 600
valid "the document is as promised when all capabilities are dropped"
is "$(trace ask capabilities effective)" 0000000000000000 "... which it says"
is "$(trace ask user uid) $(trace ask group gid) $(trace ask cwd '')" \
	"1000 2000 /tmp" "... with user, group and folder"
claims_hold ipc mnt net pid uts
end

config
run nsinit exec -t "--trace=json:$json" --config "$config_file" /probe say hello
is "$status ${out//$'\r'/}" "0 hello" "a container with a terminal is traced"
valid "... with a document as promised"
like "$(trace event 9 descriptor 1)" ' > /dev/pts/0$' \
	"... in step 9 it gets its console"
like "$(trace event 9 session tty)" '^none > 136:0$' \
	"... which controls its session"

# --- a cable -----------------------------------------------------------------

if ip link add br30 type bridge 2>/dev/null; then
	ip link set br30 up
	json=$TEST_DIR/cable.json
	config
	living nsinit exec "--trace=json:$json" --config "$config_file" --id cable \
		--veth-bridge br30 --veth-address 10.3.0.2/24 \
		--veth-gateway 10.3.0.1 /probe sleep 600
	valid "the document of a cable is as promised"
	cable=$(ip -o link show type veth | sed 's/^[0-9]*: \([^@]*\)@.*/\1/')
	like "$(trace event S3 link "host's $cable")" '^None > up mtu 1500 ' \
		"act S3 has made the host's end"
	is "$(trace ask link eth0)" "up mtu 1500 $(nsenter -t "$pid" -n \
		ip -o link show eth0 | sed 's/.*ether \([^ ]*\) .*/\1/')" \
		"... whose other end is the container's"
	is "$(trace event 5 address eth0)" "None > 10.3.0.2/24" \
		"step 5 gives it its address"
	is "$(trace ask route default) $(trace ask route 10.3.0.0/24)" \
		"via 10.3.0.1 dev eth0 dev eth0" "... and the routes are there"
	end
	json=$TEST_DIR/trace.json
	ip link delete br30
else
	skip "a cable is traced" "no bridge can be made here"
fi

# --- execdriver --------------------------------------------------------------

cat >"$TEST_DIR/command.json" <<-JSON
	{"id": "oak", "rootfs": "$rootfs", "process_config":
		{"entrypoint": "/probe", "arguments": ["sleep", "600"]}}
JSON
cat >"$TEST_DIR/process.json" <<-JSON
	{"entrypoint": "/probe", "arguments": ["say", "second"]}
JSON
living execdriver run "--trace=json:$json" "$TEST_DIR/command.json"
valid "execdriver's document is as promised"
is "$(trace tags | tr ' ' '\n' | grep E | tr '\n' ' ')" "E1 E2 E3 E4 E5 E6 " \
	"... with its six acts"
claims_hold ipc mnt net pid uts
run execdriver --trace="json:$TEST_DIR/second.json" exec oak \
	"$TEST_DIR/process.json"
is "$status $out" "0 second" "execdriver exec is traced"
json=$TEST_DIR/second.json
valid "... with a document as promised"
json=$TEST_DIR/trace.json
execdriver kill oak
wait "$runner" || :
runner=''

# --- failed ------------------------------------------------------------------

config
in_container --trace="json:$json" --user nobody2 /probe say never
is "$status$out" 125 "a step fails as ever"
is "$err" "nsinit: exec: dockerinit step 10 (step10_hostname_profile): user \
nobody2: not in /etc/passwd" "... and with the usual line"
valid "the document of a failure is as promised"
is "$(trace get error step)" 10 "... and names the step"
in_container --trace --user nobody2 /probe say never
like "$err" $'\ninside   10/12  hostname_profile  *FAILED\n' \
	"the lines mark it"
like "$err" $'\n  10   hostname_profile  *failed\n' "... and so do the bars"
is "$(tail -n 1 <<<"$err")" "nsinit: exec: dockerinit step 10 \
(step10_hostname_profile): user nobody2: not in /etc/passwd" \
	"... and the error stands last"
config networks '[{"type": "veth", "bridge": "nowhere", "veth_prefix": "v",
	"name": "eth0", "address": "10.1.2.3/24"}]'
in_container --trace="json:$json" /probe say never
is "$status$out" 125 "an act of the outside fails"
valid "... and the document is as promised"
is "$(trace get error step) $(trace get events 0 tag) \
$(trace get events 0 failed)" "None F1 True" "... and marks the act"
leftovers "nothing is left of those that failed"

# --- lines -------------------------------------------------------------------

config hostname '"traced"'
in_container --trace /probe say hello
is "$status $out" "0 hello" "--trace leaves the standard output alone"
lines=$err
is "$(sed '/^$/,$d' <<<"$lines" | awk '
	/^ / ? match($0, /[^ ]/) != 52 : !/^(room   |outside|inside ) / ||
		substr($0, 47, 3) !~ /^( us|me |   )$/ ||
		(length > 49 && substr($0, 50) !~ /^  [^ ]/)')" "" \
	"every line has its words in the same columns"
is "$(sed -n 's/^outside *\([EFPS][0-9]\) .*/\1/p' <<<"$lines" | sort |
	tr '\n' ' ')" "F1 F2 F3 F4 P1 P2 P3 P4 P5 S1 S2 S3 S4 S5 " \
	"there is a line for each act"
is "$(sed -n 's/^inside *\([0-9]*\)\/12 .*/\1/p' <<<"$lines" | tr '\n' ' ')" \
	"1 2 3 4 5 6 7 8 9 10 11 12 " "... and for each step, in order"
like "$lines" 'hostname: [^ ]+ -> traced' "they say what changed"
bars=$(sed '1,/^$/d' <<<"$lines")
is "$(sed -n '2p' <<<"$bars") $(grep -c '#\||' <<<"$bars")" "outside 26" \
	"then there is a bar for each, the outside's above"
is "$(awk 'length > 80' <<<"$bars")" "" "... in 80 columns"
run env COLUMNS=120 LC_ALL=C.UTF-8 nsinit --trace exec --config "$config_file" \
	/probe say hello
like "$err" '[▏▎▍▌▋▊▉█]' "... or in finer ones, where the locale has them"
width=$(sed '1,/^$/d' <<<"$err" | LC_ALL=C.UTF-8 wc -L)
like "$width" '^1(1[0-9]|20)$' "... in as many columns as there are"
in_container --trace="$TEST_DIR/lines" /probe say hello
is "$status $out$err" "0 hello" "a file takes the lines, and nothing else"
like "$(cat "$TEST_DIR/lines")" $'^room .*\ninside *12/12 .*\noutside *\n' \
	"... all of them"
strace -f -qq -e trace=write -s 100000 -o "$TEST_DIR/calls" nsinit \
	--trace="$TEST_DIR/lines" exec --config "$config_file" /probe say hello \
	>"$TEST_DIR/run.out"
is "$(grep -c 'where the time goes.*inside.*  12 ' "$TEST_DIR/calls")" 1 \
	"the bars are written at once"
in_container --trace --env $'X=\e[2J\x9b' --env $'Y=\xff' /probe say hello
unlike "$err" $'[\e\x9b\xff]' "what an environment holds reaches no terminal"
in_container --trace=json --env $'X=\e[2J\x9b' --env $'Y=\xff' /probe say hello
printf '%s\n' "$err" >"$json"
valid "... and breaks no document, which stderr takes as well"

# README's example: what stands there is what comes out, but for numbers and
# for what is this machine's own. A change is known by its first words.
essence() {
	sed 's/[▏▎▍▌▋▊▉█#|]//g; s/^ \{51\}//; s/ us  */ us /
		s/^\(\(.* us \)\{0,1\}[a-z]* [^:]*\):.*/\1/; s/: inode .*//
		s/hostname: .*/hostname/; s/[0-9][0-9]*/N/g; s/  */ /g; s/ $//'
}
sed -n '/^<!-- trace -->/,/^<!-- \/trace/p' "$TOP/README.md" |
	grep -v '^<\|^```\|^#\|^…' | essence | sort -u >"$TEST_DIR/promised"
busybox_rootfs "$TEST_DIR/box"
run env -C "$TEST_DIR/box" nsinit --trace exec /bin/sh -c hostname
printf '%s\n' "$err" "$out" | essence | sort -u >"$TEST_DIR/seen"
is "$(comm -23 "$TEST_DIR/promised" "$TEST_DIR/seen")" "" \
	"README's example is what one sees"
like "$(wc -l <"$TEST_DIR/promised")" '^ *(1[5-9]|2[0-9])$' \
	"... which is some twenty lines"

# --- html, and where it may go -----------------------------------------------

in_container --trace="html:$TEST_DIR/page.html" /probe say hello
is "$status $out$err" "0 hello" "a page is written"
like "$(cat "$TEST_DIR/page.html")" '^<!.*pivot_root' "... with the steps in it"

# refused FLAG REGEX SENTENCE: one line, and nothing runs.
refused() {
	in_container "$1" /probe say never
	like "$status $err" "^125 nsinit: exec: .*$2" "$3"
	is "$out$(wc -l <"$TEST_DIR/run.err")" 1 "... in one line, and runs nothing"
}
refused --trace=/nowhere/x 'open the trace file /nowhere/x: No such file' \
	"a file in no folder is refused"
refused --trace=/tmp '/tmp: Is a directory' "a folder is refused"
refused --trace=json:/tmp '/tmp: Is a directory' "... and for JSON"
refused --trace=html:/tmp '/tmp: Is a directory' "... and for a page"
refused --trace=/dev/full 'write the trace /dev/full: No space left' \
	"a full disk is refused"
refused --trace=xml:x 'no format "xml"' "a format that there is not is refused"
refused --trace= 'a file is wanted' "no file is refused"
refused --trace=html 'html:FILE' "a page without a file is refused"
echo kept >"$TEST_DIR/kept"
run nsinit exec --trace="$TEST_DIR/kept" --nonsense /probe say never
is "$status $(cat "$TEST_DIR/kept")" "125 kept" \
	"a wrong flag leaves the file as it was"
run nsinit exec --trace="$TEST_DIR/kept" --config /nonexist /probe say never
is "$status $(cat "$TEST_DIR/kept")" "125 kept" \
	"... and so does a config that there is not"
for format in json html; do
	run nsinit exec --trace="$format:$TEST_DIR/kept" --config /nonexist /probe
	is "$status $(cat "$TEST_DIR/kept")" "125 kept" "... as $format, too"
done
chmod 640 "$TEST_DIR/kept"
for format in '' json: html:; do
	(umask 0 && nsinit exec --trace="$format$TEST_DIR/secret" \
		--config "$config_file" --env PASSWORD=hush /probe say hello \
		>/dev/null)
	like "$(stat -c %a "$TEST_DIR/secret") $(<"$TEST_DIR/secret")" \
		'^600 .*hush' "${format:-lines:} what has the environment is its user's alone"
	rm "$TEST_DIR/secret"
	in_container --trace="$format$TEST_DIR/kept" /probe say hello
	like "$status $(stat -c %a "$TEST_DIR/kept") $(<"$TEST_DIR/kept")" \
		'^0 640 .*pivot_root' "... a file that is there keeps its mode"
	unlike "$(<"$TEST_DIR/kept")" kept "... and nothing of its text"
done
in_container --trace=json:/dev/full /probe say ran
is "$status $out" "125 ran" "a disk that is full in the end is an error, too"
is "$err" "nsinit: exec: write the trace /dev/full: No space left on device" \
	"... said in one line"
for command in spec stats init; do
	run nsinit --trace $command
	like "$status $err" "^125 nsinit: $command: nothing is started" \
		"--trace is refused for $command"
done
run execdriver --trace info oak
like "$status $err" '^125 execdriver: info: nothing is started' \
	"... and for execdriver info"
(cd "$TEST_DIR" && nsinit --trace=./json exec --config "$config_file" /probe \
	say hello >/dev/null)
like "$(cat "$TEST_DIR/json")" '^room ' "./json is a file"
leftovers "nothing is left of all that"

# --- again and again ---------------------------------------------------------

config hostname '"traced"'
for ((i = 1; i <= 20; i++)); do
	in_container --trace="json:$json" /probe say hello
	[[ $(trace check) == ok ]] || not_ok "trace $i is as promised" "$(trace check)"
	trace skeleton >"$TEST_DIR/skeleton.$i"
done
is "$(md5sum "$TEST_DIR"/skeleton.* | cut -d' ' -f1 | sort -u | wc -l)" 1 \
	"twenty traces differ in numbers alone"
diff "$TEST_DIR"/skeleton.{1,20} | sed 's/^/# /' || :

if [[ -z ${SAN-} ]]; then
	mkdir "$TEST_DIR/bin"
	for program in nsinit dockerinit; do
		strip -o "$TEST_DIR/bin/$program" "$BIN/$program"
	done
	run "$TEST_DIR/bin/nsinit" exec --trace="json:$json" \
		--config "$config_file" /probe say hello
	is "$status $out" "0 hello" "programs without debug information trace"
	trace skeleton >"$TEST_DIR/stripped"
	passes "... the same" cmp "$TEST_DIR/stripped" "$TEST_DIR/skeleton.1"
	run "$BIN/nsinit" --plain-init exec --trace="json:$json" \
		--config "$config_file" /probe say hello
	is "$status$(trace check)" 0ok "... and so does dockerinit's own file"
fi

# --- what cannot be seen -----------------------------------------------------

strace -f -qq -o /dev/null -e trace=readlinkat \
	-e inject=readlinkat:error=EACCES:when=400+ nsinit exec \
	--trace="json:$json" --config "$config_file" /probe say hello \
	>"$TEST_DIR/run.out"
is "$(cat "$TEST_DIR/run.out")" hello \
	"where looking is forbidden, the container runs"
valid "... the document is as promised"
like "$(cat "$json")" '"after":[[:space:]]*"\?"' "... and says what is hidden"
is "$(trace event 12 command program)" "" \
	"with another tracer there, step 12 is shown without its changes"

# --- untraced ----------------------------------------------------------------

# calls NAME FLAG...: each process's system calls.
calls() {
	local name=$1
	shift
	mkdir "$TEST_DIR/$name"
	strace -qq -ff -s 64 -o "$TEST_DIR/$name/calls" nsinit exec "$@" \
		--config "$config_file" /probe say hello >/dev/null
	outside=$(grep -lF 'clone3(' "$TEST_DIR/$name"/calls.*)
	inside=$(grep -lF '"dockerinit:01"' "$TEST_DIR/$name"/calls.*)
}
calls untraced
is "$(find "$TEST_DIR/untraced" -type f | wc -l)" 2 \
	"an untraced run has two processes: outside and inside"
is "$(cat "$outside" "$inside" | grep -c SEQPACKET || :)" 0 \
	"... no trace socket"
is "$(grep -cE '^(ptrace|uname|fork|vfork|clone)\(' "$outside" || :)" 0 \
	"... nobody who looks or holds"
is "$(sed -n 's|.*"/proc/[0-9]*/\([^"]*\)".*|\1|p' "$outside" |
	grep -vE '^(stat|cgroup)$' || :)" "" \
	"... and reads of the child what it needs, its stat and its cgroup"
# since_exec FILE TRACE-FD: what it did as dockerinit, but for the talk.
since_exec() {
	sed '1,/^execveat(/d' "$1" |
		grep -vE "^((sendto|recvmsg|fcntl)\($2, |brk\()" |
		sed -n 's/^\([a-z0-9_]*\)(.*/\1/p'
}
since_exec "$inside" none >"$TEST_DIR/inside.untraced"
calls traced --trace="$TEST_DIR/lines"
isnt "$(find "$TEST_DIR/traced" -type f | wc -l)" 2 \
	"a traced run has more processes, which look"
fd=$(sed -n 's/^sendto(\([0-9]*\), "> 1".*/\1/p' "$inside")
since_exec "$inside" "$fd" >"$TEST_DIR/inside.traced"
passes "a traced dockerinit makes calls" grep -q pivot_root \
	"$TEST_DIR/inside.traced"
is "$(diff "$TEST_DIR"/inside.{untraced,traced})" "" \
	"... those of an untraced one, and the talk on the trace socket"
leftovers "nothing is left of it"
done_testing
