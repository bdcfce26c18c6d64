#!/bin/bash
# sentences.sh  README's map is true: sentence, tag, function, file
#
# A row of the map is: | tag | sentence | `function` | `file` |. The sentences
# stand in sentences.txt; a lettered tag stands in the code once, as [S3], in
# that function; a number is a step of steps.def.
set -euo pipefail
cd "$(dirname "$0")/.."

n=0 failed=0
verdict() { # SENTENCE [COMPLAINT]
	n=$((n + 1))
	if [[ ! ${2-} ]]; then
		echo "ok $n - $1"
		return
	fi
	failed=1
	printf 'not ok %d - %s\n#   %s\n' "$n" "$1" "$2"
}

# The function that line LINE of FILE is in: kernel style, so the last line in
# column 0 with a ( before the {.
function_at() { # FILE LINE
	awk -v line="$2" 'NR > line { exit }
		/^[a-z].*[a-z0-9_]\(/ && !/;$/ {
			name = $0; sub(/\(.*/, "", name)
			sub(/.*[ *]/, "", name)
		}
		END { print name }' "$1"
}

defines() { # FILE FUNCTION
	awk -v name="$2" '/^[a-z]/ && $0 ~ "[ *]" name "\\(" && !/;$/ {
		found = 1 } END { exit !found }' "$1"
}

# what is wrong with the row of TAG, or nothing
row_fault() { # TAG SENTENCE
	local tag=$1 row function file places at
	row=$(grep -E "^\| $tag \|" README.md) || {
		echo "README's map has no row $tag"
		return
	}
	[[ $(wc -l <<<"$row") -eq 1 ]] || { echo "several rows" && return; }
	[[ $row == "| $tag | $2 | "* ]] || {
		echo "README has it in other words: $row"
		return
	}
	function=$(cut -d'`' -f2 <<<"${row#"| $tag | $2 | "}")
	file=$(cut -d'`' -f4 <<<"${row#"| $tag | $2 | "}")
	[[ -f $file ]] || { echo "there is no file $file" && return; }
	defines "$file" "$function" || {
		echo "$file has no function $function"
		return
	}
	if [[ $tag =~ ^[0-9] ]]; then
		grep -qE "^STEP\($tag, $function," dockerinit/steps.def ||
			echo "steps.def has no step $tag, $function"
		return
	fi
	places=$(grep -rnF "[$tag]" --include='*.[ch]' libcontainer execdriver \
		dockerinit nsinit reexec || :)
	[[ $(grep -c . <<<"$places") -eq 1 ]] || {
		echo "[$tag] stands in the code not once but here: ${places:-nowhere}"
		return
	}
	[[ $places == "$file:"* ]] || { echo "[$tag] is at $places" && return; }
	at=$(cut -d: -f2 <<<"$places")
	[[ $(function_at "$file" "$at") == "$function" ]] ||
		echo "[$tag] is in $(function_at "$file" "$at"), not $function"
}

tags=''
while IFS=$'\t' read -r tag sentence; do
	[[ $tag != '#'* ]] || continue
	tags+="$tag "
	verdict "$tag: $sentence" "$(row_fault "$tag" "$sentence")"
done <tests/sentences.txt

want='E1 E2 E3 E4 E5 E6 F1 F2 F3 F4 P1 P2 P3 P4 P5 S1 S2 S3 S4 S5 '
want+='1 2 3 4 5 6 7 8 9 10 11 12 '
if [[ $tags == "$want" ]]; then verdict "no sentence of the lists is missing"
else verdict "no sentence of the lists is missing" "there are: $tags"; fi

# Whatever else the map and the text name in `room/file` is there.
# shellcheck disable=SC2016 # backquotes of markdown
missing=$(grep -oE '`(libcontainer|dockerinit|execdriver|nsinit|reexec|tests)/[A-Za-z0-9_./-]*`' \
	README.md | tr -d '`' | sort -u | while read -r path; do
	[[ -e $path ]] || printf '%s ' "$path"
done)
verdict "each path that README names is there" "$missing"
echo "1..$n"
exit $failed
