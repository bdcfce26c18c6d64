#!/bin/bash
# rootfs.sh DIR  a root filesystem of one static busybox, its names and /etc
set -euo pipefail

dir=$1
busybox=$(PATH=$PATH:/usr/sbin:/sbin command -v busybox)

# busybox itself comes last: where it is, everything is.
mkdir -p "$dir"/{bin,sbin,usr/bin,usr/sbin,etc,dev,proc,sys,tmp,root,home,run}
mkdir -p "$dir"/var/tmp
chmod 0700 "$dir/root"
chmod 1777 "$dir/tmp" "$dir/var/tmp"
printf '%s\n' 'root:x:0:0:root:/root:/bin/sh' \
	'daemon:x:1:1:daemon:/:/bin/false' \
	'nobody:x:65534:65534:nobody:/:/bin/false' >"$dir/etc/passwd"
printf '%s\n' 'root:x:0:' 'daemon:x:1:' 'tty:x:5:' 'users:x:100:' \
	'nogroup:x:65534:' >"$dir/etc/group"
printf '127.0.0.1 localhost\n::1 localhost\n' >"$dir/etc/hosts"

"$busybox" --list-full | grep / | while read -r name; do
	# Relative: the link is good from outside, too.
	case $name in
	bin/busybox) ;;
	bin/*) ln -sf busybox "$dir/$name" ;;
	sbin/*) ln -sf ../bin/busybox "$dir/$name" ;;
	usr/*) ln -sf ../../bin/busybox "$dir/$name" ;;
	esac
done
cp "$busybox" "$dir/bin/.busybox"
mv "$dir/bin/.busybox" "$dir/bin/busybox"
