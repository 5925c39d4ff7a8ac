#!/bin/sh
# Make sure that a Java is there on which Spark runs (17 or later), or say what to do.
set -u

recent() {
  version=$("$1" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p' | head -n 1)
  [ -n "$version" ] && [ "$version" -ge 17 ]
}

if recent "${JAVA_HOME:+$JAVA_HOME/bin/}java"; then exit 0; fi

if [ "$(id -u)" = 0 ]; then
  as_root=""
elif sudo -n true 2>/dev/null; then
  as_root="sudo -n"
else
  as_root="none"
fi

if [ "$as_root" != none ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing Java 17 by apt-get (once) …"
  export DEBIAN_FRONTEND=noninteractive
  # The package lists of a fresh container are empty.
  if $as_root apt-get install -y -qq --no-install-recommends openjdk-17-jre-headless >/dev/null 2>&1 ||
    { $as_root apt-get update -qq >/dev/null &&
      $as_root apt-get install -y -qq --no-install-recommends openjdk-17-jre-headless >/dev/null; }
  then
    if recent java; then exit 0; fi
  fi
fi

echo "No Java 17 was found, and it could not be installed: Spark does not run without it." >&2
echo "Install it (Debian: apt-get install openjdk-17-jre-headless), or name one: JAVA_HOME=/path." >&2
exit 1
