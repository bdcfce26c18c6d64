#!/bin/bash
# t25: every container.json of libcontainer's history runs as it is
# timeout: 240
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/container.sh
. "${0%/*}/container.sh"
needs_root
needs_program python3

fixtures=$TOP/tests/fixtures
# What the files of 2015 name as their rootfs is there, for this test.
mount -t tmpfs -o mode=755 tmpfs /srv
mkdir -p /srv/harbour/root
rootfs=/srv/harbour/root
fresh_rootfs() {
	find "$rootfs" -mindepth 1 -delete
	probe_rootfs "$rootfs"
	mkdir -p "$rootfs"/dev/{pts,shm,mqueue}
	chmod 755 "$rootfs"
	echo 'daemon:x:1:1:daemon:/:/bin/false' >>"$rootfs/etc/passwd"
	echo 'daemon:x:1:' >>"$rootfs/etc/group"
}
fresh_rootfs
# Their bridge, with an address that answers.
ip link add docker0 type bridge 2>/dev/null &&
	ip addr add 10.77.0.1/24 dev docker0 && ip link set docker0 up &&
	has_bridge=1
snapshot_to "$TEST_DIR/before"

# change FILE PYTHON: the file with a change, in $TEST_DIR/changed.json; c is
# the document.
change() {
	python3 - "$1" "$2" >"$TEST_DIR/changed.json" <<-'PYTHON'
		import json, re, sys
		c = json.load(open(sys.argv[1]))
		exec(re.sub(r"\n\s*", " ", sys.argv[2]))
		json.dump(c, sys.stdout)
	PYTHON
}

# The three ways to a file: in the current folder, which is the rootfs (June
# 2014; it must be named now, for whoever ran there may have written it); in
# $data_path, beside it (v1.4); by its name (2015).
in_folder() { # FILE WORD...
	cp "$1" "$rootfs/container.json"
	shift
	cd "$rootfs"
	run nsinit exec --config container.json "$@"
	cd "$OLDPWD"
	out=${out//$'\r'/}
	rm "$rootfs/container.json"
}
in_data_path() { # FILE WORD...
	mkdir -p "$TEST_DIR/data"
	cp "$1" "$TEST_DIR/data/container.json"
	shift
	cd "$rootfs"
	data_path=$TEST_DIR/data run nsinit exec "$@"
	cd "$OLDPWD"
	out=${out//$'\r'/}
}
by_name() { # FILE WORD...
	config_file=$1
	in_container "${@:2}"
	out=${out//$'\r'/}
}

# has_label apparmor|selinux: does this kernel run it, with a policy?
has_label() {
	local current
	current=$(tr -d '\0\n' 2>/dev/null </proc/self/attr/current) || return 1
	case $1 in
	apparmor) [[ -e /sys/kernel/security/apparmor/profiles ]] ;;
	selinux) grep -q selinuxfs /proc/filesystems &&
		[[ $current != kernel ]] ;;
	esac
}

# there PATH...: those that this kernel has.
there() {
	local path
	for path; do [[ ! -e $path ]] || printf '%s ' "$path"; done
}

# the_mounts: "TARGET TYPE FLAGS" of each but / and what hides paths.
the_mounts() {
	sed -n 's/^mount \(\/[^ ]\{1,\}\) \([^ ]*\) \([^ ]*\) .*/\1 \2 \3/p' \
		<<<"$out" | grep -vE '^/(proc|sys)/' | sed 's/,relatime$//'
}

caps_of() { # NAME...: as one number of 64 bits in hex
	local name set=0
	declare -A number=([CHOWN]=0 [DAC_OVERRIDE]=1 [FOWNER]=3 [FSETID]=4
		[KILL]=5 [SETGID]=6 [SETUID]=7 [SETPCAP]=8
		[NET_BIND_SERVICE]=10 [NET_RAW]=13 [SYS_CHROOT]=18 [MKNOD]=27
		[AUDIT_WRITE]=29 [SETFCAP]=31)
	for name; do set=$((set | 1 << number[$name])); done
	printf '%016x' "$set"
}
twelve=$(caps_of CHOWN DAC_OVERRIDE FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP \
	SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL)
fourteen=$(caps_of CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID \
	SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL AUDIT_WRITE)

mounts_of_june='/proc proc rw,nosuid,nodev,noexec
/sys sysfs rw,nosuid,nodev,noexec
/dev tmpfs rw,nosuid
/dev/shm tmpfs rw,nosuid,nodev,noexec
/dev/pts devpts rw,nosuid,noexec
/dev/console devpts rw,nosuid,noexec'
mounts_of_v1='/proc proc rw,nosuid,nodev,noexec
/dev tmpfs rw,nosuid
/dev/shm tmpfs rw,nosuid,nodev,noexec
/dev/mqueue mqueue rw,nosuid,nodev,noexec
/dev/pts devpts rw,nosuid,noexec
/sys sysfs ro,nosuid,nodev,noexec
/tmp tmpfs rw,nosuid,nodev,noexec
/dev/console devpts rw,nosuid,noexec'
mounts_of_2015='/proc proc rw,nosuid,nodev,noexec
/dev tmpfs rw,nosuid
/dev/pts devpts rw,nosuid,noexec
/dev/shm tmpfs rw,nosuid,nodev,noexec
/dev/mqueue mqueue rw,nosuid,nodev,noexec
/sys sysfs ro,nosuid,nodev,noexec'

# --- June 2014 ---------------------------------------------------------------

june=$fixtures/june-2014-bridge.json
alone='del c["networks"][1:]; c.pop("routes", None)'
change "$june" "$alone"
cp "$TEST_DIR/changed.json" "$rootfs/container.json"
run env -C "$rootfs" nsinit exec /probe where
like "$status $err" "^125 nsinit: exec: [^ ]*container\.json: .*--config\$" \
	"June 2014: a file that is only found is not trusted"
in_folder "$TEST_DIR/changed.json" /probe where , env , caps , flags , tty , \
	mounts , links
is "$status $err" "0 " "June 2014: the file in the rootfs, which names no rootfs"
like "$out" $'cwd /\nhostname quay\nenv HOME=/\nenv PATH=PATH=\$PATH:/bin:/sbin\nenv container=harbour\nenv TERM=xterm\n' \
	"... has its host name and its environment, and no more"
is "$(facts bounding) $(facts effective)" "$(caps_of MKNOD) $(caps_of MKNOD)" \
	"... and one capability"
is "$(facts pdeathsig) $(facts umask)" "9 022" \
	"... dies with nsinit, and has umask 022"
like "$out" 'tty 0 /dev/pts/0' "... has a terminal, though we have none"
is "$(the_mounts)" "$mounts_of_june" "... has the mounts that nobody listed"
unlike "$out" 'mount /proc/(sys|kcore)|mount /sys/' "... and nothing hidden"
like "$out" 'link lo up' "... and its loopback is up"
in_folder "$TEST_DIR/changed.json" /probe stat /dev/null /dev/urandom /dev/fuse \
	/dev/core /dev/ptmx , write /dev/null x , write /proc/sys/kernel/ostype x
like "$out" "stat /dev/null char 0666 0 0 1:3
stat /dev/urandom char 0666 0 0 1:9
stat /dev/fuse ENOENT
stat /dev/core link /proc/kcore
stat /dev/ptmx link pts/ptmx
write /dev/null ok" "... its devices work, though its cgroup lists none"

change "$june" "$alone; c['context'] = {'restrictions': 'true',
	'process_label': '', 'mount_label': '', 'apparmor_profile': ''};
	c['readonly_fs'] = True; c['user'] = 'daemon'; c['working_dir'] = '/tmp';
	c['mounts'] = [{'type': 'bind', 'source': '$TEST_DIR',
		'destination': '/tmp/ro'}, {'type': 'bind',
		'source': '$TEST_DIR', 'destination': '/tmp/rw',
		'writable': True, 'private': True}]"
mkdir -p "$rootfs"/tmp/{ro,rw}
chmod 1777 "$TEST_DIR"
in_folder "$TEST_DIR/changed.json" /probe id , where , mounts , \
	write /tmp/rw/x x , write /tmp/ro/x x , write /tmp/x x , caps
chmod 755 "$TEST_DIR"
is "$(facts uid), $(facts groups), $(facts cwd)" "1 1 1, , /tmp" \
	"June 2014: user and working_dir"
like "$out" "write /tmp/rw/x ok
write /tmp/ro/x EROFS
write /tmp/x EROFS" "... readonly_fs, and binds that are writable or not"
is "$(sed -n 's/^mount \(\/[^ ]*\) [^ ]* ro,.*/\1/p' <<<"$out" |
	grep -E '^/(sys|proc)(/|$)' | sort -u | tr '\n' ' ')" \
	"$(there /proc/bus /proc/irq /proc/sys /proc/sysrq-trigger /sys)" \
	"... context.restrictions make five paths read-only"
[[ ! -e /proc/kcore ]] ||
	like "$out" 'mount /proc/kcore ' "... and hide /proc/kcore"
is "$(facts effective) $(facts bounding)" \
	"$(caps_of) $(caps_of MKNOD)" "... a user has no capability in effect"
change "$june" "$alone; c['no_pivot_root'] = True; c['namespaces']['NEWIPC'] =
	False; c['tty'] = False"
in_folder "$TEST_DIR/changed.json" /probe mounts , tty
is "$(the_mounts)" "$(grep -v console <<<"$mounts_of_june")" \
	"June 2014: no_pivot_root, and a namespace that is false"
like "$out" 'tty 0 no' "... and no terminal"

# --- v1.4 --------------------------------------------------------------------

fresh_rootfs
minimal=$fixtures/v1.4-minimal.json
in_data_path "$minimal" /probe id , where , env , caps , flags , tty , mounts
is "$status $err" "0 " "v1.4, minimal: the file in data_path"
is "$(facts uid), $(facts bounding), $(facts effective)" \
	"1 1 1, $twelve, $(caps_of)" "... daemon, of twelve capabilities none"
like "$out" $'hostname mole\nenv HOME=/\nenv PATH=/usr/sbin' "... its name"
is "$(facts pdeathsig)" 9 "... dies with nsinit"
like "$out" 'tty 0 /dev/pts/0' "... has a terminal, though we have none"
is "$(the_mounts)" "$mounts_of_v1" "... has the mounts of v1.4, and its own"
is "$(sed -n 's/^mount \(\/proc\/[^ ]*\) [^ ]* ro,.*/\1/p' <<<"$out" | sort |
	tr '\n' ' ')" "$(there /proc/bus /proc/irq /proc/sys \
	/proc/sysrq-trigger)" \
	"... restrict_sys makes four paths read-only"
change "$minimal" 'c["restrict_sys"] = False'
in_data_path "$TEST_DIR/changed.json" /probe mounts
is "$(the_mounts)" "${mounts_of_v1/sysfs ro/sysfs rw}" \
	"v1.4 without restrict_sys: /sys is writable"
unlike "$out" 'mount /proc/' "... and nothing is hidden"
change "$minimal" "c['root_fs'] = '$rootfs'; c['rlimits'] = [{'type': 7,
	'hard': 300, 'soft': 200}]; c['user'] = 'root';
	c['mount_config']['readonly_fs'] = True;
	c['mount_config']['mounts'] += [{'type': 'bind', 'source': '/etc',
		'destination': '/dev/shm', 'slave': True, 'relabel': 'z'}]"
by_name "$TEST_DIR/changed.json" /probe limits , write /x x , mounts , \
	ls /dev/shm , caps
like "$out" 'limit NOFILE 200 300' "v1.4: rlimits"
like "$out" 'write /x EROFS' "... mount_config.readonly_fs, and root_fs"
like "$out" 'entry passwd' "... and a bind over a mount of the table"
is "$(facts effective)" "$twelve" "... root has twelve capabilities"
nsinit exec --config "$minimal" --rootfs "$rootfs" --user root /probe sleep 600 \
	>"$TEST_DIR/life.out" 2>&1 &
runner=$!
wait_for begun || not_ok "a container begins" "$(cat "$TEST_DIR/life.out")"
change "$minimal" "c['ipc'] = '/proc/$pid/ns/ipc'; c['cgroups']['name'] =
	'mole-2'; del c['namespaces']['NEWIPC']"
their=$(readlink "/proc/$pid/ns/ipc")
run nsinit exec --id other --config "$TEST_DIR/changed.json" --rootfs "$rootfs" \
	--user root /probe stat /proc/self/ns/ipc
is "$status ${out//$'\r'/}" "0 stat /proc/self/ns/ipc link $their" \
	"v1.4: ipc, the path of a namespace to join"
end

for name in apparmor selinux; do
	run nsinit --debug exec --rootfs "$rootfs" \
		--config "$fixtures/v1.4-$name.json" /probe id
	out=${out//$'\r'/}
	if has_label "$name"; then
		skip "v1.4, $name" "it is there; t26 has its tests"
		continue
	fi
	is "$status $(facts uid)" "0 1 1 1" "v1.4, $name: runs without it"
	like "$err" 'debug: .*(apparmor_profile harbour-default|mount_label .*process_label .*) is ignored' \
		"... and a note says that it is ignored"
done

# --- v2.2.1 ------------------------------------------------------------------

fresh_rootfs
by_name "$fixtures/v2.2.1-minimal.json" /probe pid , where , caps , flags , \
	limits , tty , mounts
is "$status $err" "0 " "v2.2.1, minimal: the file by its name, and its rootfs"
is "$(facts pid), $(facts hostname)" "1, pier" "... pid 1 of pier"
is "$(facts bounding) $(facts effective)" "$fourteen $fourteen" \
	"... with fourteen capabilities"
like "$out" 'limit NOFILE 512 768' "... rlimit 7"
is "$(facts pdeathsig)" 0 "... which may outlive nsinit"
is "$(the_mounts)" "$mounts_of_2015" "... the three mounts it does not list"
[[ ! -e /proc/kcore ]] || like "$out" 'mount /proc/kcore tmpfs' "... the path it masks"
is "$(sed -n 's/^mount \(\/proc\/[^ ]*\) [^ ]* ro,.*/\1/p' <<<"$out" | sort |
	tr '\n' ' ')" "$(there /proc/bus /proc/irq /proc/sys \
	/proc/sysrq-trigger)" \
	"... and those that are read-only"
by_name "$fixtures/v2.2.1-minimal.json" /probe stat /dev/fuse , write /dev/full x
like "$out" "stat /dev/fuse char 0000 0 0 10:229
write /dev/full ENOSPC" "... and its devices"
echo '{"rootfs": "/srv/harbour/root", "namespaces": [{"type": "NEWNS"}, {"type": "NEWPID"}]}' \
	>"$TEST_DIR/changed.json"
by_name "$TEST_DIR/changed.json" /probe pid , stat /dev/null
is "$status $(facts pid)" "0 1" "v2.2.1: the least that runs names two namespaces"
echo '{"rootfs": "/srv/harbour/root"}' >"$TEST_DIR/changed.json"
by_name "$TEST_DIR/changed.json" /probe pid
is "$status $err" "125 nsinit: exec: rootfs: needs NEWNS in namespaces" \
	"... for a file without namespaces gets none"
change "$fixtures/v2.2.1-minimal.json" 'c["mounts"] += [{"device": "cgroup",
	"destination": "/sys/fs/cgroup"}]'
by_name "$TEST_DIR/changed.json" /probe mounts , write /sys/fs/cgroup/x x
like "$out" 'mount /sys/fs/cgroup [a-z0-9]* ro,|write /sys/fs/cgroup/x E(ROFS|PERM)' \
	"v2.2.1: a cgroup mount is read-only, whatever its flags"

by_name "$fixtures/v2.2.1-host-pid.json" /probe pid , ls /proc
is "$status" 0 "v2.2.1, host-pid: it runs"
isnt "$(facts pid)" 1 "... with a pid of the host"
like "$out" "entry $$"$'\n' "... and sees the host's processes"

for name in apparmor selinux; do
	run nsinit --debug exec --config "$fixtures/v2.2.1-$name.json" /probe id
	if has_label "$name"; then
		skip "v2.2.1, $name" "it is there; t26 has its tests"
		continue
	fi
	is "$status $(facts uid)" "0 0 0 0" "v2.2.1, $name: runs without it"
	like "$err" 'debug: .*(apparmor_profile harbour-default|mount_label .*process_label .*) is ignored' \
		"... and a note says that it is ignored"
done

by_name "$fixtures/v2.2.1-userns.json" /probe id , caps , \
	read /proc/self/uid_map , mounts , stat /dev/null , write /dev/null x
if ! unshare -U true 2>/dev/null; then
	skip "v2.2.1, userns" "no user namespace here (or this is a chroot)"
else
	if [[ ! -e /dev/fuse ]]; then
		change "$fixtures/v2.2.1-userns.json" 'del c["devices"][0]'
		by_name "$TEST_DIR/changed.json" /probe id , caps , \
			read /proc/self/uid_map , mounts , stat /dev/null , \
			write /dev/null x
	fi
	is "$status $err" "0 " "v2.2.1, userns: it runs"
	is "$(facts uid), $(facts effective)" "0 0 0, $fourteen" \
		"... as root, with its capabilities"
	is "$(grep -E '^ +[0-9]' <<<"$out" | awk '{ print $1, $2, $3 }' |
		tr '\n' ';')" "0 1000 1;1 1 999;1001 1001 2147482647;" \
		"... which is uid 1000 of the host"
	is "$(the_mounts | grep -vE '^/dev/(null|zero|full|tty|u?random|fuse) ' |
		cut -d' ' -f1,2)" "$(cut -d' ' -f1,2 <<<"$mounts_of_2015")" \
		"... with all its mounts"
	like "$out" 'write /dev/null ok' "... and its devices"
fi
leftovers "nothing is left of the files that need no bridge"

# --- the bridge --------------------------------------------------------------

# bridged FILE HOW ADDRESS SENTENCE: eth0 with that address, on docker0.
bridged() {
	"$2" "$1" /probe links , read /proc/net/route
	is "$status $err" "0 " "$4"
	like "$out" "address eth0 $3" "... has its address"
	# 10.77.0.1, as the kernel writes it.
	like "$out" $'eth0\t00000000\t01004D0A\t' "... and its default gateway"
}
if [[ ${has_bridge-} ]]; then
	fresh_rootfs
	bridged "$june" in_folder 10.77.0.2 "June 2014: a veth on docker0"
	[[ $status -ne 0 ]] || like "$out" $'eth0\t00004E0A\t' \
		"... and the route to 10.78.0.0/16"
	bridged "$fixtures/v1.4-attach_to_bridge.json" in_data_path 10.77.0.3 \
		"v1.4, attach_to_bridge"
	bridged "$fixtures/v1.4-route_source_address_selection.json" \
		in_data_path 10.77.0.4 "v1.4, route_source_address_selection"
	bridged "$fixtures/v2.2.1-attach_to_bridge.json" by_name 10.77.0.5 \
		"v2.2.1, attach_to_bridge"
else
	skip "files with a bridge" "this kernel has no bridge"
fi
leftovers "nothing is left of the bridge's containers"

# --- what we write of them ---------------------------------------------------

# spec prints the 2015 spelling; it means the same.
for name in june-2014-bridge v1.4-minimal v2.2.1-minimal v2.2.1-host-pid; do
	change "$fixtures/$name.json" "$alone"
	fresh_rootfs
	facts_of() {
		by_name "$1" --rootfs "$rootfs" /probe id , where , env , caps , \
			limits , mounts , stat /dev/null /dev/fuse
		echo "$status $err"
		echo "$out"
	}
	first=$(facts_of "$TEST_DIR/changed.json")
	nsinit spec --config "$TEST_DIR/changed.json" --rootfs "$rootfs" \
		>"$TEST_DIR/spec.json"
	is "$(facts_of "$TEST_DIR/spec.json")" "$first" \
		"$name runs the same when it was printed by spec"
done
done_testing
