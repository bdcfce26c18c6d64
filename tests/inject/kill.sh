#!/bin/bash
# kill.sh  whoever is killed at a system call of a start or a join: see points.py
# timeout: 7200
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/inject/prepare.sh
. "${0%/*}/prepare.sh"

disturb kill new user driver join nsenter
done_testing
