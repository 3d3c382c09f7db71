//! Calls and windows out of the parser crate's tree.

use sqlparser::ast;

use super::convert::{Converter, node};
use crate::name::Name;
use crate::sql::tree::{Argument, Call, CallSyntax, Expr, ExprKind, Ident, OrderBy, Unread, Window, WindowReference};

impl Converter<'_> {
    /// A call as an expression.
    pub fn function(&self, function: ast::Function) -> Result<Expr, Unread> {
        if let (ast::FunctionArguments::Subquery(_), [ast::ObjectNamePart::Identifier(name)]) = (&function.args, function.name.0.as_slice())
            && name.value.eq_ignore_ascii_case("array")
            && let ast::FunctionArguments::Subquery(query) = function.args
        {
            let query = self.query(*query)?;
            let span = query.span;
            return Ok(node(ExprKind::ArraySubquery(Box::new(query)), span));
        }
        let is_grouping = matches!(function.name.0.as_slice(), [ast::ObjectNamePart::Identifier(name)] if name.value.eq_ignore_ascii_case("grouping"));
        let call = self.call(function)?;
        let span = self.span_over(Some(call.name.span()), call.arguments.iter().map(|argument| &argument.value).filter(|value| value.span != self.whole));
        if is_grouping {
            let keys = call.arguments.into_iter().map(|argument| argument.value).collect();
            return Ok(node(ExprKind::Grouping(keys), span));
        }
        Ok(node(ExprKind::Call(call), span))
    }

    /// A call.
    pub fn call(&self, function: ast::Function) -> Result<Call, Unread> {
        let syntax = if matches!(function.args, ast::FunctionArguments::None) { CallSyntax::Keyword } else { CallSyntax::Function };
        let mut call = Call {
            name: self.object_name(&function.name)?,
            arguments: Vec::new(),
            distinct: false,
            order_by: Vec::new(),
            within_group: self.sort_keys(function.within_group)?,
            filter: self.optional(function.filter.map(|filter| *filter))?,
            over: None,
            ignore_nulls: matches!(function.null_treatment, Some(ast::NullTreatment::IgnoreNulls)),
            syntax,
        };
        self.add_arguments(&mut call, function.parameters)?;
        self.add_arguments(&mut call, function.args)?;
        call.over = match function.over {
            None => None,
            Some(ast::WindowType::NamedWindow(name)) => Some(WindowReference::Named(self.ident(&name))),
            Some(ast::WindowType::WindowSpec(window)) => Some(WindowReference::Inline(self.window(window)?)),
        };
        Ok(call)
    }

    fn add_arguments(&self, call: &mut Call, arguments: ast::FunctionArguments) -> Result<(), Unread> {
        match arguments {
            ast::FunctionArguments::None => {}
            ast::FunctionArguments::Subquery(query) => {
                let query = self.query(*query)?;
                let value = node(ExprKind::Subquery(Box::new(query)), self.whole);
                call.arguments.push(Argument { name: None, value, variadic: false });
            }
            ast::FunctionArguments::List(list) => {
                call.distinct |= matches!(list.duplicate_treatment, Some(ast::DuplicateTreatment::Distinct));
                for argument in list.args {
                    call.arguments.push(self.argument(argument)?);
                }
                for clause in list.clauses {
                    self.add_clause(call, clause)?;
                }
            }
        }
        Ok(())
    }

    /// Arguments of a table function.
    pub fn arguments(&self, arguments: Vec<ast::FunctionArg>) -> Result<Vec<Argument>, Unread> {
        arguments.into_iter().map(|argument| self.argument(argument)).collect()
    }

    fn argument(&self, argument: ast::FunctionArg) -> Result<Argument, Unread> {
        let (name, value) = match argument {
            ast::FunctionArg::Named { name, arg, operator: _ } | ast::FunctionArg::ExprNamed { name: ast::Expr::Identifier(name), arg, operator: _ } => {
                (Some(self.ident(&name)), arg)
            }
            ast::FunctionArg::ExprNamed { .. } => return Err(self.refuse("a computed name of an argument")),
            ast::FunctionArg::Unnamed(arg) => (None, arg),
        };
        let value = match value {
            ast::FunctionArgExpr::Expr(expr) => self.expression(expr)?,
            ast::FunctionArgExpr::QualifiedWildcard(name) => {
                let name = self.object_name(&name)?;
                let span = name.span();
                node(ExprKind::Star(Some(name)), span)
            }
            ast::FunctionArgExpr::Wildcard => node(ExprKind::Star(None), self.whole),
            ast::FunctionArgExpr::WildcardWithOptions(_) => self.not_understood("a star with options as an argument"),
        };
        Ok(Argument { name, value, variadic: false })
    }

    /// What some dialects write inside the parentheses: kept as what it is, or as an argument of that name.
    fn add_clause(&self, call: &mut Call, clause: ast::FunctionArgumentClause) -> Result<(), Unread> {
        use ast::FunctionArgumentClause as C;
        let (name, value) = match clause {
            C::IgnoreOrRespectNulls(treatment) => {
                call.ignore_nulls |= matches!(treatment, ast::NullTreatment::IgnoreNulls);
                return Ok(());
            }
            C::Where(filter) => {
                call.filter = Some(self.expression(filter)?);
                return Ok(());
            }
            C::OrderBy(keys) => {
                call.order_by = self.sort_keys(keys)?;
                return Ok(());
            }
            C::Limit(limit) => ("limit", self.expression(limit)?),
            C::OnOverflow(overflow) => ("on overflow", self.text(&overflow.to_string())),
            C::Having(ast::HavingBound(kind, value)) => {
                (if matches!(kind, ast::HavingBoundKind::Max) { "having max" } else { "having min" }, self.expression(value)?)
            }
            C::Separator(separator) => ("separator", self.value(separator)),
            C::JsonNullClause(clause) => ("json nulls", self.text(&clause.to_string())),
            C::JsonReturningClause(clause) => ("json returning", self.text(&clause.to_string())),
        };
        let name = Some(Ident { name: Name::stored(name), span: self.whole });
        call.arguments.push(Argument { name, value, variadic: false });
        Ok(())
    }

    /// Sort keys.
    pub fn sort_keys(&self, keys: Vec<ast::OrderByExpr>) -> Result<Vec<OrderBy>, Unread> {
        keys.into_iter()
            .map(|key| {
                if key.with_fill.is_some() {
                    return Err(self.refuse("WITH FILL"));
                }
                let descending = match key.options.sort {
                    None | Some(ast::OrderBySort::Asc) => false,
                    Some(ast::OrderBySort::Desc) => true,
                    Some(ast::OrderBySort::Using(_)) => return Err(self.refuse("ORDER BY … USING")),
                };
                Ok(OrderBy { expr: self.expression(key.expr)?, descending, nulls_first: key.options.nulls_first })
            })
            .collect()
    }

    /// A window.
    pub fn window(&self, window: ast::WindowSpec) -> Result<Window, Unread> {
        let frame = window.window_frame.as_ref().map(|frame| match &frame.end_bound {
            Some(end) => format!("{} BETWEEN {} AND {end}", frame.units, frame.start_bound),
            None => format!("{} {}", frame.units, frame.start_bound),
        });
        let mut frame_bounds = Vec::new();
        if let Some(frame) = window.window_frame {
            for bound in std::iter::once(frame.start_bound).chain(frame.end_bound) {
                if let ast::WindowFrameBound::Preceding(Some(distance)) | ast::WindowFrameBound::Following(Some(distance)) = bound {
                    frame_bounds.push(self.expression(*distance)?);
                }
            }
        }
        Ok(Window {
            base: window.window_name.map(|name| self.ident(&name)),
            partition_by: self.expressions(window.partition_by)?,
            order_by: self.sort_keys(window.order_by)?,
            frame_bounds,
            frame,
        })
    }
}
