//! Schemas, extensions, types, routines, triggers, policies and all other objects, as the catalog has them.

use super::fragment::{OF_THE_USER, collation_name, grants, not_of_an_extension, relation_name};
use super::relation_query::columns;

/// Rows `(name, body)`.
pub(super) fn namespaces() -> String {
    // What `public` has in every new database goes without saying.
    format!(
        "SELECT n.nspname::text, json_strip_nulls(json_build_object(
            'comment', CASE WHEN obj_description(n.oid, 'pg_namespace') IS DISTINCT FROM 'standard public schema' THEN obj_description(n.oid, 'pg_namespace') END,
            'owner', CASE WHEN NOT (n.nspname = 'public' AND (n.nspowner = 10 OR pg_catalog.pg_get_userbyid(n.nspowner) = 'pg_database_owner')) THEN pg_catalog.pg_get_userbyid(n.nspowner) END,
            'grants', CASE WHEN NOT EXISTS (SELECT 1 FROM pg_catalog.pg_init_privs ip WHERE ip.classoid = 'pg_catalog.pg_namespace'::regclass AND ip.objoid = n.oid AND ip.initprivs = n.nspacl) THEN {grants} END))
        FROM pg_catalog.pg_namespace n WHERE {OF_THE_USER} AND {own}",
        grants = grants("n.nspacl", 'n', "n.nspowner"),
        own = not_of_an_extension("pg_namespace", "n.oid"),
    )
}

/// Rows `(name, body)`; what `plpgsql` is goes without saying.
pub(super) fn extensions() -> String {
    "SELECT e.extname::text, json_strip_nulls(json_build_object(
        'schema', n.nspname, 'version', e.extversion,
        'types', (SELECT json_object_agg(t.typname, t.typcategory ORDER BY t.typname COLLATE \"C\") FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_type t ON t.oid = d.objid
            WHERE d.classid = 'pg_catalog.pg_type'::regclass AND d.refclassid = 'pg_catalog.pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e'
              AND t.typnamespace = e.extnamespace AND t.typtype IN ('b', 'r') AND t.typcategory <> 'A'),
        'functions', (SELECT json_object_agg(key, result ORDER BY key COLLATE \"C\") FROM (
            SELECT quote_ident(p.proname) || '(' || pg_catalog.oidvectortypes(p.proargtypes) || ')' AS key, pg_catalog.pg_get_function_result(p.oid) AS result
            FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_proc p ON p.oid = d.objid
            WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.refclassid = 'pg_catalog.pg_extension'::regclass AND d.refobjid = e.oid AND d.deptype = 'e'
              AND p.prokind IN ('f', 'w') AND p.pronamespace = e.extnamespace AND p.provariadic = 0
              AND NOT ('internal'::regtype = ANY (p.proargtypes)) AND p.prorettype NOT IN ('internal'::regtype, 'cstring'::regtype, 'index_am_handler'::regtype)) own)))
    FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname <> 'plpgsql'"
        .to_owned()
}

/// Rows `(schema, list, name, body)`.
pub(super) fn types(version: u32) -> String {
    let multirange = if version >= 14 { "(SELECT mt.typname FROM pg_catalog.pg_type mt WHERE mt.oid = r.rngmultitypid)" } else { "NULL" };
    let class =
        "(SELECT CASE WHEN opn.nspname = 'pg_catalog' THEN '' ELSE quote_ident(opn.nspname) || '.' END || quote_ident(oc.opcname) FROM pg_catalog.pg_opclass oc
        JOIN pg_catalog.pg_namespace opn ON opn.oid = oc.opcnamespace WHERE oc.oid = r.rngsubopc AND NOT oc.opcdefault)";
    format!(
        "SELECT n.nspname::text, CASE t.typtype WHEN 'e' THEN 'enums' WHEN 'd' THEN 'domains' WHEN 'c' THEN 'composites' WHEN 'r' THEN 'ranges' ELSE 'base_types' END, t.typname::text,
        json_strip_nulls(json_build_object(
            'labels', CASE WHEN t.typtype = 'e' THEN (SELECT json_agg(l.enumlabel ORDER BY l.enumsortorder) FROM pg_catalog.pg_enum l WHERE l.enumtypid = t.oid) END,
            'type', CASE WHEN t.typtype = 'd' THEN pg_catalog.format_type(t.typbasetype, t.typtypmod) END,
            'not_null', CASE WHEN t.typtype = 'd' THEN nullif(t.typnotnull, false) END,
            'default', CASE WHEN t.typtype = 'd' THEN coalesce(pg_catalog.pg_get_expr(t.typdefaultbin, 0), t.typdefault) END,
            'collation', CASE WHEN t.typtype = 'd' AND t.typcollation <> 0 AND t.typcollation <> bt.typcollation THEN {collation} END,
            'attributes', CASE WHEN t.typtype = 'c' THEN ({attributes}) END,
            'subtype', pg_catalog.format_type(r.rngsubtype, NULL),
            'multirange', {multirange},
            'options', CASE WHEN t.typtype = 'r' THEN (SELECT json_object_agg(word, value ORDER BY word) FROM (
                SELECT 'subtype_opclass' AS word, {class} AS value WHERE {class} IS NOT NULL
                UNION ALL SELECT 'collation', {range_collation} WHERE r.rngcollation <> 0 AND r.rngcollation <> (SELECT st.typcollation FROM pg_catalog.pg_type st WHERE st.oid = r.rngsubtype)
                UNION ALL SELECT 'canonical', r.rngcanonical::regproc::text WHERE r.rngcanonical <> 0
                UNION ALL SELECT 'subtype_diff', r.rngsubdiff::regproc::text WHERE r.rngsubdiff <> 0) own) END,
            'category', CASE WHEN t.typtype = 'b' AND t.typisdefined THEN t.typcategory::text END,
            'comment', coalesce(obj_description(t.oid, 'pg_type'), CASE WHEN t.typtype = 'c' THEN obj_description(t.typrelid, 'pg_class') END),
            'owner', pg_catalog.pg_get_userbyid(t.typowner),
            'grants', {grants}))
        FROM pg_catalog.pg_type t
        JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
        LEFT JOIN pg_catalog.pg_type bt ON bt.oid = t.typbasetype
        LEFT JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid
        WHERE {OF_THE_USER} AND {own}
          AND (t.typtype IN ('e', 'd', 'r') OR (t.typtype = 'p' AND NOT t.typisdefined)
            OR (t.typtype = 'c' AND EXISTS (SELECT 1 FROM pg_catalog.pg_class rc WHERE rc.oid = t.typrelid AND rc.relkind = 'c'))
            OR (t.typtype = 'b' AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_type el WHERE el.typarray = t.oid)))",
        collation = collation_name("t.typcollation"),
        range_collation = collation_name("r.rngcollation"),
        attributes = columns(version, "t.typrelid", "false"),
        grants = grants("t.typacl", 'T', "t.typowner"),
        own = not_of_an_extension("pg_type", "t.oid"),
    )
}

/// Rows `(schema, key, body)`.
pub(super) fn functions(version: u32) -> String {
    let bound = if version >= 14 { "pg_catalog.pg_get_function_sqlbody(p.oid)" } else { "NULL::text" };
    format!(
        "SELECT n.nspname::text,
        quote_ident(p.proname) || '(' || CASE WHEN p.prokind = 'a' AND p.pronargs = 0 THEN '*' ELSE coalesce((SELECT string_agg(CASE WHEN p.provariadic <> 0 AND g.place = p.pronargs THEN 'VARIADIC ' ELSE '' END
            || pg_catalog.format_type(g.type, NULL), ', ' ORDER BY g.place) FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY AS g(type, place)), '') END || ')',
        json_strip_nulls(json_build_object(
            'kind', CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' END,
            'arguments', nullif(pg_catalog.pg_get_function_arguments(p.oid), ''),
            'returns', pg_catalog.pg_get_function_result(p.oid),
            'language', nullif(l.lanname, 'sql'),
            'volatility', CASE p.provolatile WHEN 's' THEN 'stable' WHEN 'i' THEN 'immutable' END,
            'strict', nullif(p.proisstrict AND p.prokind <> 'a', false),
            'security_definer', nullif(p.prosecdef, false),
            'settings', (SELECT json_object_agg(split_part(setting, '=', 1), substr(setting, strpos(setting, '=') + 1)) FROM unnest(p.proconfig) AS setting),
            'options', CASE WHEN p.prokind = 'a' THEN ({aggregate}) ELSE ({options}) END,
            'body', CASE WHEN {bound} IS NULL AND l.lanname NOT IN ('c', 'internal') AND p.prokind <> 'a' THEN p.prosrc END,
            'bound_body', {bound},
            'comment', obj_description(p.oid, 'pg_proc'),
            'owner', pg_catalog.pg_get_userbyid(p.proowner),
            'grants', {grants}))
        FROM pg_catalog.pg_proc p
        JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
        JOIN pg_catalog.pg_language l ON l.oid = p.prolang
        WHERE {OF_THE_USER} AND {own}
          AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i')",
        aggregate = aggregate_options(),
        options = function_options(),
        grants = grants("p.proacl", 'f', "p.proowner"),
        own = not_of_an_extension("pg_proc", "p.oid"),
    )
}

fn function_options() -> &'static str {
    "SELECT json_object_agg(word, value ORDER BY word) FROM (
        SELECT 'cost' AS word, p.procost::text AS value WHERE p.procost <> CASE WHEN l.lanname IN ('c', 'internal') THEN 1 ELSE 100 END
        UNION ALL SELECT 'rows', p.prorows::text WHERE p.proretset AND p.prorows <> 1000
        UNION ALL SELECT 'parallel', CASE p.proparallel WHEN 's' THEN 'safe' ELSE 'restricted' END WHERE p.proparallel <> 'u'
        UNION ALL SELECT 'leakproof', '' WHERE p.proleakproof
        UNION ALL SELECT 'window', '' WHERE p.prokind = 'w'
        UNION ALL SELECT 'support', p.prosupport::regproc::text WHERE p.prosupport <> 0
        UNION ALL SELECT 'transform', (SELECT string_agg('FOR TYPE ' || pg_catalog.format_type(tt, NULL), ', ') FROM unnest(p.protrftypes) AS tt) WHERE p.protrftypes IS NOT NULL
        UNION ALL SELECT 'as', CASE WHEN l.lanname = 'c' THEN quote_literal(p.probin) || ', ' ELSE '' END || quote_literal(p.prosrc) WHERE l.lanname IN ('c', 'internal')) own"
}

fn aggregate_options() -> &'static str {
    "SELECT json_object_agg(word, value ORDER BY place) FROM (
        SELECT 1 AS place, 'sfunc' AS word, g.aggtransfn::regproc::text AS value FROM pg_catalog.pg_aggregate g WHERE g.aggfnoid = p.oid
        UNION ALL SELECT 2, 'stype', pg_catalog.format_type(g.aggtranstype, NULL) FROM pg_catalog.pg_aggregate g WHERE g.aggfnoid = p.oid
        UNION ALL SELECT 3, 'sspace', g.aggtransspace::text FROM pg_catalog.pg_aggregate g WHERE g.aggfnoid = p.oid AND g.aggtransspace <> 0
        UNION ALL SELECT 4, 'finalfunc', g.aggfinalfn::regproc::text FROM pg_catalog.pg_aggregate g WHERE g.aggfnoid = p.oid AND g.aggfinalfn <> 0
        UNION ALL SELECT 5, 'combinefunc', g.aggcombinefn::regproc::text FROM pg_catalog.pg_aggregate g WHERE g.aggfnoid = p.oid AND g.aggcombinefn <> 0
        UNION ALL SELECT 6, 'initcond', quote_literal(g.agginitval) FROM pg_catalog.pg_aggregate g WHERE g.aggfnoid = p.oid AND g.agginitval IS NOT NULL
        UNION ALL SELECT 7, 'sortop', g.aggsortop::regoper::text FROM pg_catalog.pg_aggregate g WHERE g.aggfnoid = p.oid AND g.aggsortop <> 0
        UNION ALL SELECT 8, 'parallel', CASE p.proparallel WHEN 's' THEN 'safe' ELSE 'restricted' END WHERE p.proparallel <> 'u') own"
}

/// Rows `(schema, list, relation, list of objects, name, body)`: triggers, rules and policies.
pub(super) fn on_tables() -> String {
    let place = "n.nspname::text, CASE c.relkind WHEN 'v' THEN 'views' WHEN 'm' THEN 'materialized_views' ELSE 'tables' END, c.relname::text";
    let state = |column: &str| format!("CASE {column} WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' WHEN 'A' THEN 'always' END");
    let own = not_of_an_extension("pg_class", "c.oid");
    format!(
        "SELECT * FROM (
        SELECT {place}, 'triggers', t.tgname::text, json_strip_nulls(json_build_object('definition', pg_catalog.pg_get_triggerdef(t.oid), 'state', {trigger_state}, 'comment', obj_description(t.oid, 'pg_trigger')))
        FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE NOT t.tgisinternal AND {OF_THE_USER} AND {own} AND {own_trigger} AND c.relpersistence <> 't'
          AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_trigger'::regclass AND d.objid = t.oid AND d.refclassid = 'pg_catalog.pg_trigger'::regclass)
        UNION ALL
        SELECT {place}, 'rules', r.rulename::text, json_strip_nulls(json_build_object('definition', rtrim(pg_catalog.pg_get_ruledef(r.oid), ';'), 'state', {rule_state}, 'comment', obj_description(r.oid, 'pg_rewrite')))
        FROM pg_catalog.pg_rewrite r JOIN pg_catalog.pg_class c ON c.oid = r.ev_class JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE r.rulename <> '_RETURN' AND {OF_THE_USER} AND {own}
        UNION ALL
        SELECT {place}, 'policies', p.polname::text, json_strip_nulls(json_build_object(
            'command', CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' END,
            'restrictive', nullif(NOT p.polpermissive, false),
            'roles', CASE WHEN p.polroles <> '{{0}}' THEN (SELECT json_agg(pg_catalog.pg_get_userbyid(role) ORDER BY pg_catalog.pg_get_userbyid(role)::text COLLATE \"C\") FROM unnest(p.polroles) AS role) END,
            'using', pg_catalog.pg_get_expr(p.polqual, p.polrelid), 'check', pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid), 'comment', obj_description(p.oid, 'pg_policy')))
        FROM pg_catalog.pg_policy p JOIN pg_catalog.pg_class c ON c.oid = p.polrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE {OF_THE_USER} AND {own}) AS own(schema, list, relation, objects, name, body)",
        trigger_state = state("t.tgenabled"),
        rule_state = state("r.ev_enabled"),
        own_trigger = not_of_an_extension("pg_trigger", "t.oid"),
    )
}

/// Rows `(name, body)`.
pub(super) fn event_triggers() -> String {
    format!(
        "SELECT e.evtname::text, json_strip_nulls(json_build_object(
            'definition', format('CREATE EVENT TRIGGER %I ON %s%s EXECUTE FUNCTION %s()', e.evtname, e.evtevent,
                (SELECT ' WHEN TAG IN (' || string_agg(quote_literal(tag), ', ') || ')' FROM unnest(e.evttags) AS tag), e.evtfoid::regproc::text),
            'state', CASE e.evtenabled WHEN 'D' THEN 'disabled' WHEN 'R' THEN 'replica' WHEN 'A' THEN 'always' END,
            'comment', obj_description(e.oid, 'pg_event_trigger'), 'owner', pg_catalog.pg_get_userbyid(e.evtowner)))
        FROM pg_catalog.pg_event_trigger e WHERE {own}",
        own = not_of_an_extension("pg_event_trigger", "e.oid"),
    )
}

/// Rows `(schema or NULL, body)`: objects that are kept by the statement that makes them.
pub(super) fn others(version: u32) -> String {
    let publication = publications(version);
    let statistics = format!(
        "SELECT n.nspname::text, json_strip_nulls(json_build_object('kind', 'statistics', 'name', s.stxname, 'table', {table}, 'definition', pg_catalog.pg_get_statisticsobjdef(s.oid),
            'comment', obj_description(s.oid, 'pg_statistic_ext'), 'owner', pg_catalog.pg_get_userbyid(s.stxowner)))
        FROM pg_catalog.pg_statistic_ext s JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace WHERE {OF_THE_USER}",
        table = relation_name("s.stxrelid"),
    );
    let locale = match version {
        17.. => "c.colllocale",
        15.. => "c.colliculocale",
        _ => "NULL::text",
    };
    let collations = format!(
        "SELECT n.nspname::text, json_strip_nulls(json_build_object('kind', 'collation', 'name', c.collname, 'definition',
            format('CREATE COLLATION %I.%I (provider = %s, %s%s)', n.nspname, c.collname, CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END,
                CASE WHEN c.collprovider = 'c' THEN format('lc_collate = %L, lc_ctype = %L', c.collcollate, c.collctype) ELSE format('locale = %L', coalesce({locale}, c.collcollate)) END,
                CASE WHEN c.collisdeterministic THEN '' ELSE ', deterministic = false' END),
            'comment', obj_description(c.oid, 'pg_collation'), 'owner', pg_catalog.pg_get_userbyid(c.collowner)))
        FROM pg_catalog.pg_collation c JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace WHERE {OF_THE_USER} AND {own}",
        own = not_of_an_extension("pg_collation", "c.oid"),
    );
    let operators = format!(
        "SELECT n.nspname::text, json_strip_nulls(json_build_object('kind', 'operator',
            'name', format('%I.%s (%s, %s)', n.nspname, o.oprname, CASE WHEN o.oprleft = 0 THEN 'NONE' ELSE pg_catalog.format_type(o.oprleft, NULL) END, CASE WHEN o.oprright = 0 THEN 'NONE' ELSE pg_catalog.format_type(o.oprright, NULL) END),
            'definition', format('CREATE OPERATOR %I.%s (FUNCTION = %s%s%s)', n.nspname, o.oprname, o.oprcode::regproc::text,
                CASE WHEN o.oprleft <> 0 THEN ', LEFTARG = ' || pg_catalog.format_type(o.oprleft, NULL) ELSE '' END, CASE WHEN o.oprright <> 0 THEN ', RIGHTARG = ' || pg_catalog.format_type(o.oprright, NULL) ELSE '' END),
            'comment', obj_description(o.oid, 'pg_operator'), 'owner', pg_catalog.pg_get_userbyid(o.oprowner)))
        FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace WHERE {OF_THE_USER} AND {own} AND o.oprcode <> 0",
        own = not_of_an_extension("pg_operator", "o.oid"),
    );
    let casts = format!(
        "SELECT NULL::text, json_strip_nulls(json_build_object('kind', 'cast', 'name', format('(%s AS %s)', pg_catalog.format_type(c.castsource, NULL), pg_catalog.format_type(c.casttarget, NULL)),
            'definition', format('CREATE CAST (%s AS %s) %s%s', pg_catalog.format_type(c.castsource, NULL), pg_catalog.format_type(c.casttarget, NULL),
                CASE c.castmethod WHEN 'i' THEN 'WITH INOUT' WHEN 'b' THEN 'WITHOUT FUNCTION' ELSE 'WITH FUNCTION ' || c.castfunc::regprocedure::text END,
                CASE c.castcontext WHEN 'a' THEN ' AS ASSIGNMENT' WHEN 'i' THEN ' AS IMPLICIT' ELSE '' END),
            'comment', obj_description(c.oid, 'pg_cast')))
        FROM pg_catalog.pg_cast c WHERE c.oid >= 16384 AND {own}
          AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_cast'::regclass AND d.objid = c.oid AND d.deptype = 'i')",
        own = not_of_an_extension("pg_cast", "c.oid"),
    );
    format!(
        "SELECT schema, body FROM ({statistics} UNION ALL {collations} UNION ALL {operators} UNION ALL {casts} UNION ALL {search} UNION ALL {foreign} UNION ALL {publication}) AS own(schema, body)
        ORDER BY schema COLLATE \"C\" NULLS FIRST, body ->> 'kind', body ->> 'name' COLLATE \"C\"",
        search = text_search(),
        foreign = foreign_servers(),
    )
}

fn text_search() -> String {
    format!(
        "SELECT n.nspname::text, json_strip_nulls(json_build_object('kind', 'text search dictionary', 'name', d.dictname,
            'definition', format('CREATE TEXT SEARCH DICTIONARY %I.%I (TEMPLATE = %s%s)', n.nspname, d.dictname, (SELECT format('%I.%I', tn.nspname, t.tmplname) FROM pg_catalog.pg_ts_template t JOIN pg_catalog.pg_namespace tn ON tn.oid = t.tmplnamespace WHERE t.oid = d.dicttemplate), ', ' || d.dictinitoption),
            'comment', obj_description(d.oid, 'pg_ts_dict'), 'owner', pg_catalog.pg_get_userbyid(d.dictowner)))
        FROM pg_catalog.pg_ts_dict d JOIN pg_catalog.pg_namespace n ON n.oid = d.dictnamespace WHERE {OF_THE_USER} AND {own_dictionary}
        UNION ALL
        SELECT n.nspname::text, json_strip_nulls(json_build_object('kind', 'text search configuration', 'name', c.cfgname,
            'definition', format('CREATE TEXT SEARCH CONFIGURATION %I.%I (PARSER = %s)', n.nspname, c.cfgname, (SELECT format('%I.%I', pn.nspname, p.prsname) FROM pg_catalog.pg_ts_parser p JOIN pg_catalog.pg_namespace pn ON pn.oid = p.prsnamespace WHERE p.oid = c.cfgparser))
                || coalesce((SELECT string_agg(format(E';\\nALTER TEXT SEARCH CONFIGURATION %I.%I ADD MAPPING FOR %s WITH %s', n.nspname, c.cfgname, token, dictionaries), '' ORDER BY token COLLATE \"C\") FROM (
                    SELECT (SELECT quote_ident(tt.alias) FROM pg_catalog.ts_token_type(c.cfgparser) tt WHERE tt.tokid = m.maptokentype) AS token, string_agg(m.mapdict::regdictionary::text, ', ' ORDER BY m.mapseqno) AS dictionaries
                    FROM pg_catalog.pg_ts_config_map m WHERE m.mapcfg = c.oid GROUP BY m.maptokentype) mapping), ''),
            'comment', obj_description(c.oid, 'pg_ts_config'), 'owner', pg_catalog.pg_get_userbyid(c.cfgowner)))
        FROM pg_catalog.pg_ts_config c JOIN pg_catalog.pg_namespace n ON n.oid = c.cfgnamespace WHERE {OF_THE_USER} AND {own_configuration}",
        own_dictionary = not_of_an_extension("pg_ts_dict", "d.oid"),
        own_configuration = not_of_an_extension("pg_ts_config", "c.oid"),
    )
}

/// Foreign servers and their wrappers. Options whose name sounds like a secret are left out, and user mappings altogether.
fn foreign_servers() -> String {
    let options = |column: &str| {
        format!(
            "coalesce((SELECT ' OPTIONS (' || string_agg(quote_ident(o.option_name) || ' ' || quote_literal(o.option_value), ', ' ORDER BY o.option_name COLLATE \"C\") || ')'
                FROM pg_catalog.pg_options_to_table({column}) o WHERE o.option_name !~* 'pass|secret|token|key'), '')"
        )
    };
    format!(
        "SELECT NULL::text, json_strip_nulls(json_build_object('kind', 'foreign data wrapper', 'name', w.fdwname,
            'definition', format('CREATE FOREIGN DATA WRAPPER %I%s%s%s', w.fdwname, CASE WHEN w.fdwhandler <> 0 THEN ' HANDLER ' || w.fdwhandler::regproc::text END, CASE WHEN w.fdwvalidator <> 0 THEN ' VALIDATOR ' || w.fdwvalidator::regproc::text END, {wrapper_options}),
            'comment', obj_description(w.oid, 'pg_foreign_data_wrapper'), 'owner', pg_catalog.pg_get_userbyid(w.fdwowner), 'grants', {wrapper_grants}))
        FROM pg_catalog.pg_foreign_data_wrapper w WHERE {own_wrapper}
        UNION ALL
        SELECT NULL::text, json_strip_nulls(json_build_object('kind', 'server', 'name', s.srvname,
            'definition', format('CREATE SERVER %I%s%s FOREIGN DATA WRAPPER %I%s', s.srvname, ' TYPE ' || quote_literal(s.srvtype), ' VERSION ' || quote_literal(s.srvversion), w.fdwname, {server_options}),
            'comment', obj_description(s.oid, 'pg_foreign_server'), 'owner', pg_catalog.pg_get_userbyid(s.srvowner), 'grants', {server_grants}))
        FROM pg_catalog.pg_foreign_server s JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw WHERE {own_server}",
        wrapper_options = options("w.fdwoptions"),
        server_options = options("s.srvoptions"),
        wrapper_grants = grants("w.fdwacl", 'F', "w.fdwowner"),
        server_grants = grants("s.srvacl", 'S', "s.srvowner"),
        own_wrapper = not_of_an_extension("pg_foreign_data_wrapper", "w.oid"),
        own_server = not_of_an_extension("pg_foreign_server", "s.oid"),
    )
}

fn publications(version: u32) -> String {
    let filter = if version >= 15 {
        "|| coalesce(' (' || (SELECT string_agg(quote_ident(pa.attname), ', ' ORDER BY pa.attnum) FROM pg_catalog.pg_attribute pa WHERE pa.attrelid = r.prrelid AND pa.attnum = ANY (r.prattrs::int2[])) || ')', '')
         || coalesce(' WHERE (' || pg_catalog.pg_get_expr(r.prqual, r.prrelid) || ')', '')"
    } else {
        ""
    };
    let schemas = if version >= 15 {
        "(SELECT string_agg(quote_ident(pn.nspname), ', ' ORDER BY pn.nspname COLLATE \"C\") FROM pg_catalog.pg_publication_namespace s JOIN pg_catalog.pg_namespace pn ON pn.oid = s.pnnspid WHERE s.pnpubid = p.oid)"
    } else {
        "NULL::text"
    };
    let via_root = if version >= 13 { "CASE WHEN p.pubviaroot THEN ', publish_via_partition_root = true' ELSE '' END" } else { "''" };
    format!(
        "SELECT NULL::text, json_strip_nulls(json_build_object('kind', 'publication', 'name', p.pubname,
            'definition', format('CREATE PUBLICATION %I%s WITH (publish = %L%s)', p.pubname,
                CASE WHEN p.puballtables THEN ' FOR ALL TABLES' ELSE ' FOR ' || nullif(concat_ws(', ',
                    'TABLE ' || (SELECT string_agg({table} {filter}, ', ' ORDER BY {table} COLLATE \"C\") FROM pg_catalog.pg_publication_rel r WHERE r.prpubid = p.oid),
                    'TABLES IN SCHEMA ' || {schemas}), '') END,
                concat_ws(', ', CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END, CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END), {via_root}),
            'comment', obj_description(p.oid, 'pg_publication'), 'owner', pg_catalog.pg_get_userbyid(p.pubowner)))
        FROM pg_catalog.pg_publication p",
        table = relation_name("r.prrelid"),
    )
}
