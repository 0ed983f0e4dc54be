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

# One dump or restore at a time, whichever container runs it.
take_turn() {
  exec 9>"$DUMPS/.lock"
  flock -w "${PATIENCE:-600}" 9 || fail "another backup or restore is running"
  rm -f "$DUMPS"/.*.unfinished "$DUMPS"/.*.unfinished.part
  sql -d postgres -c "select datname from pg_database where datname ~ '^litellm_(scratch|restore)_'" | drop_all
}

# Deletes the databases whose names come in.
drop_all() { while read -r database; do dropdb --if-exists --force "$database"; done; }
