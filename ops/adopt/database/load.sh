# Restores a dump that pg_dump made into a new database: load.sh DATABASE FILE FORM
# shellcheck shell=sh disable=SC1091
# Owners and rights of the old server are left out: their roles do not exist here.
. "${0%/*}/common.sh"
database=$1 file=$2 form=$3 errors=/tmp/adopt-errors

createdb --template=template0 "$database"
case $form in
  custom) pg_restore --no-owner --no-privileges --dbname="$database" "$file" 2>"$errors" || true ;;
  plain) psql -Xq -d "$database" -f "$file" >/dev/null 2>"$errors" || true ;;
  gzip) gunzip -c "$file" | psql -Xq -d "$database" >/dev/null 2>"$errors" || true ;;
esac
found=$(sed -n 's/.*\(ERROR\|FATAL\|pg_restore: error\): */\1: /p; /invalid command/p' "$errors" | sed 's/.*ERROR: */ERROR: /' | grep -v \
  -e 'role ".*" does not exist' \
  -e 'unrecognized configuration parameter' \
  -e 'schema "public" already exists' \
  -e 'extension ".*" does not exist' \
  -e 'invalid command \\\(un\)\{0,1\}restrict' | head -n 1 || true)
rm -f "$errors"
[ -z "$found" ] || fail "the dump cannot be restored: $found"
[ "$(sql -d "$database" -c "select to_regclass('public.\"LiteLLM_VerificationToken\"') is not null")" = t ] ||
  fail "the dump is not of a LiteLLM database: schema public has no table LiteLLM_VerificationToken"
vacuumdb --quiet --analyze-only "$database"
