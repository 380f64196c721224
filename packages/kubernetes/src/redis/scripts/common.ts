/** What every script sources: settings, the password, addresses. */
export const common = String.raw`# Sourced by every script, the proxy's too. Needs a POSIX shell and, from the image, awk, cat, date, dirname, getent,
# grep, mkdir, mv, rm, sed, sha1sum, sleep, timeout and tr.
set -eu
umask 077

directory=$(dirname "$0")
. "$directory/settings.sh"

log() { printf '%s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$1" >&2; }
fail() { log "FAILED: $1"; exit 1; }

# redis-cli takes the password from this variable; among its arguments everybody on the node could read it.
for password in "$REDISCLI_AUTH" "${"$"}{REDIS_ALSO_ACCEPTS-$REDISCLI_AUTH}"; do
  case $password in
    '' | *[!A-Za-z0-9._~-]*) fail "a password must consist of letters, digits and -._~, because clients put it into a URL" ;;
  esac
done

# Sets addresses to those that the pods announce, in order: the cluster addresses of their Services, which outlive the
# pods, and of which DNS is not asked again.
resolve() {
  attempt=0
  until addresses=$(all_addresses); do
    attempt=$((attempt + 1))
    [ "$attempt" -lt 120 ] || fail "the names $ANNOUNCE-0 to $ANNOUNCE-$((PODS - 1)) have no addresses"
    sleep 1
  done
}

all_addresses() {
  ordinal=0
  while [ "$ordinal" -lt "$PODS" ]; do
    found=$(getent hosts "$ANNOUNCE-$ordinal") || return 1
    printf '%s\n' "$found" | awk 'NR == 1 { print $1 }'
    ordinal=$((ordinal + 1))
  done
}
`;
