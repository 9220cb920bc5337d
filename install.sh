#!/bin/sh
# Installs mai, or brings it up to date: one file, checked against its published SHA-256, tried, then moved into place.
#
#   curl -fsSL https://github.com/mai-cli/mai/releases/latest/download/install.sh | sh
#   sh install.sh --uninstall
#
# MAI_INSTALL_DIR  where to put it                            (~/.local/bin)
# MAI_VERSION      which version, as 2.0.0                    (the latest)
# MAI_TARGET       which build, as linux-x64-musl             (what this machine is)
# MAI_BASE_URL     the directory with SHA256SUMS and the archives: https://, http:// or file:///
#
# It asks for no password, changes no other file, and only ever writes below MAI_INSTALL_DIR.

releases=https://github.com/mai-cli/mai/releases

main() {
  set -eu
  umask 022
  case ${1-} in
    '') install ;;
    --uninstall) uninstall ;;
    -h | --help) usage ;;
    *)
      usage >&2
      exit 64
      ;;
  esac
}

usage() {
  cat <<'END'
usage: sh install.sh [--uninstall]
  MAI_INSTALL_DIR   where to put mai (~/.local/bin)
  MAI_VERSION       which version (the latest)
  MAI_TARGET        linux-x64, linux-arm64, linux-x64-musl, linux-arm64-musl, darwin-x64, darwin-arm64
  MAI_BASE_URL      the directory with SHA256SUMS and the archives: https://, http:// or file:///
END
}

fail() {
  printf 'mai was not installed: %s\n' "$1" >&2
  exit 1
}

# Nothing here uses /dev/null: the barest containers have none.
has() {
  [ -n "$(command -v "$1")" ]
}

install() {
  choose_directory
  choose_target
  choose_source
  make_staging
  name=mai-$target
  archive=$name.tar.gz
  fetch SHA256SUMS
  fetch "$archive"
  verify_archive
  tar -xzf "$staging/$archive" -C "$staging" "$name/mai" || fail "$archive could not be unpacked"
  try_program "$staging/$name/mai"
  # A rename: whoever runs the old file keeps it, and nobody ever sees half of the new one.
  mv -f "$staging/$name/mai" "$directory/mai" || fail "cannot write $directory/mai"
  printf '%s is installed: %s/mai\n' "$answer" "$directory"
  hint_at_path
  hint_at_completions
}

uninstall() {
  choose_directory
  [ ! -d "$directory/mai" ] || fail "$directory/mai is a directory"
  if [ ! -e "$directory/mai" ] && [ ! -L "$directory/mai" ]; then
    printf 'Nothing to remove: there is no %s/mai\n' "$directory"
    return
  fi
  rm -f "$directory/mai" || fail "cannot remove $directory/mai"
  printf 'Removed %s/mai. Projects (.mai, async) and ~/.mai-cli were left as they are.\n' "$directory"
}

choose_directory() {
  directory=${MAI_INSTALL_DIR-}
  if [ -z "$directory" ]; then
    [ -n "${HOME-}" ] || fail 'HOME is not set; say where to install with MAI_INSTALL_DIR'
    directory=$HOME/.local/bin
  fi
  case $directory in
    /*) ;;
    *) directory=$(pwd)/$directory ;;
  esac
}

choose_target() {
  target=${MAI_TARGET-}
  [ -n "$target" ] || detect_target
  case $target in
    linux-x64 | linux-arm64 | linux-x64-musl | linux-arm64-musl | darwin-x64 | darwin-arm64) ;;
    *) fail "there is no build '$target'; see sh install.sh --help" ;;
  esac
}

detect_target() {
  system=$(uname -s)
  machine=$(uname -m)
  case $machine in
    x86_64 | amd64) cpu=x64 ;;
    aarch64 | arm64) cpu=arm64 ;;
    *) fail "there is no build for $system on $machine" ;;
  esac
  case $system in
    Linux) detect_linux ;;
    Darwin) detect_darwin ;;
    *) fail "there is no build for $system; on Windows, run this inside WSL" ;;
  esac
}

detect_linux() {
  if has getconf && [ "$(getconf LONG_BIT 2>&1)" = 32 ]; then
    fail "this is a 32-bit system on a $machine kernel, and the builds are 64-bit"
  fi
  target=linux-$cpu
  if is_musl; then target=$target-musl; fi
}

# A system may hold the loaders of both C libraries, so ask the one in use first.
is_musl() {
  if has ldd; then
    case $(ldd --version 2>&1 || :) in
      *musl*) return 0 ;;
      *GLIBC* | *GNU*) return 1 ;;
    esac
  fi
  for loader in /lib64/ld-linux-*.so.* /lib/ld-linux-*.so.*; do
    [ ! -e "$loader" ] || return 1
  done
  for loader in /lib/ld-musl-*.so.*; do
    [ ! -e "$loader" ] || return 0
  done
  return 1
}

# Under Rosetta a shell that was built for Intel is told x86_64 on an Apple processor.
detect_darwin() {
  if [ "$cpu" = x64 ] && [ "$(sysctl -n sysctl.proc_translated 2>&1 || :)" = 1 ]; then
    cpu=arm64
  fi
  target=darwin-$cpu
}

choose_source() {
  version=${MAI_VERSION-}
  version=${version#v}
  case $version in
    *[!0-9A-Za-z.+-]*) fail "MAI_VERSION '$version' is no version" ;;
    '') base=$releases/latest/download ;;
    *) base=$releases/download/v$version ;;
  esac
  base=${MAI_BASE_URL:-$base}
  base=${base%/}
  case $base in
    https://* | http://*)
      has curl || has wget || fail 'neither curl nor wget is there to download with'
      ;;
    file:///*) ;;
    *) fail "MAI_BASE_URL '$base' begins with none of https://, http://, file:///" ;;
  esac
  has tar || fail 'tar is not there to unpack with'
  has gzip || has gunzip || fail 'gzip is not there to unpack with'
  if ! has sha256sum && ! has shasum && ! has openssl; then
    fail 'none of sha256sum, shasum and openssl is there to check the download with'
  fi
}

# Beside the target: the last step is then a rename, and a file system that runs no programs shows before it.
make_staging() {
  [ ! -d "$directory/mai" ] || fail "$directory/mai is a directory"
  mkdir -p "$directory" || fail "cannot make $directory; choose another place with MAI_INSTALL_DIR"
  staging=$(mktemp -d "$directory/.mai-install.XXXXXX") ||
    fail "cannot write to $directory; choose another place with MAI_INSTALL_DIR"
  trap 'rm -rf "$staging"' EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

fetch() {
  case $base in
    file://*) cp "${base#file://}/$1" "$staging/$1" ;;
    *) download "$base/$1" >"$staging/$1" ;;
  esac || fail "$base/$1 could not be had${version:+ (is $version a version that was released?)}"
}

# curl is held to https after redirects too, unless the address itself says http.
download() {
  printf 'Downloading %s\n' "$1" >&2
  if has curl; then
    case $1 in
      https://*) curl -fsSL --proto =https --retry 2 "$1" ;;
      *) curl -fsSL --proto =http,https --retry 2 "$1" ;;
    esac
  else
    wget -q -O - "$1"
  fi
}

verify_archive() {
  expected=$(published_digest)
  case $expected in
    '' | *[!0-9a-f]*) fail "SHA256SUMS has no digest of $archive" ;;
  esac
  [ "${#expected}" -eq 64 ] || fail "SHA256SUMS has no digest of $archive"
  actual=$(digest_of "$staging/$archive") || fail "the digest of $archive could not be computed"
  [ "$actual" = "$expected" ] || fail "$archive is not the file that was published: its SHA-256 is $actual, not $expected"
}

published_digest() {
  while read -r digest file; do
    case $file in
      "$archive" | "*$archive") printf '%s' "$digest" && return ;;
    esac
  done <"$staging/SHA256SUMS"
}

digest_of() {
  if has sha256sum; then
    sha256sum <"$1" | cut -c 1-64
  elif has shasum; then
    shasum -a 256 <"$1" | cut -c 1-64
  else
    openssl dgst -sha256 -r <"$1" | cut -c 1-64
  fi
}

try_program() {
  if ! answer=$(: | "$1" --version 2>&1); then
    case $answer in
      *libstdc++*)
        printf 'mai needs the C++ library here. Add it, then install again:\n  apk add libstdc++\n' >&2
        ;;
    esac
    fail "the program for $target does not run here: $answer"
  fi
  case $version:" $answer " in
    :* | *:*" $version "*) ;;
    *) fail "$base holds '$answer', not version $version" ;;
  esac
  case $answer in
    mai*) ;;
    *) answer="mai $answer" ;;
  esac
}

hint_at_path() {
  case :${PATH-}: in
    *:"$directory":*)
      first=$(command -v mai || :)
      [ "$first" = "$directory/mai" ] || printf 'Note: your shell finds another mai first: %s\n' "$first"
      ;;
    *)
      printf 'It is not on your PATH yet. Add it with the line for your shell:\n'
      # shellcheck disable=SC2016 # $PATH is for the reader's shell.
      printf '  export PATH="%s:$PATH"\n  fish_add_path %s\n' "$directory" "$directory"
      ;;
  esac
}

hint_at_completions() {
  shell=${SHELL-}
  # shellcheck disable=SC2016 # $(…) is for the reader's shell.
  case ${shell##*/} in
    bash) printf 'To complete commands and ids, put into ~/.bashrc: eval "$(mai completions bash)"\n' ;;
    zsh) printf 'To complete commands and ids, put into ~/.zshrc after compinit: eval "$(mai completions zsh)"\n' ;;
    fish) printf 'To complete commands and ids: mai completions fish > ~/.config/fish/completions/mai.fish\n' ;;
    *) printf 'Completions for bash, zsh and fish: mai completions SHELL\n' ;;
  esac
}

{ main "$@"; }
