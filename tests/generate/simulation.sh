#!/usr/bin/env bash
# What a PostgreSQL server says to every statement of tests/data/simulation/*.sql: one line each, `ok` or SQLSTATE and words, written beside it.
# Each file runs in a database of its own, one statement a line, going on after errors. Needs psql and a server: PGHOST, PGPORT, PGUSER.
set -eu
cd "$(dirname "$0")/../data/simulation"
database=fieldgate_simulation
for file in *.sql; do
  psql -qX -d postgres -c "DROP DATABASE IF EXISTS $database" -c "CREATE DATABASE $database" 2>/dev/null
  { echo '\set VERBOSITY verbose'; while IFS= read -r line; do printf '\\warn @@\n%s\n' "$line"; done < "$file"; } \
    | psql -qX -d "$database" 2>&1 >/dev/null \
    | awk '/^@@$/ { if (seen) print answer; seen = 1; answer = "ok"; next }
           answer == "ok" && /ERROR:  / { sub(/.*ERROR:  /, ""); sub(/: /, " "); answer = $0 }
           END { if (seen) print answer }' > "${file%.sql}.txt"
done
psql -qX -d postgres -c "DROP DATABASE IF EXISTS $database"
