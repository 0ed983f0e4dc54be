#!/bin/sh
# Runs redis-server as the user redis when it was started as root, and any other command as it is.
set -eu

case "${1:-}" in
  -* | *.conf) set -- redis-server "$@" ;;
esac

if [ "${1:-}" = redis-server ] && [ "$(id -u)" = 0 ]; then
  # The directory as a whole changes hands once: root without CAP_DAC_OVERRIDE could not look inside later.
  if [ "$(stat -c %u .)" != "$(id -u redis)" ]; then chown -R redis:redis .; fi
  exec setpriv --reuid=redis --regid=redis --clear-groups "$0" "$@"
fi

# Data files are nobody else's to read.
umask 077
exec "$@"
