//! Layouts: which sentences stand under which headings, for each message and audience.

use std::collections::BTreeMap;
use std::sync::Arc;

use minijinja::value::{Kwargs, Value};
use minijinja::{Environment, Error, ErrorKind};

use super::fault::{Place, fault};
use super::outline::{VALUE, outline};
use super::phrases::{Phrases, environment};
use crate::diagnostic::Problem;
use crate::notice::document::Section;
use crate::notice::text::clean;
use crate::text::Span;

/// The layouts that are built in: name of the file and its text.
pub(super) static BUILT_IN: &[(&str, &str)] = &[
    ("announce.j2", include_str!("../layout/announce.j2")),
    ("reminder.j2", include_str!("../layout/reminder.j2")),
    ("done.j2", include_str!("../layout/done.j2")),
    ("old-name-ends.j2", include_str!("../layout/old-name-ends.j2")),
    ("rolled-back.j2", include_str!("../layout/rolled-back.j2")),
    ("incident.j2", include_str!("../layout/incident.j2")),
    ("helpdesk.j2", include_str!("../layout/helpdesk.j2")),
    ("record.j2", include_str!("../layout/record.j2")),
];

/// A layout of the organisation: its text and where it stands.
#[derive(Clone, Debug)]
pub(super) struct OwnLayout {
    pub text: Arc<str>,
    pub span: Span,
}

/// All layouts.
#[derive(Clone, Debug, Default)]
pub struct Layouts {
    own: BTreeMap<String, OwnLayout>,
}

impl Layouts {
    /// The organisation's layouts over the built-in ones.
    ///
    /// # Errors
    /// Layouts that are no templates.
    pub(super) fn new(own: BTreeMap<String, OwnLayout>) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        for (name, layout) in &own {
            if let Err(error) = Environment::new().add_template(name, &layout.text) {
                problems.push(fault(name, Place::File(layout.span), &error));
            }
        }
        if problems.is_empty() { Ok(Self { own }) } else { Err(problems) }
    }

    /// Fills a layout, and reads what it prints.
    ///
    /// # Errors
    /// When it asks for something that is not there.
    pub fn fill(&self, name: &str, phrases: &Arc<Phrases>, values: Value) -> Result<Vec<Section>, Box<Problem>> {
        let built_in = BUILT_IN.iter().find(|(own, _)| *own == name).map_or("", |(_, text)| *text);
        let (text, place) = self.own.get(name).map_or((built_in, Place::BuiltIn), |own| (&*own.text, Place::File(own.span)));
        let mut environment = environment();
        environment.set_formatter(|out, _, value| {
            let text = if value.is_none() { String::new() } else { clean(&value.to_string()) };
            out.write_str(&format!("{VALUE}{text}")).map_err(Error::from)
        });
        let sentences = phrases.clone();
        environment.add_function("say", move |key: String, values: Kwargs| -> Result<Value, Error> {
            if !sentences.has(&key) {
                return Err(Error::new(ErrorKind::InvalidOperation, format!("there is no sentence named `{key}`")));
            }
            let mut pairs = Vec::new();
            for name in values.args() {
                pairs.push((name.to_owned(), values.get::<Value>(name)?));
            }
            Ok(Value::from(sentences.fill(&key, Value::from_pairs(pairs))))
        });
        let printed = environment.template_from_named_str(name, text).and_then(|template| template.render(values));
        printed.map(|printed| outline(&printed)).map_err(|error| Box::new(fault(name, place, &error)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notice::document::Line;
    use crate::text::Sources;
    use minijinja::value::Serde;

    fn own(text: &str) -> (Layouts, Sources) {
        let mut sources = Sources::default();
        let id = sources.add("announce.j2", text);
        let layout = OwnLayout { text: text.into(), span: sources.whole(id) };
        (Layouts::new(BTreeMap::from([(String::from("announce.j2"), layout)])).unwrap(), sources)
    }

    #[test]
    fn values_stay_values() {
        let phrases = Arc::new(Phrases::new("en", &[], None).unwrap());
        let (layouts, _) = own("## {{ say('heading.when') }}\n{% for line in when %}\n- {{ line }}\n{% endfor %}\n{{ sneaky }}\n");
        let values = Value::from(Serde(serde_json::json!({ "when": ["a\n## b"], "sneaky": "## c" })));
        let sections = layouts.fill("announce.j2", &phrases, values).unwrap();
        assert_eq!(sections.len(), 1);
        assert_eq!(sections[0].lines, [Line::Item("a ## b".into()), Line::Paragraph("## c".into())]);
    }

    #[test]
    fn a_fault_is_shown_at_its_line() {
        let phrases = Arc::new(Phrases::new("en", &[], None).unwrap());
        for (text, line) in [("a\n{{ nothing }}\n", 2), ("a\nb\n{{ say('no.such') }}\n", 3)] {
            let (layouts, sources) = own(text);
            let problem = layouts.fill("announce.j2", &phrases, Value::from(Serde(serde_json::json!({})))).unwrap_err();
            assert_eq!(sources.place(problem.span.unwrap()).start.line, line, "{text}");
        }
        let mut sources = Sources::default();
        let id = sources.add("announce.j2", "a\n{% for x %}\n");
        let layout = OwnLayout { text: sources.text(id).into(), span: sources.whole(id) };
        let problems = Layouts::new(BTreeMap::from([(String::from("announce.j2"), layout)])).unwrap_err();
        assert_eq!(sources.place(problems[0].span.unwrap()).start.line, 2);
    }
}
