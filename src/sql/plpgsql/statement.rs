//! Statements that hold no other: SQL, `EXECUTE`, assignments, `RETURN`, `RAISE`.

use sqlparser::tokenizer::Token as Kind;

use super::reader::{Reader, expression_of, expressions_of, query_of, variables_of, whole_query};
use super::tree::{PlExecute, PlInto, PlKind, PlLeave, PlRaised, PlText};
use crate::sql::cursor::Cursor;
use crate::sql::token::Token;
use crate::sql::tree::{ExprKind, Literal, Statement, StatementKind, Unread};
use crate::sql::{complexity, refusal, session, splitter, statement, tokenize};
use crate::text::Span;

impl Reader<'_> {
    /// Whether `v :=`, `v.f[1] =` … stands here.
    pub(super) fn is_assignment(&self) -> bool {
        let mut ahead = self.cursor;
        if !matches!(ahead.peek().map(|token| &token.kind), Some(Kind::Word(_) | Kind::Placeholder(_))) {
            return false;
        }
        ahead.skip(1);
        loop {
            if ahead.is_symbol(&Kind::Period) {
                ahead.skip(2);
            } else if ahead.take_symbol(&Kind::LBracket) {
                ahead.until(|_| false);
                ahead.skip(1);
            } else {
                return ahead.is_symbol(&Kind::Assignment) || ahead.is_symbol(&Kind::Eq);
            }
        }
    }

    /// `v := e`.
    pub(super) fn assignment(&mut self) -> PlKind {
        let target = self.cursor.until(|cursor| cursor.is_symbol(&Kind::Assignment) || cursor.is_symbol(&Kind::Eq));
        self.cursor.skip(1);
        let text = target.text_of(target.rest_span()).to_ascii_lowercase();
        PlKind::Assign(text, expression_of(self.until_semicolon()))
    }

    /// `EXIT [label] [WHEN e]`, `CONTINUE …`.
    pub(super) fn leave(&mut self) -> PlKind {
        let how = if self.cursor.is_keyword("EXIT") { PlLeave::Exit } else { PlLeave::Continue };
        self.cursor.skip(1);
        let label = self.until_keyword(&["WHEN"]).label().ok();
        let when = self.cursor.take_keyword("WHEN").then(|| expression_of(self.until_semicolon()));
        PlKind::Leave { how, label, when }
    }

    /// `GET DIAGNOSTICS v = item, …`, `FETCH … INTO v, …`.
    pub(super) fn receive(&mut self) -> PlKind {
        let fetches = self.cursor.is_keyword("FETCH");
        self.cursor.skip(1);
        if fetches {
            self.until_keyword(&["INTO"]);
            self.cursor.skip(1);
            return PlKind::Receive(variables_of(self.until_semicolon()));
        }
        self.cursor.take_any_keyword(&["CURRENT", "STACKED"]);
        self.cursor.take_keyword("DIAGNOSTICS");
        let mut part = self.until_semicolon();
        let mut targets = Vec::new();
        while !part.is_at_end() {
            let mut item = part.until_comma();
            part.take_symbol(&Kind::Comma);
            targets.extend(variables_of(item.until(|cursor| cursor.is_symbol(&Kind::Eq) || cursor.is_symbol(&Kind::Assignment))));
        }
        PlKind::Receive(targets)
    }

    /// `RETURN …`.
    pub(super) fn return_statement(&mut self) -> PlKind {
        self.cursor.skip(1);
        if self.cursor.take_keyword("QUERY") {
            if self.cursor.take_keyword("EXECUTE") {
                let part = self.until_semicolon();
                return PlKind::ReturnExecute(executed(part));
            }
            let part = self.until_semicolon();
            return whole_query(part).map_or_else(|unread| unread_at(unread, part), |query| PlKind::ReturnQuery(Box::new(query)));
        }
        let leaves = !self.cursor.take_keyword("NEXT");
        let part = self.until_semicolon();
        let value = (!part.is_at_end()).then(|| expression_of(part));
        PlKind::Return { value, leaves }
    }

    /// `RAISE [level] …`.
    pub(super) fn raise(&mut self) -> PlKind {
        self.cursor.skip(1);
        let level = self.cursor.take_any_keyword(&["DEBUG", "LOG", "INFO", "NOTICE", "WARNING", "EXCEPTION"]);
        let fails = matches!(level, None | Some("EXCEPTION"));
        let mut part = self.until_semicolon();
        let is_bare = part.is_at_end();
        let (mut values, mut options) = (Vec::new(), Vec::new());
        let what = raised(part.until(|cursor| cursor.is_symbol(&Kind::Comma) || cursor.is_keyword("USING")), is_bare);
        if part.take_symbol(&Kind::Comma) {
            values.extend(expressions_of(part.until(|cursor| cursor.is_keyword("USING"))));
        }
        if part.take_keyword("USING") {
            while !part.is_at_end() {
                let mut option = part.until_comma();
                part.take_symbol(&Kind::Comma);
                let name = option.until(|cursor| cursor.is_symbol(&Kind::Eq) || cursor.is_symbol(&Kind::Assignment));
                option.skip(1);
                options.push((name.text_of(name.rest_span()).to_ascii_lowercase(), expression_of(option)));
            }
        }
        PlKind::Raise { fails, what, values, options }
    }

    /// `ASSERT e [, message]`.
    pub(super) fn assert(&mut self) -> PlKind {
        self.cursor.skip(1);
        let mut part = self.until_semicolon();
        PlKind::Assert(expression_of(part.until_comma()))
    }

    /// `PERFORM …`: a query with another first word.
    pub(super) fn perform(&mut self) -> PlKind {
        self.cursor.skip(1);
        let part = self.until_semicolon();
        let query = match query_of(part) {
            Ok(query) => query,
            Err(unread) => return unread_at(unread, part),
        };
        match session::set_config(&query) {
            Some(Ok(setting)) => PlKind::Sql(Box::new(Statement { kind: StatementKind::Session(setting), span: part.rest_span() }), PlInto::default()),
            Some(Err(unread)) => unread_at(unread, part),
            None => PlKind::Perform(Box::new(query)),
        }
    }

    /// `OPEN c [[NO] SCROLL] FOR {query | EXECUTE text}`, `OPEN c (…)`.
    pub(super) fn open(&mut self) -> PlKind {
        self.cursor.skip(1);
        self.until_keyword(&["FOR"]);
        if !self.cursor.take_keyword("FOR") {
            return PlKind::Nothing(String::from("OPEN"));
        }
        if self.cursor.take_keyword("EXECUTE") {
            let part = self.until_semicolon();
            return PlKind::OpenExecute(executed(part));
        }
        let part = self.until_semicolon();
        whole_query(part).map_or_else(|unread| unread_at(unread, part), |query| PlKind::OpenQuery(Box::new(query)))
    }

    /// `EXECUTE …`.
    pub(super) fn execute_statement(&mut self) -> PlKind {
        self.cursor.skip(1);
        let part = self.until_semicolon();
        PlKind::Execute(executed(part))
    }

    /// Any other statement is SQL; its `INTO` names variables.
    pub(super) fn sql(&mut self) -> PlKind {
        let part = self.until_semicolon();
        let (tokens, into) = without_into(part);
        let cursor = part.over(&tokens);
        let outcome = complexity::check(&cursor).and_then(|()| statement::read(cursor));
        match outcome {
            Ok(statement) => PlKind::Sql(Box::new(Statement { span: part.rest_span(), ..statement }), into),
            Err(unread) => unread_at(unread, part),
        }
    }
}

/// `text [INTO [STRICT] v] [USING e]`, in either order.
pub(super) fn executed(part: Cursor<'_>) -> PlExecute {
    let mut rest = part;
    let text = text_of(rest.until(|cursor| cursor.is_any_keyword(&["INTO", "USING"])));
    let mut execute = PlExecute { text, parameters: Vec::new(), into: Vec::new() };
    loop {
        if rest.take_keyword("INTO") {
            rest.take_keyword("STRICT");
            execute.into = variables_of(rest.until(|cursor| cursor.is_keyword("USING")));
        } else if rest.take_keyword("USING") {
            execute.parameters = expressions_of(rest.until(|cursor| cursor.is_keyword("INTO")));
        } else {
            return execute;
        }
    }
}

/// What stands behind `RAISE level`: a format, a condition, or nothing.
fn raised(part: Cursor<'_>, is_bare: bool) -> PlRaised {
    let mut part = part;
    if part.is_at_end() {
        return if is_bare { PlRaised::Again } else { PlRaised::Options };
    }
    let names_a_state = part.take_keyword("SQLSTATE");
    match part.peek().and_then(|token| token.string()) {
        Some(text) if names_a_state => PlRaised::Condition(text.to_owned()),
        Some(text) => PlRaised::Message(text.to_owned()),
        None => PlRaised::Condition(part.text_of(part.rest_span()).to_ascii_lowercase()),
    }
}

fn unread_at(unread: Unread, part: Cursor<'_>) -> PlKind {
    PlKind::Unread(refusal::described(unread, part.rest(), part.dialect()))
}

/// The text that is run: a constant that stands as it is in the file is read at once.
fn text_of(part: Cursor<'_>) -> PlText {
    let text = expression_of(part);
    let ExprKind::Literal(Literal::String(constant)) = &*text.kind else {
        return PlText::Computed(text);
    };
    let written = part.text_of(text.span);
    let quote = if written.starts_with('\'') { 1 } else { written.get(1..).and_then(|rest| rest.find('$')).map_or(0, |tag| tag + 2) };
    let length = u32::try_from(quote).unwrap_or(0);
    let inside = Span::new(text.span.source, text.span.start + length, text.span.end.saturating_sub(length));
    if quote == 0 || part.text_of(inside) != constant {
        return PlText::Constant(constant.clone(), text.span);
    }
    PlText::Statements(statements_in(part, inside))
}

/// The statements in a part of the file's text.
fn statements_in(part: Cursor<'_>, inside: Span) -> Vec<Statement> {
    let place = |offset: usize| inside.start.saturating_add(u32::try_from(offset).unwrap_or(u32::MAX));
    let pieces = splitter::split(part.text_of(inside), part.dialect()).pieces;
    let read = |piece: &splitter::Piece| {
        let span = Span::new(inside.source, place(piece.start), place(piece.end));
        let tokens = match tokenize::tokenize(part.source_text(), span, part.dialect()) {
            Ok(tokens) => tokens,
            Err(unread) => return Statement { kind: StatementKind::Unread(unread), span },
        };
        let cursor = part.over(&tokens);
        let outcome = complexity::check(&cursor).and_then(|()| statement::read(cursor));
        outcome.unwrap_or_else(|unread| Statement { kind: StatementKind::Unread(refusal::described(unread, &tokens, part.dialect())), span })
    };
    pieces.iter().map(read).collect()
}

/// The tokens of a statement without its `INTO [STRICT] v, w`, and the variables. `INSERT INTO` and `MERGE INTO` are another `INTO`.
fn without_into(part: Cursor<'_>) -> (Vec<Token>, PlInto) {
    let all = part.rest();
    let is_target = |place: usize| {
        let before = place.checked_sub(1).and_then(|before| all.get(before));
        all.get(place).is_some_and(|token| token.is_word("INTO")) && !before.is_some_and(|token| token.is_word("INSERT") || token.is_word("MERGE"))
    };
    let writes_rows =
        all.first().is_some_and(|first| ["SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "MERGE", "VALUES"].iter().any(|word| first.is_word(word)));
    let Some(start) = (0..all.len()).find(|place| is_target(*place)).filter(|_| writes_rows) else {
        return (all.to_vec(), PlInto::default());
    };
    let mut rest = part;
    rest.skip(start + 1);
    let strict = rest.take_keyword("STRICT");
    let mut into = Vec::new();
    loop {
        let mut variable = String::new();
        while let Some(token) = rest.peek() {
            let goes_on = variable.is_empty() || variable.ends_with('.') || token.kind == Kind::Period;
            if !goes_on {
                break;
            }
            variable.push_str(&rest.text_of(token.span).to_ascii_lowercase());
            rest.skip(1);
        }
        into.push(variable);
        if !rest.take_symbol(&Kind::Comma) {
            break;
        }
    }
    let end = all.len() - rest.rest().len();
    let kept = all.iter().take(start).chain(all.iter().skip(end)).cloned().collect();
    (kept, PlInto { targets: into, strict })
}
