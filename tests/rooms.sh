#!/bin/bash
# rooms.sh  the include lines are the architecture: who may include whom
#
# The other half of this wall is the Makefile's link lines (t00-build.sh).
set -euo pipefail
cd "$(dirname "$0")/.."
runc=() # its place is kept
[[ ! -d runc ]] || runc=(runc)
declare -A may tag
S=libcontainer/system C=libcontainer/configs Y=libcontainer/syncpipe
L=libcontainer G=libcontainer/cgroups T=libcontainer/trace D=dockerinit R=reexec
E=execdriver N=execdriver/native

# room: the rooms whose headers it may include; the word in its banners
may[$S]="$S"                       tag[$S]=both
may[$C]="$S $C"                    tag[$C]=both
may[$Y]="$S $C $Y"                 tag[$Y]=both
may[$R]="$S $R"                    tag[$R]=both
may[$L]="$S $C $Y $L $G $T $R"      tag[$L]=outside
may[$G]="$S $C $G"                 tag[$G]=outside
may[$T]="$S $C $L $G $T $R"        tag[$T]=outside
may[$D]="$S $C $Y $D"              tag[$D]=inside
may[$E]="$S $C $L $G $T $R $E $N"    tag[$E]=outside
may[$N]="$S $C $L $G $T $R $E $N"    tag[$N]=outside
may[nsinit]="$S $C $L $G $T $R nsinit" tag[nsinit]=outside
may[runc]="$S $C $L $G $R runc"    tag[runc]=outside
# Two files stand on the threshold: the program that wakes up, and the row of
# the reexec table that it finds.
may[$D/main.c]="$S $D $R"
may[$N/register.c]="$S $D $R"      tag[$N/register.c]=inside

# Each of these libraries has one door.
only() { # HEADER, WHERE (a pattern)
	case $1 in
	*cJSON.h) [[ $2 == "$C/json.c" ]] ;;
	sys/capability.h) [[ $2 == "$D/capabilities.c" ]] ;;
	libmnl/*) [[ $2 == "$S"/netlink*.c ]] ;;
	esac
}

declare -a wall banner own library
while read -r file; do
	room=${file%/*}
	allowed=${may[$file]-${may[$room]-}}
	[[ $allowed ]] || { wall+=("$file: its folder is no room"); continue; }

	word=${tag[$file]-${tag[$room]}}
	head -n 2 "$file" | grep -qF "${file##*/}  [$word]  " ||
		banner+=("$file: the banner lacks '${file##*/}  [$word]  '")

	first=''
	while read -r header; do
		: "${first:=$header}"
		if [[ $header == '<'* ]]; then
			header=${header//[<>]/}
			only "$header" "$file" ||
				library+=("$file includes <$header>")
			continue
		fi
		header=${header//\"/}
		# The list of the steps is the inside's; that it is explained
		# outside, too, is the one window between the rooms.
		[[ "$header $file" != "$D/steps.def $T/explain.c" ]] || continue
		[[ " $allowed " == *" ${header%/*} "* ]] ||
			wall+=("$file includes $header")
	done < <(sed -n 's/^#[ \t]*include[ \t]*\([<"][^>"]*[>"]\).*/\1/p' \
		"$file")
	if [[ $file == *.c && -e ${file%c}h &&
		$first != "\"${file%c}h\"" ]]; then
		own+=("$file includes its own header not first")
	fi
done < <(find $L $D $R $E nsinit "${runc[@]}" -name '*.[ch]' | sort)

n=0 status=0
verdict() { # SENTENCE COMPLAINT...
	n=$((n + 1))
	if [[ $# -eq 1 ]]; then echo "ok $n - $1"; return; fi
	status=1
	echo "not ok $n - $1"
	printf '#   %s\n' "${@:2}"
}
verdict "no room includes what it may not" "${wall[@]}"
verdict "each banner names the file and its room" "${banner[@]}"
verdict "each .c includes its own header first" "${own[@]}"
verdict "cJSON, libcap and libmnl each have one door" "${library[@]}"
echo "1..$n"
exit $status
