#!/usr/bin/env bash
# Finds the program for the action: one that is named, the released one for this platform, or one built from the action's own checkout.
#
#   install.sh find     says `program=…`, or `build=true` with `folder=…` and `key=…` when it has to be built
#   install.sh build    builds it in FIELDGATE_FOLDER and says `program=…`
#
# A released file is taken only when its SHA-256 is the one in checksums.txt beside this script: a checksum that lies beside the file proves nothing.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
out=${GITHUB_OUTPUT:-/dev/stdout}

say() { printf '%s\n' "$1=$2" >>"$out"; }
fail() { printf '::error title=fieldgate::%s\n' "$1"; exit 2; }

sha256() {
    if command -v sha256sum >/dev/null 2>&1; then sha256sum "$@"; else shasum -a 256 "$@"; fi | cut -d ' ' -f 1
}

target() {
    case "${RUNNER_OS:-$(uname -s)}/${RUNNER_ARCH:-$(uname -m)}" in
        Linux/X64 | Linux/x86_64) echo x86_64-unknown-linux-musl ;;
        Linux/ARM64 | Linux/aarch64) echo aarch64-unknown-linux-musl ;;
        macOS/X64 | Darwin/x86_64) echo x86_64-apple-darwin ;;
        macOS/ARM64 | Darwin/arm64) echo aarch64-apple-darwin ;;
        Windows/X64) echo x86_64-pc-windows-msvc ;;
        *) echo unknown ;;
    esac
}

# What the program is built from, as one hash.
sources() {
    (cd "$root" && find Cargo.toml Cargo.lock build.rs src rules fixtures/example -type f | LC_ALL=C sort | while IFS= read -r file; do
        printf '%s %s\n' "$(sha256 "$file")" "$file"
    done) | sha256
}

program_name() { if [ "${RUNNER_OS:-}" = Windows ]; then echo fieldgate.exe; else echo fieldgate; fi; }

released() {
    local target=$1 line sum file version folder url protocols='=https'
    line=$(grep -E "^[0-9a-f]{64}  fieldgate-v[0-9A-Za-z.+-]+-$target\.(tar\.gz|zip)$" "$here/checksums.txt" | tail -n 1) || return 1
    sum=${line%%  *}
    file=${line#*  }
    version=${file#fieldgate-}
    version=${version%-"$target".*}
    folder=${RUNNER_TOOL_CACHE:-${RUNNER_TEMP:-/tmp}}/fieldgate/$version/$target
    if [ -x "$folder/$(program_name)" ]; then
        say program "$folder/$(program_name)"
        return 0
    fi
    url=${FIELDGATE_DOWNLOADS:-${GITHUB_SERVER_URL:-https://github.com}/${FIELDGATE_ACTION_REPOSITORY:?}/releases/download}/$version/$file
    # Only a place of one's own may be without TLS; the checksum decides in any case.
    [ -z "${FIELDGATE_DOWNLOADS:-}" ] || protocols='=https,http'
    mkdir -p "$folder"
    if ! curl --proto "$protocols" --tlsv1.2 --fail --silent --show-error --location --retry 5 --output "$folder/$file" -- "$url"; then
        rm -f "$folder/$file"
        return 1
    fi
    if [ "$(sha256 "$folder/$file")" != "$sum" ]; then
        rm -f "$folder/$file"
        fail "$file is not the file that was released: its SHA-256 is another one"
    fi
    case "$file" in
        *.zip) unzip -q -o "$folder/$file" -d "$folder" ;;
        *) tar -xzf "$folder/$file" -C "$folder" ;;
    esac
    rm -f "$folder/$file"
    [ -x "$folder/$(program_name)" ] || fail "$file holds no program"
    say program "$folder/$(program_name)"
}

find_it() {
    if [ -n "${FIELDGATE_BINARY:-}" ]; then
        [ -x "$FIELDGATE_BINARY" ] || fail "the program that the input 'binary' names is not there, or may not be run"
        say program "$FIELDGATE_BINARY"
        return
    fi
    if released "$(target)"; then return; fi
    command -v cargo >/dev/null 2>&1 || fail "there is no released program for this platform, and no cargo to build one"
    local key
    key=fieldgate-$(target)-$(sources)
    say build true
    say key "$key"
    say folder "${RUNNER_TOOL_CACHE:-${RUNNER_TEMP:-/tmp}}/fieldgate/$key"
}

build() {
    local program
    program=${FIELDGATE_FOLDER:?}/bin/$(program_name)
    if [ ! -x "$program" ]; then
        cargo install --quiet --locked --path "$root" --root "$FIELDGATE_FOLDER"
    fi
    say program "$program"
}

case "${1:-}" in
    find) find_it ;;
    build) build ;;
    *) fail "install.sh knows 'find' and 'build'" ;;
esac
