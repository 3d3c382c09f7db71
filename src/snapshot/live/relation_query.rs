//! Tables, views, their columns, constraints, indexes and sequences, as the catalog has them.

use super::fragment::{
    INDEX_INCLUDE, OF_THE_USER, SEQUENCE_OPTIONS, collation_name, column_grants, column_list, grants, index_keys, index_parent, not_of_an_extension,
    parameters, relation_name,
};

/// Rows `(schema, list, name, body)`: tables, views, materialized views with their columns.
pub(super) fn relations(version: u32) -> String {
    // Before 14 an empty table and one that was never analysed both have 0 (manual 53.11, pg_class, 13 and 14).
    let rows = if version >= 14 {
        "CASE WHEN c.reltuples >= 0 THEN c.reltuples::bigint END"
    } else {
        "CASE WHEN c.relpages > 0 OR c.reltuples > 0 THEN c.reltuples::bigint END"
    };
    format!(
        "SELECT n.nspname::text, CASE c.relkind WHEN 'v' THEN 'views' WHEN 'm' THEN 'materialized_views' ELSE 'tables' END, c.relname::text,
        json_strip_nulls(json_build_object(
            'comment', obj_description(c.oid, 'pg_class'),
            'owner', pg_catalog.pg_get_userbyid(c.relowner),
            'rows', CASE WHEN c.relkind IN ('r', 'm', 'p', 'f') THEN {rows} END,
            'bytes', CASE WHEN c.relkind IN ('r', 'm') THEN pg_catalog.pg_total_relation_size(c.oid) END,
            'unlogged', nullif(c.relpersistence = 'u' AND c.relkind <> 'v', false),
            'of_type', CASE WHEN c.reloftype <> 0 THEN (SELECT format('%I.%I', tn.nspname, ot.typname) FROM pg_catalog.pg_type ot JOIN pg_catalog.pg_namespace tn ON tn.oid = ot.typnamespace WHERE ot.oid = c.reloftype) END,
            'inherits', CASE WHEN NOT c.relispartition THEN (SELECT json_agg({parent} ORDER BY h.inhseqno) FROM pg_catalog.pg_inherits h WHERE h.inhrelid = c.oid) END,
            'partition_of', CASE WHEN c.relispartition THEN (SELECT {parent} FROM pg_catalog.pg_inherits h WHERE h.inhrelid = c.oid) END,
            'bound', CASE WHEN c.relispartition THEN pg_catalog.pg_get_expr(c.relpartbound, c.oid) END,
            'partition_by', CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END,
            'foreign', (SELECT json_build_object('server', quote_ident(fs.srvname), 'options',
                (SELECT '(' || string_agg(quote_ident(o.option_name) || ' ' || quote_literal(o.option_value), ', ') || ')' FROM pg_catalog.pg_options_to_table(ft.ftoptions) o))
                FROM pg_catalog.pg_foreign_table ft JOIN pg_catalog.pg_foreign_server fs ON fs.oid = ft.ftserver WHERE ft.ftrelid = c.oid),
            'columns', ({columns}),
            'query', CASE WHEN c.relkind IN ('v', 'm') THEN btrim(pg_catalog.pg_get_viewdef(c.oid), E' ;\\n') END,
            'check_option', (SELECT option_value FROM pg_catalog.pg_options_to_table(c.reloptions) WHERE option_name = 'check_option'),
            'not_populated', CASE WHEN c.relkind = 'm' THEN nullif(NOT c.relispopulated, false) END,
            'row_security', CASE WHEN c.relrowsecurity AND c.relforcerowsecurity THEN 'forced' WHEN c.relrowsecurity THEN 'enabled' WHEN c.relforcerowsecurity THEN 'forced_but_disabled' END,
            'replica_identity', CASE WHEN c.relkind <> 'm' THEN CASE c.relreplident WHEN 'f' THEN 'full' WHEN 'n' THEN CASE WHEN c.relkind IN ('r', 'p') THEN 'nothing' END
                WHEN 'i' THEN (SELECT ic.relname::text FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid WHERE i.indrelid = c.oid AND i.indisreplident) END END,
            'parameters', {parameters},
            'options', (SELECT json_object_agg(word, value ORDER BY word) FROM (
                SELECT 'using' AS word, quote_ident(am.amname) AS value FROM pg_catalog.pg_am am WHERE am.oid = c.relam AND am.amname <> 'heap'
                UNION ALL SELECT 'tablespace', quote_ident(ts.spcname) FROM pg_catalog.pg_tablespace ts WHERE ts.oid = c.reltablespace
                UNION ALL SELECT 'cluster_on', quote_ident(ic.relname) FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid WHERE i.indrelid = c.oid AND i.indisclustered) own),
            'grants', {grants}
        ))
        FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND c.relpersistence <> 't' AND {OF_THE_USER} AND {own}",
        parent = relation_name("h.inhparent"),
        columns = columns(version, "c.oid", "c.relkind IN ('r', 'p', 'f')"),
        parameters = table_parameters(),
        grants = grants("c.relacl", 'r', "c.relowner"),
        own = not_of_an_extension("pg_class", "c.oid"),
    )
}

/// Parameters of the table and, with `toast.` in front, of its TOAST table.
fn table_parameters() -> String {
    let own = "SELECT option_name, option_value FROM pg_catalog.pg_options_to_table(c.reloptions) WHERE option_name <> 'check_option'";
    let toast = "SELECT 'toast.' || o.option_name, o.option_value FROM pg_catalog.pg_class tc, pg_catalog.pg_options_to_table(tc.reloptions) o WHERE tc.oid = c.reltoastrelid";
    format!("(SELECT json_object_agg(option_name, coalesce(option_value, '') ORDER BY option_name COLLATE \"C\") FROM ({own} UNION ALL {toast}) own)")
}

/// A query that gives the columns of a relation as a mapping in their order.
pub(super) fn columns(version: u32, relation: &str, has_storage: &str) -> String {
    let compression = if version >= 14 { "CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END" } else { "NULL" };
    format!(
        "SELECT json_object_agg(a.attname, json_strip_nulls(json_build_object(
            'type', pg_catalog.format_type(a.atttypid, a.atttypmod),
            'not_null', nullif(a.attnotnull, false),
            'default', CASE WHEN a.attgenerated = '' THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) END,
            'generated', CASE WHEN a.attgenerated <> '' THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) END,
            'virtual', nullif(a.attgenerated = 'v', false),
            'identity', CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by_default' END,
            'sequence', CASE WHEN a.attidentity <> '' THEN ({identity}) END,
            'collation', CASE WHEN a.attcollation <> ct.typcollation AND a.attcollation <> 0 THEN {collation} END,
            'comment', col_description(a.attrelid, a.attnum),
            'options', CASE WHEN {has_storage} THEN (SELECT json_object_agg(word, value ORDER BY word) FROM (
                SELECT 'storage' AS word, CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END AS value WHERE a.attstorage <> ct.typstorage
                UNION ALL SELECT 'compression', {compression} WHERE {compression} IS NOT NULL
                UNION ALL SELECT 'statistics', a.attstattarget::text WHERE coalesce(a.attstattarget, -1) >= 0
                UNION ALL SELECT o.option_name, o.option_value FROM pg_catalog.pg_options_to_table(a.attoptions) o) own) END,
            'inherited', nullif(a.attinhcount, 0),
            'local', CASE WHEN NOT a.attislocal THEN false END,
            'grants', {grants}
        )) ORDER BY a.attnum)
        FROM pg_catalog.pg_attribute a
        JOIN pg_catalog.pg_type ct ON ct.oid = a.atttypid
        LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE a.attrelid = {relation} AND a.attnum > 0 AND NOT a.attisdropped",
        identity = identity_sequence(),
        collation = collation_name("a.attcollation"),
        grants = column_grants("a.attacl"),
    )
}

/// What of an identity's sequence is not as the server chooses it; NULL when nothing is.
fn identity_sequence() -> String {
    format!(
        "SELECT CASE WHEN made::text <> '{{}}' THEN made END FROM (SELECT json_strip_nulls(json_build_object(
            'name', CASE WHEN sc.relname <> left(oc.relname || '_' || a.attname || '_seq', 63) OR sc.relnamespace <> oc.relnamespace THEN format('%I.%I', sn.nspname, sc.relname) END,
            'type', CASE WHEN s.seqtypid <> a.atttypid THEN pg_catalog.format_type(s.seqtypid, NULL) END,
            {SEQUENCE_OPTIONS},
            'unlogged', nullif(sc.relpersistence = 'u' AND oc.relpersistence <> 'u', false),
            'comment', obj_description(sc.oid, 'pg_class'),
            'grants', {grants}
        )) AS made
        FROM pg_catalog.pg_depend dep
        JOIN pg_catalog.pg_class sc ON sc.oid = dep.objid AND sc.relkind = 'S'
        JOIN pg_catalog.pg_namespace sn ON sn.oid = sc.relnamespace
        JOIN pg_catalog.pg_sequence s ON s.seqrelid = sc.oid
        JOIN pg_catalog.pg_class oc ON oc.oid = a.attrelid
        WHERE dep.classid = 'pg_catalog.pg_class'::regclass AND dep.refclassid = 'pg_catalog.pg_class'::regclass
          AND dep.refobjid = a.attrelid AND dep.refobjsubid = a.attnum AND dep.deptype = 'i') own",
        grants = grants("sc.relacl", 's', "sc.relowner"),
    )
}

/// Rows `(schema, list, relation, list of constraints, name, body)` of tables and domains.
pub(super) fn constraints(version: u32) -> String {
    let nulls_not_distinct = if version >= 15 { "nullif(i.indnullsnotdistinct, false)" } else { "NULL::boolean" };
    let delete_columns = if version >= 15 { column_list("k.confdelsetcols", "k.conrelid") } else { String::from("NULL::json") };
    let not_enforced = if version >= 18 { "nullif(NOT k.conenforced, false)" } else { "NULL::boolean" };
    let not_valid = if version >= 18 { "nullif(NOT k.convalidated AND k.conenforced, false)" } else { "nullif(NOT k.convalidated, false)" };
    let action =
        |column: &str| format!("CASE {column} WHEN 'r' THEN 'restrict' WHEN 'c' THEN 'cascade' WHEN 'n' THEN 'set_null' WHEN 'd' THEN 'set_default' END");
    format!(
        "SELECT coalesce(n.nspname, dn.nspname)::text, CASE WHEN c.oid IS NULL THEN 'domains' ELSE 'tables' END, coalesce(c.relname, dt.typname)::text,
        CASE k.contype WHEN 'p' THEN 'primary_key' WHEN 'u' THEN 'unique' WHEN 'c' THEN 'checks' WHEN 'f' THEN 'foreign_keys' WHEN 'x' THEN 'exclusions' WHEN 'n' THEN 'not_nulls' END,
        k.conname::text,
        json_strip_nulls(CASE
        WHEN k.contype IN ('p', 'u') THEN json_build_object(
            'name', CASE WHEN k.contype = 'p' THEN k.conname END,
            'columns', {columns}, 'include', {INDEX_INCLUDE}, 'nulls_not_distinct', {nulls_not_distinct}, 'deferrable', {deferrable},
            'parameters', {parameters}, 'tablespace', {tablespace}, 'parent', {parent}, 'invalid', nullif(NOT i.indisvalid, false),
            'inherited', nullif(k.coninhcount, 0), 'local', CASE WHEN NOT k.conislocal THEN false END,
            'comment', obj_description(k.oid, 'pg_constraint'), 'index_comment', obj_description(k.conindid, 'pg_class'))
        WHEN k.contype = 'c' THEN json_build_object(
            'expression', pg_catalog.pg_get_expr(k.conbin, k.conrelid), 'no_inherit', nullif(k.connoinherit AND c.oid IS NOT NULL, false),
            'not_valid', {not_valid}, 'not_enforced', {not_enforced},
            'inherited', nullif(k.coninhcount, 0), 'local', CASE WHEN NOT k.conislocal THEN false END, 'comment', obj_description(k.oid, 'pg_constraint'))
        WHEN k.contype = 'n' THEN json_build_object(
            'column', {columns} ->> 0, 'not_valid', nullif(NOT k.convalidated, false),
            'inherited', nullif(k.coninhcount, 0), 'local', CASE WHEN NOT k.conislocal THEN false END, 'comment', obj_description(k.oid, 'pg_constraint'))
        WHEN k.contype = 'f' THEN json_build_object(
            'columns', {columns}, 'references', {references}, 'referenced_columns', {referenced},
            'match', CASE k.confmatchtype WHEN 'f' THEN 'full' END,
            'on_delete', {on_delete}, 'on_delete_columns', {delete_columns}, 'on_update', {on_update}, 'deferrable', {deferrable},
            'not_valid', {not_valid}, 'not_enforced', {not_enforced},
            'parent', (SELECT above.conname FROM pg_catalog.pg_constraint above WHERE above.oid = k.conparentid),
            'inherited', nullif(k.coninhcount, 0), 'local', CASE WHEN NOT k.conislocal THEN false END, 'comment', obj_description(k.oid, 'pg_constraint'))
        ELSE json_build_object(
            'method', (SELECT nullif(am.amname, 'gist') FROM pg_catalog.pg_am am WHERE am.oid = ic.relam), 'elements', {elements}, 'include', {INDEX_INCLUDE},
            'where', pg_catalog.pg_get_expr(i.indpred, i.indrelid), 'deferrable', {deferrable}, 'parameters', {parameters}, 'tablespace', {tablespace},
            'invalid', nullif(NOT i.indisvalid, false), 'inherited', nullif(k.coninhcount, 0), 'local', CASE WHEN NOT k.conislocal THEN false END,
            'comment', obj_description(k.oid, 'pg_constraint'), 'index_comment', obj_description(k.conindid, 'pg_class'))
        END)
        FROM pg_catalog.pg_constraint k
        LEFT JOIN (pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND {OF_THE_USER}) ON c.oid = k.conrelid AND c.relpersistence <> 't'
        LEFT JOIN (pg_catalog.pg_type dt JOIN pg_catalog.pg_namespace dn ON dn.oid = dt.typnamespace AND dn.nspname !~ '^pg_' AND dn.nspname <> 'information_schema') ON dt.oid = k.contypid
        LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = k.conindid AND k.contype IN ('p', 'u', 'x')
        LEFT JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid
        WHERE k.contype IN ('p', 'u', 'c', 'f', 'x', 'n') AND (c.oid IS NOT NULL OR dt.oid IS NOT NULL)
          AND (k.contype <> 'n' OR (c.oid IS NOT NULL AND (k.conname <> left(c.relname || '_' || ({columns} ->> 0) || '_not_null', 63) OR NOT k.convalidated)))
          AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint above WHERE above.oid = k.conparentid AND above.conrelid = k.conrelid)
          AND (c.oid IS NULL OR {own_table}) AND (dt.oid IS NULL OR {own_type})",
        columns = column_list("k.conkey", "k.conrelid"),
        referenced = column_list("k.confkey", "k.confrelid"),
        references = relation_name("k.confrelid"),
        deferrable = "CASE WHEN k.condeferrable THEN CASE WHEN k.condeferred THEN 'deferred' ELSE 'immediate' END END",
        parameters = parameters("ic.reloptions", "true"),
        tablespace = "(SELECT ts.spcname FROM pg_catalog.pg_tablespace ts WHERE ts.oid = ic.reltablespace)",
        parent = index_parent(),
        on_delete = action("k.confdeltype"),
        on_update = action("k.confupdtype"),
        elements = index_keys(version, true),
        own_table = not_of_an_extension("pg_class", "c.oid"),
        own_type = not_of_an_extension("pg_type", "dt.oid"),
    )
}

/// Rows `(schema, list, relation, name, body)`: indexes that stand behind no constraint.
pub(super) fn indexes(version: u32) -> String {
    let nulls_not_distinct = if version >= 15 { "nullif(i.indnullsnotdistinct, false)" } else { "NULL::boolean" };
    format!(
        "SELECT n.nspname::text, CASE c.relkind WHEN 'm' THEN 'materialized_views' ELSE 'tables' END, c.relname::text, ic.relname::text,
        json_strip_nulls(json_build_object(
            'keys', {keys}, 'unique', nullif(i.indisunique, false), 'method', nullif(am.amname, 'btree'), 'include', {INDEX_INCLUDE},
            'where', pg_catalog.pg_get_expr(i.indpred, i.indrelid), 'nulls_not_distinct', {nulls_not_distinct}, 'parameters', {parameters},
            'tablespace', (SELECT ts.spcname FROM pg_catalog.pg_tablespace ts WHERE ts.oid = ic.reltablespace),
            'invalid', nullif(NOT i.indisvalid, false), 'parent', {parent}, 'comment', obj_description(ic.oid, 'pg_class')))
        FROM pg_catalog.pg_index i
        JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid
        JOIN pg_catalog.pg_am am ON am.oid = ic.relam
        JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE {OF_THE_USER} AND c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't' AND {own}
          AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))",
        keys = index_keys(version, false),
        parameters = parameters("ic.reloptions", "true"),
        parent = index_parent(),
        own = not_of_an_extension("pg_class", "c.oid"),
    )
}

/// Rows `(schema, name, body)`: sequences that are no identity's.
pub(super) fn sequences() -> String {
    format!(
        "SELECT n.nspname::text, c.relname::text, json_strip_nulls(json_build_object(
            'type', CASE WHEN s.seqtypid <> 20 THEN pg_catalog.format_type(s.seqtypid, NULL) END,
            {SEQUENCE_OPTIONS},
            'owned_by', (SELECT {table} || '.' || quote_ident(oa.attname) FROM pg_catalog.pg_depend dep
                JOIN pg_catalog.pg_attribute oa ON oa.attrelid = dep.refobjid AND oa.attnum = dep.refobjsubid
                WHERE dep.classid = 'pg_catalog.pg_class'::regclass AND dep.objid = c.oid AND dep.refclassid = 'pg_catalog.pg_class'::regclass AND dep.deptype = 'a'),
            'unlogged', nullif(c.relpersistence = 'u', false),
            'comment', obj_description(c.oid, 'pg_class'), 'owner', pg_catalog.pg_get_userbyid(c.relowner), 'grants', {grants}))
        FROM pg_catalog.pg_sequence s
        JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE {OF_THE_USER} AND c.relpersistence <> 't' AND {own}
          AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend dep WHERE dep.classid = 'pg_catalog.pg_class'::regclass AND dep.objid = c.oid AND dep.deptype = 'i')",
        table = relation_name("dep.refobjid"),
        grants = grants("c.relacl", 's', "c.relowner"),
        own = not_of_an_extension("pg_class", "c.oid"),
    )
}
