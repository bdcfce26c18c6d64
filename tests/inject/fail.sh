#!/bin/bash
# fail.sh  whichever system call of a start or a join fails: see points.py
# timeout: 7200
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/inject/prepare.sh
. "${0%/*}/prepare.sh"

# shellcheck disable=SC2086,SC2154 # network may be no word
disturb fail new $network user terminal driver join nsenter
[[ ! $network ]] || ip link del br0
done_testing
