#!/bin/sh
# Make sure that a Chromium is there. Without one the browser tests fail, and say what to do.
set -u

for name in ${CHROMIUM:-} chromium chromium-browser google-chrome-stable google-chrome; do
  if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done

if [ "$(id -u)" = 0 ]; then
  as_root=""
elif sudo -n true 2>/dev/null; then
  as_root="sudo -n"
else
  as_root="none"
fi

if [ "$as_root" != none ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing Chromium by apt-get (once) …"
  export DEBIAN_FRONTEND=noninteractive
  # The package lists of a fresh container are empty.
  if $as_root apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null 2>&1 ||
    { $as_root apt-get update -qq >/dev/null &&
      $as_root apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null; }
  then
    exit 0
  fi
fi

echo "No Chromium was found, and it could not be installed. The browser tests will fail." >&2
echo "Install it (Debian: apt-get install chromium), or name one: CHROMIUM=/path/to/chrome." >&2
exit 0
