//! The kinds of template, and what their holes become.

/// Whose templates a text is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TemplateKind {
    /// No template: braces are SQL, or an error.
    None,
    /// Metabase: `{{x}}` is a bound value, `[[ … ]]` may be left out.
    Metabase,
    /// Jinja, as in dbt, Superset, Airflow: `{{ x }}` is any text, `{% … %}` decides at run time.
    Jinja,
    /// Grafana: `$x`, `${x}`, `[[x]]` are any text, `$__name(…)` are its macros.
    Grafana,
    /// Looker: `${view.field}`, `{{ x }}` and `{% … %}` are any text.
    Looker,
}

/// What a hole is replaced by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Replacement {
    /// A value that the tool binds: it can stand wherever a value can.
    Value,
    /// Text that the tool pastes in; believed to be a value where nothing else is likely.
    Pasted,
    /// Text that is known.
    Text(String),
    /// Nothing.
    Nothing,
    /// Not known, for this reason.
    Unknown(&'static str),
}

/// What `{{ … }}` becomes.
pub(super) fn braces(kind: TemplateKind, content: &str) -> Replacement {
    let content = content.trim_matches('-').trim();
    match kind {
        TemplateKind::None => Replacement::Unknown("no template is declared for this text"),
        TemplateKind::Metabase if content.starts_with('#') => Replacement::Unknown("another question of Metabase stands here"),
        TemplateKind::Metabase if content.starts_with("snippet:") => Replacement::Unknown("a snippet of Metabase stands here"),
        TemplateKind::Metabase => Replacement::Value,
        TemplateKind::Jinja => jinja(content),
        TemplateKind::Grafana | TemplateKind::Looker => Replacement::Pasted,
    }
}

fn jinja(content: &str) -> Replacement {
    if content.starts_with("config(") {
        return Replacement::Nothing;
    }
    for (function, count) in [("ref(", 1), ("source(", 2)] {
        let Some(arguments) = content.strip_prefix(function).and_then(|rest| rest.strip_suffix(')')) else { continue };
        return match names(arguments) {
            Some(names) if names.len() == count => Replacement::Text(names.join(".")),
            // `ref('package', 'model')`.
            Some(names) if function == "ref(" && names.len() == 2 => names.last().cloned().map_or(Replacement::Nothing, Replacement::Text),
            _ => Replacement::Unknown("the model that this refers to is computed"),
        };
    }
    Replacement::Pasted
}

/// `'a', "b"`: quoted names, as SQL reads them without quotes; `None` for anything else.
fn names(arguments: &str) -> Option<Vec<String>> {
    let name = |argument: &str| {
        let argument = argument.trim();
        let inside = argument.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).or_else(|| argument.strip_prefix('"')?.strip_suffix('"'))?;
        let plain = !inside.is_empty() && inside.chars().all(|character| character == '_' || character.is_ascii_alphanumeric());
        plain.then(|| inside.to_owned())
    };
    arguments.split(',').map(name).collect()
}

/// What `{% … %}` becomes.
pub(super) fn tag(content: &str) -> Replacement {
    let content = content.trim_matches(['-', '+']).trim();
    match content.split_whitespace().next() {
        // Both with and without what stands between is possible: reading it finds all that can be read.
        Some("if" | "endif") => Replacement::Nothing,
        Some("set") if content.contains('=') => Replacement::Nothing,
        Some("else" | "elif") => Replacement::Unknown("one of several texts stands here"),
        _ => Replacement::Unknown("a template decides at run time what stands here"),
    }
}
