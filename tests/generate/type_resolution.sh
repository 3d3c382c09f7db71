#!/usr/bin/env bash
# Writes a sample of a server's own answers to "what type comes out?": operators, functions, casts, stored values, COALESCE, over typed NULLs;
# and to "can it be sorted, told apart, indexed?" for every operand type.
#
#   in:  a PostgreSQL 15, chosen by the usual PG* variables; the role must be allowed to create databases
#   out: tests/data/type_resolution.tsv (or the file given as first argument): kind, name, operand types, result type or SQLSTATE
#
# A scratch database is made and dropped again. Which calls are asked is decided by hashes, so two runs give the same file; per kind so many
# are kept that the server takes and so many that it refuses. A view over the expression is made and its column read, so nothing runs, and a
# domain shows as itself. `unknown` is a bare NULL. The user's types are those of the schema `bi` below; the test makes the same by hand.
set -euo pipefail

file=${1:-$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/data/type_resolution.tsv}
scratch=fieldgate_types_$$

export PGOPTIONS="${PGOPTIONS:-} -c client_min_messages=error"
psql=(psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --no-align --tuples-only --field-separator=$'\t')

"${psql[@]}" --dbname=postgres --command="CREATE DATABASE $scratch TEMPLATE template0"
fresh=$(mktemp)
trap '"${psql[@]}" --dbname=postgres --command="DROP DATABASE $scratch"; rm -f "$fresh"' EXIT

version=$("${psql[@]}" --dbname="$scratch" --command="SELECT split_part(current_setting('server_version'), ' ', 1)")
{
  printf '# PostgreSQL %s: what type comes out of calls over typed NULLs; made by tests/generate/type_resolution.sh\n' "$version"
  printf '# kind\tname\toperands\tresult\n'
  "${psql[@]}" --dbname="$scratch" <<'SQL'
CREATE SCHEMA bi;
CREATE TYPE bi.mood AS ENUM ('a');
CREATE DOMAIN bi.dtext AS text;
CREATE DOMAIN bi.dint AS int4;
CREATE DOMAIN bi.darr AS int4[];
CREATE DOMAIN bi.drange AS int4range;
CREATE TYPE bi.pair AS (a int4, b text);
CREATE TYPE bi.span AS RANGE (subtype = int4);
CREATE TYPE bi.note AS (a int4, b json);
SET search_path = pg_catalog, bi;

CREATE TEMP TABLE operand (name text);
INSERT INTO operand SELECT unnest(string_to_array('bool int2 int4 int8 float4 float8 numeric money oid regclass text varchar bpchar name char bytea
  date time timetz timestamp timestamptz interval uuid json jsonb jsonpath xml bit varbit inet cidr macaddr point box circle tsvector tsquery
  _int4 _int8 _text _varchar _numeric int4range int4multirange numrange tstzrange pg_lsn xid tid int2vector
  mood dtext dint darr drange pair span note _note _json _point _pair _span _mood _dtext unknown', ' ')) ;
DELETE FROM operand WHERE trim(name) = '';
UPDATE operand SET name = trim(E'\n ' FROM name);

CREATE FUNCTION pg_temp.literal(type text) RETURNS text LANGUAGE sql AS
  $$ SELECT CASE type WHEN 'unknown' THEN 'NULL' ELSE format('NULL::%I', type) END $$;

-- kind, name, operands, expression; those of a pair of types that is alike are asked more often, since most others are refused
CREATE TEMP TABLE question AS
  SELECT 'operator' AS kind, o.name, l.name || ' ' || r.name AS operands,
    format('%s OPERATOR(pg_catalog.%s) %s', pg_temp.literal(l.name), o.name, pg_temp.literal(r.name)) AS expression
  FROM (SELECT DISTINCT oprname::text AS name FROM pg_operator WHERE oprkind = 'b') AS o, operand AS l, operand AS r
  UNION ALL
  SELECT 'operator', o.name, r.name, format('OPERATOR(pg_catalog.%s) %s', o.name, pg_temp.literal(r.name))
  FROM (SELECT DISTINCT oprname::text AS name FROM pg_operator WHERE oprkind = 'l') AS o, operand AS r
  UNION ALL
  SELECT 'cast', '', l.name || ' ' || r.name, format('CAST(%s AS %I)', pg_temp.literal(l.name), r.name)
  FROM operand AS l, operand AS r WHERE r.name <> 'unknown'
  UNION ALL
  SELECT 'assignment', '', l.name || ' ' || r.name, pg_temp.literal(l.name)
  FROM operand AS l, operand AS r WHERE r.name <> 'unknown'
  UNION ALL
  SELECT 'coalesce', '', l.name || ' ' || r.name, format('coalesce(%s, %s)', pg_temp.literal(l.name), pg_temp.literal(r.name))
  FROM operand AS l, operand AS r
  UNION ALL
  SELECT 'coalesce', '', l.name || ' ' || m.name || ' ' || r.name,
    format('coalesce(%s, %s, %s)', pg_temp.literal(l.name), pg_temp.literal(m.name), pg_temp.literal(r.name))
  FROM operand AS l, operand AS m, operand AS r
  WHERE (SELECT count(DISTINCT typcategory) FROM pg_type WHERE typname IN (l.name, m.name, r.name) AND typname <> 'unknown') = 1;

INSERT INTO question
  SELECT 'order', '', name, format('1 AS x ORDER BY %s', pg_temp.literal(name)) FROM operand WHERE name <> 'unknown'
  UNION ALL
  SELECT 'distinct', '', name, format('x::int4 FROM (SELECT DISTINCT ON (%s) 1 AS x) AS t', pg_temp.literal(name)) FROM operand WHERE name <> 'unknown'
  UNION ALL
  SELECT 'index', method, name, '' FROM operand, unnest('{btree,hash,gin,gist,brin,spgist}'::text[]) AS method WHERE name <> 'unknown';

CREATE TEMP TABLE called AS
  SELECT proname::text AS name, min(pronargs - pronargdefaults) AS fewest, max(CASE WHEN provariadic <> 0 THEN 9 ELSE pronargs END) AS most
  FROM pg_proc p WHERE pronamespace = 'pg_catalog'::regnamespace AND prokind <> 'p'
    AND NOT EXISTS (SELECT FROM pg_aggregate WHERE aggfnoid = p.oid AND aggkind <> 'n') AND prokind <> 'w'
    AND NOT ('internal'::regtype = ANY (proargtypes::oid[]) OR 'cstring'::regtype = ANY (proargtypes::oid[]))
    AND prorettype NOT IN ('internal'::regtype, 'cstring'::regtype, 'record'::regtype, 'void'::regtype, 'trigger'::regtype, 'event_trigger'::regtype)
    AND NOT EXISTS (SELECT FROM pg_type t WHERE p.oid IN (t.typinput, t.typoutput, t.typreceive, t.typsend, t.typmodin, t.typmodout))
  GROUP BY proname;
INSERT INTO question
  SELECT 'function', c.name, a.name, format('pg_catalog.%I(%s)', c.name, pg_temp.literal(a.name))
  FROM called AS c, operand AS a WHERE 1 BETWEEN fewest AND most
  UNION ALL
  SELECT 'function', c.name, a.name || ' ' || b.name, format('pg_catalog.%I(%s, %s)', c.name, pg_temp.literal(a.name), pg_temp.literal(b.name))
  FROM called AS c, operand AS a, operand AS b WHERE 2 BETWEEN fewest AND most
  UNION ALL
  SELECT 'function', c.name, a.name || ' ' || b.name || ' ' || d.name,
    format('pg_catalog.%I(%s, %s, %s)', c.name, pg_temp.literal(a.name), pg_temp.literal(b.name), pg_temp.literal(d.name))
  FROM called AS c, operand AS a, operand AS b, operand AS d
  WHERE 3 BETWEEN fewest AND most AND hashtext(c.name || a.name || b.name || d.name) % 300 = 0;

CREATE TEMP TABLE answer (kind text, name text, operands text, result text);
CREATE TEMP TABLE quota AS
  SELECT * FROM (VALUES ('operator', '', 350, 90), ('operator', 'unknown', 110, 60), ('function', '', 420, 100), ('function', 'unknown', 120, 80),
    ('cast', '', 110, 40), ('assignment', '', 70, 40), ('coalesce', '', 160, 50),
    ('order', '', 999, 999), ('distinct', '', 999, 999), ('index', '', 999, 999)) AS q (kind, among, accepted, refused);

DO $$
DECLARE
  wanted record;
  asked record;
  got text;
BEGIN
  FOR wanted IN SELECT * FROM quota LOOP
    FOR asked IN SELECT * FROM question q WHERE q.kind = wanted.kind AND operands ~ wanted.among ORDER BY md5(name || ' ' || operands) LIMIT 60000 LOOP
      EXIT WHEN wanted.accepted = 0 AND wanted.refused = 0;
      BEGIN
        IF asked.kind = 'assignment' THEN
          got := split_part(asked.operands, ' ', 2);
          EXECUTE format('CREATE TEMP TABLE probe (x %I DEFAULT %s)', got, asked.expression);
        ELSIF asked.kind = 'index' THEN
          got := 'yes';
          EXECUTE format('CREATE TEMP TABLE probe (x %I)', asked.operands);
          EXECUTE format('CREATE INDEX ON probe USING %I (x)', asked.name);
        ELSE
          EXECUTE 'CREATE TEMP VIEW probe AS SELECT ' || asked.expression || CASE WHEN asked.kind IN ('order', 'distinct') THEN '' ELSE ' AS x' END;
          got := (SELECT typname FROM pg_type JOIN pg_attribute a ON a.atttypid = pg_type.oid WHERE attrelid = 'probe'::regclass AND attname = 'x');
          IF asked.kind IN ('order', 'distinct') THEN got := 'yes'; END IF;
        END IF;
        -- back to before the object
        RAISE EXCEPTION USING errcode = 'ZZ000';
      EXCEPTION
        WHEN SQLSTATE 'ZZ000' THEN NULL;
        WHEN OTHERS THEN got := 'ERR ' || SQLSTATE;
      END;
      CONTINUE WHEN got = 'ERR 42P16' OR CASE WHEN got LIKE 'ERR%' THEN wanted.refused ELSE wanted.accepted END = 0;
      IF got LIKE 'ERR%' THEN wanted.refused := wanted.refused - 1; ELSE wanted.accepted := wanted.accepted - 1; END IF;
      INSERT INTO answer VALUES (asked.kind, asked.name, asked.operands, got);
    END LOOP;
  END LOOP;
END $$;
SELECT DISTINCT concat_ws(E'\t', kind, name, operands, result) COLLATE "C" AS line FROM answer ORDER BY line;
SQL
} > "$fresh"
mkdir -p "$(dirname "$file")"
cat "$fresh" > "$file"
