//! The loader of the tables beside it: text to [`BuiltIns`], once, when somebody first asks.
//!
//! The tables are made by `tests/generate/postgres_builtins.sh` from a server's own catalogs; the heads of the files name their columns.
//! A row that cannot be read is left out; a test holds that there is none.

use std::sync::LazyLock;

use crate::dialect::{
    BuiltInCastContext, BuiltInCastMethod, BuiltInColumn, BuiltInFunction, BuiltInOperator, BuiltInOperatorClass, BuiltInRelation, BuiltInRoutine, BuiltInType,
    BuiltInVolatility, BuiltIns, ExtensionCode, Subscripting, TypeCode, TypeKind,
};

const TYPES: &str = include_str!("types.tsv");
const FUNCTIONS: &str = include_str!("functions.tsv");
const OPERATORS: &str = include_str!("operators.tsv");
const CASTS: &str = include_str!("casts.tsv");
const OPERATOR_CLASSES: &str = include_str!("opclasses.tsv");
const RELATIONS: &str = include_str!("relations.tsv");
const EXTENSIONS: &str = include_str!("extensions.tsv");

/// What PostgreSQL 15 and the extensions that ship with it bring along.
pub(super) static BUILT_INS: LazyLock<BuiltIns> = LazyLock::new(load);

/// One row: where it comes from, and its fields.
type Row = (Option<ExtensionCode>, Vec<&'static str>);

/// The parts of the tables that an extension adds to.
#[derive(Default)]
struct Rows {
    types: Vec<Row>,
    functions: Vec<Row>,
    operators: Vec<Row>,
    casts: Vec<Row>,
    operator_classes: Vec<Row>,
    relations: Vec<Row>,
}

fn load() -> BuiltIns {
    let mut built_ins = BuiltIns::default();
    let rows = read_rows(&mut built_ins.extensions);
    load_types(&mut built_ins, &rows);
    load_relation_types(&mut built_ins, &rows.relations);
    built_ins.functions = rows.functions.iter().filter_map(|row| function(&built_ins, row)).collect();
    built_ins.functions.sort_by_key(|function| function.name);
    built_ins.operators = rows.operators.iter().filter_map(|row| operator(&built_ins, row)).collect();
    built_ins.operators.sort_by_key(|operator| operator.name);
    built_ins.casts = rows.casts.iter().filter_map(|row| cast(&built_ins, row)).collect();
    built_ins.operator_classes = rows.operator_classes.iter().filter_map(|row| operator_class(&built_ins, row)).collect();
    built_ins.operator_classes.sort_by_key(|class| class.data_type);
    built_ins.relations = relations(&built_ins, &rows.relations);
    built_ins.relations.sort_by_key(|relation| (relation.name, relation.schema));
    built_ins
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.starts_with("# "))
}

fn read_rows(extensions: &mut Vec<&'static str>) -> Rows {
    let own = |text| lines(text).map(|line| (None, line.split('\t').collect())).collect();
    let mut rows = Rows {
        types: own(TYPES),
        functions: own(FUNCTIONS),
        operators: own(OPERATORS),
        casts: own(CASTS),
        operator_classes: own(OPERATOR_CLASSES),
        relations: own(RELATIONS),
    };
    for line in lines(EXTENSIONS) {
        let mut fields = line.splitn(3, '\t');
        let (Some(extension), Some(table), Some(rest)) = (fields.next(), fields.next(), fields.next()) else { continue };
        if extensions.last() != Some(&extension) {
            extensions.push(extension);
        }
        let code = u16::try_from(extensions.len().saturating_sub(1)).ok().map(ExtensionCode);
        let table = match table {
            "types" => &mut rows.types,
            "functions" => &mut rows.functions,
            "operators" => &mut rows.operators,
            "casts" => &mut rows.casts,
            "opclasses" => &mut rows.operator_classes,
            "relations" => &mut rows.relations,
            _ => continue,
        };
        table.push((code, rest.split('\t').collect()));
    }
    rows
}

/// Types in two steps, since they refer to each other: first their numbers, then their rows.
fn load_types(built_ins: &mut BuiltIns, rows: &Rows) {
    for (place, (_, fields)) in rows.types.iter().enumerate() {
        if let (Some(name), Ok(code)) = (fields.first(), u16::try_from(place)) {
            built_ins.types_by_name.insert(name, TypeCode(code));
        }
    }
    let types = rows.types.iter().filter_map(|row| data_type(built_ins, row)).collect();
    built_ins.types = types;
}

fn data_type(built_ins: &BuiltIns, (extension, fields): &Row) -> Option<BuiltInType> {
    let [name, spelling, kind, category, preferred, element, subscripting, array, _length, collation, has_modifier] = fields[..] else { return None };
    let kind = match kind {
        "b" => TypeKind::Base,
        "c" => TypeKind::Composite,
        "d" => TypeKind::Domain,
        "e" => TypeKind::Enum,
        "r" => TypeKind::Range,
        "m" => TypeKind::Multirange,
        "p" => TypeKind::Pseudo,
        _ => return None,
    };
    let subscripting = match subscripting {
        "" => Subscripting::None,
        "array" => Subscripting::Array,
        "raw" => Subscripting::Fixed,
        "jsonb" => Subscripting::Document,
        "hstore" => Subscripting::Text,
        _ => return None,
    };
    Some(BuiltInType {
        name,
        spelling,
        kind,
        category: category.chars().next()?,
        preferred: truth(preferred)?,
        element: optional(built_ins, element)?,
        subscripting,
        array: optional(built_ins, array)?,
        has_modifier: truth(has_modifier)?,
        is_collatable: !collation.is_empty(),
        extension: *extension,
    })
}

/// Every relation is a type, and so is the array of it.
fn load_relation_types(built_ins: &mut BuiltIns, rows: &[Row]) {
    let mut last = "";
    for (extension, fields) in rows {
        let Some(&name) = fields.first().filter(|name| **name != last) else { continue };
        last = name;
        let array_name = name.split_once('.').map_or_else(|| format!("_{name}"), |(schema, name)| format!("{schema}._{name}"));
        let (Ok(code), Ok(array)) = (u16::try_from(built_ins.types.len()), u16::try_from(built_ins.types.len() + 1)) else { return };
        let row = BuiltInType {
            name,
            spelling: name,
            kind: TypeKind::Composite,
            category: 'C',
            preferred: false,
            element: None,
            subscripting: Subscripting::None,
            array: Some(TypeCode(array)),
            has_modifier: false,
            is_collatable: false,
            extension: *extension,
        };
        let array_row = BuiltInType {
            // Lives as long as the tables, which is as long as the program.
            name: array_name.leak(),
            spelling: format!("{name}[]").leak(),
            kind: TypeKind::Base,
            category: 'A',
            element: Some(TypeCode(code)),
            subscripting: Subscripting::Array,
            array: None,
            ..row.clone()
        };
        built_ins.types_by_name.insert(row.name, TypeCode(code));
        built_ins.types_by_name.insert(array_row.name, TypeCode(array));
        built_ins.types.extend([row, array_row]);
    }
}

fn function(built_ins: &BuiltIns, (extension, fields): &Row) -> Option<BuiltInFunction> {
    let [name, kind, parameters, variadic, defaults, returns, returns_set, strict, volatility, direct, columns, names] = fields[..] else { return None };
    let (schema, name) = name.split_once('.').map_or((None, name), |(schema, name)| (Some(schema), name));
    let kind = match kind {
        "f" => BuiltInRoutine::Function,
        "a" => BuiltInRoutine::Aggregate,
        "o" => BuiltInRoutine::OrderedSetAggregate,
        "h" => BuiltInRoutine::HypotheticalSetAggregate,
        "w" => BuiltInRoutine::Window,
        "p" => BuiltInRoutine::Procedure,
        _ => return None,
    };
    let volatility = match volatility {
        "i" => BuiltInVolatility::Immutable,
        "s" => BuiltInVolatility::Stable,
        "v" => BuiltInVolatility::Volatile,
        _ => return None,
    };
    let unnamed = |name: &'static str| if name == "-" { "" } else { name };
    let column = |text: &'static str| {
        let (name, data_type) = text.rsplit_once(':')?;
        Some((unnamed(name), built_ins.type_named(data_type)?))
    };
    Some(BuiltInFunction {
        name,
        schema,
        kind,
        parameters: words(parameters).map(|name| built_ins.type_named(name)).collect::<Option<_>>()?,
        variadic: optional(built_ins, variadic)?,
        defaults: defaults.parse().ok()?,
        returns: built_ins.type_named(returns)?,
        returns_set: truth(returns_set)?,
        strict: truth(strict)?,
        volatility,
        direct_arguments: if direct.is_empty() { None } else { Some(direct.parse().ok()?) },
        columns: words(columns).map(column).collect::<Option<_>>()?,
        names: words(names).map(unnamed).collect(),
        extension: *extension,
    })
}

fn operator(built_ins: &BuiltIns, (extension, fields): &Row) -> Option<BuiltInOperator> {
    let [name, left, right, result, strategy, hashes] = fields[..] else { return None };
    Some(BuiltInOperator {
        name,
        left: optional(built_ins, left)?,
        right: built_ins.type_named(right)?,
        result: built_ins.type_named(result)?,
        btree_strategy: words(strategy).next().and_then(|number| number.parse().ok()),
        hashes: truth(hashes)?,
        extension: *extension,
    })
}

fn cast(built_ins: &BuiltIns, (_, fields): &Row) -> Option<((TypeCode, TypeCode), (BuiltInCastContext, BuiltInCastMethod))> {
    let [source, target, context, method] = fields[..] else { return None };
    let context = match context {
        "i" => BuiltInCastContext::Implicit,
        "a" => BuiltInCastContext::Assignment,
        "e" => BuiltInCastContext::Explicit,
        _ => return None,
    };
    let method = match method {
        "b" => BuiltInCastMethod::Binary,
        "f" => BuiltInCastMethod::Function,
        "i" => BuiltInCastMethod::InputOutput,
        _ => return None,
    };
    Some(((built_ins.type_named(source)?, built_ins.type_named(target)?), (context, method)))
}

fn operator_class(built_ins: &BuiltIns, (extension, fields): &Row) -> Option<BuiltInOperatorClass> {
    let [data_type, method, name, is_default] = fields[..] else { return None };
    Some(BuiltInOperatorClass { data_type: built_ins.type_named(data_type)?, method, name, is_default: truth(is_default)?, extension: *extension })
}

fn relations(built_ins: &BuiltIns, rows: &[Row]) -> Vec<BuiltInRelation> {
    let mut relations: Vec<BuiltInRelation> = Vec::new();
    let mut last = "";
    for (extension, fields) in rows {
        let [full_name, kind, column, data_type, not_null] = fields[..] else { continue };
        let (Some(data_type), Some(not_null)) = (built_ins.type_named(data_type), truth(not_null)) else { continue };
        if full_name != last {
            last = full_name;
            let own_schema = if extension.is_some() { None } else { Some("pg_catalog") };
            let (schema, name) = full_name.split_once('.').map_or((own_schema, full_name), |(schema, name)| (Some(schema), name));
            relations.push(BuiltInRelation { schema, name, is_view: kind == "v", columns: Vec::new(), extension: *extension });
        }
        if let Some(relation) = relations.last_mut() {
            relation.columns.push(BuiltInColumn { name: column, data_type, not_null });
        }
    }
    relations
}

fn words(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.split(' ').filter(|word| !word.is_empty())
}

fn truth(text: &str) -> Option<bool> {
    match text {
        "t" => Some(true),
        "f" => Some(false),
        _ => None,
    }
}

/// The type of a field that may be empty; the outer `None` is a type that no table has.
#[expect(clippy::option_option, reason = "absent and unreadable are two things")]
fn optional(built_ins: &BuiltIns, name: &str) -> Option<Option<TypeCode>> {
    if name.is_empty() { Some(None) } else { built_ins.type_named(name).map(Some) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_row_is_lost() {
        let mut extensions = Vec::new();
        let rows = read_rows(&mut extensions);
        let all = &*BUILT_INS;
        let relation_types = 2 * all.relations.len();
        assert_eq!(all.types.len(), rows.types.len() + relation_types);
        assert_eq!(all.types_by_name.len(), all.types.len());
        assert_eq!(all.functions.len(), rows.functions.len());
        assert_eq!(all.operators.len(), rows.operators.len());
        assert_eq!(all.casts.len(), rows.casts.len());
        assert_eq!(all.operator_classes.len(), rows.operator_classes.len());
        assert_eq!(all.relations.iter().map(|relation| relation.columns.len()).sum::<usize>(), rows.relations.len());
        assert!(rows.functions.len() > 2449);
    }

    #[test]
    fn types_know_what_is_inside_them() {
        let all = &*BUILT_INS;
        let array = all.data_type(all.type_named("_int4").unwrap()).unwrap();
        assert_eq!(array.element, all.type_named("int4"));
        assert_eq!(all.data_type(all.type_named("citext").unwrap()).unwrap().extension.map(|code| all.extension(code)), Some(Some("citext")));
    }

    #[test]
    fn names_find_all_of_their_rows() {
        let all = &*BUILT_INS;
        assert_eq!(all.functions_named("lower").len(), 3);
        assert_eq!(all.functions_named("no_such_function").len(), 0);
        assert!(all.operators_named("=").len() > 60);
        assert_eq!(all.relations_named("pg_class").len(), 1);
        assert_eq!(all.relations_named("tables").first().unwrap().schema, Some("information_schema"));
    }
}
