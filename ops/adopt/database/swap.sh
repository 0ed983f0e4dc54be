# Puts a database in the live one's place, and prints the name that the old one has then: swap.sh DATABASE
# shellcheck shell=sh disable=SC1091
. "${0%/*}/common.sh"
old=${PGDATABASE}_before_restore_$(date -u +%Y%m%dt%H%M%Sz)
swap() {
  sql -d postgres -c "
    select pg_terminate_backend(pid) from pg_stat_activity where datname in ('$PGDATABASE', '$1');
    alter database $PGDATABASE rename to $old;
    alter database $1 rename to $PGDATABASE;" >/dev/null
}
tries=20
until swap "$1"; do
  tries=$((tries - 1))
  [ "$tries" -gt 0 ] || fail "connections to the live database could not be closed"
  sleep 1
done
echo "$old"
