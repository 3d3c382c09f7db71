#!/usr/bin/env bash
# Asks a server what comes out of the queries in tests/data/expressions.tsv, and writes its answers beside them.
#
#   in:  a PostgreSQL 15 with its contrib extensions, chosen by the usual PG* variables; the role must be allowed to create databases
#   out: tests/data/expressions.tsv (or the file given as first argument), each query with its answer anew
#
# To ask something more, add a line with a query. The schema is tests/data/expressions.sql, in a scratch database that is made and dropped again.
# An answer is the columns of a view over the query (name and type), `ok` for a statement that writes, or SQLSTATE and message. Nothing runs.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
file=${1:-$here/data/expressions.tsv}
scratch=fieldgate_expressions_$$

export PGOPTIONS="${PGOPTIONS:-} -c client_min_messages=error"
psql=(psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --no-align --tuples-only --field-separator=$'\t')

"${psql[@]}" --dbname=postgres --command="CREATE DATABASE $scratch TEMPLATE template0"
fresh=$(mktemp)
queries=$(mktemp)
trap '"${psql[@]}" --dbname=postgres --command="DROP DATABASE $scratch"; rm -f "$fresh" "$queries"' EXIT

grep -v '^# ' "$file" | cut -f1 > "$queries"
version=$("${psql[@]}" --dbname="$scratch" --command="SELECT split_part(current_setting('server_version'), ' ', 1)")
"${psql[@]}" --dbname="$scratch" --file="$here/data/expressions.sql"
{
  printf '# PostgreSQL %s: what comes out of queries over tests/data/expressions.sql; made by tests/generate/expressions.sh\n' "$version"
  printf '# query\tanswer\n'
  "${psql[@]}" --dbname="$scratch" <<SQL
CREATE SCHEMA asked;
CREATE TABLE asked.question (place serial, query text);
\copy asked.question (query) FROM '$queries' (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
CREATE FUNCTION asked.answer(query text) RETURNS text LANGUAGE plpgsql AS \$\$
BEGIN
  IF query ~* '^(insert|update|delete|merge)' THEN
    EXECUTE 'PREPARE probe AS ' || query;
    DEALLOCATE probe;
    RETURN 'ok';
  END IF;
  EXECUTE 'CREATE TEMP VIEW probe AS ' || query;
  RAISE EXCEPTION USING errcode = 'ZZ000', message =
    (SELECT coalesce(string_agg(attname || ' ' || format_type(atttypid, atttypmod), ', ' ORDER BY attnum), '')
     FROM pg_attribute WHERE attrelid = 'pg_temp.probe'::regclass AND attnum > 0);
EXCEPTION
  WHEN SQLSTATE 'ZZ000' THEN RETURN sqlerrm;
  WHEN OTHERS THEN RETURN 'ERR ' || SQLSTATE || ' ' || replace(sqlerrm, E'\n', ' ');
END \$\$;
-- What a view alone cannot have (a column of a pseudo-type, two of one name, a parameter, WITH that writes) is no answer.
SELECT query, answer FROM (SELECT place, query, asked.answer(query) AS answer FROM asked.question OFFSET 0) AS all_answers
WHERE answer !~ '^ERR (42P16|42701|42P02|0A000 views must not)' ORDER BY place;
SQL
} > "$fresh"
cat "$fresh" > "$file"
