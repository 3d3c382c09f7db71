//! A query cut down to the output columns that somebody takes.
//!
//! In: a query and the places of the columns that matter. Out: the query without what cannot matter to them: items of select lists that nobody
//! takes, its own, those of its common table expressions and of its subqueries in `FROM`; and the names that are left in it.
//!
//! An item goes only when its going changes no row: not from under `DISTINCT`, and not when it may give several rows (a function that returns a set,
//! or that nothing is known of) or makes one row out of many (an aggregate without `GROUP BY`). What cannot be told stays.

use std::collections::BTreeSet;

use crate::dialect::{BuiltInRoutine, Dialect};
use crate::name::Name;
use crate::sql::print::{self, Piece, ReferenceKind};
use crate::sql::tree::{
    Distinct, Expr, ExprKind, From, GroupBy, GroupingElement, Literal, LockWait, OrderBy, Query, QueryBody, RelationAlias, Select, SelectItem, SetOperator,
    SetQuantifier, Values,
};

/// The names in a query, each as the dialect writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct NamesUsed {
    /// Columns, whole rows and fields, without what stands in front of them.
    columns: BTreeSet<String>,
    /// Relations without their schema.
    relations: BTreeSet<String>,
    /// Whether any column of anything may be meant: a star, `NATURAL`, columns renamed by their place.
    any: bool,
}

impl NamesUsed {
    /// Whether a column of that name may be meant.
    pub(super) fn has_column(&self, name: &Name, dialect: &Dialect) -> bool {
        self.any || self.columns.contains(&dialect.quote(name))
    }

    /// Whether a relation of that name is there.
    pub(super) fn has_relation(&self, name: &Name, dialect: &Dialect) -> bool {
        self.relations.contains(&dialect.quote(name))
    }
}

/// Cuts a query down. `wanted` are the places of the outputs that matter, 0-based; `None` when all of them do.
pub(super) fn cut(query: &mut Query, wanted: Option<&BTreeSet<usize>>, dialect: &'static Dialect) {
    cut_body(query, wanted, dialect);
    if query.recursive {
        return;
    }
    // The last one first: it is read by nobody but the query itself, and what goes from it need not be kept in the ones before.
    for index in (0..query.with.len()).rev() {
        let mut cte = query.with.remove(index);
        let names = names_used(query, dialect);
        if cte.search.is_none() && cte.cycle.is_none() {
            let listed = if cte.columns.is_empty() { outputs(&cte.query) } else { None };
            let wanted = names.as_ref().and_then(|names| taken(&cte.name.name, listed, names, dialect));
            cut(&mut cte.query, wanted.as_ref(), dialect);
        }
        query.with.insert(index, cte);
    }
}

/// The names in a query; `None` when something in it was not understood.
pub(super) fn names_used(query: &Query, dialect: &'static Dialect) -> Option<NamesUsed> {
    Some(names_of(&print::query_pieces(query, dialect).ok()?))
}

/// Whether a query gives the rows of one relation, each once and none left out, and computes nothing that could change that.
pub(super) fn is_transparent(query: &Query, dialect: &'static Dialect) -> bool {
    let QueryBody::Select(select) = &query.body else { return false };
    let whole_table = matches!(select.from.as_slice(), [From::Relation { only: false, sample: None, .. }]);
    let plain = query.with.is_empty() && query.limits.is_empty() && !query.limited && query.locking.is_empty();
    let every_row = select.filter.is_none() && select.having.is_none() && select.qualify.is_none() && matches!(select.group_by, GroupBy::None);
    let keeps_rows = select.items.iter().all(|item| match item {
        SelectItem::Expr { expr, .. } => keeps_rows(expr, false, dialect),
        SelectItem::Star { .. } => true,
    });
    whole_table && plain && every_row && keeps_rows && select.distinct == Distinct::No && select.into.is_none()
}

fn cut_body(query: &mut Query, wanted: Option<&BTreeSet<usize>>, dialect: &'static Dialect) {
    match &mut query.body {
        QueryBody::Select(select) => {
            if let Some(wanted) = wanted {
                cut_items(select, &query.order_by, wanted, dialect);
            }
        }
        QueryBody::SetOperation { operator: SetOperator::Union, quantifier: SetQuantifier::All, left, right } if query.order_by.is_empty() => {
            cut(left, wanted, dialect);
            cut(right, wanted, dialect);
        }
        QueryBody::SetOperation { left, right, .. } => {
            cut(left, None, dialect);
            cut(right, None, dialect);
        }
        QueryBody::Nested(inner) => cut(inner, wanted.filter(|_| query.order_by.is_empty()), dialect),
        QueryBody::Values(_) | QueryBody::Table(_) | QueryBody::Dml(_) | QueryBody::NotUnderstood(_) => {}
    }
    cut_subqueries(query, dialect);
}

fn cut_items(select: &mut Select, order_by: &[OrderBy], wanted: &BTreeSet<usize>, dialect: &'static Dialect) {
    let spreads = select.items.iter().any(|item| match item {
        SelectItem::Star { .. } => true,
        SelectItem::Expr { expr, .. } => matches!(&*expr.kind, ExprKind::AllFields(_) | ExprKind::Star(_)),
    });
    if spreads || select.distinct != Distinct::No || select.into.is_some() || matches!(select.group_by, GroupBy::All) {
        return;
    }
    let keys = keys(select, order_by);
    let by_place = keys.iter().filter_map(|key| place_of(key)).max().unwrap_or(0);
    // Where output names can be used in other clauses, any name may be one.
    let elsewhere = if dialect.alias_places.is_empty() { None } else { Some(clauses(select, order_by, dialect)) };
    let is_key = |name: &Name| keys.iter().any(|key| matches!(&*key.kind, ExprKind::Column(parts) if matches!(parts.as_slice(), [only] if only.name == *name)));
    let has_bare_key = keys.iter().any(|key| matches!(&*key.kind, ExprKind::Column(parts) if parts.len() == 1));
    let grouped = matches!(&select.group_by, GroupBy::Elements(_));
    let keep: Vec<bool> = select
        .items
        .iter()
        .enumerate()
        .map(|(place, item)| {
            let SelectItem::Expr { expr, .. } = item else { return true };
            let may_be_named = match output_of(item) {
                Some(name) => is_key(&name) || elsewhere.as_ref().is_some_and(|names| names.has_column(&name, dialect)),
                None => has_bare_key || elsewhere.is_some(),
            };
            wanted.contains(&place) || place < by_place || may_be_named || !keeps_rows(expr, grouped, dialect)
        })
        .collect();
    let mut keep = keep.into_iter();
    select.items.retain(|_| keep.next().unwrap_or(true));
}

/// What the query groups and sorts by.
fn keys<'q>(select: &'q Select, order_by: &'q [OrderBy]) -> Vec<&'q Expr> {
    let mut keys: Vec<&Expr> = order_by.iter().map(|key| &key.expr).collect();
    if let GroupBy::Elements(elements) = &select.group_by {
        for element in elements {
            match element {
                GroupingElement::Expr(expr) => keys.push(expr),
                GroupingElement::Sets(sets) => keys.extend(sets.iter().flatten()),
            }
        }
    }
    keys
}

/// The output that a bare number stands for, counted from 1.
fn place_of(key: &Expr) -> Option<usize> {
    match &*key.kind {
        ExprKind::Literal(Literal::Number(digits)) => digits.parse().ok(),
        _ => None,
    }
}

/// The names outside of the select list.
fn clauses(select: &Select, order_by: &[OrderBy], dialect: &'static Dialect) -> NamesUsed {
    let mut rest = empty(select.span);
    let mut without = select.clone();
    without.items.clear();
    rest.body = QueryBody::Select(Box::new(without));
    rest.order_by = order_by.to_vec();
    names_used(&rest, dialect).unwrap_or(NamesUsed { any: true, ..NamesUsed::default() })
}

/// Whether computing an expression gives one value for each row.
fn keeps_rows(expr: &Expr, grouped: bool, dialect: &'static Dialect) -> bool {
    let Ok(pieces) = print::expression_pieces(expr, dialect) else { return false };
    pieces.iter().filter(|piece| matches!(&piece.reference, Some(reference) if reference.kind == ReferenceKind::Function)).all(|piece| {
        let name = piece.text.strip_prefix("pg_catalog.").unwrap_or(&piece.text).to_ascii_lowercase();
        if matches!(name.as_str(), "coalesce" | "nullif" | "greatest" | "least") {
            return true;
        }
        let Some(built_ins) = dialect.built_ins else { return false };
        let found = built_ins.functions_named(&name);
        !found.is_empty()
            && found.iter().all(|function| {
                !function.returns_set
                    && match function.kind {
                        BuiltInRoutine::Function | BuiltInRoutine::Window => true,
                        BuiltInRoutine::Aggregate | BuiltInRoutine::OrderedSetAggregate | BuiltInRoutine::HypotheticalSetAggregate => grouped,
                        BuiltInRoutine::Procedure => false,
                    }
            })
    })
}

/// The subqueries in `FROM`, one after the other, each by what the rest of the query takes from it.
fn cut_subqueries(query: &mut Query, dialect: &'static Dialect) {
    let count = match &query.body {
        QueryBody::Select(select) => select.from.iter().map(subqueries).sum(),
        _ => 0,
    };
    for index in 0..count {
        let placeholder = empty(query.span);
        let Some((place, alias)) = nth_subquery(query, index) else { return };
        let mut inner = std::mem::replace(place, placeholder);
        let names = names_used(query, dialect);
        let listed = outputs(&inner).map(|mut listed| {
            for (output, column) in listed.iter_mut().zip(alias.iter().flat_map(|alias| &alias.columns)) {
                *output = Some(column.name.clone());
            }
            listed
        });
        let renames = alias.as_ref().is_some_and(|alias| !alias.columns.is_empty());
        let wanted = match (&alias, &names) {
            (Some(alias), Some(names)) if !renames => taken(&alias.name.name, listed, names, dialect),
            _ => None,
        };
        cut(&mut inner, wanted.as_ref(), dialect);
        if let Some((place, _)) = nth_subquery(query, index) {
            *place = inner;
        }
    }
}

fn subqueries(from: &From) -> usize {
    match from {
        From::Subquery { .. } => 1,
        From::Join { left, right, .. } => subqueries(left) + subqueries(right),
        From::Relation { .. } | From::Function { .. } | From::Pivot { .. } | From::Unpivot { .. } | From::NotUnderstood { .. } => 0,
    }
}

fn nth_subquery(query: &mut Query, index: usize) -> Option<(&mut Query, Option<RelationAlias>)> {
    let QueryBody::Select(select) = &mut query.body else { return None };
    let mut left = index;
    select.from.iter_mut().find_map(|from| nth_in(from, &mut left))
}

fn nth_in<'q>(from: &'q mut From, left: &mut usize) -> Option<(&'q mut Query, Option<RelationAlias>)> {
    match from {
        From::Subquery { query, alias, .. } => {
            if *left == 0 {
                return Some((query, alias.clone()));
            }
            *left -= 1;
            None
        }
        From::Join { left: one, right: other, .. } => match nth_in(one, left) {
            Some(found) => Some(found),
            None => nth_in(other, left),
        },
        From::Relation { .. } | From::Function { .. } | From::Pivot { .. } | From::Unpivot { .. } | From::NotUnderstood { .. } => None,
    }
}

/// The places of a relation's outputs that these names may mean; `None` when it may be any.
fn taken(relation: &Name, outputs: Option<Vec<Option<Name>>>, names: &NamesUsed, dialect: &Dialect) -> Option<BTreeSet<usize>> {
    if names.any || names.columns.contains(&dialect.quote(relation)) {
        return None;
    }
    let places = outputs?.into_iter().enumerate().filter(|(_, name)| name.as_ref().is_none_or(|name| names.has_column(name, dialect)));
    Some(places.map(|(place, _)| place).collect())
}

/// What the outputs of a query are called, `None` for one without a certain name; `None` as a whole when it is not known how many there are.
fn outputs(query: &Query) -> Option<Vec<Option<Name>>> {
    match &query.body {
        QueryBody::Select(select) => select.items.iter().map(|item| if is_spread(item) { None } else { Some(output_of(item)) }).collect(),
        QueryBody::SetOperation { quantifier: SetQuantifier::All | SetQuantifier::Distinct, left, .. } => outputs(left),
        QueryBody::Nested(inner) => outputs(inner),
        QueryBody::SetOperation { .. } | QueryBody::Values(_) | QueryBody::Table(_) | QueryBody::Dml(_) | QueryBody::NotUnderstood(_) => None,
    }
}

fn is_spread(item: &SelectItem) -> bool {
    match item {
        SelectItem::Star { .. } => true,
        SelectItem::Expr { expr, .. } => matches!(&*expr.kind, ExprKind::AllFields(_) | ExprKind::Star(_)),
    }
}

fn output_of(item: &SelectItem) -> Option<Name> {
    match item {
        SelectItem::Expr { alias: Some(alias), .. } => Some(alias.name.clone()),
        SelectItem::Expr { alias: None, expr } => match &*expr.kind {
            ExprKind::Column(parts) => parts.last().map(|part| part.name.clone()),
            _ => None,
        },
        SelectItem::Star { .. } => None,
    }
}

fn empty(span: crate::text::Span) -> Query {
    Query {
        with: Vec::new(),
        recursive: false,
        body: QueryBody::Values(Values { rows: Vec::new() }),
        order_by: Vec::new(),
        limits: Vec::new(),
        limited: false,
        with_ties: false,
        locking: Vec::new(),
        lock_wait: LockWait::Wait,
        span,
    }
}

fn names_of(pieces: &[Piece]) -> NamesUsed {
    let mut used = NamesUsed::default();
    let mut aliases = Vec::new();
    for (place, piece) in pieces.iter().enumerate() {
        let next = pieces.get(place + 1).filter(|next| next.reference.is_none()).map_or("", |next| next.text.as_str());
        match piece.reference.as_ref().map(|reference| &reference.kind) {
            Some(ReferenceKind::ColumnPart { .. }) if next.starts_with('.') => {}
            Some(ReferenceKind::ColumnPart { .. } | ReferenceKind::ListedColumn) => {
                used.columns.insert(piece.text.clone());
            }
            Some(ReferenceKind::Star) => used.any |= !is_counted(pieces, place),
            Some(ReferenceKind::Relation { aliased }) => {
                used.relations.insert(last_part(&piece.text).to_owned());
                if *aliased {
                    aliases.extend(alias_in(next));
                }
            }
            Some(ReferenceKind::Function | ReferenceKind::Type | ReferenceKind::Object | ReferenceKind::Text) => {}
            None => used.any |= piece.text.contains("NATURAL") || renames_columns(&piece.text),
        }
    }
    // A whole row under the alias of its relation.
    used.any |= aliases.into_iter().any(|alias| used.columns.contains(alias));
    used
}

/// The alias at the start of what is printed behind a relation.
fn alias_in(text: &str) -> Option<&str> {
    let rest = text.strip_prefix(" AS ")?;
    let end = match rest.strip_prefix('"') {
        Some(quoted) => quoted.find('"').map_or(rest.len(), |end| end + 2),
        None => rest.find(|letter: char| !(letter.is_alphanumeric() || letter == '_' || letter == '$')).unwrap_or(rest.len()),
    };
    rest.get(..end)
}

/// The star of `count(*)`.
fn is_counted(pieces: &[Piece], place: usize) -> bool {
    let before = |back: usize| place.checked_sub(back).and_then(|place| pieces.get(place));
    let is_function = |piece: &Piece| matches!(&piece.reference, Some(reference) if reference.kind == ReferenceKind::Function);
    pieces.get(place).is_some_and(|star| star.text == "*")
        && before(1).is_some_and(|piece| piece.reference.is_none() && piece.text.ends_with('('))
        && before(2).is_some_and(is_function)
}

/// `AS t(a, b)` in printed text: the columns of a relation by their place. Too much is taken for it, never too little.
fn renames_columns(text: &str) -> bool {
    text.match_indices(" AS ").any(|(at, word)| {
        let rest = text.get(at + word.len()..).unwrap_or_default();
        let name = rest.trim_start_matches(|letter: char| letter.is_alphanumeric() || letter == '_' || letter == '"' || letter == '$');
        name.starts_with('(') && name.len() < rest.len()
    })
}

fn last_part(name: &str) -> &str {
    // A dot inside of quotes is part of the name.
    let mut quoted = false;
    let mut start = 0;
    for (at, letter) in name.char_indices() {
        match letter {
            '"' | '`' => quoted = !quoted,
            '.' if !quoted => start = at + 1,
            _ => {}
        }
    }
    name.get(start..).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::DEFAULT;
    use crate::sql::read_query;
    use crate::text::Sources;

    fn read(text: &str) -> Query {
        let mut sources = Sources::default();
        let id = sources.add("query", text);
        read_query(&sources, id, DEFAULT).unwrap()
    }

    fn cut_to(text: &str, wanted: &[usize]) -> String {
        let mut query = read(text);
        cut(&mut query, Some(&wanted.iter().copied().collect()), DEFAULT);
        print::query(&query, DEFAULT).unwrap()
    }

    #[test]
    fn what_nobody_takes_goes() {
        assert_eq!(cut_to("SELECT a, lower(b) AS c FROM t", &[0]), "SELECT a FROM t");
        assert_eq!(
            cut_to("SELECT x.a FROM (SELECT a, b, c FROM t WHERE c > 1) AS x WHERE x.b > 2", &[0]),
            "SELECT x.a FROM (SELECT a, b FROM t WHERE c > 1) AS x WHERE x.b > 2"
        );
        assert_eq!(cut_to("WITH w AS (SELECT a, b FROM t) SELECT w.a, w.b FROM w", &[0]), "WITH w AS (SELECT a FROM t) SELECT w.a FROM w");
        assert_eq!(cut_to("SELECT a, b FROM t UNION ALL SELECT c, d FROM u", &[1]), "SELECT b FROM t UNION ALL SELECT d FROM u");
        assert_eq!(cut_to("SELECT a, count(*) AS n, sum(b) AS s FROM t GROUP BY a", &[1]), "SELECT a, count(*) AS n FROM t GROUP BY a");
    }

    #[test]
    fn what_decides_rows_stays() {
        for text in [
            "SELECT DISTINCT a, b FROM t",
            "SELECT a, unnest(b) AS u FROM t",
            "SELECT a, of_the_user(b) AS u FROM t",
            "SELECT count(*) AS n, max(b) AS m FROM t",
            "SELECT a, lower(b) AS l FROM t ORDER BY l LIMIT 1",
            "SELECT a, lower(b) AS l, count(*) AS n FROM t GROUP BY a, 3, 2",
            "SELECT a, b FROM t UNION SELECT c, d FROM u",
            "SELECT a, b FROM t EXCEPT SELECT c, d FROM u",
        ] {
            assert_eq!(cut_to(text, &[0]), text);
        }
    }

    #[test]
    fn what_may_be_meant_stays() {
        for text in [
            "SELECT x FROM (SELECT a, b FROM t) AS x",
            "WITH w AS (SELECT a, b FROM t) SELECT row_to_json(y) AS whole FROM w AS y",
            "SELECT a FROM (SELECT a, b FROM t) AS x NATURAL JOIN u",
            "SELECT row_to_json(x.*) FROM (SELECT a, b FROM t) AS x",
            "SELECT x.c FROM (SELECT a, b FROM t) AS x(c, d)",
            "WITH w AS (SELECT a, b FROM t) SELECT (SELECT max(y.c) FROM w AS y(c, d)) AS m FROM u",
        ] {
            assert_eq!(cut_to(text, &[0]), text);
        }
    }

    #[test]
    fn a_view_that_only_renames_is_transparent() {
        assert!(is_transparent(&read("SELECT a, lower(b) AS b FROM t"), DEFAULT));
        for text in [
            "SELECT a FROM t WHERE a > 1",
            "SELECT DISTINCT a FROM t",
            "SELECT a FROM t LIMIT 5",
            "SELECT a FROM t, u",
            "SELECT a FROM ONLY t",
            "SELECT unnest(a) AS a FROM t",
            "SELECT count(*) AS a FROM t",
        ] {
            assert!(!is_transparent(&read(text), DEFAULT), "{text}");
        }
    }
}
