#!/bin/bash
# fail.sh  whichever system call of a start or a join fails: see points.py
# timeout: 7200
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/inject/prepare.sh
. "${0%/*}/prepare.sh"

disturb fail new user terminal driver join nsenter
done_testing
