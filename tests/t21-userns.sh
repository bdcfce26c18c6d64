#!/bin/bash
# t21: a user namespace made by root: ids, devices, mounts, privileges
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/container.sh
. "${0%/*}/container.sh"
needs_root
unshare -U true 2>/dev/null || skip_all "no user namespaces here"

fresh_rootfs
user='{"type": "NEWUSER"}'
others='{"type": "NEWNS"}, {"type": "NEWUTS"}, {"type": "NEWIPC"},
	{"type": "NEWPID"}, {"type": "NEWNET"}'

# map CONTAINER HOST SIZE...: a list of ranges as JSON.
map() {
	local list='' comma=''
	while [[ $# -gt 0 ]]; do
		list+="$comma{\"container_id\": $1, \"host_id\": $2, \"size\": $3}"
		comma=', '
		shift 3
	done
	echo "[$list]"
}

# users UID-MAP GID-MAP [KEY JSON...]: a config with such a user namespace.
users() {
	local uid=$1 gid=$2
	shift 2
	config namespaces "[$user, $others]" uid_mappings "$uid" \
		gid_mappings "$gid" "$@"
}

# owned_by ID: the rootfs belongs to that user of the host.
owned_by() {
	fresh_rootfs
	chown -R "$1:$1" "$rootfs"
}

# refused REGEX SENTENCE: it failed with one such line, and ran nothing.
refused() {
	like "$status $err" "^125 nsinit: exec: .*$1" "$2"
	is "$out$(wc -l <"$TEST_DIR/run.err")" 1 "... in one line, and runs nothing"
}

# --- ids ---------------------------------------------------------------------

owned_by 100000
users "$(map 0 100000 65536)" "$(map 0 200000 65536)"
chown -R 100000:200000 "$rootfs"
begin
is "$(tr -s ' ' <"/proc/$pid/uid_map")" ' 0 100000 65536' \
	"uid_map is the config's"
is "$(tr -s ' ' <"/proc/$pid/gid_map")" ' 0 200000 65536' "... and gid_map"
is "$(cat "/proc/$pid/setgroups")" allow "root need not deny setgroups"
is "$(of_status "$pid" Uid) / $(of_status "$pid" Gid)" \
	"100000 100000 100000 100000 / 200000 200000 200000 200000" \
	"the host sees another user and group"
isnt "$(readlink "/proc/$pid/ns/user")" "$(readlink /proc/self/ns/user)" \
	"its user namespace is a new one"
owner_of() { # PID NAMESPACE: the inode of the user namespace it belongs to
	python3 - "/proc/$1/ns/$2" <<-'PY'
		import fcntl, os, sys
		fd = os.open(sys.argv[1], os.O_RDONLY)
		print(os.fstat(fcntl.ioctl(fd, 0xb701)).st_ino)
	PY
}
for ns in mnt uts ipc pid net; do
	is "user:[$(owner_of "$pid" $ns)]" "$(readlink "/proc/$pid/ns/user")" \
		"... and owns the new $ns namespace"
done
is "$(cat "/proc/$pid/oom_score_adj") $(of_status "$pid" NoNewPrivs)" "0 0" \
	"nothing else is changed by it"
probe id , pid , caps , try sethostname , try mount , try setuid0
is "$(facts uid) $(facts gid) $(facts groups)" "0 0 0 0 0 0 " \
	"a second process joins it, and is root inside"
is "$(facts permitted)" 00000000a80425fb "... with the container's capabilities"
in_container --user user /probe id , write /tmp/mine x , stat /tmp/mine
is "$(facts uid) $(facts groups)" "1000 1000 1000 2000" "... or another user of it"
is "$(stat -c %u:%g "$rootfs/tmp/mine")" 101000:201000 \
	"... who is another user of the host, too"
end

users "$(map 0 0 10 10 100010 1000)" "$(map 0 0 10 10 100010 1000 2000 300000 1)"
chown -R 0:0 "$rootfs"
begin
is "$(tr -s ' ' <"/proc/$pid/gid_map")" \
	$' 0 0 10\n 10 100010 1000\n 2000 300000 1' "there may be several ranges"
end
probe id , write /root/made x
is "$status $(stat -c %u:%g "$rootfs/root/made")" "0 0:0" \
	"its root may be the host's"
in_container --user user /probe id
is "$(facts uid) $(facts groups)" "1000 1000 1000 2000" "... and a user the host's own"

# --- what it does without ----------------------------------------------------

owned_by 100000
users "$(map 0 100000 10)" "$(map 0 100000 1)"
probe mounts , stat /dev/null , stat /dev/zero , stat /dev/pts , \
	write /dev/null x , links
like "$out" 'stat /dev/null .*1:3' "/dev/null is the host's node"
like "$out" 'write /dev/null ok' "... which can be written"
is "$status$err" 0 "where gid 5 is not mapped, devpts is mounted without it"
for fs in proc sysfs devpts mqueue tmpfs; do
	like "$out" " $fs" "$fs is mounted in it"
done
run nsinit --debug exec --config "$config_file" /probe exit 0
like "$err" '/dev/pts without gid=' "... as --debug says"
config namespaces "[$user, {\"type\": \"NEWNS\"}]" networks '[]' hostname '""' \
	uid_mappings "$(map 0 100000 10)" gid_mappings "$(map 0 100000 10)" \
	mounts '[{"device": "proc", "destination": "/proc", "flags": 14},
	{"device": "tmpfs", "destination": "/dev", "flags": 2, "data": "mode=755"},
	{"device": "sysfs", "destination": "/sys", "flags": 14}]'
begin
is "$(awk '$5 == "/sys" { print $6, $9 }' "/proc/$pid/mountinfo")" \
	"ro,nosuid,nodev,noexec,relatime sysfs" \
	"with the host's network, /sys is the host's, read-only"
is "$(awk '$5 ~ "^/sys/" && $6 !~ "^ro"' "/proc/$pid/mountinfo")" "" \
	"... and all below it"
end
probe pid , ls /proc
isnt "$(facts pid)" 1 "with the host's pids it is not pid 1"
is "$(facts entry | grep -x "$(facts pid)")" "$(facts pid)" \
	"... and /proc is the host's"

users "$(map 0 100000 10)" "$(map 0 100000 10)" devices '[
	{"type": 99, "path": "/dev/null", "major": 1, "minor": 3},
	{"type": 99, "path": "/dev/nothing", "major": 1, "minor": 77}]'
probe exit 0
refused 'devices\[1\]\.path: /dev/nothing: No such file' \
	"a device that the host lacks is refused"
is "$(ls -A "$rootfs/dev")" "" "... before anything is made"
users "$(map 0 100000 10)" "$(map 0 100000 10)" devices '[
	{"type": 99, "path": "/dev/null", "major": 1, "minor": 5}]'
probe exit 0
refused 'step 8 .*/dev/null: the host.s is another one' \
	"... and one of another number"

# --- who may be what ---------------------------------------------------------

users "$(map 0 100000 1000)" "$(map 0 100000 1001)"
in_container --user 1000:0 /probe id
refused 'step 10 .*user 1000:0: become uid 1000, which .* does not have' \
	"a uid that is not mapped is refused, by its number"
in_container --user 0:1001 /probe id
refused 'become gid 1001, which' "... and a gid"
in_container --user user /probe id
refused 'user user: become uid 1000' "... and a name"
in_container --groups 5000 /probe id
refused 'additional group 5000: .* does not have it' "... and an additional group"
users "$(map 0 100000 1001)" "$(map 0 100000 1001)"
in_container --user user /probe id
is "$(facts uid) $(facts groups)" "1000 1000 1000 " \
	"a group that only /etc/group names is left out"
users "$(map 0 100000 10)" "$(map 0 100000 10)" \
	capabilities '["SYS_ADMIN", "NET_ADMIN", "MKNOD", "SYS_MODULE"]'
probe try mount , try mknod , try sethostname
is "$out" "try mount ok
try mknod EPERM
try sethostname ok" "capabilities hold in what the user namespace owns"
users "$(map 0 100000 10)" "$(map 0 100000 10)" \
	rlimits '[{"type": "RLIMIT_NOFILE", "hard": 99, "soft": 88}]' \
	system_properties '{"net.ipv4.ip_forward": "1"}' readonly_paths '[]'
probe limits , read /proc/sys/net/ipv4/ip_forward
like "$out" 'limit NOFILE 88 99' "limits are set"
is "$(tail -1 <<<"$out")" 1 "... and parameters of the network namespace"

# --- --userns-root-uid -------------------------------------------------------

owned_by 1000
run nsinit exec --userns-root-uid 1000 --rootfs "$rootfs" \
	/probe id , read /proc/self/uid_map , write /root/x x
is "$(facts uid)" "0 0 0" "--userns-root-uid: root inside"
is "$(stat -c %u "$rootfs/root/x")" 1000 "... is the host's user U"
run nsinit spec --userns-root-uid 1000 --rootfs "$rootfs"
is "$(grep -A16 '"uid_mappings"' <<<"$out" | tr -dc '0-9,' | tr -s ,)" \
	"0,1000,1,1,1,999,1001,1001,2147482647," "... in three ranges"
run nsinit exec --userns-root-uid 0 --rootfs "$rootfs" /probe id
is "$(facts uid)" "0 0 0" "... U may be 0"
run nsinit exec --userns-root-uid 1 --rootfs "$rootfs" /probe id
is "$status" 0 "... or 1"
run nsinit exec --userns-root-uid -1 --rootfs "$rootfs" /probe id
is "$status" 125 "... but not -1"

# --- bad maps ----------------------------------------------------------------

one=$(map 0 100000 10)
bad() { # UID-MAP GID-MAP REGEX
	users "$1" "$2"
	probe id
	refused "$3" "refused: $3"
}
bad '[]' "$one" 'uid_mappings: missing'
bad "$one" "$(map 0 0 10 5 100 10)" 'gid_mappings\[1\]: overlaps with gid_mappings\[0\]'
bad "$(map 5 0 10)" "$one" 'uid_mappings: 0, the container.s root, is in no range'
bad "$(map 0 4294967295 1)" "$one" 'uid_mappings\[0\]: not a range'
is "$(ls /run/nsinit)" "" "the state root is empty in the end"
done_testing
