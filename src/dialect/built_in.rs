//! What a database brings along: types, functions, operators, casts, operator classes, system relations, and the same of known extensions.
//!
//! Tables that are filled once by a dialect's loader and only read afterwards. Types refer to each other by number ([`TypeCode`]), so that
//! comparing two is comparing two numbers. What follows from the tables (which operator is meant, what can be converted) is decided in `typing`.

use std::collections::BTreeMap;

/// A type of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeCode(pub u16);

/// An extension of the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExtensionCode(pub u16);

/// Kinds of type (PostgreSQL's `typtype`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named as the manual names it")]
pub enum TypeKind {
    Base,
    Composite,
    Domain,
    Enum,
    Range,
    Multirange,
    Pseudo,
}

/// What `value[i]` does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subscripting {
    /// It is refused.
    None,
    /// A true array: elements, slices, assignment.
    Array,
    /// Fixed length: an element can be fetched (`point`, `name`).
    Fixed,
    /// A key into it gives the same type (`jsonb`).
    Document,
    /// A key into it gives text (`hstore`).
    Text,
}

/// A type.
#[derive(Clone, Debug)]
pub struct BuiltInType {
    /// Internal name (`int4`, `_int4`); with its schema in front when that is not the main system schema and it is a relation's row type.
    pub name: &'static str,
    /// As the server spells it without modifiers (`integer`, `information_schema.sql_identifier`).
    pub spelling: &'static str,
    /// Its kind.
    pub kind: TypeKind,
    /// The server's category letter.
    pub category: char,
    /// Whether it is preferred in its category.
    pub preferred: bool,
    /// What an array holds, a domain is over, a range is over, the range of a multirange; what a subscript gives.
    pub element: Option<TypeCode>,
    /// What a subscript does.
    pub subscripting: Subscripting,
    /// The array type over it.
    pub array: Option<TypeCode>,
    /// Whether it can have modifiers.
    pub has_modifier: bool,
    /// Whether its values have a collation.
    pub is_collatable: bool,
    /// The extension it comes from.
    pub extension: Option<ExtensionCode>,
}

/// Kinds of routine (`prokind`, `aggkind`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named as the manual names it")]
pub enum BuiltInRoutine {
    Function,
    Aggregate,
    OrderedSetAggregate,
    HypotheticalSetAggregate,
    Window,
    Procedure,
}

/// What a function's result depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is named as SQL names it")]
pub enum BuiltInVolatility {
    Immutable,
    Stable,
    Volatile,
}

/// A function, aggregate, window function or procedure.
#[derive(Clone, Debug)]
pub struct BuiltInFunction {
    /// Its name without schema.
    pub name: &'static str,
    /// The system schema, when it is not the main one (`information_schema`).
    pub schema: Option<&'static str>,
    /// Its kind.
    pub kind: BuiltInRoutine,
    /// Types of the input parameters.
    pub parameters: Vec<TypeCode>,
    /// The element type of the last parameter, when it is variadic.
    pub variadic: Option<TypeCode>,
    /// How many of the last parameters have defaults.
    pub defaults: u16,
    /// What it gives.
    pub returns: TypeCode,
    /// Whether it gives a set.
    pub returns_set: bool,
    /// NULL in, NULL out.
    pub strict: bool,
    /// What its result depends on.
    pub volatility: BuiltInVolatility,
    /// How many arguments stand in front of `WITHIN GROUP`.
    pub direct_arguments: Option<u16>,
    /// Names (empty when unnamed) and types of the output columns.
    pub columns: Vec<(&'static str, TypeCode)>,
    /// Names of the input parameters; empty when none has one.
    pub names: Vec<&'static str>,
    /// The extension it comes from.
    pub extension: Option<ExtensionCode>,
}

/// An operator.
#[derive(Clone, Debug)]
pub struct BuiltInOperator {
    /// Its name.
    pub name: &'static str,
    /// Its left operand; `None` for a prefix operator.
    pub left: Option<TypeCode>,
    /// Its right operand.
    pub right: TypeCode,
    /// What it gives.
    pub result: TypeCode,
    /// What it is to sorting, when it is in a btree family: 1 `<`, 2 `<=`, 3 `=`, 4 `>=`, 5 `>`.
    pub btree_strategy: Option<u8>,
    /// Whether it is the equality of a hash.
    pub hashes: bool,
    /// The extension it comes from.
    pub extension: Option<ExtensionCode>,
}

/// When the server casts by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BuiltInCastContext {
    /// Always.
    Implicit,
    /// When a value is stored.
    Assignment,
    /// Never.
    Explicit,
}

/// How a cast is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BuiltInCastMethod {
    /// The bytes stay.
    Binary,
    /// By a function.
    Function,
    /// By text.
    InputOutput,
}

/// A default or other operator class.
#[derive(Clone, Debug)]
pub struct BuiltInOperatorClass {
    /// Its input type.
    pub data_type: TypeCode,
    /// The access method.
    pub method: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Whether it is the default of that type and method.
    pub is_default: bool,
    /// The extension it comes from.
    pub extension: Option<ExtensionCode>,
}

/// A column of a system relation.
#[derive(Clone, Debug)]
pub struct BuiltInColumn {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub data_type: TypeCode,
    /// `NOT NULL`.
    pub not_null: bool,
}

/// A system relation, or one of an extension.
#[derive(Clone, Debug)]
pub struct BuiltInRelation {
    /// `information_schema` or `pg_catalog`; `None` for one of an extension, which lives in the extension's schema.
    pub schema: Option<&'static str>,
    /// Its name.
    pub name: &'static str,
    /// Whether it is a view.
    pub is_view: bool,
    /// Its columns in order.
    pub columns: Vec<BuiltInColumn>,
    /// The extension it comes from.
    pub extension: Option<ExtensionCode>,
}

/// Everything. Lists are sorted by name.
#[derive(Clone, Debug, Default)]
pub struct BuiltIns {
    /// All types, in the order of their codes.
    pub types: Vec<BuiltInType>,
    /// Types by internal name.
    pub types_by_name: BTreeMap<&'static str, TypeCode>,
    /// All routines.
    pub functions: Vec<BuiltInFunction>,
    /// All operators.
    pub operators: Vec<BuiltInOperator>,
    /// Casts by source and target.
    pub casts: BTreeMap<(TypeCode, TypeCode), (BuiltInCastContext, BuiltInCastMethod)>,
    /// Operator classes, sorted by input type.
    pub operator_classes: Vec<BuiltInOperatorClass>,
    /// System relations.
    pub relations: Vec<BuiltInRelation>,
    /// Names of the extensions that the tables know.
    pub extensions: Vec<&'static str>,
}

impl BuiltIns {
    /// The type of that internal name.
    pub fn type_named(&self, name: &str) -> Option<TypeCode> {
        self.types_by_name.get(name).copied()
    }

    /// A type's row.
    pub fn data_type(&self, code: TypeCode) -> Option<&BuiltInType> {
        self.types.get(usize::from(code.0))
    }

    /// An extension's name.
    pub fn extension(&self, code: ExtensionCode) -> Option<&'static str> {
        self.extensions.get(usize::from(code.0)).copied()
    }

    /// All routines of that name, those of extensions too.
    pub fn functions_named(&self, name: &str) -> &[BuiltInFunction] {
        named(&self.functions, name, |function| function.name)
    }

    /// All operators of that name, those of extensions too.
    pub fn operators_named(&self, name: &str) -> &[BuiltInOperator] {
        named(&self.operators, name, |operator| operator.name)
    }

    /// The relations of that name (`pg_catalog` and `information_schema` may share one).
    pub fn relations_named(&self, name: &str) -> &[BuiltInRelation] {
        named(&self.relations, name, |relation| relation.name)
    }

    /// The operator classes over exactly that type.
    pub fn classes_of(&self, data_type: TypeCode) -> &[BuiltInOperatorClass] {
        let start = self.operator_classes.partition_point(|class| class.data_type < data_type);
        let end = self.operator_classes.partition_point(|class| class.data_type <= data_type);
        self.operator_classes.get(start..end).unwrap_or(&[])
    }
}

fn named<'t, T>(sorted: &'t [T], name: &str, name_of: impl Fn(&T) -> &'static str) -> &'t [T] {
    let start = sorted.partition_point(|row| name_of(row) < name);
    let end = sorted.partition_point(|row| name_of(row) <= name);
    sorted.get(start..end).unwrap_or(&[])
}
