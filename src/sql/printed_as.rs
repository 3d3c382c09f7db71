//! Whether a definition that a person wrote is the one that the server prints in its own way.
//!
//! In: two texts of one definition, the one as the server prints it (a dump, a snapshot), the other as it is written. Out: whether they are the
//! same. The server names every column with its relation, writes the casts that it made itself, and gives every output a name; a person leaves
//! all that away. Blanks, comments and the case of bare words say nothing, inside of function bodies too. What is written and not printed is never
//! passed over, so a definition that says more than the old one is another one.

use super::token::Kind;
use super::tokenize::tokenize;
use crate::dialect::Dialect;
use crate::text::Sources;

/// One word or sign.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Lexeme {
    /// A bare word in lower case, or a quoted name that is the same as its bare word.
    Word(String),
    /// A string constant with its quotes.
    Text(String),
    /// The body of a function.
    Body(Vec<Lexeme>),
    /// Anything else, as it stands.
    Sign(String),
}

impl Lexeme {
    fn is(&self, word: &str) -> bool {
        matches!(self, Self::Word(own) | Self::Sign(own) if own == word)
    }
}

/// Whether `written` is what the server prints as `printed`.
pub fn is_printed_as(written: &str, printed: &str, dialect: &'static Dialect) -> bool {
    match (lexemes(printed, dialect), lexemes(written, dialect)) {
        (Some(printed), Some(written)) => same(&printed, &written),
        _ => false,
    }
}

fn lexemes(text: &str, dialect: &'static Dialect) -> Option<Vec<Lexeme>> {
    let mut sources = Sources::default();
    let source = sources.add("definition", text);
    let tokens = tokenize(text, sources.whole(source), dialect).ok()?;
    let mut all = Vec::with_capacity(tokens.len());
    for token in &tokens {
        let slice = text.get(token.span.start as usize..token.span.end as usize)?;
        all.push(match &token.kind {
            Kind::Word(word) if word.quote_style.is_none() => Lexeme::Word(word.value.to_lowercase()),
            Kind::Word(word) if is_plain(&word.value) => Lexeme::Word(word.value.clone()),
            Kind::DollarQuotedString(body) => match lexemes(&body.value, dialect) {
                Some(inner) => Lexeme::Body(inner),
                None => Lexeme::Sign(body.value.split_whitespace().collect::<Vec<_>>().join(" ")),
            },
            Kind::SingleQuotedString(_) => Lexeme::Text(slice.to_owned()),
            _ => Lexeme::Sign(slice.to_lowercase()),
        });
    }
    Some(old_words(all))
}

fn is_plain(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase() || first == '_')
        && name.chars().all(|character| character.is_ascii_lowercase() || character.is_ascii_digit() || character == '_')
}

/// `OR REPLACE` makes the same thing, and `EXECUTE PROCEDURE` is the old word for `EXECUTE FUNCTION` (manual, sql-createtrigger).
fn old_words(all: Vec<Lexeme>) -> Vec<Lexeme> {
    let mut kept: Vec<Lexeme> = Vec::with_capacity(all.len());
    for lexeme in all {
        let after = |word: &str| kept.last().is_some_and(|last| last.is(word));
        if lexeme.is("procedure") && after("execute") {
            kept.push(Lexeme::Word(String::from("function")));
        } else if lexeme.is("replace") && after("or") && kept.len() == 2 {
            kept.pop();
        } else {
            kept.push(lexeme);
        }
    }
    kept
}

fn same(printed: &[Lexeme], written: &[Lexeme]) -> bool {
    let (mut at, mut to) = (0, 0);
    loop {
        match (printed.get(at), written.get(to)) {
            (None, None) => return true,
            (Some(Lexeme::Body(one)), Some(Lexeme::Body(other))) => {
                if one != other {
                    return false;
                }
                (at, to) = (at + 1, to + 1);
            }
            (Some(one), Some(other)) if one == other && !begins_with_relation(printed, at, written, to) => (at, to) = (at + 1, to + 1),
            _ => match passed_over(printed, at, written, to) {
                Some((more, other)) => (at, to) = (at + more, to + other),
                None => return false,
            },
        }
    }
}

/// `date.date` printed for `date`: the first word is equal by chance.
fn begins_with_relation(printed: &[Lexeme], at: usize, written: &[Lexeme], to: usize) -> bool {
    let dot = |all: &[Lexeme], place: usize| all.get(place).is_some_and(|lexeme| lexeme.is("."));
    dot(printed, at + 1) && !dot(written, to + 1) && printed.get(at + 2) == written.get(to)
}

/// What the server adds at a place: how many words there, and how many of the written ones they stand for.
fn passed_over(printed: &[Lexeme], at: usize, written: &[Lexeme], to: usize) -> Option<(usize, usize)> {
    let (one, next) = (printed.get(at)?, printed.get(at + 1));
    let is = |place: usize, word: &str| printed.get(place).is_some_and(|lexeme| lexeme.is(word));
    // INTERVAL '90 days' is printed as '90 days'::interval, and -1 as '-1'::integer.
    if let (Lexeme::Text(_), Some(cast), Some(target)) = (one, next, printed.get(at + 2))
        && cast.is("::")
    {
        if written.get(to) == Some(target) && written.get(to + 1) == Some(one) {
            return Some((3, 2));
        }
        let number = |sign: &str, digits: &Lexeme| matches!(digits, Lexeme::Sign(digits) if *one == Lexeme::Text(format!("'{sign}{digits}'")));
        if written.get(to).is_some_and(|minus| minus.is("-")) && written.get(to + 1).is_some_and(|digits| number("-", digits)) {
            return Some((2 + type_length(printed, at + 2), 2));
        }
        if written.get(to).is_some_and(|digits| number("", digits)) {
            return Some((2 + type_length(printed, at + 2), 1));
        }
    }
    if is(at, "::") && !written.get(to).is_some_and(|lexeme| lexeme.is("::")) && is_own_cast(printed, at) {
        return Some((1 + type_length(printed, at + 1), 0));
    }
    if is(at, "as") && matches!(next, Some(Lexeme::Word(_))) {
        return Some((2, 0));
    }
    // A name with its relation or schema in front, unless an output of the same name could be meant.
    let column = printed.get(at + 2)?;
    let renamed = written.windows(2).any(|pair| matches!(pair, [word, name] if word.is("as") && name == column));
    (matches!(one, Lexeme::Word(_)) && is(at + 1, ".") && Some(column) == written.get(to) && !renamed).then_some((2, 0))
}

/// The words of an operand as its writer and the server both have them: without blanks, casts, parentheses and what stands in front of names.
/// `None` when the text cannot be parted into words.
pub fn operand_words(text: &str, dialect: &'static Dialect) -> Option<String> {
    let all = lexemes(text, dialect)?;
    let is = |place: usize, word: &str| all.get(place).is_some_and(|lexeme| lexeme.is(word));
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(lexeme) = all.get(at) {
        match lexeme {
            _ if is(at, "::") => at += type_length(&all, at + 1),
            Lexeme::Sign(sign) if sign == "(" || sign == ")" => {}
            Lexeme::Word(_) if is(at + 1, ".") => at += 1,
            // INTERVAL '90 days'
            Lexeme::Word(_) if matches!(all.get(at + 1), Some(Lexeme::Text(_))) => {}
            Lexeme::Word(word) | Lexeme::Text(word) | Lexeme::Sign(word) => words.push(word.clone()),
            Lexeme::Body(_) => return None,
        }
        at += 1;
    }
    Some(words.join(" "))
}

/// Whether a constant that is printed with its type is a number that has that type by itself: `'-1'::integer` (make_const, parse_node.c; 15).
pub fn is_own_number(operand: &str, data_type: &str) -> bool {
    let Some(digits) = operand.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) else { return false };
    match digits.parse::<i64>() {
        Ok(number) if i32::try_from(number).is_ok() => data_type == "integer",
        Ok(_) => data_type == "bigint",
        Err(_) => data_type == "numeric" && digits.parse::<f64>().is_ok(),
    }
}

/// Types that the server casts to by itself when an operator or a function wants them.
const IMPLICIT: &[&str] =
    &["text", "bigint", "integer", "numeric", "double", "timestamp", "interval", "regclass", "regconfig", "regproc", "regtype", "character"];

/// Whether a cast behind a place is one that the server makes itself: of a constant to anything, of anything to a wider type.
fn is_own_cast(printed: &[Lexeme], at: usize) -> bool {
    let operand = at.checked_sub(1).and_then(|before| printed.get(before));
    let constant = match operand {
        Some(Lexeme::Text(_)) => true,
        Some(Lexeme::Word(word)) => word == "null",
        Some(Lexeme::Sign(sign)) => sign.starts_with(|first: char| first.is_ascii_digit()),
        Some(Lexeme::Body(_)) | None => false,
    };
    constant || matches!(printed.get(at + 1), Some(Lexeme::Word(word)) if IMPLICIT.contains(&word.as_str()))
}

/// How many words a type takes: `public.mood`, `numeric(10,2)`, `character varying(20)[]`, `timestamp(3) with time zone`.
fn type_length(all: &[Lexeme], start: usize) -> usize {
    let is = |place: usize, word: &str| all.get(place).is_some_and(|lexeme| lexeme.is(word));
    let mut at = start + 1;
    while is(at, ".") {
        at += 2;
    }
    if is(at, "varying") || is(at, "precision") {
        at += 1;
    }
    if is(at, "(") {
        while at < all.len() && !is(at, ")") {
            at += 1;
        }
        at += 1;
    }
    if (is(at, "with") || is(at, "without")) && is(at + 1, "time") && is(at + 2, "zone") {
        at += 3;
    }
    while is(at, "[") && is(at + 1, "]") {
        at += 2;
    }
    at - start
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(written: &str, printed: &str) -> bool {
        is_printed_as(written, printed, crate::dialect::DEFAULT)
    }

    #[test]
    fn what_the_server_adds_says_nothing_new() {
        // Each measured on 15: the first is what `pg_dump` prints for the second.
        for (printed, written) in [
            ("CREATE INDEX i ON public.t USING btree (lower(name::text))", "CREATE INDEX i ON public.t USING btree (lower(name))"),
            ("to_tsvector('english'::regconfig, name::text)", "to_tsvector('english', name)"),
            ("SELECT d.crate_id, sum(d.downloads) AS downloads FROM public.d", "SELECT crate_id, sum(downloads) FROM public.d"),
            ("WHERE (d.date > date(CURRENT_TIMESTAMP - '90 days'::interval))", "WHERE (date > date(CURRENT_TIMESTAMP - INTERVAL '90 days'))"),
            ("EXECUTE FUNCTION public.f()", "execute  procedure public.f ()"),
            ("CREATE TRIGGER x AFTER INSERT ON public.t", "create or replace trigger x after insert on public.t"),
            ("CHECK (kind = 'A'::public.kind AND n = '-1'::integer)", "CHECK (kind = 'A' AND n = -1)"),
            ("coalesce(rerun_of::bigint, id) DESC", "coalesce(rerun_of, id) DESC"),
            ("AS $function$BEGIN RETURN new; END$function$", "AS $function$\nbegin\n  -- as before\n  RETURN new;\nEND$function$"),
            ("USING gin (name public.gin_trgm_ops)", "USING gin (name gin_trgm_ops)"),
        ] {
            assert!(is(written, printed), "{written} is {printed}");
        }
    }

    #[test]
    fn what_a_person_adds_or_leaves_away_is_another_definition() {
        for (printed, written) in [
            ("SELECT d.a FROM public.d", "SELECT b FROM public.d"),
            ("SELECT a FROM public.d", "SELECT a::integer FROM public.d"),
            ("SELECT a::date FROM public.d", "SELECT a FROM public.d"),
            ("UNIQUE (a, b)", "UNIQUE (b, a)"),
            ("WHERE (a = 'x'::text)", "WHERE (a = 'y')"),
            ("AS $function$BEGIN RETURN new; END$function$", "AS $function$BEGIN RETURN old; END$function$"),
            ("SELECT lower(d.a) AS a FROM d ORDER BY d.a", "SELECT lower(a) AS a FROM d ORDER BY a"),
            ("SELECT a FROM d", "SELECT a FROM d WHERE a > 1"),
            ("WHERE name = 'A'", "WHERE name = 'a'"),
        ] {
            assert!(!is(written, printed), "{written} is not {printed}");
        }
    }
}
