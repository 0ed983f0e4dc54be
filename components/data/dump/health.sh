#!/bin/sh
# Succeeds while no dump is overdue: GRACE seconds after it was due there has to be one.
set -eu
due=$(cat "${DUE:-/tmp/due}" 2>/dev/null || true)
[ -z "$due" ] || [ "$(date +%s)" -lt "$((due + GRACE))" ] || {
  echo "no dump since the one that was due at $(date -u -d "@$due" +%Y-%m-%dT%H:%M:%SZ)"
  exit 1
}
