# Restores a dump that pg_dump made into a new database: load.sh DATABASE FILE FORM
# shellcheck shell=sh disable=SC1091
# Owners and rights of the old server are left out: their roles do not exist here.
. "${0%/*}/common.sh"
database=$1 file=$2 form=$3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
errors=$folder/errors unread=$folder/unread

# Prints the dump as SQL.
text() {
  case $form in
    custom) pg_restore --file=- "$file" ;;
    plain) cat "$file" ;;
    gzip) gunzip -c "$file" ;;
  esac
}

# A container that is older than this program has no such check.
! command -v require_room >/dev/null || require_room "$(text 2>/dev/null | wc -c)"

createdb --template=template0 "$database"
status=0
# pg_restore ends with 1 where it went on after an error, and psql with 0; which errors may be, is asked below.
case $form in
  custom) pg_restore --no-owner --no-privileges --dbname="$database" "$file" 2>"$errors" || status=$(($? - 1)) ;;
  *) { text || touch "$unread"; } | psql -Xq -d "$database" >/dev/null 2>"$errors" || status=$? ;;
esac
found=$(sed -n 's/.*\(ERROR\|FATAL\|pg_restore: error\): */\1: /p; /invalid command/p' "$errors" | sed 's/.*ERROR: */ERROR: /' | grep -v \
  -e 'role ".*" does not exist' \
  -e 'unrecognized configuration parameter' \
  -e 'schema "public" already exists' \
  -e 'extension ".*" does not exist' \
  -e 'invalid command \\\(un\)\{0,1\}restrict' | head -n 1 || true)
[ -z "$found" ] || fail "the dump cannot be restored: $found"
# From 128 on a signal ended the program.
[ "$status" -lt 127 ] || fail "the dump was not restored to its end: its program was killed"
[ "$status" -eq 0 ] || fail "the dump was not restored to its end: $(tail -n 1 "$errors")"
[ ! -e "$unread" ] || fail "the dump cannot be read to its end"
[ "$(sql -d "$database" -c "select to_regclass('public.\"LiteLLM_VerificationToken\"') is not null")" = t ] ||
  fail "the dump is not of a LiteLLM database: schema public has no table LiteLLM_VerificationToken"
vacuumdb --quiet --analyze-only "$database"
