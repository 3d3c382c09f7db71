//! What a publication publishes, changed by a statement of its own or because a table or column goes.
//!
//! Source: PostgreSQL 15, AlterPublicationTables and AlterPublicationSchemas (publicationcmds.c), check_publication_add_relation (pg_publication.c).

use super::publication_text::Published;
use super::work::{Applied, Work};
use crate::schema::{Address, NameSpace, ObjectBody, ObjectId, OtherObject, Part, TableKind};
use crate::sql::tree::{ObjectKind, ViewKind};

impl Work<'_> {
    pub(super) fn add_to_publication(&self, id: ObjectId, own: &mut Published, change: Published) -> Applied {
        let has = |table: ObjectId| own.members.iter().any(|member| member.table == table);
        if let Some(twice) = change.members.iter().find(|member| has(member.table)) {
            return self.refuse("42710", format!("relation \"{}\" is already member of publication \"{}\"", self.name_of(twice.table), self.name_of(id)));
        }
        if let Some(twice) = change.schemas.iter().find(|namespace| own.schemas.contains(namespace)) {
            return self.refuse("42710", format!("schema \"{}\" is already member of publication \"{}\"", self.name_of(*twice), self.name_of(id)));
        }
        own.members.extend(change.members);
        own.schemas.extend(change.schemas);
        if own.mixes_schemas_and_columns() {
            let detail = "Column lists cannot be specified in publications containing FOR TABLES IN SCHEMA elements.";
            return self.refuse_with("22023", format!("cannot add schema to publication \"{}\"", self.name_of(id)), detail);
        }
        Ok(())
    }

    pub(super) fn drop_from_publication(&self, own: &mut Published, change: &Published) -> Applied {
        for member in &change.members {
            if own.members.iter().all(|other| other.table != member.table) {
                return self.refuse("42704", format!("relation \"{}\" is not part of the publication", self.name_of(member.table)));
            }
        }
        if let Some(missing) = change.schemas.iter().find(|namespace| !own.schemas.contains(namespace)) {
            return self.refuse("42704", format!("tables from schema \"{}\" are not part of the publication", self.name_of(*missing)));
        }
        own.members.retain(|member| change.members.iter().all(|other| other.table != member.table));
        own.schemas.retain(|namespace| !change.schemas.contains(namespace));
        Ok(())
    }

    pub(super) fn publish(&mut self, id: ObjectId, published: &Published) {
        self.schema.update(id, |object| {
            if let ObjectBody::Other(OtherObject { definition, .. }) = &mut object.body {
                *definition = published.definition();
            }
        });
    }

    /// The publications with what they publish.
    fn publications(&self) -> Vec<(ObjectId, Published)> {
        let of = |id: ObjectId| match &self.schema.get(id)?.body {
            ObjectBody::Other(other) => Published::of(&other.definition).map(|published| (id, published)),
            _ => None,
        };
        self.schema.in_name_space(NameSpace::Other(ObjectKind::Publication)).filter_map(of).collect()
    }

    /// A publication that chooses columns or rows by the column keeps it, unless the table may leave the publication.
    pub(super) fn no_publication_chooses_by(&self, column: Address) -> Applied {
        match self.publications().iter().find(|(_, published)| published.chooses_by(column)) {
            Some((id, _)) => {
                let (table, publication) = (self.name_of(column.object), self.name_of(*id));
                let name = match column.part {
                    Part::Column(number) => self.schema.column(column.object, number).map(|column| column.name.to_string()).unwrap_or_default(),
                    Part::Whole | Part::Default(_) => String::new(),
                };
                let detail = format!("publication of table {table} in publication {publication} depends on column {name} of table {table}");
                self.refuse_with("2BP01", format!("cannot drop column {name} of table {table} because other objects depend on it"), detail)
            }
            None => Ok(()),
        }
    }

    /// Takes out of every publication what is not there any more.
    pub(super) fn publications_follow(&mut self) {
        for (id, mut published) in self.publications() {
            if published.forget_what_is_gone(&self.schema) {
                self.publish(id, &published);
            }
        }
    }

    /// Refuses what cannot be published (check_publication_add_relation).
    pub(super) fn can_be_published(&self, relation: ObjectId) -> Applied {
        let name = self.name_of(relation);
        let detail = match self.schema.get(relation).map(|object| &object.body) {
            Some(ObjectBody::Table(table)) if table.kind == TableKind::Foreign => "This operation is not supported for foreign tables.",
            Some(ObjectBody::Table(table)) if table.persistence == crate::schema::Persistence::Temporary => {
                "This operation is not supported for temporary tables."
            }
            Some(ObjectBody::Table(table)) if table.persistence == crate::schema::Persistence::Unlogged => {
                "This operation is not supported for unlogged tables."
            }
            Some(ObjectBody::Table(_)) => return Ok(()),
            Some(ObjectBody::View(view)) if view.kind == ViewKind::Plain => "This operation is not supported for views.",
            _ => "This operation is not supported for this kind of relation.",
        };
        self.refuse_with("22023", format!("cannot add relation \"{name}\" to publication"), detail)
    }
}
