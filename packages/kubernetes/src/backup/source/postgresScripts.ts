import { commonScript } from "./commonScript.ts";

/**
 * libpq takes a URL only as an argument, which everybody on the node can read in /proc, and has no variable for one.
 * So the URL is taken apart as libpq does it, into a service file: it holds every parameter under its own name, and is
 * readable by the pod's user alone, in memory.
 */
const serviceFile = String.raw`# Writes DATABASE_URL as a service file of libpq:
# https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS
BEGIN {
  known = " host hostaddr port dbname user password passfile require_auth channel_binding connect_timeout " \
    "client_encoding options application_name fallback_application_name keepalives keepalives_idle " \
    "keepalives_interval keepalives_count tcp_user_timeout gssencmode sslmode sslnegotiation sslcompression sslcert " \
    "sslkey sslpassword sslrootcert sslcrl sslcrldir sslsni requirepeer ssl_min_protocol_version " \
    "ssl_max_protocol_version krbsrvname gsslib target_session_attrs load_balance_hosts "
  url = ENVIRON["DATABASE_URL"]
  if (url == "") refuse("it is empty")
  # Django, SQLAlchemy and the like name their driver in the scheme.
  if (!match(url, /^(postgresql|postgres|postgis|pgsql)(\+[a-z0-9_]+)?:\/\//)) refuse("it does not begin with postgresql://")
  rest = substr(url, RLENGTH + 1)

  at = index(rest, "@")
  slash = index(rest, "/")
  if (at && (!slash || at < slash)) {
    login = substr(rest, 1, at - 1)
    rest = substr(rest, at + 1)
  }
  mark = index(rest, "?")
  if (mark) {
    query = substr(rest, mark + 1)
    rest = substr(rest, 1, mark - 1)
  }
  slash = index(rest, "/")
  if (slash) {
    database = substr(rest, slash + 1)
    rest = substr(rest, 1, slash - 1)
  }

  print "[backup]"
  # The first line of a name counts, and a parameter overrides what stands before the question mark.
  parameters(query)
  colon = index(login, ":")
  put("user", decoded(colon ? substr(login, 1, colon - 1) : login))
  if (colon) put("password", decoded(substr(login, colon + 1)))
  hosts(rest)
  put("dbname", decoded(database))
}

function parameters(text,   all, count, i, equals, name) {
  count = split(text, all, "&")
  for (i = count; i > 0; i--) {
    equals = index(all[i], "=")
    name = decoded(equals ? substr(all[i], 1, equals - 1) : all[i])
    if (all[i] == "ssl=true") put("sslmode", "require")
    else if (name ~ /^[a-z_]+$/ && index(known, " " name " ")) put(name, decoded(substr(all[i], equals + 1)))
    else print "DATABASE_URL: left out the parameter " name ", which is the application's own" >"/dev/stderr"
  }
}

function hosts(text,   all, count, i, names, ports, end) {
  count = split(text, all, ",")
  for (i = 1; i <= count; i++) {
    end = match(all[i], /^\[[^]]*\]/) ? RLENGTH : 0
    colon = index(substr(all[i], end + 1), ":")
    ports = ports (i > 1 ? "," : "") (colon ? substr(all[i], end + colon + 1) : "")
    if (colon) all[i] = substr(all[i], 1, end + colon - 1)
    gsub(/[][]/, "", all[i])
    names = names (i > 1 ? "," : "") all[i]
  }
  put("host", decoded(names))
  if (ports ~ /[0-9]/) put("port", ports)
}

function put(name, value) {
  if (value ~ /[\r\n]/ || value ~ /^[ \t]/ || value ~ /[ \t]$/ || length(value) > 1000)
    refuse("its " name " has a line break, a blank at an end or over 1000 bytes, which a service file cannot hold")
  if (value != "") print name "=" value
}

function decoded(text,   plain) {
  while (match(text, /%[0-9A-Fa-f][0-9A-Fa-f]/)) {
    plain = plain substr(text, 1, RSTART - 1) byte(tolower(substr(text, RSTART + 1, 2)))
    text = substr(text, RSTART + 3)
  }
  return plain text
}

function byte(hex,   digits) {
  digits = "0123456789abcdef"
  return sprintf("%c", 16 * (index(digits, substr(hex, 1, 1)) - 1) + index(digits, substr(hex, 2)) - 1)
}

function refuse(reason) {
  print "DATABASE_URL cannot be used: " reason >"/dev/stderr"
  exit 1
}
`;

const dump = String.raw`-- Dumps the database to standard output, and writes the number of rows of each table to the file :rows. Both are of one
-- snapshot, which lives as long as this transaction, so the transaction runs pg_dump. It keeps a lock on each table that
-- it has counted, so no table can be truncated before pg_dump has read it. A truncation that waits for this lock also
-- keeps pg_dump from its own, so pg_dump does not wait for ever: the run fails, and the next attempt succeeds.
\set ON_ERROR_STOP on
\o /dev/null
begin isolation level repeatable read, read only;
-- The session is idle while pg_dump runs.
select set_config(name, '0', true) from pg_settings
  where name in ('idle_in_transaction_session_timeout', 'statement_timeout', 'transaction_timeout');
set local row_security = off;
select pg_export_snapshot() as snapshot \gset
\o :rows
\ir rows.sql
\o /dev/null
\setenv SNAPSHOT :snapshot
\! pg_dump --format=custom --no-password --lock-wait-timeout=30s --snapshot="$SNAPSHOT" && : >"$DUMPED"
commit;
`;

const rows = String.raw`-- Counts the rows of each table that pg_dump copies, then the large objects: a line each, such as public.users|5000. What
-- an extension makes is not in a dump, and a standby cannot read unlogged tables.
\pset format unaligned
\pset tuples_only on
\pset fieldsep '|'
select format('select %L, count(*) from only %I.%I', format('%I.%I', nspname, relname), nspname, relname)
  from pg_class join pg_namespace on pg_namespace.oid = relnamespace
  where relkind = 'r' and relpersistence <> 't' and not (relpersistence = 'u' and pg_is_in_recovery())
    and nspname <> 'information_schema' and nspname !~ '^pg_'
    and not exists (select from pg_depend where classid = 'pg_class'::regclass and objid = pg_class.oid and deptype = 'e')
  order by nspname, relname \gexec
select 'large objects', count(*) from pg_largeobject_metadata;
`;

/** Functions of both scripts for the file with the row counts. */
const rowsFile = String.raw`# Sourced by backup.sh and restore-check.sh: the row counts of backup_20250301T020000Z.dump are beside it in
# backup_20250301T020000Z.rows.
beside_suffix=rows

# The large objects are counted last, so a file without them has lost lines.
whole_rows() { case $(tail -n 1 "$1") in "large objects|"*) ;; *) return 1 ;; esac; }
`;

/** Compares two files of row counts, and reports each table that differs. */
const compareRows = String.raw`# Compares two files of lines such as public.users|5000: the rows that were copied with those that were restored.
# Tables of the second alone are those of extensions and of the setup.
{
  rows = $0
  sub(/.*\|/, "", rows)
  table = substr($0, 1, length($0) - length(rows) - 1)
}
FILENAME == ARGV[1] { copied[table] = rows; next }
{ restored[table] = rows }
END {
  for (table in copied)
    if (!(table in restored)) differ(table, "none")
    else if (restored[table] != copied[table]) differ(table, restored[table])
  exit different
}

function differ(table, rows) {
  print table ": " copied[table] " copied, " rows " restored" >"/dev/stderr"
  different = 1
}
`;

const backup = String.raw`#!/bin/sh
# Copies a PostgreSQL database to a bucket. A copy gets its name only when it has been read back whole from the bucket;
# until then it is under .incomplete/, where nobody takes it for a backup.
suffix=dump
. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/rows.sh"

name=backup_$(date -u +%Y%m%dT%H%M%SZ).dump

LC_ALL=C awk -f "$(dirname "$0")/service-file.awk" >"$work/service.conf" || fail "the database's address cannot be used"
# What is started from here on has the password only if it reads the file.
unset DATABASE_URL
PGSERVICEFILE=$work/service.conf
PGSERVICE=backup
PGCONNECT_TIMEOUT=30
export PGSERVICEFILE PGSERVICE PGCONNECT_TIMEOUT

# Without an idea of the size, the CLI sends parts of 8 MiB, of which a bucket takes 10,000.
size=$(psql -XAtq --no-password -c 'select pg_database_size(current_database())') || fail "the database does not answer"

clear_incomplete || fail "what an earlier run left behind cannot be removed"

log "dumping to $incomplete/$name"
DUMPED=$work/dumped
export DUMPED
psql -Xq --no-password -v rows="$work/rows" -f "$(dirname "$0")/dump.sql" |
  upload "$name" "$size" || fail "the dump cannot be uploaded"
whole_rows "$work/rows" || fail "the rows of the tables cannot be counted"
require dumped "pg_dump did not finish; a pg_dump older than the server refuses to begin"

# pg_restore --list would read the table of contents alone, which a truncated dump still has. What pg_restore leaves
# over is drained, or the download would fail at a closed pipe.
log "reading it back"
{ download "$incomplete/$name" && mark read; } |
  { pg_restore --file=/dev/null && cat >/dev/null; } || fail "what the bucket holds is not a whole dump"
require read "the dump cannot be read back from the bucket"

# A dump has its name only after its row counts have theirs.
rows=$(beside "$name")
upload "$rows" "$(wc -c <"$work/rows")" <"$work/rows" || fail "the row counts cannot be uploaded"
[ "$(download "$incomplete/$rows")" = "$(cat "$work/rows")" ] || fail "the row counts cannot be read back"
publish "$rows" || fail "the row counts cannot be given their name"
publish "$name" || fail "the dump cannot be given its name"
log "complete: $BACKUP_LOCATION/$name"

thin_out
`;

const restoreCheck = String.raw`#!/bin/sh
# Proves that the newest backup can be restored: does so, into a scratch server, and asks it a question.
suffix=dump
. "$(dirname "$0")/common.sh"
. "$(dirname "$0")/rows.sh"

find_newest

# Enough of the dump is read to see its version; that the download then ends at a closed pipe is meant.
version=$(download "$BACKUP_LOCATION/$newest" 2>/dev/null | pg_restore --list 2>/dev/null |
  sed -n 's/^; *Dumped from database version: \([0-9]*\).*/\1/p')
scratch=$(psql -XAtq --no-password -c 'show server_version_num') || fail "the scratch server does not answer"
[ "$scratch" -ge "$((version))0000" ] ||
  fail "the dump is of PostgreSQL $version, and the scratch server, $((scratch / 10000)), is older: give it a newer image"

log "restoring $newest, $age s old"
psql -Xq --no-password -v ON_ERROR_STOP=1 -c 'create database restored template template0' ||
  fail "the scratch database cannot be created"
if [ -n "$SCRATCH_SETUP" ]; then
  psql -Xq --no-password -v ON_ERROR_STOP=1 -d restored -c "$SCRATCH_SETUP" || fail "the scratch database's setup failed"
fi
# Owners and privileges name roles that a scratch server does not have.
{ download "$BACKUP_LOCATION/$newest" && mark read; } |
  { pg_restore -d restored --no-owner --no-privileges --exit-on-error --no-password && cat >/dev/null; } ||
  fail "$newest cannot be restored"
require read "$newest cannot be read to its end"

rows=$(beside "$newest")
download "$BACKUP_LOCATION/$rows" >"$work/copied" || fail "the row counts beside $newest, $rows, cannot be read"
whole_rows "$work/copied" || fail "the row counts in $rows are not whole"
psql -Xq --no-password -v ON_ERROR_STOP=1 -d restored -f "$(dirname "$0")/rows.sql" >"$work/restored" ||
  fail "the restored rows cannot be counted"
awk -f "$(dirname "$0")/compare-rows.awk" "$work/copied" "$work/restored" ||
  fail "the restored database does not hold the rows that were copied"
tables=$(($(wc -l <"$work/copied") - 1))

# The answer itself stays out of the log: it may be made of people's data.
answer=$(psql -XAtq --no-password -v ON_ERROR_STOP=1 -d restored -c "$CHECK_QUERY") || fail "the check query failed"
[ "$answer" = t ] || fail "the check query does not answer with one true value"
log "proven: $newest can be restored with every row of $tables tables, and the check query holds"
`;

const scratchServer = String.raw`#!/bin/sh
# A PostgreSQL server that lives as long as the pod. The image's own entry point starts its server twice, and a client
# cannot tell the first from the second; and it wants to write where the root file system is read-only.
set -eu
rm -rf "$PGDATA"
initdb --username="$PGUSER" --auth=trust --encoding=UTF8 --locale=C --no-sync >/dev/null
# Nobody but the pod's own containers reach the socket, hence trust. Nothing here must survive a crash, hence no fsync.
# Parallel workers would need more shared memory than a container has.
exec postgres -c listen_addresses= -c unix_socket_directories="$PGHOST" -c ssl=off \
  -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c wal_level=minimal -c max_wal_senders=0 \
  -c max_parallel_workers=0 -c max_parallel_maintenance_workers=0
`;

/** The scripts of a PostgreSQL backup and of its restore check, by file name. */
export const postgresScripts: Record<string, string> = {
  "common.sh": commonScript,
  "service-file.awk": serviceFile,
  "dump.sql": dump,
  "rows.sql": rows,
  "rows.sh": rowsFile,
  "compare-rows.awk": compareRows,
  "backup.sh": backup,
  "restore-check.sh": restoreCheck,
  "scratch-server.sh": scratchServer,
};
