//! A rule's condition: read as CEL, then checked against the table of facts before anything is asked.
//!
//! In: the text after `when:` and what the rule is about. Out: a [`Condition`], or the [`ConditionFault`] with the words that are at fault: a fact
//! that does not exist, a word that a fact can never be, two types that cannot be compared. So a slip of the pen never becomes a rule that
//! silently does not fire.

use std::sync::{Arc, LazyLock, OnceLock};

use cel::common::ast::{CallExpr, ComprehensionExpr, Expr, LiteralValue, operators};
use cel::common::value::CowVal;
use cel::context::VariableResolver;
use cel::{Context, Env, IdedExpr, Program, Value};

use super::fact::Fact;
use super::fact_table::{fact_named, fact_table};
use super::fact_type::{FactType, FactValue, Subject};
use super::item::Item;

/// A condition that can be asked.
#[derive(Debug)]
pub(super) struct Condition {
    program: Program,
}

/// Why a text is no condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ConditionFault {
    /// What is wrong.
    pub message: String,
    /// The words that are at fault, as they stand in the text; empty when it is the whole.
    pub words: String,
    /// What would be allowed instead; empty when nothing can be listed.
    pub allowed: Vec<&'static str>,
}

/// The type of a part of a condition.
#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Bool,
    Int,
    Text,
    /// A text out of a closed list.
    Word(&'static [&'static str]),
    /// A text that is written out.
    Literal(String),
    List(Box<Kind>),
    /// The element of an empty list.
    Anything,
}

impl Kind {
    fn is_text(&self) -> bool {
        matches!(self, Self::Text | Self::Word(_) | Self::Literal(_) | Self::Anything)
    }

    fn title(&self) -> &'static str {
        match self {
            Self::Bool => "true or false",
            Self::Int => "a number",
            Self::Text | Self::Word(_) | Self::Literal(_) => "a text",
            Self::List(_) => "a list",
            Self::Anything => "nothing",
        }
    }
}

impl From<FactType> for Kind {
    fn from(data_type: FactType) -> Self {
        match data_type {
            FactType::Bool => Self::Bool,
            FactType::Int => Self::Int,
            FactType::Text => Self::Text,
            FactType::Word(words) => Self::Word(words),
            FactType::Texts => Self::List(Box::new(Self::Text)),
            FactType::Words(words) => Self::List(Box::new(Self::Word(words))),
        }
    }
}

fn fault(message: impl Into<String>, words: impl Into<String>) -> ConditionFault {
    ConditionFault { message: message.into(), words: words.into(), allowed: Vec::new() }
}

static ENVIRONMENT: LazyLock<Arc<Env>> = LazyLock::new(|| Arc::new(Env::stdlib()));

impl Condition {
    /// Reads and checks a condition about a subject.
    pub fn compile(text: &str, subject: Subject) -> Result<Self, ConditionFault> {
        let program = ENVIRONMENT.compile(text).map_err(|errors| {
            let words = errors.errors.first().map_or_else(|| String::from("it cannot be read"), |error| error.msg.trim().to_owned());
            fault(format!("this is no CEL expression: {words}"), "")
        })?;
        let mut checker = Checker { subject, locals: Vec::new() };
        match checker.kind(program.expression())? {
            Kind::Bool => Ok(Self { program }),
            other => Err(fault(format!("a condition is true or false, and this is {}", other.title()), "")),
        }
    }

    /// Whether it holds.
    ///
    /// # Errors
    /// The evaluator's words, for what could not be checked beforehand (a list that is too short, a pattern that is none).
    pub fn holds(&self, facts: &Facts<'_>) -> Result<bool, String> {
        let mut context = Context::with_env(ENVIRONMENT.clone());
        context.set_variable_resolver(facts);
        match self.program.execute(&context) {
            Ok(Value::Bool(holds)) => Ok(holds),
            Ok(other) => Err(format!("the condition gave {other:?}")),
            Err(error) => Err(error.to_string()),
        }
    }
}

/// The facts of one item, each found once and only when somebody asks.
pub(super) struct Facts<'a> {
    item: Item<'a>,
    found: Vec<OnceLock<FactValue>>,
}

impl<'a> Facts<'a> {
    pub fn new(item: Item<'a>) -> Self {
        Self { item, found: fact_table().map(|_| OnceLock::new()).collect() }
    }

    pub fn item(&self) -> &Item<'a> {
        &self.item
    }

    /// A fact's value.
    pub fn find(&self, fact: &'static Fact) -> FactValue {
        match position(fact).and_then(|index| self.found.get(index)) {
            Some(cell) => cell.get_or_init(|| (fact.find)(&self.item)).clone(),
            None => (fact.find)(&self.item),
        }
    }
}

fn position(fact: &'static Fact) -> Option<usize> {
    static ORDER: LazyLock<std::collections::BTreeMap<&'static str, usize>> =
        LazyLock::new(|| fact_table().enumerate().map(|(index, fact)| (fact.name, index)).collect());
    ORDER.get(fact.name).copied()
}

impl VariableResolver for Facts<'_> {
    fn resolve<'b>(&'b self, variable: &str) -> Option<CowVal<'b, 'b>> {
        let value = match self.find(fact_named(variable)?) {
            FactValue::Bool(value) => Value::Bool(value),
            FactValue::Int(value) => Value::Int(value),
            FactValue::Text(value) => Value::String(Arc::new(value)),
            FactValue::Texts(values) => Value::List(Arc::new(values.into_iter().map(|value| Value::String(Arc::new(value))).collect())),
        };
        value.try_into().ok().map(CowVal::Owned)
    }
}

struct Checker {
    subject: Subject,
    locals: Vec<(String, Kind)>,
}

impl Checker {
    fn kind(&mut self, expression: &IdedExpr) -> Result<Kind, ConditionFault> {
        match &expression.expr {
            Expr::Ident(name) => self.local(name),
            Expr::Select(select) => match &select.operand.expr {
                Expr::Ident(group) if !select.test => self.fact(&format!("{group}.{}", select.field)),
                _ => Err(fault("a fact has a group and a name, as in `table.rows`", format!(".{}", select.field))),
            },
            Expr::Literal(literal) => literal_kind(literal),
            Expr::List(list) => {
                let mut element = Kind::Anything;
                for one in &list.elements {
                    let kind = self.kind(one)?;
                    if element != Kind::Anything && kind.title() != element.title() {
                        return Err(fault(format!("a list holds one kind of thing, and here are {} and {}", element.title(), kind.title()), ""));
                    }
                    element = kind;
                }
                Ok(Kind::List(Box::new(if element.is_text() && element != Kind::Anything { Kind::Text } else { element })))
            }
            Expr::Call(call) => self.call(call),
            Expr::Comprehension(comprehension) => self.comprehension(comprehension),
            Expr::Map(_) | Expr::Struct(_) | Expr::Unspecified => Err(fault("maps and messages have no place in a condition", "")),
        }
    }

    fn local(&self, name: &str) -> Result<Kind, ConditionFault> {
        let own = self.locals.iter().rev().find(|(own, _)| own == name).map(|(_, kind)| kind.clone());
        own.ok_or_else(|| ConditionFault { allowed: self.allowed(), ..fault(format!("there is no fact `{name}`"), name) })
    }

    fn fact(&self, name: &str) -> Result<Kind, ConditionFault> {
        let Some(fact) = fact_named(name) else {
            return Err(ConditionFault { allowed: self.allowed(), ..fault(format!("there is no fact `{name}`"), name) });
        };
        if !fact.subjects.contains(&self.subject) {
            let message = format!("`{name}` is not known `for: {}`", self.subject.as_str());
            return Err(ConditionFault { allowed: self.allowed(), ..fault(message, name) });
        }
        Ok(fact.data_type.into())
    }

    fn allowed(&self) -> Vec<&'static str> {
        fact_table().filter(|fact| fact.subjects.contains(&self.subject)).map(|fact| fact.name).collect()
    }

    fn call(&mut self, call: &CallExpr) -> Result<Kind, ConditionFault> {
        let mut arguments = Vec::with_capacity(call.args.len() + 1);
        for argument in call.target.iter().map(|target| &**target).chain(&call.args) {
            arguments.push((argument, self.kind(argument)?));
        }
        let kinds: Vec<&Kind> = arguments.iter().map(|(_, kind)| kind).collect();
        match (call.func_name.as_str(), kinds.as_slice()) {
            (operators::LOGICAL_AND | operators::LOGICAL_OR, all) => each(all, &Kind::Bool),
            (operators::LOGICAL_NOT | operators::NOT_STRICTLY_FALSE, all) => each(all, &Kind::Bool),
            (operators::EQUALS | operators::NOT_EQUALS, [left, right]) => comparable(left, right),
            (operators::LESS | operators::LESS_EQUALS | operators::GREATER | operators::GREATER_EQUALS, [left, right]) => match (left, right) {
                (Kind::Int, Kind::Int) => Ok(Kind::Bool),
                (left, right) if left.is_text() && right.is_text() => Ok(Kind::Bool),
                (left, right) => Err(fault(format!("{} and {} have no order", left.title(), right.title()), "")),
            },
            (operators::IN, [element, Kind::List(of)]) => match &arguments[..] {
                [_, (IdedExpr { expr: Expr::List(list), .. }, _)] => {
                    let written: Vec<Kind> = list.elements.iter().map(|one| self.kind(one)).collect::<Result<_, _>>()?;
                    written.iter().try_for_each(|one| comparable(element, one).map(|_| ()))?;
                    Ok(Kind::Bool)
                }
                _ => comparable(element, of),
            },
            (operators::CONDITIONAL, [Kind::Bool, yes, no]) if yes.title() == no.title() || matches!(no, Kind::Anything) => Ok((*yes).clone()),
            (operators::ADD, [Kind::List(left), Kind::List(right)]) => {
                Ok(Kind::List(Box::new(if **left == Kind::Anything { (**right).clone() } else { (**left).clone() })))
            }
            (operators::ADD, [left, right]) if left.is_text() && right.is_text() => Ok(Kind::Text),
            (operators::ADD | operators::SUBSTRACT | operators::MULTIPLY | operators::DIVIDE | operators::MODULO | operators::NEGATE, all) => {
                each(all, &Kind::Int).map(|_| Kind::Int)
            }
            (operators::INDEX, [Kind::List(of), Kind::Int]) => Ok((**of).clone()),
            ("size", [Kind::List(_)]) => Ok(Kind::Int),
            ("size", [text]) if text.is_text() => Ok(Kind::Int),
            ("contains" | "startsWith" | "endsWith" | "matches", [text, part]) if text.is_text() && part.is_text() => Ok(Kind::Bool),
            (name, kinds) => {
                let given = kinds.iter().map(|kind| kind.title()).collect::<Vec<_>>().join(" and ");
                Err(fault(format!("`{name}` cannot be used with {given}"), name.trim_matches('_')))
            }
        }
    }

    fn comprehension(&mut self, comprehension: &ComprehensionExpr) -> Result<Kind, ConditionFault> {
        let Kind::List(element) = self.kind(&comprehension.iter_range)? else {
            return Err(fault("only a list has elements to go through", ""));
        };
        let start = self.kind(&comprehension.accu_init)?;
        self.locals.push((comprehension.accu_var.clone(), start));
        self.locals.push((comprehension.iter_var.clone(), *element));
        self.kind(&comprehension.loop_cond)?;
        let step = self.kind(&comprehension.loop_step)?;
        self.locals.pop();
        self.locals.pop();
        self.locals.push((comprehension.accu_var.clone(), step));
        let result = self.kind(&comprehension.result)?;
        self.locals.pop();
        Ok(result)
    }
}

fn literal_kind(literal: &LiteralValue) -> Result<Kind, ConditionFault> {
    match literal {
        LiteralValue::Boolean(_) => Ok(Kind::Bool),
        LiteralValue::Int(_) => Ok(Kind::Int),
        LiteralValue::String(text) => Ok(Kind::Literal(text.inner().to_owned())),
        LiteralValue::UInt(_) | LiteralValue::Double(_) => Err(fault("numbers are whole, without letters behind them", "")),
        LiteralValue::Null => Err(fault("no fact is ever null: see docs/facts.md for what stands when there is nothing to say", "null")),
        LiteralValue::Bytes(_) => Err(fault("no fact is bytes", "")),
    }
}

fn each(kinds: &[&Kind], wanted: &Kind) -> Result<Kind, ConditionFault> {
    match kinds.iter().find(|kind| **kind != wanted) {
        None => Ok(wanted.clone()),
        Some(other) => Err(fault(format!("{} is needed here, and this is {}", wanted.title(), other.title()), "")),
    }
}

fn comparable(left: &Kind, right: &Kind) -> Result<Kind, ConditionFault> {
    match (left, right) {
        (Kind::Word(words), Kind::Literal(text)) | (Kind::Literal(text), Kind::Word(words)) if !words.contains(&text.as_str()) => {
            let message = format!("`{text}` is none of the words that this fact can be");
            Err(ConditionFault { allowed: words.to_vec(), ..fault(message, text.clone()) })
        }
        (left, right) if left.is_text() && right.is_text() => Ok(Kind::Bool),
        (Kind::List(left), Kind::List(right)) => comparable(left, right),
        (Kind::Bool, Kind::Bool) | (Kind::Int, Kind::Int) => Ok(Kind::Bool),
        (left, right) => Err(fault(format!("{} is never {}", left.title(), right.title()), "")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> ConditionFault {
        Condition::compile(text, Subject::Table).unwrap_err()
    }

    #[test]
    fn good_conditions_are_read() {
        for text in [
            "lock.blocks_writes && table.size != 'empty'",
            "table.rows > 1000 || table.rows == -1",
            "'create_index' in work.operations",
            "lock.mode in ['share', 'exclusive']",
            "work.operations.exists(one, one == 'add_check')",
            "size(table.work_before) > 1 && table.name.startsWith('finance.')",
            "table.columns.filter(one, one.endsWith('_id')).size() > 0",
            "today.date < '2027-01-31'",
        ] {
            Condition::compile(text, Subject::Table).unwrap_or_else(|fault| panic!("{text}: {fault:?}"));
        }
    }

    #[test]
    fn a_mistyped_fact_is_refused_where_it_stands() {
        let fault = refused("table.rowz > 1");
        assert_eq!(fault.words, "table.rowz");
        assert!(fault.allowed.contains(&"table.rows"));
        assert_eq!(refused("rows > 1").words, "rows");
    }

    #[test]
    fn a_word_that_can_never_be_is_refused() {
        assert_eq!(refused("lock.mode == 'shared'").words, "shared");
        assert_eq!(refused("lock.mode in ['share', 'shared']").words, "shared");
        assert_eq!(refused("'crate_index' in work.operations").words, "crate_index");
        assert_eq!(refused("work.operations.exists(one, one == 'ad_check')").words, "ad_check");
    }

    #[test]
    fn types_that_never_meet_are_refused() {
        assert!(refused("table.rows == 'many'").message.contains("never"));
        assert!(refused("table.rows").message.contains("true or false"));
        assert!(refused("table.name && true").message.contains("needed"));
        assert!(refused("table.name > 3").message.contains("no order"));
        assert!(refused("effect.kind == 'breaks'").message.contains("not known"));
        assert!(refused("table.rows >").message.contains("CEL"));
    }
}
