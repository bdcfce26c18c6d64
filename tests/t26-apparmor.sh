#!/bin/bash
# t26: AppArmor profiles: asked for, loaded or not, on every way in
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
# shellcheck source=tests/container.sh
. "${0%/*}/container.sh"
needs_root
[[ -e /sys/kernel/security/apparmor/profiles ]] ||
	skip_all "no AppArmor here (make test-vm has it)"
needs_program apparmor_parser

# profile NAME: one that allows all but writing to /tmp/denied, and mounting.
profile() {
	cat <<-PROFILE
	profile $1 flags=(attach_disconnected,mediate_deleted) {
	  file,
	  capability,
	  network,
	  unix,
	  signal,
	  deny /tmp/denied w,
	}
	PROFILE
}
load() { profile "$1" | apparmor_parser -aKq; }
unload() { profile "$1" | apparmor_parser -RKq; }
load t26-quay || not_ok "a profile can be loaded"

refused() { # REGEX SENTENCE
	like "$status $err" "^125 nsinit: exec: .*$1" "$2"
	is "$out$(wc -l <"$TEST_DIR/run.err")" 1 "... in one line, and runs nothing"
}
current=/proc/self/attr/apparmor/current
confined() { # PID
	tr -d '\n' <"/proc/$1/attr/apparmor/current"
}

fresh_rootfs
config
probe read $current , write /tmp/denied x
is "$out" "unconfined
write /tmp/denied ok" "without a profile a container is not confined"
rm "$rootfs/tmp/denied"
in_container --apparmor-profile t26-quay /probe read $current , \
	write /tmp/denied x , write /tmp/allowed x
is "$out" "t26-quay (enforce)
write /tmp/denied EACCES
write /tmp/allowed ok" "with one it is, and the profile holds"
config apparmor_profile '"t26-quay"' user '"1000:1000"' no_new_privileges true
probe read $current , write /tmp/denied x , id , flags
is "$(facts no_new_privs)$(facts uid) $(head -n 2 <<<"$out")" \
	"11000 1000 1000 t26-quay (enforce)
write /tmp/denied EACCES" "... for a user who gets no new privileges, too"
config apparmor_profile '"t26-quay"' capabilities '["SYS_ADMIN"]'
probe try mount
like "$out" 'try mount E(ACCES|PERM)' "... and whatever its capabilities are"
config apparmor_profile '"t26-quay"' mounts '[]' mask_paths '[]' \
	readonly_paths '[]'
begin
is "$(confined "$pid")" "t26-quay (enforce)" "... without a /proc as well"
end
config apparmor_profile '"unconfined"'
probe read $current
is "$out" unconfined "the profile unconfined is no profile"

# Who joins is confined by the same.
config apparmor_profile '"t26-quay"'
begin
is "$(confined "$pid")" "t26-quay (enforce)" "the first process is confined"
probe read $current , write /tmp/denied x
is "$out" "t26-quay (enforce)
write /tmp/denied EACCES" "... and so is one that joins"
in_container --user 1000 /probe read $current
is "$out" "t26-quay (enforce)" "... as another user, too"
load t26-other
run nsinit nsenter --id nsinit /probe read $current
is "$out" "t26-quay (enforce)" "... and by nsenter"
unload t26-quay
probe say never
refused 'step 10 .*AppArmor profile t26-quay: it is not loaded' \
	"a profile that is gone by now lets nobody in"
end
leftovers "nothing is left of the confined"

in_container --apparmor-profile t26-none /probe say never
refused 'dockerinit step 10 \(step10_hostname_profile\): change to the AppArmor profile t26-none: it is not loaded in the kernel: No such file' \
	"a profile that is not loaded"
for name in 'a b' '../x' "$(printf 'x%.0s' {1..5000})"; do
	config apparmor_profile "\"$name\""
	probe say never
	refused 'step 10 .*AppArmor profile' "no profile: ${name:0:10}"
done
config apparmor_profile '"t26-other"' process_label '"u:r:t:s0"'
run nsinit --debug exec --config "$config_file" /probe read $current
is "$out" "t26-other (enforce)" "SELinux' label beside it is ignored"
like "$err" 'debug: .*process_label u:r:t:s0 is ignored' "... and a note says so"
leftovers "nothing is left of what was refused"

# The files of 2014 and 2015 that name a profile.
echo 'daemon:x:1:1:daemon:/:/bin/false' >>"$rootfs/etc/passwd"
for era in v1.4 v2.2.1; do
	config_file=$TOP/tests/fixtures/$era-apparmor.json
	in_container --rootfs "$rootfs" /probe say never
	refused 'step 10 .*harbour-default: it is not loaded' \
		"$era, apparmor: without its profile"
	load harbour-default
	in_container --rootfs "$rootfs" /probe read $current
	is "$status ${out//$'\r'/}" "0 harbour-default (enforce)" \
		"$era, apparmor: with it"
	unload harbour-default
done
unload t26-other
done_testing
