//! Functions, procedures and aggregates in the words of `pg_get_functiondef`.

use std::fmt::Write as _;

use super::word::{literal, quoted_name};
use crate::schema::{Function, FunctionParameter, ObjectId, Schema, format_type};
use crate::sql::tree::{FunctionKind, ParameterMode, Volatility};

/// The option by which a function with `OUT` parameters that gives a set is told from one that `RETURNS TABLE`.
const SET_OF_OUT: &str = "RETURNS";

/// `CREATE FUNCTION | PROCEDURE | AGGREGATE …`.
pub fn function_definition(schema: &Schema, id: ObjectId, function: &Function) -> String {
    let name = quoted_name(schema, id);
    if function.kind == FunctionKind::Aggregate {
        return aggregate_definition(schema, &name, function);
    }
    let words = if function.kind == FunctionKind::Procedure { "PROCEDURE" } else { "FUNCTION" };
    let mut text = format!("CREATE {words} {name}({})", argument_list(schema, function));
    if let Some(result) = result_words(schema, function) {
        let _ = write!(text, "\n RETURNS {result}");
    }
    let _ = write!(text, "\n LANGUAGE {}", schema.dialect.quote(&crate::name::Name::stored(function.language.clone())));
    let attributes = attribute_words(function);
    if !attributes.is_empty() {
        let _ = write!(text, "\n {}", attributes.join(" "));
    }
    for (name, value) in &function.settings {
        let _ = write!(text, "\n SET {name} TO {}", canonical_setting(name, value));
    }
    match (&function.bound_body, &function.body) {
        (Some(body), _) => {
            let _ = write!(text, "\n{}", body.print(schema).trim());
        }
        (None, Some(body)) => {
            let quotes = dollar_quotes(body);
            let _ = write!(text, "\nAS {quotes}{body}{quotes}");
        }
        (None, None) => {
            if let Some((_, source)) = function.options.iter().find(|(word, _)| &**word == "AS") {
                let _ = write!(text, "\nAS {source}");
            }
        }
    }
    text
}

fn aggregate_definition(schema: &Schema, name: &str, function: &Function) -> String {
    let arguments = if function.parameters.is_empty() { String::from("*") } else { argument_list(schema, function) };
    let options: Vec<String> =
        function.options.iter().map(|(word, value)| if value.is_empty() { word.to_string() } else { format!("{word} = {value}") }).collect();
    format!("CREATE AGGREGATE {name}({arguments}) (\n    {}\n)", options.join(",\n    "))
}

fn attribute_words(function: &Function) -> Vec<String> {
    let mut words = Vec::new();
    let option = |wanted: &str| function.options.iter().find(|(word, _)| &**word == wanted);
    if let Some((_, types)) = option("TRANSFORM") {
        words.push(format!("TRANSFORM {types}"));
    }
    if option("WINDOW").is_some() {
        words.push(String::from("WINDOW"));
    }
    match function.volatility {
        Volatility::Volatile => {}
        Volatility::Stable => words.push(String::from("STABLE")),
        Volatility::Immutable => words.push(String::from("IMMUTABLE")),
    }
    if let Some((_, value)) = option("PARALLEL")
        && !value.eq_ignore_ascii_case("unsafe")
    {
        words.push(format!("PARALLEL {}", value.to_ascii_uppercase()));
    }
    if function.strict {
        words.push(String::from("STRICT"));
    }
    if function.security_definer {
        words.push(String::from("SECURITY DEFINER"));
    }
    if option("LEAKPROOF").is_some() {
        words.push(String::from("LEAKPROOF"));
    }
    for wanted in ["COST", "ROWS", "SUPPORT"] {
        if let Some((word, value)) = option(wanted) {
            words.push(format!("{word} {value}"));
        }
    }
    words
}

/// All parameters as `CREATE FUNCTION` lists them, with names and defaults; columns of `RETURNS TABLE` are not among them.
pub fn argument_list(schema: &Schema, function: &Function) -> String {
    let listed = function.parameters.iter().filter(|parameter| !(returns_table(function) && parameter.mode == ParameterMode::Out));
    listed.map(|parameter| parameter_words(schema, parameter)).collect::<Vec<_>>().join(", ")
}

fn parameter_words(schema: &Schema, parameter: &FunctionParameter) -> String {
    let mut text = String::from(match parameter.mode {
        ParameterMode::In => "",
        ParameterMode::Out => "OUT ",
        ParameterMode::InOut => "INOUT ",
        ParameterMode::Variadic => "VARIADIC ",
    });
    if let Some(name) = &parameter.name {
        let _ = write!(text, "{} ", schema.dialect.quote(name));
    }
    text.push_str(&format_type(schema, &parameter.data_type.without_modifiers()));
    if let Some(default) = &parameter.default {
        let _ = write!(text, " DEFAULT {default}");
    }
    text
}

/// The types that tell the function from others of its name, as `DROP FUNCTION` wants them: those of the input parameters.
pub fn identity_arguments(schema: &Schema, function: &Function) -> String {
    // `DROP PROCEDURE` takes `OUT` parameters only from 14 on, and then does not need them (manual, DROP PROCEDURE, 15).
    let inputs = function.parameters.iter().filter(|parameter| parameter.mode != ParameterMode::Out);
    let words = inputs.map(|parameter| {
        let variadic = if parameter.mode == ParameterMode::Variadic { "VARIADIC " } else { "" };
        format!("{variadic}{}", format_type(schema, &parameter.data_type.without_modifiers()))
    });
    let words: Vec<String> = words.collect();
    if words.is_empty() && function.kind == FunctionKind::Aggregate { String::from("*") } else { words.join(", ") }
}

/// What follows `RETURNS`, or `None` for a procedure.
pub fn result_words(schema: &Schema, function: &Function) -> Option<String> {
    if function.kind == FunctionKind::Procedure {
        return None;
    }
    if returns_table(function) {
        let columns = function.parameters.iter().filter(|parameter| parameter.mode == ParameterMode::Out);
        let words = columns.map(|parameter| parameter_words(schema, &FunctionParameter { mode: ParameterMode::In, ..parameter.clone() }));
        return Some(format!("TABLE({})", words.collect::<Vec<_>>().join(", ")));
    }
    let returns = format_type(schema, &function.returns.clone()?.without_modifiers());
    Some(if function.returns_set { format!("SETOF {returns}") } else { returns })
}

fn returns_table(function: &Function) -> bool {
    let is_out = |parameter: &FunctionParameter| parameter.mode == ParameterMode::Out;
    let outs_are_last = function.parameters.iter().skip_while(|parameter| !is_out(parameter)).all(is_out);
    function.returns_set
        && function.parameters.iter().any(is_out)
        && outs_are_last
        && function.parameters.iter().all(|parameter| parameter.mode != ParameterMode::InOut)
        && !function.options.iter().any(|(word, _)| &**word == SET_OF_OUT)
}

/// The value of `SET name TO …` in one spelling: each element of a list, or the whole value, as a string literal.
pub fn canonical_setting(name: &str, value: &str) -> String {
    // Settings whose value is a list of names (GUC_LIST_QUOTE, guc.c, 15).
    const LISTS: [&str; 5] = ["search_path", "temp_tablespaces", "session_preload_libraries", "shared_preload_libraries", "local_preload_libraries"];
    if LISTS.contains(&name) {
        return split_list(value).iter().map(|element| literal(element)).collect::<Vec<_>>().join(", ");
    }
    literal(&unquote(value.trim()))
}

fn split_list(value: &str) -> Vec<String> {
    let mut elements = Vec::new();
    let (mut current, mut quote) = (String::new(), None);
    for character in value.chars() {
        match (quote, character) {
            (None, ',') => elements.push(std::mem::take(&mut current)),
            (None, '\'' | '"') => {
                quote = Some(character);
                current.push(character);
            }
            (Some(open), close) if open == close => {
                quote = None;
                current.push(character);
            }
            _ => current.push(character),
        }
    }
    elements.push(current);
    elements.iter().map(|element| unquote(element.trim())).collect()
}

fn unquote(text: &str) -> String {
    for quote in ['\'', '"'] {
        if text.len() >= 2
            && let Some(inner) = text.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote))
        {
            return inner.replace(&format!("{quote}{quote}"), &quote.to_string());
        }
    }
    text.to_owned()
}

/// Dollar quotes that the body does not hold.
fn dollar_quotes(body: &str) -> String {
    let mut tag = String::from("function");
    while body.contains(&format!("${tag}")) {
        tag.push('x');
    }
    format!("${tag}$")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_has_one_spelling() {
        assert_eq!(canonical_setting("search_path", "app, \"My S\",''"), "'app', 'My S', ''");
        assert_eq!(canonical_setting("search_path", "'app', 'My S', ''"), "'app', 'My S', ''");
        assert_eq!(canonical_setting("work_mem", "'64MB'"), "'64MB'");
        assert_eq!(canonical_setting("enable_seqscan", "off"), "'off'");
    }

    #[test]
    fn the_quotes_of_a_body_are_not_in_it() {
        assert_eq!(dollar_quotes("BEGIN EXECUTE $function$x$function$; END"), "$functionx$");
    }
}
