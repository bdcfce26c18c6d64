#!/bin/bash
# t07: the container's files: mounts, devices, paths, and images that lie
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/container.sh
. "${0%/*}/container.sh"
needs_root

fresh_rootfs
config
# A folder of the host that no image may reach: here is what is in it.
marker=$TEST_DIR/marker
mkdir "$marker"
echo untouched >"$marker/file"
marked() {
	find "$marker" -printf '%P %y %m %u %s %T@\n' | sort
	cat "$marker/file"
}
marker_is=$(marked)

mount_json() { # DEVICE SOURCE DESTINATION FLAGS [DATA]
	printf '{"device": "%s", "source": "%s", "destination": "%s", ' \
		"$1" "$2" "$3"
	printf '"flags": %d, "data": "%s"}' "$4" "${5-}"
}
RDONLY=1 NOSUID=2 NODEV=4 NOEXEC=8 BIND=4096

# mounted TARGET: its type and flags, as the host sees them in the container.
mounted() {
	awk -v target="$1" '$5 == target {
		for (i = 7; $i != "-"; i++) ;
		print $(i + 1), $6
	}' "/proc/$pid/mountinfo"
}

# file_system TARGET: what belongs to the file system and not to the mount.
file_system() {
	awk -v target="$1" '$5 == target { print $NF }' "/proc/$pid/mountinfo"
}

# refused REGEX SENTENCE: it failed with one such line, and ran nothing.
refused() {
	like "$status $err" "^125 nsinit: exec: .*$1" "$2"
	is "$out$(wc -l <"$TEST_DIR/run.err")" 1 "... in one line, and runs nothing"
}

# --- the template's mounts ---------------------------------------------------

# Shared on the host, so that a mount of the container could come back.
mount --make-rshared /
host_mounts=$(</proc/self/mountinfo)
begin
while read -r target type flags; do
	is "$(mounted "$target")" "$type $flags" "$target is $type, $flags"
done <<'TABLE'
/proc proc rw,nosuid,nodev,noexec,relatime
/dev tmpfs rw,nosuid
/dev/pts devpts rw,nosuid,noexec,relatime
/dev/shm tmpfs rw,nosuid,nodev,noexec,relatime
/dev/mqueue mqueue rw,nosuid,nodev,noexec,relatime
/sys sysfs ro,nosuid,nodev,noexec,relatime
TABLE
like ",$(file_system /dev/pts)," ',gid=5,mode=620,ptmxmode=666,' \
	"/dev/pts has gid 5, mode 620, and a ptmx for all"
like ",$(file_system /dev/shm)," ',size=65536k,' "/dev/shm has 64 MiB"
like ",$(file_system /dev)," ',mode=755[,]' "/dev has mode 755"
is "$(</proc/self/mountinfo)" "$host_mounts" "the host's mounts are as before"
like "$(sed -n 1p "/proc/$pid/mountinfo")" ' / / .* master:[0-9]+ -|rootfs / .* master:' \
	"what is mounted on the host could still come in (slave)"
unlike "$(cat "/proc/$pid/mountinfo")" 'shared:' "... and nothing goes out"
is "$(stat -c %d:%i "/proc/$pid/root/")" "$(stat -c %d:%i "$rootfs")" \
	"its / is the rootfs"
is "$(awk '{ print $5 }' "/proc/$pid/mountinfo" |
	grep -cvE '^/(|(proc|dev|sys)(/.*)?)$' || :)" 0 \
	"no other mount is left in its view: the old root is gone"
end
config privatefs true
begin
unlike "$(cat "/proc/$pid/mountinfo")" 'shared:|master:' \
	"with privatefs nothing comes in, either"
end
mount --make-rprivate /
config
leftovers "nothing is left of the mounts"

probe ls / , ls "$TEST_DIR" , ls "/../../..$TEST_DIR" , ls /proc/1/root , \
	ls /proc/self/cwd
is "$(facts ls)" "$TEST_DIR ENOENT
/../../..$TEST_DIR ENOENT" "no path leads to the host's files"
is "$(facts entry | sort | uniq -c | awk '{ print $1 $2 }' | tr '\n' ' ')" \
	"3bin 3dev 3etc 3probe 3proc 3root 3sys 3tmp " \
	"/ , /proc/1/root and /proc/self/cwd are the rootfs"

probe stat /dev/shm /dev/pts/ptmx /dev/pts /dev/mqueue , ls /dev/pts
is "$out" "stat /dev/shm directory 1777 0 0
stat /dev/pts/ptmx char 0666 0 0 5:2
stat /dev/pts directory 0755 0 0
stat /dev/mqueue directory 1777 0 0
entry ptmx" "/dev/shm is for all, and /dev/pts has no terminal of the host"

# --- devices -----------------------------------------------------------------

probe stat /dev/null /dev/zero /dev/full /dev/tty /dev/random /dev/urandom \
	/dev/ptmx /dev/fd /dev/stdin /dev/stdout /dev/stderr /dev/core
is "$out" "stat /dev/null char 0666 0 0 1:3
stat /dev/zero char 0666 0 0 1:5
stat /dev/full char 0666 0 0 1:7
stat /dev/tty char 0666 0 0 5:0
stat /dev/random char 0666 0 0 1:8
stat /dev/urandom char 0666 0 0 1:9
stat /dev/ptmx link pts/ptmx
stat /dev/fd link /proc/self/fd
stat /dev/stdin link /proc/self/fd/0
stat /dev/stdout link /proc/self/fd/1
stat /dev/stderr link /proc/self/fd/2
stat /dev/core link /proc/kcore" "the devices and links are there"
probe ls /dev
is "$(facts entry | tr '\n' ' ')" "core fd full mqueue null ptmx pts random \
shm stderr stdin stdout tty urandom zero " "... and nothing else"
probe write /dev/null text , write /dev/full text , read /dev/null , \
	read /dev/stdin <<<"from outside"
is "$out" "write /dev/null ok
write /dev/full ENOSPC
from outside" "they work"

device_json() { # PATH TYPE MAJOR MINOR MODE UID GID
	printf '{"path": "%s", "type": %d, "major": %d, "minor": %d, ' \
		"$1" "'$2" "$3" "$4"
	printf '"permissions": "rwm", "file_mode": %d, "uid": %d, "gid": %d}' \
		"$((8#$5))" "$6" "$7"
}
config devices "[$(device_json /dev/null c 1 3 666 0 0),
	$(device_json /dev/sub/own c 1 3 640 1000 2000),
	$(device_json /dev/mem c 1 1 600 0 0),
	$(device_json /dev/loop b 7 0 660 0 6),
	$(device_json /dev/pipe p 0 0 622 1 1)]"
probe stat /dev/sub/own /dev/mem /dev/loop /dev/pipe , write /dev/sub/own x , \
	write /dev/mem '' , read /dev/mem
is "$out" "stat /dev/sub/own char 0640 1000 2000 1:3
stat /dev/mem char 0600 0 0 1:1
stat /dev/loop block 0660 0 6 7:0
stat /dev/pipe fifo 0622 1 1
write /dev/sub/own ok
write /dev/mem EPERM
read /dev/mem EPERM" \
	"listed devices have their owner and mode; the cgroup decides on use"

config devices '[]' mask_paths '[]' cgroups '{"name": "nsinit",
	"parent": "nsinit", "allowed_devices": [{"type": 99, "major": 1,
		"minor": 5, "permissions": "rwm"}]}'
probe try mknod
is "$out" "try mknod EPERM" "a node that the cgroup does not allow is refused"
config
probe try mknod mount
is "$out" "try mknod ok
try mount EPERM" "by default nodes may be made, and nothing mounted"

# --- bind mounts -------------------------------------------------------------

shared=$TEST_DIR/shared
mkdir "$shared" "$shared/sub"
echo before >"$shared/file"
mount -t tmpfs -o nosuid,nodev,noexec shared "$shared/sub"
echo below >"$shared/sub/file"

bind() { # MODE QUESTION...
	local mode=$1
	shift
	in_container --bind "$shared:/vol/deep${mode:+:}$mode" /probe "$@"
}
bind '' read /vol/deep/file , write /vol/deep/new text , \
	read /vol/deep/sub/file , stat /vol
is "$out" "before
write /vol/deep/new ok
below
stat /vol directory 0755 0 0" "a folder of the host is bound, with what is below"
is "$(cat "$shared/new")" text "... and can be written to"
bind rw write /vol/deep/new again
is "$(cat "$shared/new")" again "... so, too, when rw is said"
bind ro write /vol/deep/new other , write /vol/deep/more text , \
	read /vol/deep/file
is "$out" "write /vol/deep/new EROFS
write /vol/deep/more EROFS
before" "a read-only bind can be read, and not written to"
is "$(ls "$shared")" $'file\nnew\nsub' "... and the host's folder is as before"

config mounts "[$(mount_json bind "$shared/sub" /vol $((BIND | RDONLY))),
	$(mount_json bind "$shared" /more \
		$((BIND | NOSUID | NODEV | NOEXEC | RDONLY)))]"
begin
is "$(mounted /vol)" "tmpfs ro,nosuid,nodev,noexec,relatime" \
	"read-only is added to the flags that the source has"
like "$(mounted /more)" ' ro,nosuid,nodev,noexec' "flags of a bind are set"
end
like " $(awk -v dir="$shared/sub" '$5 == dir { print $6 }' /proc/self/mountinfo)" \
	' rw,' "... and the host's own mount stays writable"
probe write /vol/file x , ls /more/sub
is "$out" "write /vol/file EROFS" \
	"... and refuses writing; without rec what is below does not come along"
config

echo one >"$shared/single"
in_container --bind "$shared/single:/etc/passwd" \
	--bind "$shared/single:/new/folder/file:ro" /probe \
	read /etc/passwd , read /new/folder/file , write /new/folder/file x
is "$out" "one
one
write /new/folder/file EROFS" "a file is bound on a file, which is made if missing"
is "$(stat -c '%F %a' "$rootfs/new/folder" "$rootfs/new/folder/file" |
	tr '\n' ' ')" "directory 755 regular empty file 755 " \
	"... and stays, empty"

in_container --bind "$shared:/etc/passwd" /probe say never
refused 'step 8 .*/etc/passwd' "a folder is not bound on a file"
in_container --bind "$shared/none:/vol" /probe say never
refused "step 8 .*$shared/none.*No such file" "a source must be there"
for target in / /. // /proc /proc/self /proc/sys/kernel /vol/../proc; do
	in_container --bind "$shared:$target" /probe say never
	refused 'mounts\[[0-9]\]' "nothing is bound on $target"
done
ln -sfn /proc/sys "$rootfs/door"
in_container --bind "$shared:/door" /probe say never
refused 'step 8 .*/door' "... nor in /proc by way of a link"
rm "$rootfs/door"
in_container --bind "$shared/single:/proc/meminfo" /probe read /proc/meminfo
is "$out" one "but /proc/meminfo may be"
umount "$shared/sub"
leftovers "nothing is left of the binds"

# --- tmpfs, read-only, no pivot_root -----------------------------------------

mkdir "$rootfs/cache"
echo image >"$rootfs/cache/file"
chmod 2711 "$rootfs/cache"
in_container --tmpfs /cache --tmpfs /new/cache /probe ls /cache , \
	stat /cache /new/cache , write /cache/new x , write /new/cache/new x
is "$out" "stat /cache directory 2711 0 0
stat /new/cache directory 0755 0 0
write /cache/new ok
write /new/cache/new ok" "a tmpfs is empty, writable, and has the folder's mode"
is "$(ls "$rootfs/cache" "$rootfs/new/cache")" \
	"$rootfs/cache:"$'\n'"file"$'\n\n'"$rootfs/new/cache:" \
	"... and what was written there is not in the image"

in_container --read-only --tmpfs /cache /probe write /new-file x , \
	write /etc/passwd x , write /tmp/x x , write /cache/x x , \
	write /dev/shm/x x , write /dev/x x
is "$out" "write /new-file EROFS
write /etc/passwd EROFS
write /tmp/x EROFS
write /cache/x ok
write /dev/shm/x ok
write /dev/x ok" "a read-only root refuses writing, but not what is mounted in it"
passes "... and the host can still write there" touch "$rootfs/tmp/host"
config readonlyfs true mounts "[
	$(mount_json tmpfs tmpfs /dev $((RDONLY | NOSUID)) mode=755)]"
probe write /dev/x x , write /x x , stat /dev/null
is "$out" "write /dev/x EROFS
write /x EROFS
stat /dev/null char 0666 0 0 1:3" "a read-only /dev has its devices all the same"

config no_pivot_root true
begin
is "$(stat -c %d:%i "/proc/$pid/root/")" "$(stat -c %d:%i "$rootfs")" \
	"without pivot_root its / is the rootfs, too"
is "$(mounted /proc)" "proc rw,nosuid,nodev,noexec,relatime" \
	"... with its mounts"
end
probe ls "$TEST_DIR" , ls "/../../..$TEST_DIR" , ls "/proc/1/root$TEST_DIR" , \
	try chroot , ls "/../..$TEST_DIR" , write /dev/null x , say "done"
is "$out" "ls $TEST_DIR ENOENT
ls /../../..$TEST_DIR ENOENT
ls /proc/1/root$TEST_DIR ENOENT
try chroot ok
ls /../..$TEST_DIR ENOENT
write /dev/null ok
done" "... and no path leads to the host's files"
config no_pivot_root true readonlyfs true
probe write /x x
is "$out" "write /x EROFS" "... and it can be read-only"
config
leftovers "nothing is left of these"

# --- read-only and masked paths ----------------------------------------------

mkdir "$rootfs"/{fixed,hidden}
echo secret | tee "$rootfs/secret" "$rootfs/fixed/file" "$rootfs/hidden/file" \
	"$rootfs/fixed-file" >/dev/null
ln -s "$marker" "$rootfs/way-out"
config mask_paths '["/secret", "/hidden", "/none", "/way-out/file"]' \
	readonly_paths '["/fixed", "/fixed-file", "/none", "/way-out", "/proc/sys"]'
probe read /secret , ls /hidden , write /hidden/new x , write /secret x , \
	read /fixed/file , write /fixed/file x , write /fixed/new x , \
	write /fixed-file x , write /proc/sys/net/ipv4/ip_forward 1 , \
	stat /hidden /secret
is "$out" "write /hidden/new EROFS
write /secret ok
secret
write /fixed/file EROFS
write /fixed/new EROFS
write /fixed-file EROFS
write /proc/sys/net/ipv4/ip_forward EROFS
stat /hidden directory 0555 0 0
stat /secret char 0666 0 0 1:3" \
	"masked files and folders are empty, read-only paths are read-only"
is "$(cat "$rootfs/secret" "$rootfs/hidden/file")" $'secret\nsecret' \
	"... and the image keeps what they hide"
is "$(marked)" "$marker_is" "... and a link out of the image leads nowhere"
config
begin
for path in bus fs irq sys sysrq-trigger; do
	[[ ! -e /proc/$path ]] || like "$(mounted "/proc/$path")" '^proc ro,' \
		"by default /proc/$path is read-only"
done
for path in /proc/kcore /proc/keys /proc/timer_list /proc/sched_debug; do
	[[ ! -e $path ]] || is "$(stat -c %t:%T "/proc/$pid/root$path")" 1:3 \
		"by default $path is masked"
done
for path in /proc/acpi /proc/scsi /sys/firmware; do
	[[ ! -e $path ]] || is "$(ls "/proc/$pid/root$path")" "" \
		"by default $path is masked"
done
end
probe read /proc/keys , write /proc/sysrq-trigger x , \
	write /proc/sys/vm/drop_caches 1
unlike "$out" ' ok' "what would act on the host is refused"

# --- the console -------------------------------------------------------------

in_container --tty /probe tty , stat /dev/console , ls /dev/pts
out=${out//$'\r'/}
like "$out" "tty 0 /dev/pts/0"$'\n'".*open /dev/tty ok" \
	"a terminal has a name inside"
like "$out" "stat /dev/console char 06[02]0 0 [05] 136:0" \
	"/dev/console is that terminal"
in_container --tty --read-only /probe stat /dev/console
like "$out" "stat /dev/console char" "... in a read-only root, too"
probe stat /dev/console
is "$out" "stat /dev/console ENOENT" "without a terminal there is no /dev/console"

# --- images that lack, and images that lie -----------------------------------

fresh_rootfs
rmdir "$rootfs"/{proc,sys,dev,tmp,root,bin}
probe write /dev/null x , read /proc/sys/kernel/ostype , stat /sys/kernel
is "$out" "write /dev/null ok
Linux
stat /sys/kernel directory 0755 0 0" "an image without /proc, /sys and /dev gets them"
is "$(stat -c '%a %u' "$rootfs"/{proc,sys,dev} | uniq)" "755 0" \
	"... as folders that stay"
is "$(find "$rootfs"/{proc,sys,dev} -mindepth 1)" "" "... and stay empty"

# lies SENTENCE NAME TARGET: the image has a link there; the host's marker is
# untouched, whether the container runs or not.
lies() {
	rm -rf --one-file-system -- "${rootfs:?}$2"
	ln -s "$3" "$rootfs$2"
	probe say ran , stat /dev/null , write /dev/null x , write /dev/zero x
	is "$(marked)" "$marker_is" "$1: the host's file is untouched"
	like "$status" '^(0|125)$' "... and nothing crashes"
	[[ $status -eq 0 ]] || refused "step [0-9]+ " "... it is refused"
}

up=../../../../../../../../../..
for target in "$marker" "$up$marker" "/proc/self/root$marker" ; do
	for name in /dev /proc /sys /dev/pts; do
		fresh_rootfs
		mkdir -p "$rootfs/dev"
		lies "$name is a link to $target" "$name" "$target"
		[[ $name == /dev/pts ]] || isnt "$status" 0 "... and it does not run"
	done
done

# A /proc that is elsewhere in the image would be a false one for the masks.
for name in /proc /sys; do
	fresh_rootfs
	mkdir "$rootfs/false"
	lies "$name is a link into the image" "$name" /false
	refused 'step 8 .*symbolic links' "... which is no place for it"
done
fresh_rootfs
mkdir "$rootfs/elsewhere"
rmdir "$rootfs/dev"
ln -s elsewhere "$rootfs/dev"
probe write /dev/null x , stat /dev , stat /elsewhere/null
is "$out" "write /dev/null ok
stat /dev link elsewhere
stat /elsewhere/null char 0666 0 0 1:3" "a /dev that is a link in the image works"

# Without a tmpfs on /dev the nodes are made in the image's own.
config mounts "[$(mount_json proc proc /proc 14)]"
for name in /dev/null /dev/zero /dev/ptmx /dev/fd /dev/stdout; do
	fresh_rootfs
	lies "$name is a link to the host" "$name" "$marker/file"
	is "$status $(sed -n 2,3p <<<"$out")" \
		"0 stat /dev/null char 0666 0 0 1:3"$'\n'"write /dev/null ok" \
		"... and the devices are real"
	fresh_rootfs
	lies "$name is a link to a new file" "$name" "$up$marker/new"
done
fresh_rootfs
mknod "$rootfs/dev/null" c 1 7
mknod "$rootfs/dev/ptmx" c 5 2
echo file >"$rootfs/dev/zero"
probe stat /dev/null /dev/zero /dev/ptmx
is "$out" "stat /dev/null char 0666 0 0 1:3
stat /dev/zero char 0666 0 0 1:5
stat /dev/ptmx link pts/ptmx" "false devices of an image are replaced"
mkdir "$rootfs/dev/folder"
config mounts "[$(mount_json proc proc /proc 14)]" \
	devices "[$(device_json /dev/folder c 1 3 666 0 0)]"
probe say never
refused 'step 8 .*/dev/folder' "a folder in a device's place is not removed"

# What masks a file must be the null device.
config mounts '[]' devices '[]' mask_paths '["/etc/passwd"]'
fresh_rootfs
lies "a mask, and /dev/null is a link to the host" /dev/null "$marker/file"
refused 'step 10 .*/etc/passwd' "... so nothing is masked by it"
fresh_rootfs
echo file >"$rootfs/dev/null"
probe say never
refused 'step 10 .*/dev/null is not the null device' \
	"a mask, and /dev/null is a file"
rm "$rootfs/dev/null"
probe say never
refused 'step 10 .*/dev/null.*No such file' "a mask, and there is no /dev/null"

# The console: no link is followed.
config mounts "[$(mount_json devpts devpts /dev/pts 10 \
	newinstance,ptmxmode=0666,mode=0620)]" tty true
for target in "$marker/file" "$marker/new" /etc/passwd; do
	fresh_rootfs
	ln -s "$target" "$rootfs/dev/console"
	probe say never
	is "$(marked)" "$marker_is" "/dev/console is a link to $target"
	refused 'step 9 .*/dev/console' "... which is not followed"
done
fresh_rootfs
mkdir "$rootfs/dev/console"
probe say never
refused 'step 9 .*/dev/console' "/dev/console is a folder"
fresh_rootfs
: >"$rootfs/dev/console"
probe stat /dev/console
like "$out" 'stat /dev/console char 06[02]0 0 [05] 136:0' "/dev/console is a file"
config mounts "[$(mount_json tmpfs tmpfs /dev/pts 0)]" tty true
fresh_rootfs
probe say never
refused 'step 9 .*console: open /dev/ptmx' "a terminal needs devpts"

# Mounts whose target leads out by links.
for target in "$marker" "$up$marker"; do
	for kind in tmpfs bind; do
		fresh_rootfs
		ln -s "$target" "$rootfs/vol"
		config mounts "[$(mount_json $kind "$shared" /vol/sub/deep 0)]"
		probe say never
		is "$(marked)" "$marker_is" \
			"a $kind on /vol/sub/deep, and /vol is $target"
		refused 'step 8 .*link to nowhere' "... is refused"
		mkdir -p "$rootfs$marker"
		probe write /vol/sub/deep/x x , \
			write "$marker/sub/deep/x" x
		is "$out" "write /vol/sub/deep/x ok
write $marker/sub/deep/x ok" "... but goes where that leads to inside"
		is "$(marked)" "$marker_is" "... and not to the host"
	done
done
is "$(ls "$shared")" $'file\nnew\nsingle\nsub\nx' "... as the bound folder shows"
fresh_rootfs
ln -s loop "$rootfs/loop"
config mounts "[$(mount_json tmpfs tmpfs /loop/sub 0)]"
probe say never
refused 'step 8 .*symbolic links' "a link to itself is refused"

# --- other root filesystems --------------------------------------------------

fresh_rootfs
config mounts '[]'
probe ls / , ls /proc , read /etc/group , write /dev/null x
like "$status $out" "^0 .*write /dev/null ok" "a container without mounts works"
unlike "$out" "self" "... and has no /proc"
config
fresh_rootfs
mkdir "$TEST_DIR/frozen"
mount --bind "$rootfs" "$TEST_DIR/frozen"
mount -o remount,bind,ro "$TEST_DIR/frozen"
sed "s|$rootfs|$TEST_DIR/frozen|" "$config_file" >"$TEST_DIR/frozen.json"
run nsinit exec --config "$TEST_DIR/frozen.json" /probe write /x x , \
	write /dev/null x
is "$status $out" "0 write /x EROFS
write /dev/null ok" "a rootfs that is mounted read-only works"
rmdir "$rootfs/sys"
run nsinit exec --config "$TEST_DIR/frozen.json" /probe say never
refused 'step 8 .*/sys in the rootfs: Read-only file system' \
	"... unless a mount point is missing in it"
umount "$TEST_DIR/frozen"
fresh_rootfs
mount -t tmpfs tmpfs "$rootfs"
mount -t tmpfs tmpfs "$rootfs" # one above the other
probe_rootfs "$rootfs"
probe write /x x
is "$status $out" "0 write /x ok" "a rootfs that is a mount itself works"
is "$(cat "$rootfs/x")" x "... and is what the container wrote to"
umount "$rootfs"
umount "$rootfs"
done_testing
