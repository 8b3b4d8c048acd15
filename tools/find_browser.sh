#!/bin/sh
# The browser tests need Chromium. On Debian as root it is installed; elsewhere one line says what to do.
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -q >/dev/null
  exec apt-get install -qy --no-install-recommends -o DPkg::Lock::Timeout=120 chromium fonts-dejavu-core >/dev/null
fi
echo "Chromium was not found: install your system's package 'chromium' to run the browser tests."
[ "${CI:-}" != true ]
