#!/bin/sh
# Puts a dump in the database's place, or leaves all as it was: restore.sh NAME drop-old|keep-old GO_AHEAD
# Prints a line before each step, and the name that the old database has at the end. Before the swap it waits for a new
# file GO_AHEAD: who started it and is gone, by Ctrl-C or with the connection, makes none.
. "${0%/*}/common.sh"
go_ahead=${3:?the name of the file of the go-ahead is missing}
export DUMP="$DUMPS/$1.dump" MANIFEST="$DUMPS/$1.json"
time=$(date -u +%Y%m%dt%H%M%Sz)
new=litellm_restore_$time old=litellm_before_restore_$time

echo "waiting for other backups and restores"
take_turn
trap 'rm -f "$go_ahead"; echo "$new" | drop_all' EXIT
trap 'exit 1' INT TERM

echo "reading the dump"
expected=$(sed -n 's/.*"sha256": *"\([0-9a-f]*\)".*/\1/p' "$MANIFEST")
[ "$(sha256sum <"$DUMP" | cut -c1-64)" = "$expected" ] || fail "the dump is not what its manifest says: its sha256 differs"
require_room "$(pg_restore --file=- "$DUMP" | wc -c)"

echo "restoring beside the live database, and counting rows"
sh "$programs/load.sh" "$new"
vacuumdb --quiet --analyze-only "$new"

# Both names change in one transaction. It needs a database without connections, and clients come back at once.
echo "taking the live database's place"
swap() {
  sql -d postgres -c "
    select pg_terminate_backend(pid) from pg_stat_activity where datname in ('$PGDATABASE', '$new');
    alter database $PGDATABASE rename to $old;
    alter database $new rename to $PGDATABASE;" >/dev/null
}
patience=${GO_AHEAD_SECONDS:-60}
until [ -e "$go_ahead" ]; do
  patience=$((patience - 1))
  [ "$patience" -ge 0 ] || fail "no go-ahead: whoever started this is gone, and the live database stays"
  sleep 1
done
tries=20
until swap; do
  tries=$((tries - 1))
  [ "$tries" -gt 0 ] || fail "connections to the live database could not be closed"
  sleep 1
done

if [ "$2" = drop-old ]; then
  echo "$old" | drop_all || fail "the database is that of $1; the old one, $old, could not be dropped"
fi
echo "$old"
