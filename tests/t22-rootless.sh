#!/bin/bash
# t22: a container made by an ordinary user
# timeout: 240
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/container.sh
. "${0%/*}/container.sh"
needs_root
needs_program setpriv python3

# A user who is in no file, with nothing but his own id.
me=$((300000 + RANDOM))
home=$TEST_DIR/home
as_me=(setpriv --reuid "$me" --regid "$me" --clear-groups
	env -u XDG_RUNTIME_DIR HOME="$home")
mkdir "$home"
chown "$me:$me" "$home"
"${as_me[@]}" test -x "$BIN/nsinit" ||
	skip_all "an ordinary user cannot reach $BIN"
"${as_me[@]}" unshare -U true 2>/dev/null ||
	skip_all "an ordinary user may make no user namespace here"

probe_rootfs "$home/rootfs"
"${as_me[@]}" "$TOP/tests/rootfs.sh" "$home/box"
chown -R "$me:$me" "$home"
state=/tmp/nsinit-$me

# mine COMMAND...: as that user, in his folder; leaves $status, $out, $err.
mine() {
	run "${as_me[@]}" env -C "$home/rootfs" "$@"
}

# refused REGEX SENTENCE: it failed with one such line, and ran nothing.
refused() {
	like "$status $err" "^125 nsinit: exec: .*$1" "$2"
	is "$out$(wc -l <"$TEST_DIR/run.err")" 1 "... in one line, and runs nothing"
}

# stay [WORD...]: his container lives until end; its pid is in $pid.
stay() {
	"${as_me[@]}" env -C "$home/rootfs" nsinit exec "$@" \
		>"$TEST_DIR/life.out" 2>&1 &
	runner=$!
	pid=''
	wait_for lives || not_ok "a container begins" "$(cat "$TEST_DIR/life.out")"
}
lives() {
	pid=$(sed -n 's/.*"init_process_pid": *\([1-9][0-9]*\).*/\1/p' \
		"$state"/*/state.json) && comm_is "$pid" probe
}

# --- nothing is asked for ----------------------------------------------------

mine nsinit exec /probe id , pid , where , read /proc/self/uid_map , \
	write /root/mine x , ls /dev
is "$status $err" "0 " "nsinit exec works, and says nothing"
is "$(facts uid) $(facts gid) $(facts pid)" "0 0 0 0 0 0 1" \
	"... as root, and pid 1, of the container"
is "$(stat -c %u:%g "$home/rootfs/root/mine")" "$me:$me" \
	"... who is the user himself outside"
is "$(facts entry | sort | tr '\n' ' ')" "core fd full mqueue null ptmx pts \
random shm stderr stdin stdout tty urandom zero " "all of /dev is there"
is "$(ls -A "$home/rootfs/dev")" "" "... and no node in the rootfs"
is "$(stat -c '%u %a' "$state")" "$me 700" "the state root is his, in /tmp"
is "$(ls "$state")" "" "... and empty afterwards"
mine nsinit --debug exec /probe exit 7
is "$status" 7 "the exit status comes back"
for what in 'becomes root of a new user' 'device rules are left out' \
	'/dev/pts without gid=' 'no cgroup .*Permission denied'; do
	like "$err" "nsinit: debug: [^"$'\n'"]*$what" \
		"--debug says what was only a default: $what"
done
# shellcheck disable=SC2016 # for the shell inside
run "${as_me[@]}" env -C "$home/box" nsinit exec /bin/sh -c \
	'id -u; hostname; echo x >/dev/null && ls /proc | head -n 1; ip link show lo;
	 touch /tmp/a && rm /tmp/a; mount -t tmpfs x /mnt || echo no; echo $$'
is "$status" 0 "a shell works in it"
like "$out" $'^0\nnsinit\n1\n.*LOOPBACK,UP.*\n1$' "... with its own name, pids and network"

mkdir -m 0700 "$TEST_DIR/runtime" "$TEST_DIR/not-his"
chown "$me" "$TEST_DIR/runtime"
mine env XDG_RUNTIME_DIR="$TEST_DIR/runtime" nsinit exec /probe exit 0
is "$status $(ls -A "$TEST_DIR/runtime")" "0 nsinit" \
	"with XDG_RUNTIME_DIR the state root is there"
mine env XDG_RUNTIME_DIR="$TEST_DIR/not-his" nsinit exec /probe exit 0
is "$status $err" "0 " "... unless that is somebody else's"
chmod 0755 "$state"
mine nsinit exec /probe id
refused 'state root .* is not a folder of user .* own' \
	"a state root that others can read is refused"
chmod 0700 "$state"

# --- what the host sees ------------------------------------------------------

stay /probe await 15
is "$(tr -s ' ' <"/proc/$pid/uid_map") $(tr -s ' ' <"/proc/$pid/gid_map")" \
	" 0 $me 1  0 $me 1" "one id is mapped, his own"
is "$(cat "/proc/$pid/setgroups")" deny "... for which setgroups is denied"
is "$(of_status "$pid" Uid)" "$me $me $me $me" "his container's root is himself"
is "$(of_status "$pid" CapEff)" 00000000a80425fb "... with fourteen capabilities"
for ns in mnt uts ipc pid net user; do
	isnt "$(readlink "/proc/$pid/ns/$ns")" "$(readlink "/proc/self/ns/$ns")" \
		"it has a new $ns namespace"
done
if has_cgroup v1 || [[ $(cut -d: -f3 /proc/self/cgroup) != / ]]; then
	is "$(cat "/proc/$pid/cgroup")" "$(cat /proc/self/cgroup)" \
		"without delegation it has no cgroup of its own"
fi

# --- a second process --------------------------------------------------------

mine nsinit exec /probe id , pid , caps , where , exit 3
is "$status $err" "3 " "a second exec joins"
is "$(facts uid) $(facts hostname)" "0 0 0 nsinit" "... as root of the same container"
like "$(facts pid)" '^[2-9]' "... not as pid 1"
is "$(facts permitted)" 00000000a80425fb "... with the container's capabilities"
mine nsinit exec /probe mounts
is "$(wc -l <<<"$out")" "$(wc -l <"/proc/$pid/mountinfo")" "... and its mounts"
id=$(basename "$state"/*)
mine nsinit nsenter --id "$id" /probe where
is "$(facts hostname)" nsinit "nsenter joins it, too"
mine nsinit nsenter "$pid" '' '{"capabilities": ["KILL"]}' /probe id , caps
is "$(facts uid) $(facts permitted)$err" "0 0 0 0000000000000020" \
	"... by its pid, as in 2014"
mine nsinit stats
is "$status" 0 "stats prints what there is"
mine nsinit spec
like "$out" '"NEWUSER"' "spec tells of the user namespace"
echo "$out" >"$home/spec.json"
run setpriv --reuid $((me + 1)) --regid $((me + 1)) --clear-groups \
	nsinit --root "$state" nsenter --id "$id" /probe id
is "$status" 125 "another user cannot join it"
kill -TERM "$pid"
run wait "$runner"
is "$status" 0 "it ends by SIGTERM"
mine nsinit exec --config "$home/spec.json" /probe id
is "$status $(facts uid)" "0 0 0 0" "what spec printed is a config of its own"

# The terminal is root's: not on every machine may others make one.
run env -C "$home/box" python3 -c '
import os, pty, sys
status = pty.spawn(sys.argv[1:])
sys.exit(os.waitstatus_to_exitcode(status))' "${as_me[@]}" nsinit exec /bin/sh \
	-c 'tty; test -c /dev/console && echo console; id -u; exit 5' </dev/null
is "$status $(tr -d '\r\4\10^D' <<<"$out")" $'5 /dev/pts/0\nconsole\n0' \
	"it has a terminal of its own"

for ((i = 0; i < 10; i++)); do
	"${as_me[@]}" nsinit exec --id "at-once-$i" --rootfs "$home/rootfs" \
		/probe exit "4$i" &
	at_once[i]=$!
done
said=''
for ((i = 0; i < 10; i++)); do
	run wait "${at_once[$i]}"
	said+="$status "
done
is "$said" "40 41 42 43 44 45 46 47 48 49 " "ten start at once"
is "$(ls "$state")" "" "... and leave nothing"

# --- shared with the host ----------------------------------------------------

for kind in pid net ipc uts; do
	mine nsinit exec --$kind host /probe id , exit 6
	is "$status $(facts uid) $err" "6 0 0 0 " "--$kind host works"
done
mine nsinit exec --pid host --net host --ipc host --uts host \
	/probe pid , mounts
is "$status $err" "0 " "... and all of them at once"
isnt "$(facts pid)" 1 "... with the host's pids"
run "${as_me[@]}" env -C "$home/box" nsinit exec --pid host /bin/sh -c \
	'sleep 611 & sleep 612 & exit 3'
is "$status" 3 "a container with the host's pids ends"
run pgrep -f 'sleep 61[12]'
is "$out" "" "... with all that it has started"
mine nsinit exec --mnt host "$PROBE" id , stat "$home"
is "$status $(facts uid)" "0 0 0 0" "--mnt host stays among the host's files"

# --- his own ids -------------------------------------------------------------

mine nsinit exec --user user /probe id
refused 'step 10 .*user user: become gid 1000, which .* does not have' \
	"a user that is not mapped is refused by name and number"
mine nsinit exec --user 0:2000 /probe id
refused 'gid 2000' "... and a group"
mine nsinit exec --groups extra /probe id
refused 'additional groups: .* allows none' "... and additional groups"
sed -i 's/^extra:.*/&,root/' "$home/rootfs/etc/group"
mine nsinit --debug exec /probe id
is "$status" 0 "groups that /etc/group gives to root are left out"
like "$err" '1 groups of /etc/group are left out' "... which --debug says"

# --- asked for, and not to be had --------------------------------------------

mine nsinit exec --memory-limit 10000000 /probe id
refused 'cgroups\.memory: mkdir .*Permission denied' \
	"a limit without delegation is refused"
mine nsinit exec --cgroup /probe id
refused 'mounts\[[0-9]*\]\.device: there is no cgroup to show: mkdir .*Permission denied \(--cgroup\)$' \
	"... and so is a view of cgroups that he has not"
mine nsinit exec --net /proc/self/ns/mnt /probe id
refused 'namespaces\[[0-9]\].path: /proc/self/ns/mnt: .* of type mnt, not net .*\(--net /proc/self/ns/mnt\)$' \
	"a path to another kind of namespace is refused"
unshare -n sleep 60 &
unshared=$!
wait_for comm_is $unshared sleep
mine nsinit exec --net "/proc/$unshared/ns/net" /probe id
refused 'namespaces\[4\].path: .*Permission denied' \
	"a namespace that he may not even look at is refused"
touch "$TEST_DIR/net"
mount --bind "/proc/$unshared/ns/net" "$TEST_DIR/net"
mine nsinit exec --net "$TEST_DIR/net" /probe id
refused 'join the given net namespace from outside of its user namespace: .*not permitted' \
	"... and one that is root's"
umount "$TEST_DIR/net"
kill $unshared
run wait $unshared

write_config() { # KEY JSON...: on top of a small container.json
	local more=''
	while [[ $# -gt 0 ]]; do
		more+=", \"$1\": $2"
		shift 2
	done
	cat >"$home/config.json" <<-JSON
		{"rootfs": "$home/rootfs", "namespaces": [{"type": "NEWNS"},
		{"type": "NEWUTS"}, {"type": "NEWIPC"}, {"type": "NEWPID"},
		{"type": "NEWNET"}]$more}
	JSON
}
with() { # KEY JSON...: a container by such a config says who it is
	write_config "$@"
	mine nsinit exec --config "$home/config.json" /probe id
}
with
is "$status $(facts uid)" "0 0 0 0" "a config without NEWUSER gets one"
with networks '[{"type": "loopback"}, {"type": "veth", "name": "eth0",
	"bridge": "docker0"}]'
refused 'networks\[1\]\.type: a veth needs root' "a veth is refused"
with rlimits '[{"type": "RLIMIT_NOFILE", "hard": 9000000, "soft": 10}]'
refused 'step 6 .*raise RLIMIT_NOFILE' "a limit above his own is refused"
with cgroups '{"pids_limit": 10}'
refused 'cgroups\.pids_limit: .*Permission denied' "a limit of a config is refused"
with cgroups '{"parent": "docker", "name": "x", "allowed_devices": [{"type": 99,
	"major": 1, "minor": 3, "permissions": "rwm"}]}'
is "$status $err" "0 " "... but device rules are kept by the user namespace itself"

# June 2014, as its sample was, but for the bridge.
cat >"$home/rootfs/container.json" <<'JSON'
{ "capabilities": ["MKNOD"], "cgroups": { "allowed_devices": [
	{"cgroup_permissions": "m", "major_number": -1, "minor_number": -1, "type": 99},
	{"cgroup_permissions": "rwm", "major_number": 1, "minor_number": 3,
	 "path": "/dev/null", "type": 99}], "name": "docker-koye", "parent": "docker" },
  "context": {"restrictions": "true"},
  "device_nodes": [{"cgroup_permissions": "rwm", "file_mode": 438,
	"major_number": 1, "minor_number": 3, "path": "/dev/null", "type": 99}],
  "environment": ["HOME=/", "PATH=/", "TERM=xterm"], "hostname": "koye",
  "mounts": [{"type": "devtmpfs"}],
  "namespaces": {"NEWIPC": true, "NEWNET": true, "NEWNS": true, "NEWPID": true,
	"NEWUTS": true},
  "networks": [{"address": "127.0.0.1/0", "gateway": "localhost", "mtu": 1500,
	"type": "loopback"}], "tty": false, "user": "root" }
JSON
mine nsinit exec probe id
refused 'container\.json: mounts\[1\]\.flags: .*--config$' \
	"a container.json of June 2014 is not trusted where it lies"
mine nsinit exec --config container.json probe id , where , env
is "$status $(facts uid) $(facts hostname)" "0 0 0 0 koye" \
	"... but runs for him by its name"
rm "$home/rootfs/container.json"
mine nsinit spec --hostname pine
echo "$out" >"$home/rootfs/container.json"
mine nsinit exec /probe id , where
is "$status $(facts uid) $(facts hostname)" "0 0 0 0 pine" \
	"what spec prints for him may lie there"
sed -i "s/\"host_id\": $me/\"host_id\": 0/" "$home/rootfs/container.json"
mine nsinit exec /probe id
refused 'container\.json: uid_mappings: it chooses users of the host' \
	"... but for an id that is not his"
rm "$home/rootfs/container.json"

# --- ranges ------------------------------------------------------------------

ranges="\"uid_mappings\": [{\"container_id\": 0, \"host_id\": $me, \"size\": 1},
	{\"container_id\": 1, \"host_id\": 500000, \"size\": 2000}],
	\"gid_mappings\": [{\"container_id\": 0, \"host_id\": $me, \"size\": 1},
	{\"container_id\": 1, \"host_id\": 600000, \"size\": 2000}]"
cat >"$home/ranges.json" <<JSON
{"rootfs": "$home/rootfs", $ranges, "namespaces": [{"type": "NEWUSER"},
{"type": "NEWNS"}, {"type": "NEWPID"}], "additional_groups": ["7"],
"mounts": [{"device": "proc", "destination": "/proc"},
{"device": "tmpfs", "destination": "/dev", "data": "mode=755"},
{"device": "devpts", "destination": "/dev/pts", "data": "newinstance,gid=5"}]}
JSON
mine env PATH="$BIN:/nowhere" "$(command -v nsinit)" exec \
	--config "$home/ranges.json" /probe id
refused 'uid_mappings: .* needs newuidmap \(Debian package uidmap\)' \
	"without newuidmap ranges are refused"
if command -v newuidmap >/dev/null; then
	for kind in passwd subuid subgid; do
		cp "/etc/$kind" "$TEST_DIR/$kind" 2>/dev/null ||
			: >"$TEST_DIR/$kind"
		[[ -e /etc/$kind ]] || touch "/etc/$kind"
		mount --bind "$TEST_DIR/$kind" "/etc/$kind"
	done
	echo "tester:x:$me:$me::/:/bin/sh" >>"$TEST_DIR/passwd"
	mine nsinit exec --config "$home/ranges.json" /probe id
	refused 'uid_mappings: newuidmap: .*500000.*/etc/subuid' \
		"ranges that are not his are refused, in newuidmap's words"
	echo "tester:500000:65536" >>"$TEST_DIR/subuid"
	mine nsinit exec --config "$home/ranges.json" /probe id
	refused 'gid_mappings: newgidmap: .*600000.*/etc/subgid' "... or in newgidmap's"
	echo "tester:600000:65536" >>"$TEST_DIR/subgid"
	mine nsinit exec --config "$home/ranges.json" --user user /probe id , \
		write /tmp/ranged x , read /proc/self/mountinfo
	is "$status $err" "0 " "ranges that are his are mapped"
	is "$(facts uid) $(facts groups)" "1000 1000 1000 7 2000" \
		"... with their users and groups"
	is "$(stat -c %u:%g "$home/rootfs/tmp/ranged")" 500999:600999 \
		"... who are others of the host"
	like "$out" 'devpts.*gid=600004' "... and gid=5 of devpts holds"
	umount /etc/{passwd,subuid,subgid}
	rm "$home/rootfs/tmp/ranged"
else
	skip "newuidmap is asked for ranges" "there is no newuidmap here"
fi

# --- delegation --------------------------------------------------------------

# delegated DIRECTORY: the words are run in that cgroup, as him.
in_cgroup() { # DIRECTORY COMMAND...
	local directory=$1
	shift
	run bash -c 'echo $$ >"$1/cgroup.procs" && shift && exec "$@"' - \
		"$directory" "${as_me[@]}" env -C "$home/rootfs" "$@"
}
if has_cgroup v2 && [[ ${cgroups[0]} == /sys/fs/cgroup/* ]]; then
	given=${cgroups[0]}/given
	mkdir -p "$given/shell"
	chown "$me" "$given" "$given/shell" "$given"/cgroup.{procs,subtree_control} \
		"$given/shell/cgroup.procs"
	in_cgroup "$given/shell" nsinit exec /probe read /proc/self/cgroup , \
		exit 4
	is "$status" 4 "where a v2 cgroup is delegated, he gets one"
	like "$out" '/given/nsinit/rootfs-' "... beside his own"
	if grep -qw pids "${cgroups[0]%/*}/cgroup.controllers" &&
		echo +pids >"${cgroups[0]}/cgroup.subtree_control" &&
		grep -qw pids "$given/cgroup.controllers"; then
		write_config cgroups '{"pids_limit": 3}'
		in_cgroup "$given/shell" nsinit exec --config \
			"$home/config.json" /probe forks 10
		is "$status" 0 "a limit on it runs"
		like "$out" 'EAGAIN' "... and holds"
		# The limit was handed down; who sits there beside it is in the way.
		in_cgroup "$given" nsinit exec /probe read /proc/self/cgroup
		is "$status $err" "0 " "beside processes and controllers there is none"
		unlike "$out" 'given/' "... and he stays where he is"
		read -ra handed <"$given/cgroup.subtree_control"
		echo "${handed[@]/#/-}" >"$given/cgroup.subtree_control"
	else
		skip "a limit on it runs" "no pids controller to delegate"
	fi
	rmdir "$given/shell"
	in_cgroup "$given" nsinit exec /probe read /proc/self/cgroup
	like "$status $out" '^0 .*/given/nsinit/rootfs-' \
		"... below it where only his own is his"
	find "$given" -depth -type d -exec rmdir {} +
elif has_cgroup v1 pids && [[ ${cgroups[*]} == */pids/* ]]; then
	for given in "${cgroups[@]}"; do
		[[ $given != */pids/* ]] || break
	done
	chown "$me" "$given" "$given/tasks" "$given/cgroup.procs"
	write_config cgroups '{"pids_limit": 3}'
	mine nsinit exec --config "$home/config.json" /probe \
		read /proc/self/cgroup , forks 10
	is "$status" 0 "where a v1 hierarchy is his, he gets a cgroup in it"
	like "$out" 'EAGAIN' "... and its limit holds"
	like "$out" 'pids:[^'$'\n'']*/nsinit' "... in that hierarchy"
	unlike "$out" 'devices:[^'$'\n'']*/nsinit' "... alone"
	chown 0 "$given" "$given/tasks" "$given/cgroup.procs"
else
	skip "a delegated cgroup is used" "no cgroup to delegate here"
fi

# --- root of a user namespace ------------------------------------------------

mine unshare -Ur nsinit exec /probe id
is "$status $(facts uid) $err" "0 0 0 0 " "root of somebody's user namespace may make one, too"

# --- execdriver --------------------------------------------------------------

cat >"$home/command.json" <<JSON
{"id": "one", "rootfs": "$home/rootfs", "process_config": {
"entrypoint": "/probe", "arguments": ["id", ",", "exit", "9"]}}
JSON
mine execdriver --root "$home/state" run "$home/command.json"
like "$out$err" 'uid 0 0 0' "execdriver runs for him, with a state root of his"
mine execdriver run "$home/command.json"
like "$status $out$err" '^9 .*uid 0 0 0' "... also when he names none"
is "$(stat -c '%u %a' "/tmp/execdriver-$me") $(ls -A "/tmp/execdriver-$me")" \
	"$me 700 " "... and it is in /tmp, where nsinit's is"
rmdir "/tmp/execdriver-$me"
mine env XDG_RUNTIME_DIR="$TEST_DIR/runtime" execdriver run "$home/command.json"
is "$status $(cd "$TEST_DIR/runtime" && echo *)" "9 execdriver nsinit" \
	"... or in XDG_RUNTIME_DIR"

# --- make shell --------------------------------------------------------------

if [[ ${VMTEST-} || ${SAN-} ]]; then
	skip "make shell works for him" "it is built elsewhere"
else
	mkdir "$home/project"
	cp -a "$TOP"/{Makefile,bin,build,libcontainer,dockerinit,nsinit,execdriver,reexec,tests} \
		"$home/project"
	chown -R "$me:$me" "$home/project"
	# shellcheck disable=SC2016 # for the shell inside
	run "${as_me[@]}" make -C "$home/project" -s --no-print-directory shell \
		CMD='echo pid $$; cat /proc/1/comm; id -un'
	is "$status $out" $'0 pid 1\nsh\nroot' "make shell works for him, without sudo"
	is "$err" "" "... and says nothing"
fi
rmdir "$state" || :
is "$(ls -d "$state" 2>/dev/null)" "" "the state root is empty in the end"
done_testing
