#!/usr/bin/env bash
# The programs that the tests drive Kuberik with, as Debian packages them; what is on PATH is used as it is.
#   install-tools.sh            kubectl and skopeo, for `make test-tools`
#   install-tools.sh cluster    what the real control plane is built and run with
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

case "${1-}" in
  cluster)
    command -v go >/dev/null || { echo "go is missing: install Go 1.25 or newer, any way you like" >&2; exit 1; }
    install openssl openssl
    install setpriv util-linux
    install skopeo skopeo
    ;;
  *)
    install kubectl kubernetes-client
    install skopeo skopeo
    ;;
esac
