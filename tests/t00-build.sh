#!/bin/bash
# t00: the programs are linked as the house is built
# shellcheck source=tests/lib.sh
. "${0%/*}/lib.sh"
needs_no_vm
needs_program nm readelf

# The functions that an archive defines, one a line.
symbols() {
	nm -g --defined-only "$1" 2>/dev/null | awk '$2 == "T" { print $3 }' |
		sort -u
}

# strangers PROGRAM ARCHIVE: functions of the archive in the program.
strangers() {
	comm -12 <(symbols "$BIN/$1") <(symbols "$TOP/${BUILD:-build}/$2") |
		tr '\n' ' '
}

libraries() {
	readelf -d "$BIN/$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort |
		tr '\n' ' '
}

for archive in liboutside.a libinside.a libshared.a; do
	like "$(symbols "$TOP/${BUILD:-build}/$archive" | wc -l)" '^[0-9]{2,}$' \
		"$archive has functions to look for"
done
is "$(strangers dockerinit liboutside.a)" "" \
	"dockerinit has no function of the outside"
is "$(strangers nsinit libinside.a)" "" "nsinit has no function of the inside"
is "$(strangers execdriver libinside.a)" "" \
	"execdriver has no function of the inside"

run bash -c 'exec -a stranger dockerinit'
is "$status" 125 "dockerinit refuses a name that nobody registered"
like "$err" 'native' "... and says which are: register.o was not dropped"

for program in nsinit execdriver; do
	unlike "$(libraries $program)" 'libcap|libseccomp' \
		"$program links no library of the inside"
done
unlike "$(libraries dockerinit)" 'libcap|libseccomp|libsystemd' \
	"dockerinit links libcap from its archive, if at all"

for program in nsinit dockerinit execdriver; do
	like "$(readelf -h "$BIN/$program")" 'DYN' "$program is PIE"
	like "$(readelf -d "$BIN/$program")" 'BIND_NOW|NOW' \
		"$program has no lazy binding"
	unlike "$(readelf -lW "$BIN/$program" | grep GNU_STACK)" 'RWE' \
		"$program has no executable stack"
	run "$program" --version
	is "$status" 0 "$program --version succeeds"
	like "$out" "^$program.* [0-9]+\.[0-9]+" "... with its name and number"
	run "$program" --help
	is "$status" 0 "$program --help succeeds"
	like "$out" '[Uu]sage' "... on standard output"
done

run dockerinit --list-steps
is "$(grep -c '^ *[0-9][0-9]*  step[0-9][0-9]_' <<<"$out")" 12 \
	"dockerinit --list-steps prints twelve rows"
run dockerinit --list-steps=json
if command -v python3 >/dev/null; then
	is "$(python3 -c 'import json, sys
print([s["number"] for s in json.load(sys.stdin)])' <<<"$out")" \
		"[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]" \
		"... and JSON that a machine reads"
else
	skip "... and JSON that a machine reads" "there is no python3 here"
fi
done_testing
