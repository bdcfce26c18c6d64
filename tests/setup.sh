#!/bin/bash
# setup.sh SET...  install the Debian packages that a set needs and lacks
#
# A set is a list of rows "file or program, package". What is there is found
# by looking for it; apt is called only when something is missing.
set -euo pipefail

declare -A rows=(
	[build]='stdio.h libc6-dev
		linux/if_link.h linux-libc-dev
		gcc gcc
		make make
		sys/capability.h libcap-dev
		libmnl/libmnl.h libmnl-dev
		cjson/cJSON.h libcjson-dev'
	[shell]='busybox busybox-static'
	[check]='check.h check'
	[test]='strace strace
		ip iproute2
		ps procps
		unshare util-linux
		newuidmap uidmap
		script bsdutils
		json/__init__.py python3'
	[book]='pandoc pandoc
		dot graphviz
		ps procps
		unshare util-linux
		json/__init__.py python3'
	[screens]='chromium chromium
		/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc fonts-noto-cjk'
	[gdb]='gdb gdb'
	[lab]='json/__init__.py python3
		unshare util-linux'
	[vm]='qemu-system-x86_64 qemu-system-x86
		busybox busybox-static
		xz xz-utils
		apparmor_parser apparmor'
)

has() { # FILE OR PROGRAM
	case $1 in
	/*) [[ -e $1 ]] ;;
	*.h) compgen -G "/usr/include/$1" >/dev/null ||
		compgen -G "/usr/include/*-linux-gnu*/$1" >/dev/null ||
		[[ -e /usr/local/include/$1 ]] ;;
	*.py) compgen -G "/usr/lib/python3*/$1" >/dev/null ;;
	*) PATH=$PATH:/usr/sbin:/sbin command -v "$1" >/dev/null ;;
	esac
}

missing=()
for set; do
	while read -r what package; do
		has "$what" || missing+=("$package")
	done <<<"${rows[$set]}"
done
[[ ${#missing[@]} -gt 0 ]] || exit 0

# From here on something is missing.
exec >&2 </dev/null
by_hand() {
	echo "setup: $1; as root: apt-get install ${missing[*]}"
	exit 1
}
command -v apt-get >/dev/null || by_hand "there is no apt-get here"
root=()
if [[ $EUID -ne 0 ]]; then
	command -v sudo >/dev/null || by_hand "packages are missing"
	root=(sudo)
	if ! sudo -n true 2>/dev/null; then
		# sudo asks on the terminal itself, if there is one.
		[[ -t 2 ]] || by_hand "packages are missing, sudo would ask"
	fi
fi

# What apt says is of interest when it fails.
said=$(mktemp)
trap 'rm -f -- "$said"' EXIT
quietly() {
	"${root[@]}" env DEBIAN_FRONTEND=noninteractive "$@" >"$said" 2>&1 || {
		cat "$said"
		return 1
	}
}
echo "setup: installing ${missing[*]}"
quietly apt-get -q update ||
	echo "setup: apt-get update failed; trying with the lists that are here"
quietly apt-get -q install -y --no-install-recommends "${missing[@]}" ||
	by_hand "apt-get failed"
