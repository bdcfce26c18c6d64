#!/bin/bash
# t15-chroot.sh  a container made inside a plain chroot, as in a debootstrap
# folder: / is no mount point there, and still the container's root is whole
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
needs_root

jail=$TEST_DIR/jail
mkdir -p "$jail"/{usr,etc,proc,sys,dev,run,tmp,project}
for link in bin lib lib64 sbin; do
	if [[ -L /$link ]]; then ln -s "usr/$link" "$jail/$link"; else
		mkdir "$jail/$link" && mount --bind "/$link" "$jail/$link"
	fi
done
mount --bind /usr "$jail/usr"
mount --bind "$TOP" "$jail/project"
for dir in proc sys dev; do
	mount --rbind "/$dir" "$jail/$dir"
done
busybox_rootfs "$jail/rootfs"
snapshot_to "$TEST_DIR/before"

in_jail() { # COMMAND...
	run chroot "$jail" /project/bin/nsinit exec --rootfs /rootfs "$@"
}

lives() {
	grep -q '"init_process_pid":[1-9]' "$jail"/run/nsinit/*/state.json
}

dead() { # the container whose creator was killed
	! grep -q '^State:.[^Z]' "/proc/$1/status" 2>/dev/null
}

joiner() { # what a process that joins sees of /
	chroot "$jail" /project/bin/nsinit exec --rootfs /rootfs \
		/bin/sh -c 'ls / | tr "\n" " "'
}

for propagation in private shared mount; do
	# A chroot whose / is a mount point hides the true root all the same.
	[[ $propagation != mount ]] || mount --rbind "$jail" "$jail"
	mount --make-rprivate / && mount --make-rshared "$jail/proc"
	[[ $propagation == private ]] || mount --make-rshared /
	snapshot_to "$TEST_DIR/before"
	in_jail /bin/sh -c 'echo "pid $$"; test -e /project && echo project'
	is "$status $out" "1 pid 1" \
		"it starts below $propagation mounts, with its own root"
	is "$err" "" "... without a word of complaint"
	# shellcheck disable=SC2016 # for the shell inside
	in_jail /bin/sh -c 'awk "{ print \$5 }" /proc/self/mountinfo'
	is "$(head -n 1 <<<"$out")" / "its mount table begins at its own /"
	unlike "$out" jail "... and knows nothing of the chroot"
	chroot "$jail" /project/bin/nsinit exec --rootfs /rootfs \
		/bin/sleep 60 &
	wait_for lives
	is "$(joiner)" "$(chroot "$jail/rootfs" /bin/ls / | tr "\n" " ")" \
		"a process that joins has the same root"
	init=$(sed 's/.*"init_process_pid":\([0-9]*\).*/\1/' \
		"$jail"/run/nsinit/*/state.json)
	kill -9 $!
	wait $! 2>/dev/null || :
	wait_for dead "$init"
	in_jail /bin/true
	leftovers "the chroot's mounts are as they were"
done
mount --make-rprivate /
in_jail /no/such/command
is "$status" 127 "a missing command is still 127"
umount -R "$jail"
umount -R "$jail"/{proc,sys,dev,usr,project}
for link in bin lib lib64 sbin; do
	[[ -L $jail/$link ]] || umount "$jail/$link"
done
snapshot_to "$TEST_DIR/before"
done_testing
