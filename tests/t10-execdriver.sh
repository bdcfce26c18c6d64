#!/bin/bash
# t10: execdriver, the daemon's way: command.json, pipes, callback, ExitStatus
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/container.sh
. "${0%/*}/container.sh"
needs_root

fresh_rootfs
file=$TEST_DIR/command.json
nl=$'\n'
# One of the files that Docker hides, which this kernel has.
for hidden in /proc/kcore /proc/timer_list /proc/keys; do
	[[ ! -e $hidden ]] || break
done

# words WORD...: as JSON strings.
words() {
	local list
	list=$(printf '"%s",' "$@")
	echo "${list%,}"
}

# command_json MEMBERS PROCESS [WORD...]: a command.json with these members, and
# these of its process_config, which runs the probe.
command_json() {
	local members=$1 process=$2
	shift 2
	cat >"$file" <<-JSON
		{"id": "oak", "rootfs": "$rootfs", ${members:+$members,}
		 "process_config": {"entrypoint": "/probe",
		  ${process:+$process,} "arguments": [$(words "$@")]}}
	JSON
}

# drive MEMBERS PROCESS WORD...: run it; leaves $status, $out, $err.
drive() {
	command_json "$@"
	run execdriver run "$file"
}

started() {
	pid=$(sed -n 's/^started pid //p' "$TEST_DIR/drive.err") && [[ $pid ]]
}

# launch MEMBERS WORD...: run it in the background, until it says ready; its
# pid is $pid, the execdriver is $runner.
launch() {
	local members=$1
	shift
	command_json "$members" '' "$@"
	: >"$TEST_DIR/drive.out"
	: >"$TEST_DIR/drive.err"
	execdriver run "$file" >"$TEST_DIR/drive.out" 2>"$TEST_DIR/drive.err" &
	runner=$!
	if ! wait_for grep -q ready "$TEST_DIR/drive.out" || ! wait_for started; then
		not_ok "a container begins" "$(cat "$TEST_DIR/drive.err")"
	fi
}

# over: it has ended; leaves $status, $out, $err.
over() {
	run wait "$runner"
	out=$(cat "$TEST_DIR/drive.out") err=$(cat "$TEST_DIR/drive.err")
}

# --- run ---------------------------------------------------------------------

drive '' '"env": ["HOSTNAME=fir", "A=b"]' pid , where , env , fds , exit 5
is "$status" 5 "run returns the program's exit status"
like "$err" $'^started pid [1-9][0-9]*\nexit status 5$' \
	"the callback tells the pid, and in the end comes the status"
is "$(facts pid)" 1 "it is pid 1"
is "$(facts hostname)" fir "the host name is that of the environment"
is "$(facts env | sort)" $'A=b\nHOME=/root\nHOSTNAME=fir' \
	"the environment is that of command.json"
is "$(facts fd)" $'0 pipe\n1 pipe\n2 pipe' \
	"without a tty it has three pipes, and nothing else"
is "$(ls /run/execdriver)" "" "the state root is empty after it"

launch '"working_dir": "/tmp"' where , await 15
is "$(tr -d '\0' <"/proc/$pid/comm") $(of_status "$pid" NSpid)" "probe $pid 1" \
	"the callback's pid is the program's, as the host sees it"
is "$(of_status "$pid" PPid)" "$runner" "its parent is execdriver"
is "$(stat -Lc %d:%i "/proc/$pid/root/probe")" "$(stat -c %d:%i "$rootfs/probe")" \
	"its root is command.json's"
for ns in mnt uts ipc pid net; do
	isnt "$(readlink "/proc/$pid/ns/$ns")" "$(readlink "/proc/self/ns/$ns")" \
		"its $ns namespace is its own"
done
like "$(cat "/proc/$pid/cgroup")" '/docker/oak' "it is in the cgroup docker/oak"
run execdriver info oak
is "$status $out" "0 native-0.2: oak is running" "info, from another process: it runs"
run execdriver pids oak
is "$status $out" "0 $pid" "pids: it is the only one"
run execdriver stats oak
is "$status ${out:0:1}" "0 {" "stats prints JSON"
run execdriver run "$file"
is "$status" 125 "a second run of that id is refused"
like "$err" 'execdriver: run: .*oak is in use' "... and named"
printf '{"entrypoint": "/probe", "arguments": ["pid", ",", "where", ",", "exit", "8"]}' \
	>"$TEST_DIR/process.json"
run execdriver exec oak "$TEST_DIR/process.json"
is "$status $(facts cwd)" "8 /tmp" "exec runs one more program in it"
like "$(facts pid)" '^([2-9]|[1-9][0-9]+)$' "... which is not pid 1"
run execdriver kill oak TERM
is "$status$err" 0 "kill sends a signal"
over
is "$status $(tail -1 <<<"$out")" "0 caught 15" "... which the program gets"
run execdriver info oak
is "$out" "native-0.2: oak is not running" "info: it does not run any more"
run execdriver pids oak
is "$status" 125 "pids of a container that is none"
run execdriver kill oak
is "$status" 125 "kill of one"

launch '' await 15
run execdriver kill oak NOSUCH
is "$status" 125 "kill with a signal that there is not"
run execdriver kill oak
over
is "$status $(tail -1 <<<"$err")" "137 exit status 137" "kill alone is SIGKILL: 137"
launch '' await 15
run execdriver terminate oak
is "$status$err" 0 "terminate ends it"
over
is "$status $(ls /run/execdriver)" "137 " "... with all that belongs to it"
launch '' await 15
kill -TERM "$runner"
over
is "$status $(tail -1 <<<"$out")" "0 caught 15" "SIGTERM to execdriver reaches the program"
launch '' await 15
kill -KILL "$runner"
wait "$runner" 2>/dev/null || :
wait_for gone "$pid"
is "$(gone "$pid" && ls /run/execdriver)" oak "SIGKILL of execdriver ends the container"
run execdriver clean oak
is "$status $err$(ls /run/execdriver)" "0 " "... and clean removes what it left"

if has_cgroup v2 || has_cgroup v1 freezer; then
	launch '' await 15
	run execdriver pause oak
	run execdriver exec oak "$TEST_DIR/process.json"
	is "$status" 125 "into a paused container no program comes"
	like "$err" paused "... and execdriver says why"
	run execdriver unpause oak
	run execdriver exec oak "$TEST_DIR/process.json"
	is "$status" 8 "unpaused, it does"
	run execdriver pause oak
	run execdriver terminate oak
	is "$status$err" 0 "terminate ends a paused one, too"
	over
	is "$status" 137 "... which is 137"
else
	skip "into a paused container no program comes" "no freezer here"
fi

# --- pipes and terminals -----------------------------------------------------

command_json '' '' read -
is "$(echo hi | execdriver run "$file" 2>/dev/null)" hi "standard input goes in"
head -c 1048576 /dev/urandom >"$TEST_DIR/big"
is "$(execdriver run "$file" <"$TEST_DIR/big" 2>/dev/null | sha256sum)" \
	"$(sha256sum <"$TEST_DIR/big")" "a megabyte goes in and out unchanged"
box=$TEST_DIR/box
busybox_rootfs "$box"
cat >"$file" <<-JSON
	{"id": "oak", "rootfs": "$box", "process_config": {"entrypoint": "sh",
	 "arguments": ["-c", "echo to out; echo to err >&2"]}}
JSON
run execdriver run "$file"
is "$out" "to out" "standard output stays apart"
is "$(grep -v '^started\|^exit' <<<"$err")" "to err" "... from standard error"
drive '' '"tty": true' tty , read -
is "$status" 0 "with a tty, the end of input ends it"
like "$out" $'^tty 0 /dev/(console|pts/[0-9]+)\r\ntty 1 /dev/.*\r\ntty 2 /dev/' \
	"... and it has a terminal"

# --- the template ------------------------------------------------------------

DEFAULT=00000000a80425fb
drive '' '' caps , flags , stat /dev/null /dev/fuse /dev/ptmx /dev/fd "$hidden" \
	/dev/console , mounts , links , read "$hidden" , write /proc/sys/kernel/domainname x \
	, write /sys/kernel/uevent_helper x , try mount sethostname chroot
for set in bounding permitted effective; do
	is "$(facts $set)" $DEFAULT "Docker's 14 capabilities are the $set ones"
done
is "$(facts inheritable)$(facts ambient)" 00000000000000000000000000000000 \
	"... and none is inherited"
is "$(facts pdeathsig)" 9 "it dies with execdriver"
for at in /proc:proc:rw /dev:tmpfs:rw /dev/pts:devpts:rw /dev/shm:tmpfs:rw \
	/dev/mqueue:mqueue:rw /sys:sysfs:ro /proc/sys:proc:ro; do
	IFS=: read -r path type mode <<<"$at"
	like "$(facts mount)" "(^|$nl)$path $type $mode," "$path is a $type, $mode"
done
is "$(facts stat | head -4)" "$(printf '%s\n' '/dev/null char 0666 0 0 1:3' \
	'/dev/fuse char 0666 0 0 10:229' '/dev/ptmx link pts/ptmx' \
	'/dev/fd link /proc/self/fd')" \
	"it has Docker's devices and links"
like "$(facts stat)" "$hidden char [0-7]* 0 0 1:3" "$hidden is hidden behind null"
like "$out" 'write /proc/sys/kernel/domainname EROFS' "/proc/sys is read-only"
like "$out" 'write /sys/kernel/uevent_helper EROFS' "/sys is"
like "$out" $'try mount EPERM\ntry sethostname EPERM\ntry chroot ok' \
	"what the capabilities do not allow fails"
is "$(facts link) $(facts address)" "lo up lo 127.0.0.1" "it has the loopback alone"

# --- privileges --------------------------------------------------------------

# capabilities MEMBERS WANTED SENTENCE
capabilities() {
	drive "$1" '' caps
	is "$(facts bounding) $(facts effective)" "$2 $2" "$3"
}
ALL=$(printf %016x $(((1 << ($(</proc/sys/kernel/cap_last_cap) + 1)) - 1)))
capabilities '"cap_add": ["SYS_ADMIN"]' 00000000a82425fb "cap_add adds one"
capabilities '"cap_add": ["CAP_SYS_ADMIN", "sys_time"]' 00000000aa2425fb \
	"... by its full name, or in small letters"
capabilities '"cap_drop": ["MKNOD", "NET_RAW"]' 00000000a00405fb "cap_drop drops two"
capabilities '"cap_drop": ["ALL"]' 0000000000000000 "... or all"
capabilities '"cap_drop": ["all"], "cap_add": ["CHOWN"]' 0000000000000001 \
	"... but what is added"
if [[ $(of_status $$ CapBnd) == "$ALL" ]]; then
	capabilities '"cap_add": ["ALL"]' "$ALL" "cap_add ALL"
	capabilities '"cap_add": ["ALL"], "cap_drop": ["CHOWN"]' "${ALL%f}e" \
		"... but what is dropped"
else
	drive '"cap_add": ["ALL"]' '' caps
	is "$status $(facts bounding)" "0 $(of_status $$ CapBnd)" \
		"cap_add ALL is all that there is to give"
fi
drive '"cap_add": ["FLY"]' '' caps
is "$status" 125 "an unknown capability is refused"
like "$err" '^execdriver: run: cap_add.*FLY' "... by its name"

drive '' '"privileged": true' caps , mounts , stat "$hidden" , \
	write /proc/sys/kernel/domainname '(none)' , ls /dev
is "$status $(facts bounding)" "0 $(of_status $$ CapBnd)" "privileged: all capabilities"
like "$(facts mount)" '/sys sysfs rw,' "... /sys is writable"
unlike "$(facts mount)" '/proc/' "... nothing below /proc is hidden"
like "$out" 'write /proc/sys/kernel/domainname ok' "... or read-only"
is "$(facts stat | head -1 | cut -d' ' -f2)" file "... not even $hidden"
lacking=''
for device in /dev/*; do
	[[ ! -L $device && (-c $device || -b $device) ]] || continue
	[[ $device != /dev/console ]] || continue # it has its own, or none
	grep -q "^entry ${device#/dev/}\$" <<<"$out" ||
		lacking+="${device#/dev/} "
done
is "$lacking" "" "... and the host's devices are there"

drive '"readonly_rootfs": true' '"tty": true' mounts , write /new x , write /dev/new x , \
	write /dev/null x , write /dev/shm/x x , tty
out=$(tr -d '\r' <<<"$out")
like "$(facts mount)" '^/ [^ ]+ ro,' "readonly_rootfs: / is read-only"
is "$(facts write)" $'/new EROFS\n/dev/new EROFS\n/dev/null ok\n/dev/shm/x EROFS' \
	"... with all folders of the template, not the devices"
like "$out" 'open /dev/tty ok' "... and the terminal works"

# --- namespaces of others ----------------------------------------------------

# shares MEMBERS NAMESPACE SENTENCE: it is the host's, the others are not.
shares() {
	local ns other=''
	launch "$1" await 15
	for ns in mnt uts ipc pid net; do
		[[ $(readlink "/proc/$pid/ns/$ns") != "$(readlink "/proc/self/ns/$ns")" ]] ||
			other+="$ns "
	done
	is "$other" "$2 " "$3"
	execdriver kill oak TERM || :
	over
	is "$status" 0 "... and it ends well"
}
shares '"network": {"host_networking": true}' net "network.host_networking"
shares '"ipc": {"host_ipc": true}' ipc "ipc.host_ipc"
shares '"pid": {"host_pid": true}' pid "pid.host_pid"
shares '"uts": {"host_uts": true}' uts "uts.host_uts"

launch '' await 15
other='{"container_id": "oak"}'
sed "s/\"id\": \"oak\"/\"id\": \"elm\", \"network\": $other, \"ipc\": $other/" \
	"$file" >"$TEST_DIR/elm.json"
: >"$TEST_DIR/elm.out"
execdriver run "$TEST_DIR/elm.json" >"$TEST_DIR/elm.out" 2>&1 &
elm=$!
wait_for grep -q ready "$TEST_DIR/elm.out" ||
	not_ok "a second container begins" "$(cat "$TEST_DIR/elm.out")"
elm_pid=$(execdriver pids elm)
for ns in net ipc; do
	is "$(readlink "/proc/$elm_pid/ns/$ns")" "$(readlink "/proc/$pid/ns/$ns")" \
		"container_id: it shares $ns with another container"
done
isnt "$(readlink "/proc/$elm_pid/ns/pid")" "$(readlink "/proc/$pid/ns/pid")" "... but not its pids"
execdriver kill elm TERM || :
execdriver kill oak TERM || :
run wait "$elm"
is "$status" 0 "... and both end well"
over
drive '"network": {"container_id": "nemo"}' '' pid
is "$status" 125 "a container_id of nobody is refused"
drive '"network": {"interface": {"ip": "172.17.0.2", "bridge": "docker0"}}' '' pid
is "$status" 125 "a bridge is refused"
like "$err" 'network.interface' "... by name"

# --- resources and mounts ----------------------------------------------------

# of_cgroup CONTROLLER V1FILE V2FILE: what its cgroup says.
of_cgroup() {
	if has_cgroup v2; then
		cat "/sys/fs/cgroup$(sed -n 's/^0:://p' "/proc/$pid/cgroup")/$3"
	else
		cat "/sys/fs/cgroup/$1$(sed -nE "s/^[0-9]+:([^:]*,)?$1(,[^:]*)?://p" \
			"/proc/$pid/cgroup")/$2"
	fi
}
launch '"resources": {"memory": 33554432, "cpu_shares": 512, "cpuset_cpus": "0",
	"cpu_quota": 50000, "cpu_period": 100000,
	"rlimits": [{"type": 7, "soft": 100, "hard": 200}]}' limits , await 15
if has_cgroup v1 memory || has_cgroup v2 memory; then
	is "$(of_cgroup memory memory.limit_in_bytes memory.max)" 33554432 "resources.memory"
else
	skip "resources.memory" "no memory controller here"
fi
if has_cgroup v1 cpu || has_cgroup v2 cpu; then
	like "$(of_cgroup cpu cpu.cfs_quota_us cpu.max)" '^50000( 100000)?$' \
		"resources.cpu_quota"
	like "$(of_cgroup cpu cpu.shares cpu.weight)" '^(512|20|59)$' \
		"resources.cpu_shares"
else
	skip "resources.cpu_quota" "no cpu controller here"
fi
if has_cgroup v1 cpuset || has_cgroup v2 cpuset; then
	is "$(of_status "$pid" Cpus_allowed_list)" 0 "resources.cpuset_cpus"
else
	skip "resources.cpuset_cpus" "no cpuset controller here"
fi
like "$(cat "$TEST_DIR/drive.out")" $'\nlimit NOFILE 100 200\n' "resources.rlimits"
run execdriver kill oak TERM
over
if has_cgroup v1 memory || has_cgroup v2 memory; then
	drive '"resources": {"memory": 16777216, "memory_swap": 16777216}' '' memory 64
	is "$status $(tail -1 <<<"$err")" "137 exit status 137, killed for memory" \
		"who wants more memory is killed, and the ExitStatus says why"
fi

mkdir "$TEST_DIR/shared"
echo given >"$TEST_DIR/shared/file"
drive "\"mounts\": [
	{\"source\": \"$TEST_DIR/shared\", \"destination\": \"/data/rw\", \"writable\": true},
	{\"source\": \"$TEST_DIR/shared\", \"destination\": \"/data/ro\"},
	{\"source\": \"$TEST_DIR/shared/file\", \"destination\": \"/data/file\"}]" '' \
	write /data/rw/new x , write /data/ro/other x , read /data/file , write /data/file x
is "$out" $'write /data/rw/new ok\nwrite /data/ro/other EROFS\ngiven\nwrite /data/file EROFS' \
	"mounts: folders and files of the host, writable or not"
is "$(cat "$TEST_DIR/shared/new")" x "... and the host sees what was written"
drive '"mounts": [{"source": "/nowhere", "destination": "/data"}]' '' pid
is "$status" 125 "a source that is not there is refused"
like "$err" 'step 8 .*/nowhere' "... by step 8, with its name"

drive '"group_add": ["extra"], "working_dir": "/tmp"' '"user": "user"' id , where
is "$(facts uid) $(facts groups) $(facts cwd)" "1000 1000 1000 2000 2000 /tmp" \
	"user, group_add and working_dir"

# --- bad commands ------------------------------------------------------------

# refused TEXT REASON SENTENCE: one line, 125, and nothing is made.
refused() {
	printf '%s' "$1" >"$file"
	run execdriver run "$file"
	is "$status" 125 "$3 is refused"
	like "$err" "^execdriver: run: [^$nl]*$2[^$nl]*\$" "... in one line that says why"
	[[ $(ls /run/execdriver) == "" ]] || not_ok "... and nothing is made"
}
good="\"id\": \"oak\", \"rootfs\": \"$rootfs\""
program='"process_config": {"entrypoint": "/probe"}'
refused '' 'command.json' "an empty command.json"
refused "{$good" 'command.json' "a truncated one"
refused "{$good, $program} {}" 'command.json' "one with something after it"
refused "{$good, $good, $program}" 'id' "one that says a thing twice"
refused "[]" 'object' "a list"
refused "{\"rootfs\": \"$rootfs\", $program}" 'id' "one without an id"
refused "{\"id\": \"../oak\", \"rootfs\": \"$rootfs\", $program}" 'id .*\.\./oak' \
	"an id that is a path"
refused "{\"id\": \"\", \"rootfs\": \"$rootfs\", $program}" 'id' "an empty id"
refused "{\"id\": 7, \"rootfs\": \"$rootfs\", $program}" 'id: a string' "an id that is a number"
refused "{\"id\": \"oak\", $program}" 'rootfs' "one without a rootfs"
refused "{\"id\": \"oak\", \"rootfs\": \"tmp\", $program}" 'rootfs' "a relative rootfs"
refused "{\"id\": \"oak\", \"rootfs\": \"/nowhere\", $program}" '/nowhere' \
	"a rootfs that is not there"
refused "{$good}" 'entrypoint' "one without a program"
refused "{$good, \"process_config\": {\"entrypoint\": [\"/probe\"]}}" \
	'process_config.entrypoint: a string' "an entrypoint that is a list"
refused "{$good, \"process_config\": {\"entrypoint\": \"/probe\", \"arguments\": \"pid\"}}" \
	'process_config.arguments' "arguments that are no list"
refused "{$good, \"cap_add\": [1], $program}" 'cap_add' "a capability that is a number"
refused "{$good, \"resources\": {\"memory\": \"1g\"}, $program}" 'resources.memory' \
	"a memory that is a text"
refused "{$good, \"resources\": {\"rlimits\": [{\"type\": 99}]}, $program}" 'rlimit' \
	"an rlimit that there is not"
refused "{$good, \"mounts\": [{\"source\": \"/tmp\"}], $program}" 'mounts\[0\]' \
	"a mount without a destination"
rm "$file"
run execdriver run "$file"
is "$status" 125 "a command.json that is not there is refused"
like "$err" 'command.json: No such file' "... by name"
drive '' '' pid
sed -i 's,"/probe","/none",' "$file"
run execdriver run "$file"
is "$status" 127 "a program that is not there is 127"
unlike "$err" 'started' "... and there is no callback"
sed -i 's,"/none","/etc/passwd",' "$file"
run execdriver run "$file"
is "$status" 126 "a program that cannot be run is 126"
is "$(ls /run/execdriver)" "" "the state root is empty in the end"
done_testing
