#!/bin/bash
# t16: a container.json that was found asks for nothing of the host's
# timeout: 240
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/container.sh
. "${0%/*}/container.sh"
needs_root
needs_program python3

nl=$'\n'
MARKER=/run/marker # on the host: whoever makes it has got out
mount -t tmpfs -o mode=755 tmpfs /srv
rootfs=/srv/box
fresh_rootfs
chmod 755 "$rootfs"
mkdir -p "$rootfs"/{mnt,srv,usr/etc} "$rootfs"/dev/{pts,shm,mqueue} /srv/other
snapshot_to "$TEST_DIR/before"
file=$rootfs/container.json
template=$TEST_DIR/template.json
env -C "$rootfs" nsinit spec >"$template"

# here WORD...: nsinit exec in the folder; the file there is what it finds.
here() {
	run env -C "$rootfs" timeout -k 5 30 nsinit exec "$@"
}

# unmarked SENTENCE: nothing ran on the host.
unmarked() {
	is "$(ls "$MARKER" 2>/dev/null)" "" "$1"
	rm -f "$MARKER"
}

# refused KEY SENTENCE: one line that names the key, and says what to do; that
# is in $status and $err.
refused() {
	is "$status" 125 "$2 is refused"
	like "$err" "^nsinit: [^$nl]*/srv/box/container\.json: $1[^$nl]*--config\$" \
		"... in one line that names it, and says --config"
	[[ ! -e $MARKER ]] || unmarked "... and nothing runs on the host"
}

# --- the attack --------------------------------------------------------------

# A program in the container writes the file that the next start finds.
busybox_rootfs "$TEST_DIR/attacked"
mkdir "$TEST_DIR/attacked/root/once"
cat >"$TEST_DIR/evil.json" <<-JSON
	{"rootfs": "$TEST_DIR/attacked",
	 "namespaces": [{"type": "NEWNS"}, {"type": "NEWPID"}],
	 "mounts": [{"device": "tmpfs", "source": "t", "destination": "/tmp",
	 "premount_cmds": [{"path": "/bin/sh", "args": ["sh", "-c",
	  "id -u >$MARKER; cat /etc/hostname >>$MARKER"]}]}]}
JSON
env -C "$TEST_DIR/attacked" nsinit exec sh -c 'cat >/container.json' \
	<"$TEST_DIR/evil.json"
run env -C "$TEST_DIR/attacked" nsinit exec echo hi
is "$status:$out" 125: "a file that was written in the container is not obeyed"
like "$err" "^nsinit: exec: [^$nl]*/attacked/container\.json: [^$nl]*--config\$" \
	"... and one line says so"
unmarked "... and nothing runs on the host"
run env -C "$TEST_DIR/attacked" nsinit spec
is "$status:$out" 125: "nsinit spec does not take it either"
unmarked "... and nothing runs on the host"
run env -C "$TEST_DIR/attacked" nsinit exec --config container.json echo hi
is "$status:$out" 0:hi "who names it trusts it"
is "$(sed -n 1p "$MARKER")" 0 "... as root of the host"
rm -f "$MARKER" "$TEST_DIR/attacked/container.json"

# The same by make shell, whose folder is the project's rootfs/.
mount --bind "$TEST_DIR/attacked" "$TOP/rootfs"
sed -i "s,$TEST_DIR/attacked,$TOP/rootfs," "$TEST_DIR/evil.json"
shell() { # CMD
	run env -u MAKEFLAGS -u MAKELEVEL -u TESTS make -s -C "$TOP" shell CMD="$1"
}
shell 'cat >/container.json' <"$TEST_DIR/evil.json"
is "$status" 0 "make shell: a program in the container writes the file"
shell 'echo hi'
isnt "$status" 0 "... which the next make shell does not obey"
like "$err" "container\.json: [^$nl]*--config$nl" "... and one line says so"
unmarked "... and nothing runs on the host"
rm "$TOP/rootfs/container.json"
umount "$TOP/rootfs"

# --- every key that reaches the host -----------------------------------------

# One file for each: "NUMBER|RUNS|KEY|WHAT". RUNS is "runs" when it runs by its
# name on any machine, and "waits" when it then would wait for ever.
mkdir "$TEST_DIR"/{cases,harmless}
python3 - "$template" "$TEST_DIR" "$MARKER" >"$TEST_DIR/cases.list" <<'PYTHON'
import copy, json, sys
template = json.load(open(sys.argv[1]))
folder, marker = sys.argv[2], sys.argv[3]
n = 0

def case(runs, key, what, change):
    global n
    c = copy.deepcopy(template)
    exec(change)
    json.dump(c, open("%s/cases/%02d.json" % (folder, n), "w"))
    print("%02d|%s|%s|%s" % (n, runs, key, what))
    n += 1

touch = '[{"path": "/bin/sh", "args": ["sh", "-c", "touch %s"]}]' % marker
def mount(runs, key, what, text):
    case(runs, r"mounts\[6\]" + key, what, "c['mounts'].append(%s)" % text)
tmpfs = '"device": "tmpfs", "source": "t", "destination": "/mnt"'
for key in "premount_cmds", "postmount_cmds":
    mount("runs", r"\." + key, key, "{%s, '%s': %s}" % (tmpfs, key, touch))
    case("runs", r"mounts\[0\]\." + key, key + " of the template's /proc",
         "c['mounts'][0]['%s'] = %s" % (key, touch))
for source in "/", "/etc", "/proc", "/srv/box/usr":
    mount("runs", ":", "a bind of " + source, '{"device": "bind", "source":'
          '"%s", "destination": "/mnt", "flags": 0x5000}' % source)
mount("runs", ":", "a bind that is read-only", '{"device": "bind", "source":'
      '"/etc", "destination": "/mnt", "flags": 0x5001}')
for device in "proc", "sysfs", "mqueue", "devpts":
    mount("runs", ":", device + " in another place", '{"device": "%s", "source":'
          '"x", "destination": "/mnt", "flags": 15}' % device)
mount("", ":", "a mount of cgroups", '{"device": "cgroup", "source": "c",'
      '"destination": "/srv", "flags": 15}')
mount("", r"\.data", "proc of other processes", '{"device": "proc", "source":'
      '"proc", "destination": "/proc", "flags": 14, "data": "pidns=/proc/1/ns/pid"}')
mount("", r"\.data", "an option that nobody knows", "{%s, 'data': 'context=x'}" % tmpfs)
mount("runs", r"\.propagation_flags", "a shared mount",
      "{%s, 'propagation_flags': [1 << 20]}" % tmpfs)
mount("", r"\.rec_flags", "rec_flags", "{%s, 'rec_flags': 1}" % tmpfs)
mount("", r"\.relabel", "relabel", "{%s, 'relabel': 'z'}" % tmpfs)
mount("", r"\.flags", "MS_REC of a tmpfs", "{%s, 'flags': 0x4000}" % tmpfs)
case("runs", r"mounts\[5\]\.flags", "a writable /sys", "c['mounts'][5]['flags'] = 14")
case("runs", r"mounts\[0\]\.flags", "/proc with programs",
     "c['mounts'][0]['flags'] = 6")
case("", "rootPropagation", "a / that is shared", "c['rootPropagation'] = 1 << 20")
case("", "no_new_keyring", "the keys of the caller's session", "c['no_new_keyring'] = True")
case("runs", "no_pivot_root", "no_pivot_root", "c['no_pivot_root'] = True")

def device(key, what, text):
    case("", r"devices\[6\]", what, "c['devices'].append(%s)" % text)
    case("runs", r"cgroups\.allowed_devices\[[0-9]+\]",
         "a rule for " + what, "c['cgroups']['allowed_devices'].append(%s)" % text)
for path, kind, major, minor in (("/dev/sda", 98, 8, 0), ("/dev/mem", 99, 1, 1),
        ("/dev/kmsg", 99, 1, 11), ("/dev/fuse", 99, 10, 229)):
    device("", path, '{"type": %d, "path": "%s", "major": %d, "minor": %d,'
           '"permissions": "rwm"}' % (kind, path, major, minor))
case("", r"devices\[0\]", "a /dev/null of another number",
     "c['devices'][0].update(minor=1)")
case("runs", r"devices\[6\]", "a fifo", 'c["devices"].append({"type": 112,'
     '"path": "/dev/pipe", "file_mode": 0o666})')
case("", r"cgroups\.allowed_devices", "a rule for all devices",
     'c["cgroups"]["allowed_devices"] = [{"type": 97, "major": -1, "minor": -1,'
     '"permissions": "rwm"}]')
case("", r"cgroups\.allowed_devices", "a rule for all character devices",
     'c["cgroups"]["allowed_devices"] = [{"type": 99, "major": -1, "minor": -1,'
     '"permissions": "rm"}]')
case("runs", r"cgroups\.allow_all_devices", "allow_all_devices",
     "c['cgroups']['allow_all_devices'] = True")

for i, name in enumerate("mnt uts ipc pid net".split()):
    lost = template["namespaces"][i]["type"]
    case("" if i in (0, 1, 4) else "runs", "namespaces", "without " + lost,
         "del c['namespaces'][%d]" % i)
    case("", r"namespaces\[%d\]\.path" % i, "joining a namespace " + name,
         "c['namespaces'][%d]['path'] = '/proc/1/ns/%s'" % (i, name))
case("", "namespaces: without", "none", "c['namespaces'] = []")
case("", "namespaces", "a user namespace", 'c["namespaces"].append({"type":'
     '"NEWUSER"}); c["uid_mappings"] = c["gid_mappings"] = [{"container_id": 0,'
     '"host_id": 0, "size": 1000}]')
for key in "uid_mappings", "gid_mappings":
    case("", key, key, 'c["%s"] = [{"container_id": 0, "host_id": 0,'
         '"size": 1}]' % key)
case("", r"networks\[1\]\.type", "a veth", 'c["networks"].append({"type":'
     '"veth", "bridge": "br0"})')
case("", r"namespaces\[4\]\.path", "a network of others", 'c["networks"].append('
     '{"type": "netns", "ns_path": "/proc/1/ns/net"})')
case("", "routes", "a route", 'c["routes"] = [{"gateway": "127.0.0.1",'
     '"interface_name": "lo"}]')

def cgroup(runs, key, value, what=None):
    case(runs, r"cgroups\." + key, what or "cgroups." + key,
         "c['cgroups']['%s'] = %s" % (key, value))
cgroup("", "name", "'docker'")
cgroup("", "parent", "'docker'")
cgroup("", "parent", "'/'", "an absolute cgroups.parent")
cgroup("", "path", "'/docker/x'")
cgroup("runs", "slice", "'system.slice'")
case("", r"cgroups\.name", "the cgroup of all others",
     'c["cgroups"].update(name="nsinit", parent="")')
cgroup("", "unified", "{'memory.min': '1000000'}")
cgroup("", "cpu_shares", "200000")
cgroup("", "blkio_weight", "1000")
cgroup("", "blkio_weight_device", "[{'major': 8, 'minor': 0, 'weight': 1000}]")
cgroup("", "cpu_rt_runtime", "900000")
cgroup("", "cpu_rt_period", "1000000")
cgroup("", "oom_kill_disable", "True")
cgroup("waits", "freezer", "'FROZEN'")
cgroup("", "net_cls_classid", "1")
cgroup("", "net_prio_ifpriomap", "[{'interface': 'lo', 'priority': 5}]")

for name in "SYS_ADMIN", "NET_ADMIN", "SYS_PTRACE", "SYS_MODULE":
    case("runs", r"capabilities\.bounding", name,
         "c['capabilities'].append('%s')" % name)
for key in "inheritable", "ambient":
    case("runs", r"capabilities\.inheritable", "a capability that is "
         + key, 'c["capabilities"] = {"bounding": ["CHOWN"], "permitted":'
         '["CHOWN"], "effective": [], "inheritable": ["CHOWN"], "ambient":'
         '["CHOWN"] if "%s" == "ambient" else []}' % key)
for key in "mask_paths", "readonly_paths":
    case("runs", key, "no " + key, "c['%s'] = []" % key)
    case("runs", key, key + " in another place",
         "c['%s'] = ['/mnt' + p for p in c['%s']]" % (key, key))
    for i, path in enumerate(template[key]):
        case("", key + ": it .* " + path, "%s without %s" % (key, path),
             "del c['%s'][%d]" % (key, i))
for key, value in (("kernel.msgmax", "9000"), ("net.ipv4.ip_forward", "1"),
                   ("fs.mqueue.msg_max", "20"), ("kernel.shmmax", "1000000")):
    case("", r"system_properties\." + key, key,
         "c['system_properties'] = {'%s': '%s'}" % (key, value))
case("", "rlimits.*above", "an rlimit above our own",
     "c['rlimits'] = [{'type': 7, 'soft': 100, 'hard': 5001}]")
case("", "apparmor_profile", "a profile that confines nothing",
     "c['apparmor_profile'] = 'unconfined'")
case("", "process_label", "process_label", "c['process_label'] = 'a:b:c:s0'")
case("", "mount_label", "mount_label", "c['mount_label'] = 'a:b:c:s0'")
for path in "/srv/other", "/srv", "/":
    case("", "rootfs: it is", "the rootfs " + path, "c['rootfs'] = '%s'" % path)
case("", "mounts", "another rootfs with a command", 'c["rootfs"] = "/srv/other";'
     'c["mounts"][0]["premount_cmds"] = ' + touch)

# What reaches nothing.
fine = [
    ("a host name", "c['hostname'] = 'pine'"),
    ("an environment", "c['environment'] = ['A=b', 'LD_PRELOAD=/x']"),
    ("a user", "c['user'] = 'user'"),
    ("a folder", "c['working_dir'] = '/tmp'"),
    ("a terminal", "c['tty'] = True"),
    ("its own folder as rootfs", "c['rootfs'] = '/srv/box'"),
    ("no rootfs", "del c['rootfs']"),
    ("a read-only root", "c['readonlyfs'] = True"),
    ("no privileges that are new", "c['no_new_privileges'] = True"),
    ("fewer capabilities", "c['capabilities'] = ['CHOWN', 'KILL']"),
    ("none", "c['capabilities'] = []"),
    ("more that is hidden", "c['mask_paths'].append('/etc')"),
    ("paths in another spelling",
     "c['mask_paths'] = ['//proc/./' + p[6:] if p[:6] == '/proc/' else p"
     " for p in c['mask_paths']]"),
    ("lower limits", "c['rlimits'] = [{'type': 'NOFILE', 'soft': 50, 'hard': 60}]"),
    ("a tmpfs", 'c["mounts"].append({"device": "tmpfs", "source": "t",'
     '"destination": "/mnt", "data": "mode=700,size=1m", "tmpcopyup": True})'),
    ("a proc that shows less", "c['mounts'][0]['data'] = 'hidepid=2'"),
    ("a proc that is read-only", "c['mounts'][0]['flags'] |= 1"),
    ("no /sys", "del c['mounts'][5]"),
    ("fewer devices", "del c['devices'][1:]"),
    ("fewer device rules", "del c['cgroups']['allowed_devices'][2:6]"),
    ("a rule that denies", 'c["cgroups"]["denied_devices"] = [{"type": 99,'
     '"major": 10, "minor": 200, "permissions": "rwm"}]'),
    ("a cgroup namespace", "c['namespaces'].append({'type': 'NEWCGROUP'})"),
    ("a parameter of its own",
     "c['system_properties'] = {'kernel.shm_rmid_forced': '1'}"),
    ("another signal of death", "c['parent_death_signal'] = 15"),
    ("groups", "c['additional_groups'] = ['extra', '77']"),
    ("a loopback with more words", "c['networks'][0].update(address="
     "'127.0.0.1/0', gateway='localhost', mtu=1500)"),
    ("a / that is private", "c['privatefs'] = True"),
]
for i, (what, change) in enumerate(fine):
    c = copy.deepcopy(template)
    exec(change)
    json.dump(c, open("%s/harmless/%02d.json" % (folder, i), "w"))
    print("fine %02d|%s" % (i, what))
PYTHON

ulimit -n 5000
while IFS='|' read -r n runs key what <&9; do
	[[ $n != fine* ]] || continue
	cp "$TEST_DIR/cases/$n.json" "$file"
	here /probe pid
	refused "$key" "$what"
	[[ $runs != waits ]] || { rm -f "$file" && continue; }
	run env -C "$rootfs" nsinit exec --config "$file" /probe pid
	[[ ! $runs ]] || is "$status" 0 "... and runs by its name"
	unlike "$err" 'may have written' "... which nobody suspects"
	rm -f "$MARKER" "$file"
done 9<"$TEST_DIR/cases.list"
leftovers "nothing is left of what was refused"

while IFS='|' read -r n what <&9; do
	[[ $n == fine* ]] || continue
	cp "$TEST_DIR/harmless/${n#fine }.json" "$file"
	here /probe pid
	out=${out//$'\r'/}
	is "$status $(facts pid) $err" "0 1 " "$what: it may be asked for"
	rm "$file"
done 9<"$TEST_DIR/cases.list"
if has_cgroup v1 memory || has_cgroup v2 memory; then
	sed 's/"memory": 0/"memory": 16777216/' "$template" >"$file"
	here /probe memory 64
	is "$status" 137 "a limit of memory may be asked for, and holds"
else
	skip "a limit of memory may be asked for" "no memory controller here"
fi

# The caller's own flags are his word, whatever was found.
cp "$template" "$file"
here --net host --bind "/srv/other:/mnt" --memory-limit 16777216 \
	/probe stat /proc/self/ns/net , write /mnt/flag x
is "$status" 0 "flags of the caller's may reach the host"
like "$out" "$(readlink /proc/self/ns/net | sed 's/[][]/\\&/g')" "... its network"
is "$(cat /srv/other/flag)" x "... and its folders"
rm -f /srv/other/flag

# --- what is no file of the caller's -----------------------------------------

# no_file REASON SENTENCE: container.json as it is now.
no_file() {
	here /probe pid
	is "$status" 125 "$2 is refused"
	like "$err" "^nsinit: exec: /srv/box/container\.json $1[^$nl]*\$" \
		"... in one line that says why"
	run env -C "$rootfs" timeout -k 5 30 nsinit spec
	is "$status:$out" 125: "... by spec, too"
	rm -rf "$file"
}
rm "$file"
mkfifo "$file"
no_file 'is not a regular file' "a fifo, which nobody writes to,"
mkdir "$file"
no_file 'is not a regular file' "a folder"
mknod "$file" c 1 5
no_file 'is not a regular file' "a device that never ends"
mknod "$file" c 239 77 # no driver has that: opening it would be an error
no_file 'is not a regular file' "a device, which is not even opened (some act then),"
ln -s "$template" "$file"
no_file 'is a symbolic link' "a link to a file of the host's"
ln -s /none "$file"
no_file 'is a symbolic link' "a link to nowhere"
python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' \
	"$file"
no_file 'is not a regular file' "a socket"
cp "$template" "$file"
chown 1234 "$file"
no_file 'belongs to user 1234' "a file of another user"
cp "$template" "$file"
chmod 666 "$file"
no_file 'may be written by everybody' "a file that everybody may write"
truncate -s 17M "$file"
no_file '?: larger than 16777216 bytes' "a file that is too large"
echo '{' >"$file"
no_file '?: line 2, column 1: ' "a file that is no JSON"

# --- $data_path --------------------------------------------------------------

jq_evil() { # FILE: the template with a command of the host's, and no rootfs
	python3 - "$template" "$MARKER" >"$1" <<-'PYTHON'
		import json, sys
		c = json.load(open(sys.argv[1]))
		del c["rootfs"]
		c["mounts"][0]["premount_cmds"] = [{"path": "/bin/sh",
			"args": ["sh", "-c", "touch " + sys.argv[2]]}]
		json.dump(c, sys.stdout)
	PYTHON
}
# by_data_path PATH [WORD...]: nsinit exec with that $data_path, in the rootfs.
by_data_path() {
	local path=$1
	shift
	run env -C "${from:-$rootfs}" data_path="$path" nsinit exec "$@" /probe pid
}
trusted() { # SENTENCE
	is "$status" 0 "\$data_path: $1"
	is "$(ls "$MARKER" 2>/dev/null)" "$MARKER" "... so what it says is done"
	rm -f "$MARKER"
}
suspected() { # SENTENCE
	is "$status" 125 "\$data_path: $1"
	like "$err" "container\.json: mounts\[0\]\.premount_cmds: .*--config\$" \
		"... so what it says is data"
	unmarked "... and nothing runs on the host"
}
# A container above has had /srv for its /, and mount points in it.
rm -rf --one-file-system /srv/{dev,proc,sys}
data=/srv/data
mkdir "$data" "$rootfs/srv/data"
jq_evil "$data/container.json"
cp "$data/container.json" "$rootfs/container.json"
cp "$data/container.json" "$rootfs/srv/data/container.json"
ln -s "$data" /srv/link
ln -s "$rootfs/srv" /srv/into
mkdir /srv/bound
mount --bind "$rootfs/srv" /srv/bound
by_data_path "$data"
trusted "a folder of its own is trusted"
by_data_path ../data
trusted "... by a relative name"
by_data_path /srv/link
trusted "... and through a link"
from=/ by_data_path "$data" --rootfs "$rootfs"
trusted "... for a rootfs that a flag names"
by_data_path "$rootfs"
suspected "the rootfs itself is not trusted"
by_data_path .
suspected "... nor as the current folder"
by_data_path "$rootfs/srv/data"
suspected "a folder in the rootfs is not"
by_data_path srv/../srv/data
suspected "... by no other name"
by_data_path /srv/into/data
suspected "... nor through a link"
from=$TEST_DIR by_data_path "$rootfs/srv/data" --rootfs "$rootfs"
suspected "... nor for a rootfs that a flag names"
from=$TEST_DIR by_data_path "$rootfs" --rootfs "$rootfs"
suspected "... nor that rootfs"
from=/srv/bound by_data_path /srv/bound/data
suspected "... nor where the rootfs is a mount"
sed -i "s,^{,{\"rootfs\": \"$rootfs\"\,," "$rootfs/srv/data/container.json"
from=$TEST_DIR by_data_path "$rootfs/srv/data"
suspected "... nor when the file itself names the rootfs"
sed -i "s,\"$rootfs\",\"/srv/other\"," "$rootfs/container.json" \
	"$rootfs/srv/data/container.json"
by_data_path "$rootfs"
suspected "the current folder is not, whatever rootfs the file names"
from=$TEST_DIR by_data_path "$rootfs"
suspected "what looks like a rootfs is not, whatever rootfs the file names"
from=$TEST_DIR by_data_path "$rootfs/srv/data"
suspected "... nor a folder in it"
mkdir -p /srv/open/data
cp "$data/container.json" /srv/open/data/
by_data_path /srv/open/data
trusted "a folder in a folder of its own is trusted"
chmod 777 /srv/open
by_data_path /srv/open/data
suspected "... not where others may put another one in its place"
chmod 1777 /srv/open
by_data_path /srv/open/data
trusted "... but where the sticky bit keeps them from that"
chown 1234 "$data"
by_data_path "$data"
suspected "a folder of somebody else is not trusted"
chown 0 "$data"
chmod 1777 "$data"
by_data_path "$data"
suspected "... nor one where everybody may make a file"
chmod 755 "$data"
chmod 664 "$data/container.json"
by_data_path "$data"
suspected "... nor a file that others may write"
chown 1234 "$data/container.json"
by_data_path "$data"
is "$status" 125 "... and a file of somebody else is refused"
like "$err" 'container.json belongs to user 1234' "... as such"
unmarked "... and nothing runs on the host"
cp "$template" "$rootfs/srv/data/container.json"
sed -i "s,\"rootfs\": \"$rootfs\",\"rootfs\": \"$rootfs/srv/data\"," \
	"$rootfs/srv/data/container.json"
mkdir "$rootfs"/srv/data/{dev,proc,sys}
cp "$PROBE" "$rootfs/srv/data/probe"
by_data_path "$rootfs/srv/data"
is "$status $(facts pid)" "0 1" "a file that is data may name its own folder"
umount /srv/bound
done_testing
