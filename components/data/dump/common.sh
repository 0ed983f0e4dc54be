# What every program here begins with. From the environment: PGHOST, PGUSER, PGDATABASE; DUMPS, the folder of all dumps.
set -eu
umask 077
programs=${0%/*}
export PGCONNECT_TIMEOUT=10 PGPASSFILE=/tmp/pgpass PGOPTIONS='-c client_min_messages=warning'

# libpq reads a password file only where nobody else may.
if [ ! -s "$PGPASSFILE" ] && [ -e /run/secrets/pgpass ]; then
  cp /run/secrets/pgpass "$PGPASSFILE.$$" && mv "$PGPASSFILE.$$" "$PGPASSFILE"
fi

fail() { echo "$*" >&2; exit 1; }

# Asks the database, or with `-d NAME` another one.
sql() { psql -XqAt -v ON_ERROR_STOP=1 "$@"; }

# Fails unless more KiB are free than needed: require_disk FREE NEEDED PURPOSE. Postgres stops where its disk is full.
require_disk() {
  [ -z "$1" ] || [ "$1" -gt "$2" ] || fail "disk nearly full: $(($1 / 1024)) MiB free, $(($2 / 1024)) MiB needed for $3"
}

# KiB free for dumps.
dumps_free() { df -Pk "$DUMPS" | awk 'NR == 2 { print $4 }'; }

# KiB free for the server's data; nothing where somebody else runs it and this user may not ask.
server_free() {
  sql -d postgres -c "
    create temporary table disk (line text);
    copy disk from program 'df -Pk . | tail -n 1';
    select (regexp_split_to_array(line, ' +'))[4] from disk" 2>/dev/null || true
}

# Fails unless the server has room for a database of so many bytes of text, and for its indexes: require_room BYTES
require_room() { require_disk "$(server_free)" "$(($1 * 2 / 1024 + 65536))" "the restored database"; }

# One dump or restore at a time, whichever container runs it.
take_turn() {
  exec 9>"$DUMPS/.lock"
  flock -w "${PATIENCE:-600}" 9 || fail "another backup or restore is running"
  rm -f "$DUMPS"/.*.unfinished "$DUMPS"/.*.unfinished.part
  sql -d postgres -c "select datname from pg_database where datname ~ '^litellm_(scratch|restore)_'" | drop_all
}

# Deletes the databases whose names come in.
drop_all() { while read -r database; do dropdb --if-exists --force "$database"; done; }
