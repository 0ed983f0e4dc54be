#!/bin/bash
# Makes the database cluster on the first start, steps down from root, and runs the command.
#
# Environment: POSTGRES_USER (default postgres), POSTGRES_DB (default: the user's name), POSTGRES_PASSWORD_FILE or
# POSTGRES_PASSWORD, POSTGRES_INITDB_ARGS, PGDATA. All but PGDATA are read on the first start only.
#
# A cluster is made in $PGDATA/.new and moved into place when whole, its PG_VERSION last. An interrupted first start
# therefore leaves no PG_VERSION, and the next start finishes the move or makes the cluster anew.
set -Eeuo pipefail
shopt -s dotglob nullglob

fail() { echo "docker-entrypoint.sh: $*" >&2; exit 1; }

# Opens the password for reading on descriptor 3: as root it may be readable, later not, and the environment would show it.
open_password() {
  if [[ -n ${POSTGRES_PASSWORD_FILE:-} ]]; then
    exec 3<"$POSTGRES_PASSWORD_FILE"
  elif [[ -n ${POSTGRES_PASSWORD:-} ]]; then
    exec 3<<<"$POSTGRES_PASSWORD"
  fi
}

step_down() {
  mkdir -p "$PGDATA" /run/postgresql
  [[ $(stat -c %u "$PGDATA") == "$(id -u postgres)" ]] || chown -R postgres:postgres "$PGDATA"
  # A tmpfs that everyone may write to serves as well; the server says so when it cannot make its socket.
  chown postgres:postgres /run/postgresql 2>/dev/null || true
  open_password
  exec setpriv --reuid=postgres --regid=postgres --clear-groups "${BASH_SOURCE[0]}" "$@"
}

# initdb wants a name for the user it runs as.
name_user() {
  getent passwd "$(id -u)" >/dev/null && return
  local directory
  directory=$(mktemp -d)
  echo "postgres:x:$(id -u):$(id -g):PostgreSQL:$PGDATA:/bin/false" >"$directory/passwd"
  echo "postgres:x:$(id -g):" >"$directory/group"
  export LD_PRELOAD=libnss_wrapper.so NSS_WRAPPER_PASSWD=$directory/passwd NSS_WRAPPER_GROUP=$directory/group
}

forget_user() {
  [[ -z ${NSS_WRAPPER_PASSWD:-} ]] || rm -r "$(dirname "$NSS_WRAPPER_PASSWD")"
  unset LD_PRELOAD NSS_WRAPPER_PASSWD NSS_WRAPPER_GROUP
}

make_cluster() {
  local new=$1 user=${POSTGRES_USER:-postgres} password=
  local database=${POSTGRES_DB:-$user}
  { read -r password <&3 || true; } 2>/dev/null
  [[ -n $password ]] || fail "the first start needs a password in the file that POSTGRES_PASSWORD_FILE names"

  local -a arguments
  read -ra arguments <<<"${POSTGRES_INITDB_ARGS:-}"
  initdb --pgdata="$new" --username="$user" --pwfile=<(printf '%s\n' "$password") "${arguments[@]}"
  printf '\nhost all all all scram-sha-256\n' >>"$new/pg_hba.conf"
  if [[ $database != postgres ]]; then
    # Single-user mode needs no socket and no login.
    printf 'CREATE DATABASE "%s"\n' "${database//\"/\"\"}" | postgres --single -j -D "$new" postgres >/dev/null
  fi
  sync
  touch "$new/.whole"
}

move_cluster() {
  local new=$1 entry
  for entry in "$new"/*; do
    case ${entry##*/} in PG_VERSION | .whole) ;; *) mv -T "$entry" "$PGDATA/${entry##*/}" ;; esac
  done
  sync
  if [[ -e $new/PG_VERSION ]]; then mv "$new/PG_VERSION" "$PGDATA/PG_VERSION"; fi
  rm -r "$new"
}

first_start() {
  local new=$PGDATA/.new entry
  for entry in "$PGDATA"/*; do
    [[ $entry == */.new || $entry == */lost+found || -e $new/.whole ]] ||
      fail "$PGDATA is not empty and holds no database cluster; empty it or set PGDATA to another directory"
  done
  chmod 700 "$PGDATA" || fail "$PGDATA must belong to the user $(id -u)"
  if [[ ! -e $new/.whole ]]; then
    rm -rf "$new"
    name_user
    make_cluster "$new"
    forget_user
  fi
  move_cluster "$new"
}

case ${1:-} in -*) set -- postgres "$@" ;; esac
if [[ ${1:-} == postgres ]]; then
  [[ $(id -u) != 0 ]] || step_down "$@"
  if [[ ! -s $PGDATA/PG_VERSION ]]; then
    [[ -e /dev/fd/3 ]] || open_password
    first_start
  fi
  exec 3<&-
  unset POSTGRES_PASSWORD
fi
exec "$@"
