//! Routines, read through the statement that would make them.

use std::fmt::Write as _;
use std::sync::Arc;

use super::context::{Context, options};
use super::name;
use crate::diagnostic::Problem;
use crate::name::Name;
use crate::schema::{DataType, Definition, Function, FunctionParameter, ObjectBody, ObjectId};
use crate::snapshot::file::{FunctionEntry, FunctionWord, Text, VolatilityWord};
use crate::sql::tree::{FunctionKind, Parameter, ParameterMode, Returns, TypeName, Volatility};
use crate::sql::{read_function, tree};

/// Parameters, what is given back, and whether that is a set.
type Signature = (Vec<FunctionParameter>, Option<DataType>, bool);

impl Context<'_> {
    /// Makes a routine; what its bound body needs is told later.
    pub(super) fn function(&mut self, namespace: ObjectId, key: &Text, entry: &FunctionEntry) -> Option<ObjectId> {
        let Some((own_name, _)) = name::split_signature(&key.value) else {
            let problem = Problem::error("snapshot-routine-name", format!("`{}` does not name a routine", key.value)).at(key.span);
            self.problem(problem.help("write the name with the types of its input arguments: `contact_line(bigint)`, `refresh_all()`"));
            return None;
        };
        let kind = match entry.kind {
            None | Some(FunctionWord::Function) => FunctionKind::Function,
            Some(FunctionWord::Procedure) => FunctionKind::Procedure,
            Some(FunctionWord::Aggregate) => FunctionKind::Aggregate,
        };
        let (parameters, returns, returns_set) = self.signature(namespace, key, entry, kind)?;
        let mut all_options = options(&entry.options);
        // Told apart from `RETURNS TABLE`, which the model has as `OUT` parameters too.
        let has_out = entry.arguments.as_ref().is_some_and(|text| text.value.to_ascii_uppercase().split([' ', ',']).any(|word| word == "OUT"));
        if returns_set && has_out && !all_options.iter().any(|(word, _)| &**word == "RETURNS") {
            all_options.push((Arc::from("RETURNS"), Arc::from("SETOF")));
        }
        let function = Function {
            kind,
            parameters,
            returns,
            returns_set,
            language: Arc::from(entry.language.as_ref().map_or("sql", |text| text.value.as_str())),
            body: entry.body.as_ref().map(|text| Arc::from(text.value.as_str())),
            bound_body: entry.bound_body.as_ref().map(|text| Definition::text(text.value.as_str())),
            support: Vec::new(),
            volatility: match entry.volatility {
                None | Some(VolatilityWord::Volatile) => Volatility::Volatile,
                Some(VolatilityWord::Stable) => Volatility::Stable,
                Some(VolatilityWord::Immutable) => Volatility::Immutable,
            },
            strict: entry.strict,
            security_definer: entry.security_definer,
            settings: super::context::pairs(&entry.settings),
            options: all_options,
        };
        let id = self.schema.insert(Name::stored(own_name), Some(namespace), ObjectBody::Function(function));
        self.decorate(id, entry.owner.as_ref(), entry.comment.as_ref());
        self.grants(id, &entry.grants);
        Some(id)
    }

    /// Reads `CREATE FUNCTION f(arguments) RETURNS result`, which is how both are written in the file.
    fn signature(&mut self, namespace: ObjectId, key: &Text, entry: &FunctionEntry, kind: FunctionKind) -> Option<Signature> {
        let word = if kind == FunctionKind::Procedure { "PROCEDURE" } else { "FUNCTION" };
        let written = entry.arguments.as_ref().map_or("", |text| text.value.as_str()).trim_start_matches('*');
        let arguments = if kind == FunctionKind::Aggregate { one_list(written) } else { written.to_owned() };
        let mut statement = format!("CREATE {word} f({arguments})");
        if let Some(returns) = &entry.returns {
            let _ = write!(statement, " RETURNS {}", returns.value);
        }
        statement.push_str(" LANGUAGE sql AS ''");
        let place = entry.arguments.as_ref().or(entry.returns.as_ref()).unwrap_or(key).span;
        let id = self.source(&Text { value: statement, span: place });
        match read_function(self.sources, id, self.schema.dialect) {
            Ok(written) => Some(self.resolve_signature(namespace, place, &written)),
            Err(unread) => {
                let message = format!("arguments or result of `{}` are not read: {}", key.value, unread.message);
                self.problem(Problem::error("snapshot-routine", message).at(place));
                None
            }
        }
    }

    fn resolve_signature(&mut self, namespace: ObjectId, place: crate::text::Span, written: &tree::CreateFunction) -> Signature {
        let mut parameters: Vec<FunctionParameter> = Vec::new();
        for parameter in &written.parameters {
            parameters.push(self.parameter(namespace, place, parameter));
        }
        let (returns, returns_set) = match &written.returns {
            Returns::Type(data_type) => (Some(self.written_type(namespace, place, data_type)), data_type.set_of),
            Returns::Table(columns) => {
                for (name, data_type) in columns {
                    let data_type = self.written_type(namespace, place, data_type);
                    parameters.push(FunctionParameter { mode: ParameterMode::Out, name: Some(name.name.clone()), data_type, default: None });
                }
                (type_of_outputs(&parameters), true)
            }
            Returns::Nothing => (type_of_outputs(&parameters), false),
        };
        let returns = if written.kind == FunctionKind::Procedure { None } else { returns };
        (parameters, returns, returns_set)
    }

    fn parameter(&mut self, namespace: ObjectId, place: crate::text::Span, parameter: &Parameter) -> FunctionParameter {
        FunctionParameter {
            mode: parameter.mode,
            name: parameter.name.as_ref().map(|name| name.name.clone()),
            data_type: self.written_type(namespace, place, &parameter.data_type),
            default: parameter.default.as_ref().map(|default| Arc::from(self.sources.slice(default.span))),
        }
    }

    fn written_type(&mut self, namespace: ObjectId, place: crate::text::Span, written: &TypeName) -> DataType {
        let value = self.sources.slice(written.span).trim_start();
        let value = value.get(.."setof ".len()).filter(|word| word.eq_ignore_ascii_case("setof ")).map_or(value, |word| value.get(word.len()..).unwrap_or(""));
        let text = Text { value: value.to_owned(), span: place };
        self.data_type(Some(namespace), &text)
    }
}

/// The arguments of an ordered-set aggregate as one list, as they are stored: `a ORDER BY b` is `a, b`, and a `VARIADIC` one stands on both sides once
/// (`pg_get_function_arguments`, 15).
fn one_list(written: &str) -> String {
    let Some((direct, ordered)) = written.split_once("ORDER BY ") else { return written.to_owned() };
    let direct = direct.trim();
    match (direct.is_empty(), direct.starts_with("VARIADIC ") || direct.contains(", VARIADIC ")) {
        (true, _) => ordered.to_owned(),
        (false, true) => direct.to_owned(),
        (false, false) => format!("{direct}, {ordered}"),
    }
}

/// What `OUT` parameters make: nothing, the one type, or a record.
fn type_of_outputs(parameters: &[FunctionParameter]) -> Option<DataType> {
    let mut outputs = parameters.iter().filter(|parameter| matches!(parameter.mode, ParameterMode::Out | ParameterMode::InOut));
    match (outputs.next(), outputs.next()) {
        (None, _) => None,
        (Some(one), None) => Some(one.data_type.clone()),
        (Some(_), Some(_)) => Some(DataType::builtin("record")),
    }
}
