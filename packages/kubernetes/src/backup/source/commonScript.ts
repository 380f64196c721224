/** Marks, messages, and the copies in their place: a bucket, or a directory. */
export const commonScript = String.raw`# Sourced by backup.sh and restore-check.sh, after they have set suffix to what the copies' names end in. Needs a POSIX
# shell, and from the image the usual small programs (awk, cat, date, dirname, mktemp, rm, sed, sort, tail, wc; for copies
# on a volume also ls, mkdir, mv, sync), the tools of the source, and for a bucket the AWS CLI.
set -eu
umask 077

# What the name of a file beside each copy ends in, for sources that have one.
beside_suffix=
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

log() { printf '%s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$1" >&2; }
fail() { log "FAILED: $1"; exit 1; }

# A pipe's status is that of its last program alone, and not every sh has pipefail. So the first program leaves a mark
# when it has succeeded, and the script goes on only if the mark is there.
mark() { : >"$work/$1"; }
require() { [ -e "$work/$1" ] || fail "$2"; }

# Writes the name of the file beside a copy.
beside() { echo "$1" | sed "s/$suffix\$/$beside_suffix/"; }

incomplete=$BACKUP_LOCATION/.incomplete

# upload NAME SIZE reads standard input; download PLACE writes to standard output; publish gives what was uploaded its
# name.
case $BACKUP_LOCATION in
  s3://*)
    clear_incomplete() { aws s3 rm --recursive --only-show-errors "$incomplete/"; }
    upload() { aws s3 cp --only-show-errors --expected-size "$2" - "$incomplete/$1"; }
    download() { aws s3 cp --only-show-errors "$1" -; }
    publish() { aws s3 mv --only-show-errors "$incomplete/$1" "$BACKUP_LOCATION/$1"; }
    list_names() { aws s3 ls "$BACKUP_LOCATION/"; }
    remove() { aws s3 rm --only-show-errors "$BACKUP_LOCATION/$1"; }
    ;;
  *)
    clear_incomplete() { rm -rf "$incomplete" && mkdir -p "$incomplete"; }
    upload() { cat >"$incomplete/$1" && sync; }
    download() { cat "$1"; }
    publish() { mv "$incomplete/$1" "$BACKUP_LOCATION/$1" && sync; }
    list_names() { ls -1 "$BACKUP_LOCATION"; }
    remove() { rm -f "$BACKUP_LOCATION/$1"; }
    ;;
esac

# Writes the names of the complete backups to a file, oldest first: the names sort by their time.
list_backups() {
  list_names >"$work/listing" || fail "no backup can be listed in $BACKUP_LOCATION/"
  sed -n "s/^\(.* \)\{0,1\}\(backup_[0-9]\{8\}T[0-9]\{6\}Z\.$suffix\)\$/\2/p" "$work/listing" | LC_ALL=C sort >"$work/backups"
}

# Removes the oldest backups beyond those that are kept.
thin_out() {
  [ -n "$BACKUP_KEEP" ] || return 0
  list_backups
  sort -r "$work/backups" | tail -n +$((BACKUP_KEEP + 1)) | while read -r old; do
    remove "$old" || fail "$old cannot be removed"
    [ -z "$beside_suffix" ] || remove "$(beside "$old")" || fail "$(beside "$old") cannot be removed"
    log "removed $old"
  done
}

# Sets newest to the name of the newest backup, and age to its age in seconds.
find_newest() {
  list_backups
  newest=$(tail -n 1 "$work/backups")
  [ -n "$newest" ] || fail "there is no complete backup in $BACKUP_LOCATION/"
  taken=$(echo "$newest" | sed 's/^backup_\(....\)\(..\)\(..\)T\(..\)\(..\)\(..\)Z.*/\1-\2-\3 \4:\5:\6/')
  age=$(($(date -u +%s) - $(date -u -d "$taken" +%s)))
  [ "$age" -le "$BACKUP_MAX_AGE" ] || fail "the newest backup, $newest, is $age s old; at most $BACKUP_MAX_AGE s are promised"
}
`;
