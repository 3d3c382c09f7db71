//! Layouts and languages of a run: the built-in ones, and a folder of the organisation over them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::layouts::{self, Layouts, OwnLayout};
use super::phrases::{self, Phrases};
use crate::diagnostic::Problem;
use crate::text::{Sources, Spanned};
use crate::yaml::{self, Entries};

/// Layouts and languages.
#[derive(Clone, Debug)]
pub struct Templates {
    pub(in crate::notice) layouts: Layouts,
    languages: BTreeMap<String, Arc<Phrases>>,
}

/// A file of sentences.
type Sentences = Entries<Spanned<String>>;

impl Templates {
    /// The built-in layouts and languages, and over them the files of a folder: `announce.j2` and its like, `en.yml` and its like.
    ///
    /// # Errors
    /// Every fault of every file in the folder, each at its place; a file that nobody asks for.
    pub fn load(folder: Option<&Spanned<PathBuf>>, sources: &mut Sources) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut own_layouts = BTreeMap::new();
        let mut own_languages = BTreeMap::new();
        for path in folder.map_or_else(Vec::new, |folder| files(folder, &mut problems)) {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let language = name.strip_suffix(".yml").or_else(|| name.strip_suffix(".yaml"));
            let is_layout = layouts::BUILT_IN.iter().any(|(built_in, _)| *built_in == name);
            if language.is_none() && !is_layout {
                let problem = Problem::error("notice-unknown-template", format!("no notice is made from a file named `{name}`")).of(&path);
                let known = layouts::BUILT_IN.iter().map(|(name, _)| *name).chain(["en.yml", "es.yml"]);
                problems.push(problem.allowed(&name, known));
                continue;
            }
            let id = match sources.load(&path) {
                Ok(id) => id,
                Err(error) => {
                    problems.push(error.into());
                    continue;
                }
            };
            let span = sources.whole(id);
            match language {
                None => {
                    own_layouts.insert(name, OwnLayout { text: sources.text(id).into(), span });
                }
                Some(language) => match yaml::read::<Sentences>(sources, id) {
                    Ok(sentences) => {
                        own_languages.insert(language.to_owned(), (sentences.0, span));
                    }
                    Err(more) => problems.extend(more),
                },
            }
        }
        let layouts = Layouts::new(own_layouts).map_err(|more| problems.extend(more)).unwrap_or_default();
        let mut languages = BTreeMap::new();
        let tags = phrases::BUILT_IN.iter().map(|(tag, _)| (*tag).to_owned()).chain(own_languages.keys().cloned());
        for tag in tags.collect::<std::collections::BTreeSet<_>>() {
            let own = own_languages.get(&tag);
            match Phrases::new(&tag, own.map_or(&[], |(sentences, _)| sentences.as_slice()), own.map(|(_, span)| *span)) {
                Ok(phrases) => {
                    languages.insert(tag, Arc::new(phrases));
                }
                Err(more) => problems.extend(more),
            }
        }
        if problems.is_empty() { Ok(Self { layouts, languages }) } else { Err(problems) }
    }

    /// The sentences of a language, or of the language it is a form of (`es-MX`: `es`); `None` when there is neither.
    pub fn language(&self, tag: &str) -> Option<&Arc<Phrases>> {
        let base = tag.split('-').next().unwrap_or(tag);
        self.languages.get(tag).or_else(|| self.languages.get(&base.to_ascii_lowercase()))
    }

    /// The tags of all languages, sorted.
    pub fn tags(&self) -> impl Iterator<Item = &str> {
        self.languages.keys().map(String::as_str)
    }
}

/// The files of the folder by name; what is hidden is left out.
fn files(folder: &Spanned<PathBuf>, problems: &mut Vec<Problem>) -> Vec<PathBuf> {
    let entries = match std::fs::read_dir(&folder.value) {
        Ok(entries) => entries,
        Err(reason) => {
            let message = format!("cannot read the folder of templates {}: {reason}", folder.value.display());
            problems.push(Problem::error("folder-not-readable", message).at(folder.span));
            return Vec::new();
        }
    };
    let mut paths: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).filter(|path| path.is_file() && !is_hidden(path)).collect();
    paths.sort();
    paths
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Span;

    fn load(files: &[(&str, &str)]) -> Result<Templates, Vec<Problem>> {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let mut sources = Sources::default();
        let id = sources.add("fieldgate.yml", "x");
        Templates::load(Some(&Spanned::new(folder.path().to_path_buf(), Span::new(id, 0, 1))), &mut sources)
    }

    #[test]
    fn a_folder_is_laid_over_what_is_built_in() {
        let templates = load(&[("en.yml", "list.and: plus\n"), ("done.j2", "## {{ say('heading.when') }}\nx\n")]).unwrap();
        assert_eq!(templates.language("en-GB").unwrap().say("list.and", &[]), "plus");
        assert!(templates.language("fr").is_none());
        assert_eq!(templates.tags().collect::<Vec<_>>(), ["en", "es"]);
    }

    #[test]
    fn a_file_that_nobody_asks_for_is_told() {
        let problems = load(&[("anounce.j2", "x")]).unwrap_err();
        assert!(problems[0].help.as_ref().unwrap().contains("did you mean `announce.j2`?"));
    }
}
