#!/bin/bash
# size.sh  lines per room; a file has at most 400, a function of C at most 60
#
# The scripts of tests/ are lists of sentences, and may be longer.
set -euo pipefail
cd "$(dirname "$0")/.."

rooms=(reexec execdriver libcontainer dockerinit nsinit)
[[ ! -d runc ]] || rooms+=(runc)
mapfile -t files < <(find "${rooms[@]}" -name '*.[ch]' -o -name '*.def' | sort)

awk '
	{ room = FILENAME; sub(/\/[^\/]*$/, "", room) }
	FNR == 1 && !(room in files) { order[++rooms] = room }
	FNR == 1 { files[room]++ }
	{ lines[room]++; total++ }
	END {
		for (i = 1; i <= rooms; i++)
			printf "# %-24s %3d files %6d lines\n", order[i], \
				files[order[i]], lines[order[i]]
		printf "# %-24s %3d files %6d lines\n", "total", ARGC - 1, total
	}' "${files[@]}"

mapfile -t files < <(find . -path ./build -prune -o -path ./rootfs -prune -o \
	-path ./tests/bench -prune -o -name '*.[ch]' -print | sort)

mapfile -t others < <(find . -path ./build -prune -o -path ./rootfs -prune -o \
	-path './tests/*.sh' -prune -o -path ./tests/bench -prune -o \
	\( -name '*.py' -o -name '*.js' -o -name '*.css' -o -name '*.sh' \
	-o -name '*.def' \) -print | sort)

# In kernel style a function is what stands between a { and a } in column 0.
awk '
	FNR == 1 { name = "" }
	FILENAME !~ /\.[ch]$/ { lines[FILENAME]++; next }
	/^[a-z].*\(/ { name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name) }
	/^\{/ { begin = FNR }
	/^\}/ && begin {
		if (FNR - begin - 1 > 60)
			long[++n] = FILENAME ": " name " has " \
				FNR - begin - 1 " lines"
		begin = 0
	}
	{ lines[FILENAME]++ }
	END {
		for (f in lines) if (lines[f] > 400)
			big[++m] = f " has " lines[f] " lines"
		printf "%s 1 - no file is longer than 400 lines\n", m ? "not ok" : "ok"
		for (i = 1; i <= m; i++) print "#   " big[i]
		printf "%s 2 - no function is longer than 60 lines\n", n ? "not ok" : "ok"
		for (i = 1; i <= n; i++) print "#   " long[i]
		print "1..2"
		exit m || n
	}' "${files[@]}" "${others[@]}"
