#!/bin/sh
# Runs HAProxy in the foreground under its master process, and any other command as it is.
set -eu

case "${1:-}" in
  -*) set -- haproxy "$@" ;;
esac

if [ "${1:-}" = haproxy ]; then
  shift
  set -- haproxy -W -db "$@"
fi
exec "$@"
