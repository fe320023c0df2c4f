#!/usr/bin/env bash
# The programs that `make test-tools` drives Kuberik with: kubectl and skopeo. What is on PATH is used as it is;
# what is missing comes from Debian's archive.
set -eu

# install COMMAND PACKAGE
install() {
  command -v "$1" >/dev/null && return
  if ! command -v apt-get >/dev/null; then
    echo "$1 is missing: install it and run this again (on Debian and Ubuntu this script does it)" >&2
    exit 1
  fi
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then as_root=(sudo -n); fi
  echo "Installing $2 (for $1)"
  if [ -z "${updated-}" ]; then
    "${as_root[@]}" apt-get update -qq
    updated=1
  fi
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$2" >/dev/null
}

install kubectl kubernetes-client
install skopeo skopeo
