//! What a body in PL/pgSQL can do.

use crate::sql::tree::{Expr, Ident, ObjectName, Query, Statement, TypeName, Unread};
use crate::text::Span;

/// `[DECLARE …] BEGIN … [EXCEPTION …] END`.
#[derive(Clone, Debug, PartialEq)]
pub struct PlBlock {
    /// `<<label>>`.
    pub label: Option<Ident>,
    /// `#variable_conflict`; of the outermost block, for all of it.
    pub conflict: PlConflict,
    /// The variables, in order.
    pub declarations: Vec<PlDeclaration>,
    /// The statements, in order.
    pub statements: Vec<PlStatement>,
    /// `EXCEPTION WHEN …`; when there is any, what the block did is undone before a handler runs.
    pub handlers: Vec<PlHandler>,
    /// The whole of it.
    pub span: Span,
}

/// What a name means that is both a variable's and a column's (`#variable_conflict`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PlConflict {
    /// An error, 42702: the default.
    #[default]
    Error,
    /// The variable.
    UseVariable,
    /// The column.
    UseColumn,
}

/// `INTO [STRICT] v, w`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlInto {
    /// The variables, as written; none when the rows go nowhere.
    pub targets: Vec<String>,
    /// `STRICT`: exactly one row, or the statement fails.
    pub strict: bool,
}

/// One variable.
#[derive(Clone, Debug, PartialEq)]
pub struct PlDeclaration {
    /// Its name.
    pub name: Ident,
    /// Its type.
    pub data_type: PlType,
    /// `NOT NULL`.
    pub not_null: bool,
    /// `:= e`.
    pub default: Option<Expr>,
}

/// What a variable holds.
#[derive(Clone, Debug, PartialEq)]
pub enum PlType {
    /// A value of a type, `record` and `t.c%TYPE` too.
    Type(TypeName),
    /// `t%ROWTYPE`.
    RowOf(ObjectName),
    /// `CURSOR [(arguments)] FOR query`; arguments are variables of the query.
    Cursor(Vec<(Ident, TypeName)>, Box<Query>),
    /// `ALIAS FOR $1`: another name for a variable.
    Alias(String),
}

/// `WHEN condition OR condition THEN …`.
#[derive(Clone, Debug, PartialEq)]
pub struct PlHandler {
    /// The conditions, lower case (`unique_violation`, `others`), or SQLSTATE codes.
    pub conditions: Vec<String>,
    /// What is done then.
    pub statements: Vec<PlStatement>,
}

/// One statement of a body.
#[derive(Clone, Debug, PartialEq)]
pub struct PlStatement {
    /// What it does.
    pub kind: PlKind,
    /// Where it stands, without its semicolon.
    pub span: Span,
}

/// Everything a statement of a body can do. Conditions and values that are not read are [`crate::sql::tree::ExprKind::NotUnderstood`].
#[derive(Clone, Debug, PartialEq)]
pub enum PlKind {
    /// A block in the block.
    Block(PlBlock),
    /// An SQL statement; its rows go into the variables, when there are any.
    Sql(Box<Statement>, PlInto),
    /// `PERFORM q`: a query whose rows are thrown away.
    Perform(Box<Query>),
    /// `EXECUTE text`.
    Execute(PlExecute),
    /// `v := e`: the variable with the path into it, as written.
    Assign(String, Expr),
    /// `IF … ELSIF … ELSE`.
    If {
        /// The branches in order; the first whose condition holds is run.
        branches: Vec<PlBranch>,
        /// `ELSE`.
        otherwise: Vec<PlStatement>,
    },
    /// `CASE … WHEN … END CASE`.
    Case {
        /// What is compared; `None` when the branches are conditions.
        operand: Option<Expr>,
        /// The branches in order; a branch of several values has them as a row.
        branches: Vec<PlBranch>,
        /// `ELSE`; `None` when there is none, and no match is an error.
        otherwise: Option<Vec<PlStatement>>,
    },
    /// `LOOP`, `WHILE`, `FOR`, `FOREACH`: run any number of times, also none.
    Loop {
        /// `<<label>>`.
        label: Option<Ident>,
        /// What it goes over.
        over: PlLoop,
        /// What is run each time.
        statements: Vec<PlStatement>,
    },
    /// `EXIT`, `CONTINUE`.
    Leave {
        /// Which.
        how: PlLeave,
        /// The block or loop that is meant; the innermost loop when none is named.
        label: Option<Ident>,
        /// `WHEN e`.
        when: Option<Expr>,
    },
    /// `RETURN e`, `RETURN NEXT e`, `RETURN`: only the first and the last leave the body.
    Return {
        /// The value.
        value: Option<Expr>,
        /// Whether the body is left.
        leaves: bool,
    },
    /// `RETURN QUERY q`.
    ReturnQuery(Box<Query>),
    /// `RETURN QUERY EXECUTE text`.
    ReturnExecute(PlExecute),
    /// `RAISE …`.
    Raise {
        /// Whether the body is left with an error (`EXCEPTION`, which is the default).
        fails: bool,
        /// What is raised.
        what: PlRaised,
        /// The values for the format.
        values: Vec<Expr>,
        /// `USING`: names in lower case, and values.
        options: Vec<(String, Expr)>,
    },
    /// `ASSERT e`.
    Assert(Expr),
    /// `OPEN c FOR query`.
    OpenQuery(Box<Query>),
    /// `OPEN c FOR EXECUTE text`.
    OpenExecute(PlExecute),
    /// `GET DIAGNOSTICS`, `FETCH`: the variables that get what only the server knows.
    Receive(Vec<String>),
    /// `NULL`, `MOVE`, `CLOSE`, `OPEN c`: nothing is touched; the head word.
    Nothing(String),
    /// Not understood.
    Unread(Unread),
}

/// The two ways to leave a turn of a loop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlLeave {
    /// `EXIT`.
    Exit,
    /// `CONTINUE`.
    Continue,
}

/// Which way a loop over integers goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlDirection {
    /// Up.
    Forward,
    /// `REVERSE`.
    Reverse,
}

/// What `RAISE` raises.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlRaised {
    /// `RAISE;`: what was caught, once more.
    Again,
    /// A message, with `%` for each value.
    Message(String),
    /// A condition by its name or its SQLSTATE, as written.
    Condition(String),
    /// Only options.
    Options,
}

/// A condition, or a value of `CASE`, and what is run then.
#[derive(Clone, Debug, PartialEq)]
pub struct PlBranch {
    /// The condition.
    pub condition: Expr,
    /// What is run.
    pub statements: Vec<PlStatement>,
}

/// What a loop goes over.
#[derive(Clone, Debug, PartialEq)]
pub enum PlLoop {
    /// `LOOP`.
    Endless,
    /// `WHILE e`.
    While(Expr),
    /// `FOR i IN a..b BY c`: the variable, which exists only in the loop, and the bounds.
    Integers(Ident, Vec<Expr>, PlDirection),
    /// `FOR r IN query`: the variables, as written.
    Rows(Vec<String>, Box<Query>),
    /// `FOR r IN EXECUTE text`.
    Executed(Vec<String>, PlExecute),
    /// `FOR r IN cursor(…)`: the variable and the cursor, with its arguments.
    Cursor(Ident, Ident, Vec<Expr>),
    /// `FOREACH x IN ARRAY e`.
    Elements(Vec<String>, Expr),
}

/// `EXECUTE text [INTO v] [USING e]`.
#[derive(Clone, Debug, PartialEq)]
pub struct PlExecute {
    /// What is run.
    pub text: PlText,
    /// `USING`.
    pub parameters: Vec<Expr>,
    /// `INTO`: the variables, as written.
    pub into: Vec<String>,
}

/// The text that `EXECUTE` runs.
#[derive(Clone, Debug, PartialEq)]
pub enum PlText {
    /// A constant that stands in the file byte for byte: read, with true places.
    Statements(Vec<Statement>),
    /// A constant whose quotes or escapes were resolved: to be read by whoever can add a source.
    Constant(String, Span),
    /// Put together at run time.
    Computed(Expr),
}
