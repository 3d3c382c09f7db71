#!/usr/bin/env bash
# Writes what PostgreSQL has built in (types, functions, operators, casts, operator classes, system relations,
# and the same for the extensions that ship with it) as tab-separated files, read from a server's own catalogs.
#
#   in:  any server from version 14, chosen by the usual PG* variables; the role must be allowed to create databases and extensions
#   out: types.tsv functions.tsv operators.tsv casts.tsv opclasses.tsv relations.tsv extensions.tsv
#        in the folder given as first argument (default: src/dialect/postgres of this repository)
#
# A scratch database is made and dropped again; nothing else on the server is touched. Rows are sorted by bytes and hold
# no object ids, so two runs against one version give the same files.
set -euo pipefail

folder=${1:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)/src/dialect/postgres}
scratch=fieldgate_builtins_$$

# Extensions of the contrib folder whose objects turn up in applications' queries. One the server lacks is an error, so that
# a poorer server cannot shrink the file unnoticed.
extensions=(
  amcheck autoinc bloom btree_gin btree_gist citext cube dblink dict_int dict_xsyn earthdistance file_fdw
  fuzzystrmatch hstore insert_username intagg intarray isn lo ltree moddatetime pageinspect pg_buffercache pg_freespacemap
  pg_prewarm pg_stat_statements pg_trgm pg_visibility pgcrypto pgrowlocks pgstattuple postgres_fdw refint seg sslinfo
  tablefunc tcn tsm_system_rows tsm_system_time unaccent uuid-ossp xml2
)

export PGOPTIONS="${PGOPTIONS:-} -c client_min_messages=warning"
psql=(psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --no-align --tuples-only --field-separator=$'\t')

"${psql[@]}" --dbname=postgres --command="CREATE DATABASE $scratch TEMPLATE template0"
fresh=$(mktemp --directory)
trap '"${psql[@]}" --dbname=postgres --command="DROP DATABASE $scratch"; rm -rf "$fresh"' EXIT

{
  for extension in "${extensions[@]}"; do printf 'CREATE EXTENSION "%s" CASCADE;\n' "$extension"; done
  cat <<'SQL'
-- Where an object comes from: '' is the server itself, otherwise the extension's name.
-- Objects made by nobody's extension after initdb (oid 16384 and up) are left out; a fresh scratch database has none but our own.
CREATE SCHEMA fieldgate;
CREATE VIEW fieldgate.member AS
  SELECT d.classid, d.objid, e.extname::text AS extension
  FROM pg_depend d JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
  WHERE d.deptype = 'e';
CREATE FUNCTION fieldgate.origin(class regclass, object oid) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT extension FROM fieldgate.member WHERE classid = class AND objid = object),
                  CASE WHEN object < 16384 THEN '' END)
$$;
CREATE FUNCTION fieldgate.type_name(type oid) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT typname::text FROM pg_type WHERE oid = type
$$;
CREATE FUNCTION fieldgate.type_names(types oid[]) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce(string_agg(fieldgate.type_name(type), ' ' ORDER BY place), '') FROM unnest(types) WITH ORDINALITY AS t(type, place)
$$;
-- The server's own schemas and `public` (extensions) are left unsaid, every other is written.
CREATE FUNCTION fieldgate.qualified(namespace oid, name text) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN nspname IN ('pg_catalog', 'public') THEN name ELSE nspname || '.' || name END FROM pg_namespace WHERE oid = namespace
$$;

-- Row types of relations and their arrays are implied by relations.tsv.
CREATE VIEW fieldgate.types AS
  SELECT fieldgate.origin('pg_type', CASE WHEN t.typcategory = 'A' AND e.typarray = t.oid THEN e.oid ELSE t.oid END) AS origin,
    concat_ws(E'\t',
      t.typname, format_type(t.oid, NULL), t.typtype, t.typcategory, t.typispreferred,
      coalesce(fieldgate.type_name(CASE
        WHEN t.typtype = 'r' THEN (SELECT rngsubtype FROM pg_range WHERE rngtypid = t.oid)
        WHEN t.typtype = 'm' THEN (SELECT rngtypid FROM pg_range WHERE rngmultitypid = t.oid)
        WHEN t.typtype = 'd' THEN t.typbasetype
        ELSE t.typelem END), ''),
      CASE t.typsubscript::text WHEN 'array_subscript_handler' THEN 'array' WHEN 'raw_array_subscript_handler' THEN 'raw'
        WHEN '-' THEN '' ELSE replace(t.typsubscript::text, '_subscript_handler', '') END,
      coalesce(fieldgate.type_name(nullif(t.typarray, 0)), ''),
      t.typlen, coalesce((SELECT collname FROM pg_collation c WHERE c.oid = t.typcollation), ''),
      CASE WHEN t.typmodin <> 0 THEN 't' ELSE 'f' END) AS line
  FROM pg_type t
  LEFT JOIN pg_type e ON e.oid = t.typelem
  LEFT JOIN pg_class r ON r.oid = CASE WHEN t.typelem <> 0 THEN e.typrelid ELSE t.typrelid END
  WHERE coalesce(r.relkind, 'c') = 'c';

-- Left out: what SQL cannot call or nobody does: anything that takes or gives `internal` (but sampling methods, whose names
-- stand in TABLESAMPLE) or `cstring`, input/output/modifier functions of types, foreign-key triggers.
CREATE VIEW fieldgate.functions AS
  SELECT fieldgate.origin('pg_proc', p.oid) AS origin,
    concat_ws(E'\t',
      fieldgate.qualified(p.pronamespace, p.proname),
      CASE WHEN a.aggkind IN ('o', 'h') THEN a.aggkind ELSE p.prokind END,
      fieldgate.type_names(p.proargtypes),
      coalesce(fieldgate.type_name(nullif(p.provariadic, 0)), ''),
      p.pronargdefaults, fieldgate.type_name(p.prorettype), p.proretset, p.proisstrict, p.provolatile,
      coalesce(CASE WHEN a.aggkind IN ('o', 'h') THEN a.aggnumdirectargs END::text, ''),
      coalesce((SELECT string_agg(coalesce(nullif(p.proargnames[i], ''), '-') || ':' || fieldgate.type_name(p.proallargtypes[i]), ' ' ORDER BY i)
        FROM generate_subscripts(p.proargmodes, 1) i WHERE p.proargmodes[i] IN ('o', 'b', 't')), ''),
      coalesce((SELECT string_agg(coalesce(nullif(p.proargnames[i], ''), '-'), ' ' ORDER BY i)
        FROM generate_subscripts(coalesce(p.proallargtypes, p.proargtypes::oid[]), 1) AS s(n)
        CROSS JOIN LATERAL (SELECT s.n + CASE WHEN p.proallargtypes IS NULL THEN 1 ELSE 0 END) AS t(i)
        WHERE coalesce(p.proargmodes[i], 'i') IN ('i', 'b', 'v')
        HAVING bool_or(p.proargnames[i] <> '')), '')) AS line
  FROM pg_proc p LEFT JOIN pg_aggregate a ON a.aggfnoid = p.oid
  WHERE (p.prorettype = 'tsm_handler'::regtype
      OR NOT ('internal'::regtype = ANY (p.proargtypes::oid[]) OR 'cstring'::regtype = ANY (p.proargtypes::oid[])
           OR p.prorettype IN ('internal'::regtype, 'cstring'::regtype, 'language_handler'::regtype, 'fdw_handler'::regtype,
                               'index_am_handler'::regtype, 'table_am_handler'::regtype)))
    AND NOT EXISTS (SELECT FROM pg_type t WHERE p.oid IN (t.typinput, t.typoutput, t.typreceive, t.typsend, t.typmodin, t.typmodout))
    AND p.proname !~ '^RI_FKey_';

-- The strategy tells what an operator is to sorting: 1 <, 2 <=, 3 =, 4 >=, 5 > in the family of a type's default class.
CREATE VIEW fieldgate.operators AS
  SELECT fieldgate.origin('pg_operator', o.oid) AS origin,
    concat_ws(E'\t', o.oprname, coalesce(fieldgate.type_name(nullif(o.oprleft, 0)), ''), fieldgate.type_name(o.oprright),
      fieldgate.type_name(o.oprresult),
      coalesce((SELECT string_agg(DISTINCT m.amopstrategy::text, ' ') FROM pg_amop m JOIN pg_am a ON a.oid = m.amopmethod
        WHERE a.amname = 'btree' AND m.amopopr = o.oid
          AND EXISTS (SELECT FROM pg_opclass c WHERE c.opcfamily = m.amopfamily AND c.opcdefault)), ''),
      CASE WHEN o.oprcanhash THEN 't' ELSE 'f' END) AS line
  FROM pg_operator o WHERE o.oprresult <> 0;

CREATE VIEW fieldgate.casts AS
  SELECT fieldgate.origin('pg_cast', c.oid) AS origin,
    concat_ws(E'\t', fieldgate.type_name(c.castsource), fieldgate.type_name(c.casttarget), c.castcontext, c.castmethod) AS line
  FROM pg_cast c;

CREATE VIEW fieldgate.opclasses AS
  SELECT fieldgate.origin('pg_opclass', c.oid) AS origin,
    concat_ws(E'\t', fieldgate.type_name(c.opcintype), a.amname, c.opcname, c.opcdefault) AS line
  FROM pg_opclass c JOIN pg_am a ON a.oid = c.opcmethod;

CREATE VIEW fieldgate.relations AS
  SELECT fieldgate.origin('pg_class', r.oid) AS origin, a.attnum,
    concat_ws(E'\t', fieldgate.qualified(r.relnamespace, r.relname), r.relkind, a.attname, fieldgate.type_name(a.atttypid), a.attnotnull) AS line
  FROM pg_class r JOIN pg_attribute a ON a.attrelid = r.oid
  JOIN pg_namespace n ON n.oid = r.relnamespace
  WHERE n.nspname IN ('pg_catalog', 'information_schema', 'public') AND r.relkind IN ('r', 'v', 'c')
    AND a.attnum > 0 AND NOT a.attisdropped;
SQL
} | "${psql[@]}" --dbname="$scratch"

version=$("${psql[@]}" --dbname="$scratch" --command="SELECT split_part(current_setting('server_version'), ' ', 1)")

# rows VIEW COLUMNS [ORDER]: the server's own rows of a view, headed by its version and the column names.
rows() {
  local view=$1 columns=$2 by_bytes='line COLLATE "C"'
  local order=${3:-$by_bytes}
  {
    printf '# PostgreSQL %s: %s; made by tests/generate/postgres_builtins.sh\n# %s\n' "$version" "$view" "${columns// /$'\t'}"
    "${psql[@]}" --dbname="$scratch" --command="SELECT line FROM fieldgate.$view WHERE origin = '' ORDER BY $order"
  } > "$fresh/$view.tsv"
}

rows types      'name spelling kind category preferred element subscript array length collation has_modifier'
rows functions  'name kind arguments variadic defaults returns returns_set strict volatility direct_arguments out_columns argument_names'
rows operators  'name left right result btree_strategy hashes'
rows casts      'source target context method'
rows opclasses  'type method name default'
# Columns keep their order: SELECT * and positions depend on it.
rows relations  'relation kind column type not_null' "split_part(line, E'\t', 1) COLLATE \"C\", attnum"

{
  printf '# PostgreSQL %s: what its extensions add; made by tests/generate/postgres_builtins.sh\n' "$version"
  printf '# extension\tfile\tthe columns of that file\n'
  "${psql[@]}" --dbname="$scratch" <<'SQL'
SELECT origin, kind, line FROM (
  SELECT origin, 'types' AS kind, 0 AS place, line FROM fieldgate.types
  UNION ALL SELECT origin, 'functions', 0, line FROM fieldgate.functions
  UNION ALL SELECT origin, 'operators', 0, line FROM fieldgate.operators
  UNION ALL SELECT origin, 'casts', 0, line FROM fieldgate.casts
  UNION ALL SELECT origin, 'opclasses', 0, line FROM fieldgate.opclasses
  UNION ALL SELECT origin, 'relations', attnum, line FROM fieldgate.relations
) AS row
WHERE origin <> '' AND origin <> 'plpgsql'
ORDER BY origin COLLATE "C", kind COLLATE "C",
  CASE WHEN kind = 'relations' THEN split_part(line, E'\t', 1) ELSE line END COLLATE "C", place;
SQL
} > "$fresh/extensions.tsv"

# Only a run that came to its end replaces anything.
mkdir -p "$folder"
cp "$fresh"/*.tsv "$folder"
