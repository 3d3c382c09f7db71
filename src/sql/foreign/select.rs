//! One `SELECT` out of the parser crate's tree.

use sqlparser::ast;

use super::convert::{Converter, conditions, node, plain_query};
use crate::sql::tree::{
    Connective, Distinct, Expr, ExprKind, GroupBy, GroupingElement, Literal, NamedWindow, Query, QueryBody, Select, SelectItem, StarOptions, TemporaryKind,
    Unread, Window,
};

/// A cube of more elements is not laid out.
const MAX_CUBE: usize = 12;

impl Converter<'_> {
    /// A `SELECT`, as a query because `TOP` belongs to that.
    pub fn select(&self, select: ast::Select) -> Result<Query, Unread> {
        self.refuse_unknown_clauses(&select)?;
        let from_first = matches!(select.flavor, ast::SelectFlavor::FromFirstNoSelect);
        let span = self.span(select.select_token.0.span);
        let distinct = match select.distinct {
            None | Some(ast::Distinct::All) => Distinct::No,
            Some(ast::Distinct::Distinct) => Distinct::All,
            Some(ast::Distinct::On(keys)) => Distinct::On(self.expressions(keys)?),
        };
        let mut items = select.projection.into_iter().map(|item| self.select_item(item)).collect::<Result<Vec<_>, _>>()?;
        if from_first {
            items.push(SelectItem::Star { qualifier: None, options: StarOptions::default(), span: self.whole });
        }
        if let Some(exclude) = select.exclude {
            self.exclude_from_the_star(&mut items, exclude)?;
        }
        let (into, into_temporary) = match select.into {
            None => (None, TemporaryKind::Permanent),
            Some(into) => {
                let kind = match (into.temporary, into.unlogged) {
                    (true, _) => TemporaryKind::Temporary,
                    (_, true) => TemporaryKind::Unlogged,
                    (false, false) => TemporaryKind::Permanent,
                };
                (Some(self.selected_into(into.targets)?), kind)
            }
        };
        let mut from = select.from.into_iter().map(|tables| self.tables(tables)).collect::<Result<Vec<_>, _>>()?;
        for view in select.lateral_views {
            self.lateral_view(&mut from, view)?;
        }
        let filter = both(self.optional(select.prewhere)?, self.optional(select.selection)?);
        let group_by = self.group_by(select.group_by)?;
        let having = self.optional(select.having)?;
        let windows = select.named_window.into_iter().map(|window| self.named_window(window)).collect::<Result<_, _>>()?;
        let qualify = self.optional(select.qualify)?;
        let converted = Select { distinct, items, into, into_temporary, from, filter, group_by, having, windows, qualify, span };
        let mut query = plain_query(QueryBody::Select(Box::new(converted)), span);
        if let Some(top) = select.top {
            query.limited = true;
            query.with_ties = top.with_ties;
            query.limits.push(match top.quantity {
                Some(ast::TopQuantity::Expr(quantity)) => self.expression(quantity)?,
                Some(ast::TopQuantity::Constant(quantity)) => node(ExprKind::Literal(Literal::Number(quantity.to_string())), span),
                None => return Err(self.refuse("TOP without a number")),
            });
        }
        Ok(query)
    }

    fn refuse_unknown_clauses(&self, select: &ast::Select) -> Result<(), Unread> {
        let unknown = [
            (!select.connect_by.is_empty(), "CONNECT BY"),
            (!select.cluster_by.is_empty(), "CLUSTER BY"),
            (!select.distribute_by.is_empty(), "DISTRIBUTE BY"),
            (!select.sort_by.is_empty(), "SORT BY"),
            (select.value_table_mode.is_some(), "SELECT AS STRUCT or VALUE"),
        ];
        match unknown.into_iter().find(|(is_there, _)| *is_there) {
            Some((_, what)) => Err(self.refuse(what)),
            None => Ok(()),
        }
    }

    fn selected_into(&self, mut targets: Vec<ast::Expr>) -> Result<crate::sql::tree::ObjectName, Unread> {
        match (targets.pop(), targets.is_empty()) {
            (Some(ast::Expr::Identifier(ident)), true) => self.object_name(&ast::ObjectName::from(vec![ident])),
            (Some(ast::Expr::CompoundIdentifier(idents)), true) => self.object_name(&ast::ObjectName::from(idents)),
            _ => Err(self.refuse("SELECT INTO variables")),
        }
    }

    /// A select list item.
    pub fn select_item(&self, item: ast::SelectItem) -> Result<SelectItem, Unread> {
        match item {
            ast::SelectItem::UnnamedExpr(expr) => {
                let expr = self.expression(expr)?;
                let span = self.item_span(expr.span);
                Ok(SelectItem::Expr { expr: Expr { span, ..expr }, alias: None })
            }
            ast::SelectItem::ExprWithAlias { expr, alias } => Ok(SelectItem::Expr { expr: self.expression(expr)?, alias: Some(self.ident(&alias)) }),
            ast::SelectItem::ExprWithAliases { .. } => Err(self.refuse("a value with several names")),
            ast::SelectItem::QualifiedWildcard(ast::SelectItemQualifiedWildcardKind::ObjectName(name), options) => {
                let qualifier = self.object_name(&name)?;
                let span = qualifier.span();
                Ok(SelectItem::Star { qualifier: Some(qualifier), options: self.star_options(options)?, span })
            }
            ast::SelectItem::QualifiedWildcard(ast::SelectItemQualifiedWildcardKind::Expr(base), options) => {
                if self.star_options(options)? != StarOptions::default() {
                    return Err(self.refuse("options of a star behind an expression"));
                }
                let base = self.expression(base)?;
                let span = base.span;
                Ok(SelectItem::Expr { expr: node(ExprKind::AllFields(base), span), alias: None })
            }
            ast::SelectItem::Wildcard(options) => {
                let span = self.span(options.wildcard_token.0.span);
                Ok(SelectItem::Star { qualifier: None, options: self.star_options(options)?, span })
            }
        }
    }

    fn star_options(&self, options: ast::WildcardAdditionalOptions) -> Result<StarOptions, Unread> {
        if options.opt_ilike.is_some() || options.opt_alias.is_some() {
            return Err(self.refuse("a star with ILIKE or an alias"));
        }
        let mut converted = StarOptions::default();
        if let Some(except) = options.opt_except {
            converted.except.push(self.ident(&except.first_element));
            converted.except.extend(self.idents(&except.additional_elements));
        }
        if let Some(exclude) = options.opt_exclude {
            converted.except.extend(self.excluded(exclude)?);
        }
        for element in options.opt_replace.into_iter().flat_map(|replace| replace.items) {
            converted.replace.push((self.expression(element.expr)?, self.ident(&element.column_name)));
        }
        let renamed = match options.opt_rename {
            None => Vec::new(),
            Some(ast::RenameSelectItem::Single(one)) => vec![one],
            Some(ast::RenameSelectItem::Multiple(all)) => all,
        };
        converted.rename = renamed.iter().map(|rename| (self.ident(&rename.ident), self.ident(&rename.alias))).collect();
        Ok(converted)
    }

    fn excluded(&self, exclude: ast::ExcludeSelectItem) -> Result<Vec<crate::sql::tree::Ident>, Unread> {
        let names = match exclude {
            ast::ExcludeSelectItem::Single(name) => vec![name],
            ast::ExcludeSelectItem::Multiple(names) => names,
        };
        names.iter().map(|name| self.last_part(name)).collect()
    }

    /// Redshift's `SELECT *, … EXCLUDE a` behind the whole list.
    fn exclude_from_the_star(&self, items: &mut [SelectItem], exclude: ast::ExcludeSelectItem) -> Result<(), Unread> {
        let excluded = self.excluded(exclude)?;
        let mut stars = items.iter_mut().filter_map(|item| match item {
            SelectItem::Star { options, .. } => Some(options),
            SelectItem::Expr { .. } => None,
        });
        match (stars.next(), stars.next()) {
            (Some(options), None) => {
                options.except.extend(excluded);
                Ok(())
            }
            _ => Err(self.refuse("EXCLUDE without exactly one star")),
        }
    }

    fn named_window(&self, window: ast::NamedWindowDefinition) -> Result<NamedWindow, Unread> {
        let ast::NamedWindowDefinition(name, definition) = window;
        let window = match definition {
            ast::NamedWindowExpr::WindowSpec(window) => self.window(window)?,
            ast::NamedWindowExpr::NamedWindow(base) => {
                Window { base: Some(self.ident(&base)), partition_by: Vec::new(), order_by: Vec::new(), frame_bounds: Vec::new(), frame: None }
            }
        };
        Ok(NamedWindow { name: self.ident(&name), window })
    }

    fn group_by(&self, group_by: ast::GroupByExpr) -> Result<GroupBy, Unread> {
        let (keys, modifiers) = match group_by {
            ast::GroupByExpr::All(modifiers) if modifiers.is_empty() => return Ok(GroupBy::All),
            ast::GroupByExpr::All(_) => return Err(self.refuse("GROUP BY ALL with a modifier")),
            ast::GroupByExpr::Expressions(keys, modifiers) if keys.is_empty() && modifiers.is_empty() => return Ok(GroupBy::None),
            ast::GroupByExpr::Expressions(keys, modifiers) => (keys, modifiers),
        };
        let mut elements = Vec::new();
        for key in keys {
            elements.extend(self.grouping_element(key)?);
        }
        for modifier in modifiers {
            let all = elements.iter().filter_map(|element| match element {
                GroupingElement::Expr(key) => Some(vec![key.clone()]),
                GroupingElement::Sets(_) => None,
            });
            let all: Vec<Vec<Expr>> = all.collect();
            elements = match modifier {
                ast::GroupByWithModifier::Rollup if all.len() == elements.len() => vec![GroupingElement::Sets(rollup(&all))],
                ast::GroupByWithModifier::Cube if all.len() == elements.len() && all.len() <= MAX_CUBE => vec![GroupingElement::Sets(cube(&all))],
                ast::GroupByWithModifier::GroupingSets(sets) => elements.into_iter().chain(self.grouping_element(sets)?).collect(),
                // One more row, with the same columns (ClickHouse, GROUP BY: WITH TOTALS).
                ast::GroupByWithModifier::Totals => elements,
                ast::GroupByWithModifier::Rollup | ast::GroupByWithModifier::Cube => {
                    return Err(self.refuse("this modifier of GROUP BY"));
                }
            };
        }
        Ok(GroupBy::Elements(elements))
    }

    fn grouping_element(&self, key: ast::Expr) -> Result<Vec<GroupingElement>, Unread> {
        let lists = |sets: Vec<Vec<ast::Expr>>| sets.into_iter().map(|set| self.expressions(set)).collect::<Result<Vec<Vec<Expr>>, Unread>>();
        match key {
            ast::Expr::Rollup(keys) => Ok(vec![GroupingElement::Sets(rollup(&lists(keys)?))]),
            ast::Expr::Cube(keys) if keys.len() <= MAX_CUBE => Ok(vec![GroupingElement::Sets(cube(&lists(keys)?))]),
            ast::Expr::Cube(_) => Err(self.refuse("so large a cube")),
            ast::Expr::GroupingSets(sets) => {
                let mut flat = Vec::new();
                for set in sets {
                    flat.extend(self.grouping_set(set)?);
                }
                Ok(vec![GroupingElement::Sets(flat)])
            }
            ast::Expr::Tuple(keys) if keys.is_empty() => Ok(vec![GroupingElement::Sets(vec![Vec::new()])]),
            ast::Expr::Tuple(keys) => Ok(self.expressions(keys)?.into_iter().map(GroupingElement::Expr).collect()),
            other => Ok(vec![GroupingElement::Expr(self.expression(other)?)]),
        }
    }

    /// One set of `GROUPING SETS`; the crate calls a nested `ROLLUP (…)` a function.
    fn grouping_set(&self, mut set: Vec<ast::Expr>) -> Result<Vec<Vec<Expr>>, Unread> {
        if set.len() == 1
            && let Some(only) = set.pop()
        {
            return match only {
                ast::Expr::Function(function) if is_nested_set(&function) => Err(self.refuse("nested grouping sets")),
                nested @ (ast::Expr::Rollup(_) | ast::Expr::Cube(_) | ast::Expr::GroupingSets(_)) => Ok(self
                    .grouping_element(nested)?
                    .into_iter()
                    .flat_map(|element| match element {
                        GroupingElement::Sets(sets) => sets,
                        GroupingElement::Expr(key) => vec![vec![key]],
                    })
                    .collect()),
                other => Ok(vec![vec![self.expression(other)?]]),
            };
        }
        Ok(vec![self.expressions(set)?])
    }
}

fn is_nested_set(function: &ast::Function) -> bool {
    let name = function.name.to_string();
    name.eq_ignore_ascii_case("rollup") || name.eq_ignore_ascii_case("cube")
}

fn rollup(keys: &[Vec<Expr>]) -> Vec<Vec<Expr>> {
    (0..=keys.len()).rev().map(|count| keys.iter().take(count).flatten().cloned().collect()).collect()
}

fn cube(keys: &[Vec<Expr>]) -> Vec<Vec<Expr>> {
    let chosen = |subset: usize| keys.iter().enumerate().filter(move |(place, _)| subset & (1 << place) != 0).flat_map(|(_, key)| key.clone()).collect();
    (0..1_usize << keys.len()).rev().map(chosen).collect()
}

/// Both conditions.
fn both(left: Option<Expr>, right: Option<Expr>) -> Option<Expr> {
    match (left, right) {
        (Some(left), Some(right)) => Some(conditions(Connective::And, left, right)),
        (one, other) => one.or(other),
    }
}
