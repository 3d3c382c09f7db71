//! Pieces of SQL that several catalog queries share. All give JSON in the shape of the snapshot file, NULL for what goes without saying.

/// Schemas of the user; `n` is `pg_namespace`.
pub(super) const OF_THE_USER: &str = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

/// That an object did not come with an extension.
pub(super) fn not_of_an_extension(catalog: &str, oid: &str) -> String {
    format!("NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend x WHERE x.classid = 'pg_catalog.{catalog}'::regclass AND x.objid = {oid} AND x.deptype = 'e')")
}

/// Privileges by role. `kind` is the letter of `acldefault`. The owner is left out while nothing was taken from the owner.
pub(super) fn grants(acl: &str, kind: char, owner: &str) -> String {
    format!(
        "CASE WHEN {acl} IS NOT NULL THEN (
            WITH held AS (SELECT * FROM pg_catalog.aclexplode({acl})),
                 built_in AS (SELECT * FROM pg_catalog.aclexplode(pg_catalog.acldefault('{kind}', {owner})))
            SELECT json_object_agg(role, privileges ORDER BY role COLLATE \"C\") FROM (
                SELECT CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(grantee)::text END AS role,
                       json_agg(privilege_type || CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END ORDER BY privilege_type COLLATE \"C\") AS privileges
                FROM held GROUP BY grantee
                HAVING grantee <> {owner} OR count(*) < (SELECT count(*) FROM built_in WHERE built_in.grantee = {owner})
                UNION ALL
                SELECT pg_catalog.pg_get_userbyid({owner})::text, '[]'::json
                WHERE NOT EXISTS (SELECT 1 FROM held WHERE held.grantee = {owner}) AND EXISTS (SELECT 1 FROM built_in WHERE built_in.grantee = {owner})
                UNION ALL
                SELECT 'PUBLIC', '[]'::json
                WHERE EXISTS (SELECT 1 FROM built_in WHERE built_in.grantee = 0) AND NOT EXISTS (SELECT 1 FROM held WHERE held.grantee = 0)
            ) entries) END"
    )
}

/// Privileges on one column.
pub(super) fn column_grants(acl: &str) -> String {
    format!(
        "(SELECT json_object_agg(role, privileges ORDER BY role COLLATE \"C\") FROM (
            SELECT CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(grantee)::text END AS role,
                   json_agg(privilege_type || CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END ORDER BY privilege_type COLLATE \"C\") AS privileges
            FROM pg_catalog.aclexplode({acl}) GROUP BY 1) entries)"
    )
}

/// `WITH (…)` parameters as a mapping; `but` is a condition on `option_name`.
pub(super) fn parameters(options: &str, but: &str) -> String {
    format!(
        "(SELECT json_object_agg(option_name, coalesce(option_value, '') ORDER BY option_name COLLATE \"C\") FROM pg_catalog.pg_options_to_table({options}) WHERE {but})"
    )
}

/// `schema.name` of a relation by its oid.
pub(super) fn relation_name(oid: &str) -> String {
    format!(
        "(SELECT format('%I.%I', rn.nspname, rc.relname) FROM pg_catalog.pg_class rc JOIN pg_catalog.pg_namespace rn ON rn.oid = rc.relnamespace WHERE rc.oid = {oid})"
    )
}

/// A collation, bare when it is a built-in one.
pub(super) fn collation_name(oid: &str) -> String {
    format!(
        "(SELECT CASE WHEN cn.nspname = 'pg_catalog' THEN co.collname::text ELSE cn.nspname || '.' || co.collname END
          FROM pg_catalog.pg_collation co JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace WHERE co.oid = {oid})"
    )
}

/// Pairs of `json_build_object` with what of a sequence differs from the defaults; `s` is `pg_sequence`.
pub(super) const SEQUENCE_OPTIONS: &str = "
    'start', CASE WHEN s.seqstart <> CASE WHEN s.seqincrement < 0 THEN s.seqmax ELSE s.seqmin END THEN s.seqstart END,
    'increment', nullif(s.seqincrement, 1),
    'minimum', nullif(s.seqmin, CASE WHEN s.seqincrement > 0 THEN 1 ELSE CASE s.seqtypid WHEN 21 THEN -32768 WHEN 23 THEN -2147483648 ELSE '-9223372036854775808'::bigint END END),
    'maximum', nullif(s.seqmax, CASE WHEN s.seqincrement < 0 THEN -1 ELSE CASE s.seqtypid WHEN 21 THEN 32767 WHEN 23 THEN 2147483647 ELSE '9223372036854775807'::bigint END END),
    'cache', nullif(s.seqcache, 1),
    'cycle', nullif(s.seqcycle, false),
    'last_value', CASE WHEN has_sequence_privilege(s.seqrelid, 'SELECT,USAGE') THEN pg_catalog.pg_sequence_last_value(s.seqrelid) END";

/// The keys of an index as a JSON list; `i` is `pg_index`. With `operators`, each key of an exclusion constraint `k` with its operator.
pub(super) fn index_keys(version: u32, with_operators: bool) -> String {
    let class_options = if version >= 13 {
        "|| coalesce((SELECT ' (' || string_agg(quote_ident(o.option_name) || '=' || quote_literal(o.option_value), ', ') || ')'
            FROM pg_catalog.pg_attribute ka, pg_catalog.pg_options_to_table(ka.attoptions) o WHERE ka.attrelid = i.indexrelid AND ka.attnum = key.place), '')"
    } else {
        ""
    };
    let has_class_options = if version >= 13 {
        "OR EXISTS (SELECT 1 FROM pg_catalog.pg_attribute ka WHERE ka.attrelid = i.indexrelid AND ka.attnum = key.place AND ka.attoptions IS NOT NULL)"
    } else {
        ""
    };
    let operator = if with_operators {
        "'with', (SELECT CASE WHEN pn.nspname = 'pg_catalog' THEN op.oprname::text ELSE 'OPERATOR(' || quote_ident(pn.nspname) || '.' || op.oprname || ')' END
            FROM pg_catalog.pg_operator op JOIN pg_catalog.pg_namespace pn ON pn.oid = op.oprnamespace WHERE op.oid = k.conexclop[key.place]),"
    } else {
        ""
    };
    format!(
        "(SELECT json_agg(json_strip_nulls(json_build_object(
            'column', ta.attname,
            'expression', CASE WHEN ta.attname IS NULL THEN pg_catalog.pg_get_indexdef(i.indexrelid, key.place, true) END,
            {operator}
            'collation', CASE WHEN i.indcollation[key.place - 1] NOT IN (0, coalesce(ta.attcollation, it.typcollation)) THEN {collation} END,
            'operator_class', CASE WHEN NOT oc.opcdefault {has_class_options}
                THEN CASE WHEN ocn.nspname = 'pg_catalog' THEN '' ELSE quote_ident(ocn.nspname) || '.' END || quote_ident(oc.opcname) {class_options} END,
            'descending', nullif(i.indoption[key.place - 1] & 1 = 1, false),
            'nulls', CASE WHEN (i.indoption[key.place - 1] & 2 = 2) <> (i.indoption[key.place - 1] & 1 = 1)
                THEN CASE WHEN i.indoption[key.place - 1] & 2 = 2 THEN 'first' ELSE 'last' END END
        )) ORDER BY key.place)
        FROM generate_series(1, i.indnkeyatts::int) AS key(place)
        JOIN pg_catalog.pg_attribute ia ON ia.attrelid = i.indexrelid AND ia.attnum = key.place
        JOIN pg_catalog.pg_type it ON it.oid = ia.atttypid
        JOIN pg_catalog.pg_opclass oc ON oc.oid = i.indclass[key.place - 1]
        JOIN pg_catalog.pg_namespace ocn ON ocn.oid = oc.opcnamespace
        LEFT JOIN pg_catalog.pg_attribute ta ON ta.attrelid = i.indrelid AND ta.attnum = i.indkey[key.place - 1] AND i.indkey[key.place - 1] <> 0)",
        collation = collation_name("i.indcollation[key.place - 1]"),
    )
}

/// The columns of `INCLUDE`; `i` is `pg_index`.
pub(super) const INDEX_INCLUDE: &str = "(SELECT json_agg(ta.attname ORDER BY key.place) FROM generate_series(i.indnkeyatts + 1, i.indnatts::int) AS key(place)
    JOIN pg_catalog.pg_attribute ta ON ta.attrelid = i.indrelid AND ta.attnum = i.indkey[key.place - 1])";

/// The index that an index is attached to; `i` is `pg_index`.
pub(super) fn index_parent() -> String {
    format!("(SELECT {} FROM pg_catalog.pg_inherits h WHERE h.inhrelid = i.indexrelid)", relation_name("h.inhparent"))
}

/// Names of columns by their numbers, in order.
pub(super) fn column_list(numbers: &str, relation: &str) -> String {
    format!(
        "(SELECT json_agg(la.attname ORDER BY l.place) FROM unnest({numbers}) WITH ORDINALITY AS l(number, place)
          JOIN pg_catalog.pg_attribute la ON la.attrelid = {relation} AND la.attnum = l.number)"
    )
}
