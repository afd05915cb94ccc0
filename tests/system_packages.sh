#!/bin/sh
# tests/system_packages.sh COMMAND=PACKAGE ...
#
# Sees to it that each command is there: as root on Debian it installs the package that brings it, elsewhere it says
# what to install. For tests alone: the pipeline itself needs nothing but Python.
set -eu
missing=
for need in "$@"; do
    command -v "${need%%=*}" > /dev/null || missing="$missing ${need#*=}"
done
[ -z "$missing" ] && exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get > /dev/null; then
    echo "These tests need$missing (Debian's names): install them and run again." >&2
    exit 1
fi
echo "Installing$missing"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086  # a list of words
apt-get install -y -qq --no-install-recommends $missing > /dev/null
