#!/usr/bin/env bash
# Writes which texts a server takes as values of which types, and its words where it does not.
#
#   in:  a PostgreSQL 15, chosen by the usual PG* variables; the role must be allowed to create databases
#   out: tests/data/literals.tsv (or the file given as first argument): type, text, `ok` or SQLSTATE and message
#
# A scratch database is made and dropped again. Of every pair of a type and a text below, the half that a hash chooses is asked.
set -euo pipefail

file=${1:-$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/data/literals.tsv}
scratch=fieldgate_literals_$$

export PGOPTIONS="${PGOPTIONS:-} -c client_min_messages=error"
psql=(psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --no-align --tuples-only --field-separator=$'\t')

"${psql[@]}" --dbname=postgres --command="CREATE DATABASE $scratch TEMPLATE template0"
fresh=$(mktemp)
trap '"${psql[@]}" --dbname=postgres --command="DROP DATABASE $scratch"; rm -f "$fresh"' EXIT

version=$("${psql[@]}" --dbname="$scratch" --command="SELECT split_part(current_setting('server_version'), ' ', 1)")
{
  printf '# PostgreSQL %s: which texts are values of which types; made by tests/generate/literals.sh\n' "$version"
  printf '# type\ttext\tanswer\n'
  "${psql[@]}" --dbname="$scratch" <<'SQL'
CREATE SCHEMA bi;
SET search_path = bi, pg_catalog;
CREATE TYPE mood AS ENUM ('sad', 'ok', 'Happy');
CREATE TYPE pair AS (a int4, b text);
CREATE DOMAIN dint AS int4;
CREATE DOMAIN dcheck AS int4 CHECK (value > 100);

CREATE FUNCTION pg_temp.read(type text, value text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('SELECT %L::%s', value, type);
  RETURN 'ok';
EXCEPTION WHEN OTHERS THEN
  RETURN SQLSTATE || ' ' || SQLERRM;
END $$;

CREATE TEMP TABLE literal (value text);
INSERT INTO literal SELECT unnest(ARRAY['', ' ', 'x', 't', 'T', 'tru', 'truee', 'o', 'of', 'ON', 'y', 'yess', '0', '1', '2', ' 1 ', '-1', '+1', '- 1', '--1', '1.', '.5', '.',
  '1.5', '1e5', '1e', '1e+', '1e400', '12345678901234567890', '32767', '32768', '-32768', '-32769', '2147483648', '9223372036854775808', '-9223372036854775808',
  'NaN', 'inf', '-Infinity', '0x1F', '1_000', '1,000', '1a',
  'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '{a0eebc999c0b4ef8bb6d6bb9bd380a11}', 'a0ee-bc99-9c0b-4ef8-bb6d-6bb9-bd38-0a11', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1',
  'a0eebc9-99c0b-4ef8-bb6d-6bb9bd380a11', 'a0eebc999c0b4ef8bb6d6bb9bd380a11-', 'g0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '-a0eebc999c0b4ef8bb6d6bb9bd380a11',
  '2020-01-31', '2020-02-30', '2020-13-01', '0000-01-01', '2020-1-1', '20200131', '31.01.2020', 'Jan 31, 2020', '2020-01-31 10:30', '2020-01-31T10:30:15.5Z',
  '2020-01-31 10:30:15+02', '2020-01-31 10:30:15-05:30', '2020-01-31 25:00', '2020-01-31 BC', '10:30', '10:30:15.123456', '24:00', '25:00', '10:60', '10:30 PM', '10:30+02', 'monday', 'january',
  'now', 'today', 'tomorrow', 'epoch', 'infinity', '-infinity', 'allballs', 'today allballs', 'nowhere', 'yesterday',
  '1 day', '2 hours', '12', '12345', '2 days 3 hours', '1 day 2 days', '-1 month', '1 fortnight', '1 mon', 'P1D', '1:30', 'day', '99999999999 days',
  'sad', 'happy', 'Happy', 'ok ', '{}', '[]', '{1,2}', '{1,x}', '{1,,2}', '{1,NULL}', '{"a"}', '{1', '{1}}', '[1:2]={1,2}', '{ }', '{a,b}',
  '10.0.0.1', '::1', 'fe80::1', '10.0.0.0/8', '10', 'abc', 'null', 'true', '"x"', '{"a": 1}', '{"a": 1,}', '{a: 1}', '[1,2', '"\u0000"', '1 2', '\x', '\x0f', '\x0', '\xzz', 'a\\b', 'a\b', '(1,x)', '(1', '[1,2)', 'empty', '[1', '(,)']);
CREATE TEMP TABLE type (name text);
INSERT INTO type SELECT unnest('{bool,int2,int4,int8,float4,float8,numeric,"numeric(3,1)",uuid,date,time,time with time zone,timestamp,timestamp with time zone,interval,
  text,varchar(3),name,json,jsonb,bytea,mood,pair,dint,dcheck,int4[],text[],mood[],int4range,int4multirange,inet,cidr,oid}'::text[]);
UPDATE type SET name = trim(E'\n ' FROM name);
SELECT name, value, pg_temp.read(name, value) FROM type, literal WHERE md5(name || ' ' || value) < '8' ORDER BY name COLLATE "C", value COLLATE "C";
SQL
} > "$fresh"
mkdir -p "$(dirname "$file")"
cat "$fresh" > "$file"
