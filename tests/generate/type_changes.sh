#!/usr/bin/env bash
# Writes what a server does when a column's type is changed without USING: nothing to the rows, a rewrite, or a refusal.
#
#   in:  a PostgreSQL 15, chosen by the usual PG* variables; the role must be allowed to create databases
#   out: tests/data/type_changes.tsv (or the file given as first argument): old type, new type, in a session at UTC, in one elsewhere
#
# A scratch database is made and dropped again. All pairs of the types below are asked; every pair that is not rewritten is kept, and of the
# others a part that is chosen by hash. Whether the table was rewritten is seen from the number of its file.
set -euo pipefail

file=${1:-$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/data/type_changes.tsv}
scratch=fieldgate_changes_$$

export PGOPTIONS="${PGOPTIONS:-} -c client_min_messages=error"
psql=(psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --no-align --tuples-only --field-separator=$'\t')

"${psql[@]}" --dbname=postgres --command="CREATE DATABASE $scratch TEMPLATE template0"
fresh=$(mktemp)
trap '"${psql[@]}" --dbname=postgres --command="DROP DATABASE $scratch"; rm -f "$fresh"' EXIT

version=$("${psql[@]}" --dbname="$scratch" --command="SELECT split_part(current_setting('server_version'), ' ', 1)")
{
  printf '# PostgreSQL %s: what ALTER COLUMN TYPE without USING does to the rows; made by tests/generate/type_changes.sh\n' "$version"
  printf '# from\tto\tat UTC\telsewhere\n'
  "${psql[@]}" --dbname="$scratch" <<'SQL'
CREATE SCHEMA bi;
SET search_path = bi, pg_catalog;
CREATE TYPE mood AS ENUM ('a');
CREATE TYPE pair AS (a int4, b text);
CREATE DOMAIN dtext AS text;
CREATE DOMAIN dint AS int4;
CREATE DOMAIN dshort AS varchar(5);
CREATE DOMAIN dcheck AS text CHECK (value <> 'x');
CREATE DOMAIN dchecked AS dcheck;
CREATE DOMAIN dnotnull AS int4 NOT NULL;

CREATE FUNCTION pg_temp.change(before text, after text, zone text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  number oid;
BEGIN
  PERFORM set_config('timezone', zone, true);
  EXECUTE format('CREATE TEMP TABLE probe (x %s)', before);
  number := pg_relation_filenode('probe');
  EXECUTE format('ALTER TABLE probe ALTER x TYPE %s', after);
  -- back to before the table
  RAISE EXCEPTION USING errcode = 'ZZ000', message = CASE number WHEN pg_relation_filenode('probe') THEN 'none' ELSE 'full' END;
EXCEPTION
  WHEN SQLSTATE 'ZZ000' THEN RETURN sqlerrm;
  WHEN OTHERS THEN RETURN 'ERR ' || SQLSTATE;
END $$;

CREATE TEMP TABLE type (name text);
INSERT INTO type SELECT unnest('{text,varchar,varchar(5),varchar(9),character(5),character(9),bpchar,name,int2,int4,int8,oid,regclass,
  numeric,"numeric(5,2)","numeric(7,2)","numeric(7,3)","numeric(5)",float4,float8,money,bool,bit(3),bit(5),bit varying,bit varying(3),bit varying(5),
  date,time,time(3),time(6),time with time zone,time(3) with time zone,timestamp,timestamp(3),timestamp(5),timestamp(6),
  timestamp with time zone,timestamp(3) with time zone,timestamp(5) with time zone,timestamp(6) with time zone,
  interval,interval(3),interval(6),interval(5),interval year,interval day,interval day to second,interval day to second(3),interval minute to second(5),
  cidr,inet,json,jsonb,uuid,bytea,xml,text[],varchar[],varchar(5)[],varchar(9)[],int4[],int8[],oid[],
  mood,mood[],dtext,dcheck,dchecked,dint,dnotnull,dshort,pair,int4range,macaddr}'::text[]);
UPDATE type SET name = trim(E'\n ' FROM name);

SELECT before, after, at_utc, elsewhere FROM (
  SELECT b.name AS before, a.name AS after, pg_temp.change(b.name, a.name, 'UTC') AS at_utc, pg_temp.change(b.name, a.name, 'America/New_York') AS elsewhere
  FROM type AS b, type AS a WHERE a.name <> b.name
) AS answer
WHERE at_utc = 'none' OR elsewhere = 'none' OR md5(before || ' ' || after) < CASE at_utc WHEN 'full' THEN '40' ELSE '0a' END
ORDER BY before COLLATE "C", after COLLATE "C";
SQL
} > "$fresh"
mkdir -p "$(dirname "$file")"
cat "$fresh" > "$file"
