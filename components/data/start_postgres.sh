#!/bin/sh
# Makes the database cluster on the first start, then becomes the server, the command that follows.
#
# Environment: PGDATA, and POSTGRES_USER, POSTGRES_DB, POSTGRES_PASSWORD_FILE and POSTGRES_INITDB_ARGS as the official
# image has them. That image's own entrypoint takes a folder with a PG_VERSION for a whole cluster, which initdb writes
# before there is a database: after a kill in between it never makes one.
# Here a cluster is made in $PGDATA/.new and moved into place when it is whole, its PG_VERSION last. After a kill the next
# start finds no PG_VERSION, and finishes the move or makes the cluster anew.
set -eu
new=$PGDATA/.new

make_cluster() {
  rm -rf "$new"
  # The arguments are words of their own.
  # shellcheck disable=SC2086
  initdb --pgdata="$new" --username="$POSTGRES_USER" --pwfile="$POSTGRES_PASSWORD_FILE" ${POSTGRES_INITDB_ARGS:-}
  printf '\nhost all all all scram-sha-256\n' >>"$new/pg_hba.conf"
  # Single-user mode needs no socket and no login.
  printf 'CREATE DATABASE "%s"\n' "$POSTGRES_DB" | postgres --single -j -D "$new" postgres >/dev/null
  sync
  touch "$new/.whole"
}

move_cluster() {
  for entry in "$new"/*; do
    if [ "$entry" != "$new/PG_VERSION" ]; then mv -T "$entry" "$PGDATA/${entry##*/}"; fi
  done
  sync
  if [ -e "$new/PG_VERSION" ]; then mv "$new/PG_VERSION" "$PGDATA/PG_VERSION"; fi
  sync
}

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  chmod 700 "$PGDATA"
  if [ ! -e "$new/.whole" ]; then make_cluster; fi
  move_cluster
fi
rm -rf "$new"
exec "$@"
