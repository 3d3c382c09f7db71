//! Access methods of indexes: what each can do, and which operator classes it has for a type.
//!
//! Source: PostgreSQL 15, the handlers of the access methods (IndexAmRoutine), DefineIndex, ComputeIndexAttrs and ResolveOpClass (indexcmds.c).

use super::NotJudged;
use super::work::{Applied, Work};
use crate::name::Name;
use crate::schema::{DataType, NameSpace, ObjectBody, ObjectId};
use crate::sql::tree::{Ident, IndexElement, ObjectKind, ObjectName};
use crate::typing::{Support, base_type, binary_coercible, indexing};

/// What an access method can do.
#[derive(Clone, Copy, Debug)]
pub(super) struct Abilities {
    /// Keeps an order: `DESC`, `NULLS FIRST`.
    pub(super) order: bool,
    /// `UNIQUE`.
    pub(super) unique: bool,
    /// Several keys.
    pub(super) several: bool,
    /// `INCLUDE`.
    pub(super) include: bool,
    /// `EXCLUDE`.
    pub(super) exclusion: bool,
}

/// What is known of an access method.
#[derive(Clone, Copy, Debug)]
pub(super) enum Method {
    /// One of the server's own.
    Known(Abilities),
    /// Of an extension or of the user.
    Unknown,
}

fn abilities(method: &str) -> Option<Abilities> {
    let none = Abilities { order: false, unique: false, several: false, include: false, exclusion: false };
    match method {
        "btree" => Some(Abilities { order: true, unique: true, several: true, include: true, exclusion: true }),
        "hash" => Some(Abilities { exclusion: true, ..none }),
        "gist" => Some(Abilities { several: true, include: true, exclusion: true, ..none }),
        "gin" | "brin" => Some(Abilities { several: true, ..none }),
        // `INCLUDE` since 14.
        "spgist" => Some(Abilities { include: true, exclusion: true, ..none }),
        _ => None,
    }
}

impl Work<'_> {
    /// The access method of that name.
    pub(super) fn index_method(&mut self, method: Option<&Ident>) -> Applied<Method> {
        let name = method.map_or("btree", |method| method.name.as_str());
        if let Some(known) = abilities(name) {
            return Ok(Method::Known(known));
        }
        let span = method.map_or(self.span, |method| method.span);
        let own = self.global_object(ObjectKind::AccessMethod, &Name::stored(name)).is_some();
        if !own && !self.has_unknown_extension() && self.schema.dialect.built_ins.is_some() {
            return self.refuse_at(span, "42704", format!("access method \"{name}\" does not exist"));
        }
        self.not_judged.push(NotJudged {
            reason: format!("the access method `{name}` is not one that PostgreSQL brings along"),
            span: self.span,
            touches: Vec::new(),
        });
        Ok(Method::Unknown)
    }

    /// Refuses an access method that cannot do what the index asks for.
    pub(super) fn method_can(&self, method: Method, name: &str, unique: bool, keys: usize, includes: bool) -> Applied {
        let Method::Known(can) = method else { return Ok(()) };
        let refuse = |what: &str| self.refuse("0A000", format!("access method \"{name}\" does not support {what}"));
        if unique && !can.unique {
            return refuse("unique indexes");
        }
        if includes && !can.include {
            return refuse("included columns");
        }
        if keys > 1 && !can.several {
            return refuse("multicolumn indexes");
        }
        Ok(())
    }

    /// Collation, operator class and order of one key, in the server's order.
    pub(super) fn key_fits(&self, method: (Method, &str), element: &IndexElement, data_type: Option<&DataType>) -> Applied {
        let Some(data_type) = data_type else { return Ok(()) };
        self.collation_fits(element.collation.as_ref(), data_type)?;
        self.operator_class_fits(method.1, element.operator_class.as_ref(), data_type)?;
        if let Method::Known(can) = method.0
            && !can.order
        {
            let refuse = |what: &str| self.refuse("0A000", format!("access method \"{}\" does not support {what} options", method.1));
            if element.descending {
                return refuse("ASC/DESC");
            }
            if element.nulls_first.is_some() {
                return refuse("NULLS FIRST/LAST");
            }
        }
        Ok(())
    }

    /// An operator class that is written must be there and accept the type; without one the type must have a default.
    pub(super) fn operator_class_fits(&self, method: &str, class: Option<&ObjectName>, data_type: &DataType) -> Applied {
        let Some(built_ins) = self.schema.dialect.built_ins else { return Ok(()) };
        if abilities(method).is_none() {
            return Ok(());
        }
        let shown = || self.shown_type(&data_type.without_modifiers());
        let Some(class) = class else {
            // A bare constant is of no type yet.
            if data_type.is_builtin("unknown") || indexing(&self.schema, data_type, method) == Support::No {
                return self.refuse("42704", format!("data type {} has no default operator class for access method \"{method}\"", shown()));
            }
            return Ok(());
        };
        if self.operator_class_object(ObjectKind::OperatorClass, class).is_some() || self.has_unknown_extension() {
            return Ok(());
        }
        let word = class.name.name.as_str();
        let installed = |code| built_ins.extension(code).is_some_and(|name| self.schema.find(NameSpace::Extension, None, &Name::stored(name)).is_some());
        let of_that_name: Vec<_> =
            built_ins.operator_classes.iter().filter(|own| own.method == method && own.name == word && own.extension.is_none_or(installed)).collect();
        if of_that_name.is_empty() {
            self.refuse_unless_known(class)?;
            return self.refuse_at(class.span(), "42704", format!("operator class \"{class}\" does not exist for access method \"{method}\""));
        }
        let base = base_type(&self.schema, data_type);
        let takes = |code| {
            let Some(input) = built_ins.data_type(code) else { return true };
            let polymorphic = match input.name {
                "anyarray" => base.array,
                "anyenum" | "anyrange" | "anymultirange" | "record" => true,
                name => return binary_coercible(&self.schema, &base, &DataType::builtin(name)),
            };
            polymorphic
        };
        if !of_that_name.iter().any(|own| takes(own.data_type)) {
            return self.refuse_at(class.span(), "42804", format!("operator class \"{class}\" does not accept data type {}", shown()));
        }
        Ok(())
    }

    /// Whether a class that is written is the one that the type has anyway: the server does not keep it.
    pub(super) fn is_default_class(&self, method: &str, class: &ObjectName, data_type: Option<&DataType>) -> bool {
        let (Some(built_ins), Some(data_type)) = (self.schema.dialect.built_ins, data_type) else { return false };
        let base = base_type(&self.schema, data_type);
        built_ins.operator_classes.iter().any(|own| {
            let input = built_ins.data_type(own.data_type).map(|input| input.name);
            let fits = input.is_some_and(|name| base.is_builtin(name) || (name == "text" && base.is_builtin("varchar")));
            own.is_default && own.method == method && own.name == class.name.name.as_str() && fits && own.extension.is_none()
        })
    }

    /// The operator class or family of the schema that a name means.
    pub(super) fn operator_class_object(&self, kind: ObjectKind, name: &ObjectName) -> Option<ObjectId> {
        let of = |namespace: Option<ObjectId>| {
            self.schema.objects().find(|object| {
                object.kind() == kind
                    && matches!(object.body, ObjectBody::Other(_))
                    && namespace.is_none_or(|namespace| object.namespace == Some(namespace))
                    && bare_class(object.name.as_str()) == name.name.name.as_str()
            })
        };
        match &name.schema {
            Some(schema) => of(Some(self.schema.namespace(&schema.name)?)).map(|object| object.id),
            None => of(None).map(|object| object.id),
        }
    }
}

/// The name of a class, which may have its access method behind it (`oc USING btree`).
fn bare_class(name: &str) -> &str {
    name.split_once(" USING ").map_or(name, |(bare, _)| bare)
}
