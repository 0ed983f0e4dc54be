#!/bin/sh
# Dumps the database and proves the dump by restoring it; one that cannot be restored is deleted: dump.sh REASON [COMMIT]
# Prints a line before each step, and the dump's name at the end. NAME.dump has its manifest beside it, NAME.json.
. "${0%/*}/common.sh"
export REASON=$1 COMMIT=${2:-} SERVING=$IMAGE

echo "waiting for other backups and restores"
take_turn
if [ "$REASON" = before-migration ]; then
  [ "$(sql -c "select to_regclass('public._prisma_migrations') is not null")" = t ] || { echo "no schema yet: nothing to dump"; exit; }
  SERVING=$(cat "$DUMPS/.image" 2>/dev/null || true)
  export NEXT_IMAGE=$IMAGE
fi

# The scratch database mostly fills the same disk.
size=$(sql -c "select pg_database_size(current_database()) / 1024")
require_disk "$(dumps_free)" "$((size * 2 + 65536))" "a dump and its proof"
require_disk "$(server_free)" "$((size + 65536))" "the proof of a dump"

TAKEN=$(date -u +%Y%m%dT%H%M%SZ)
while [ -e "$DUMPS/$TAKEN-$REASON.dump" ]; do sleep 1; TAKEN=$(date -u +%Y%m%dT%H%M%SZ); done
name=$TAKEN-$REASON
export TAKEN DUMP="$DUMPS/.$name.dump.unfinished" MANIFEST="$DUMPS/.$name.json.unfinished"
scratch=litellm_scratch_$(echo "$TAKEN" | tr '[:upper:]' '[:lower:]')
trap 'rm -f "$DUMPS/.$name".*.unfinished "$DUMP.part"; echo "$scratch" | drop_all' EXIT
trap 'exit 1' INT TERM

echo "dumping, and counting rows"
sql -f "$programs/dump.sql" >"$MANIFEST"
echo "proving the dump in a scratch database"
sh "$programs/load.sh" "$scratch"
echo "$scratch" | drop_all
mv "$DUMP" "$DUMPS/$name.dump"
mv "$MANIFEST" "$DUMPS/$name.json"

if [ "$REASON" != before-migration ]; then
  sql -d postgres -c "select datname from pg_database where datname ~ '^litellm_before_restore_'" | drop_all
fi
[ -z "${KEEP:-}" ] || sh "$programs/prune.sh"
echo "$name"
