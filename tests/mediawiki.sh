#!/bin/sh
# Make sure that Debian's MediaWiki and PHP with SQLite are there, or say what to do.
set -u

there() { [ -f /usr/share/mediawiki/maintenance/install.php ] && php -m 2>/dev/null | grep -qi '^pdo_sqlite$'; }

if there; then exit 0; fi

if [ "$(id -u)" = 0 ]; then
  as_root=""
elif sudo -n true 2>/dev/null; then
  as_root="sudo -n"
else
  as_root="none"
fi

packages="mediawiki php-cli php-sqlite3 php-mbstring php-xml php-intl"
if [ "$as_root" != none ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing MediaWiki by apt-get (once) …"
  export DEBIAN_FRONTEND=noninteractive
  # The package lists of a fresh container are empty.
  if $as_root apt-get install -y -qq --no-install-recommends $packages >/dev/null 2>&1 ||
    { $as_root apt-get update -qq >/dev/null &&
      $as_root apt-get install -y -qq --no-install-recommends $packages >/dev/null; }
  then
    if there; then exit 0; fi
  fi
fi

echo "No MediaWiki was found, and it could not be installed: the tests of Wikipedia need it." >&2
echo "Install it (Debian: apt-get install $packages)." >&2
exit 1
