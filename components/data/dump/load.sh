#!/bin/sh
# Restores the file DUMP into a new database and compares its rows with MANIFEST's; fails without it: load.sh DATABASE
. "${0%/*}/common.sh"
createdb --template=template0 "$1"
pg_restore --exit-on-error --no-owner --dbname="$1" "$DUMP" || fail "the dump cannot be restored"
differences=$(sql -d "$1" -f "$programs/compare.sql")
[ -z "$differences" ] || fail "the dump does not hold what was counted: $differences"
