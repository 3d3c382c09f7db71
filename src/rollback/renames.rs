//! Names put back: schemas, then everything in them, then columns; whoever sits on a name that is wanted moves aside first.

use std::collections::BTreeSet;

use super::workspace::Workspace;
use crate::name::Name;
use crate::schema::{NameSpace, ObjectBody, ObjectId, ddl};

/// Gives every kept object its old name and schema, and every kept column its old name.
pub(super) fn put_names_back(work: &mut Workspace<'_>) {
    let schemas: Vec<ObjectId> =
        work.kept.iter().copied().filter(|id| matches!(work.now.get(*id).map(|object| &object.body), Some(ObjectBody::Schema))).collect();
    for id in schemas {
        put_back(work, id);
    }
    let missing: BTreeSet<ObjectId> =
        work.gone.iter().copied().filter(|id| matches!(work.before.get(*id).map(|object| &object.body), Some(ObjectBody::Schema))).collect();
    work.extend(ddl::create_all(work.before, &missing), "make dropped schemas again");
    for id in &missing {
        work.gone.remove(id);
    }
    let others: Vec<ObjectId> =
        work.kept.iter().copied().filter(|id| work.now.get(*id).is_some_and(|object| !matches!(object.body, ObjectBody::Schema))).collect();
    for id in others {
        if is_renamed_alone(work, id) {
            put_back(work, id);
        }
    }
    let relations: Vec<ObjectId> = work.kept.iter().copied().filter(|id| work.now.get(*id).is_some()).collect();
    for id in relations {
        put_column_names_back(work, id);
    }
}

/// An index behind a constraint is renamed with it, an identity's sequence by itself.
fn is_renamed_alone(work: &Workspace<'_>, id: ObjectId) -> bool {
    match work.now.get(id).map(|object| &object.body) {
        Some(ObjectBody::Index(_)) => ddl::constraint_of(&work.now, id).is_none(),
        Some(ObjectBody::Constraint(constraint)) => constraint.is_local,
        Some(_) => true,
        None => false,
    }
}

fn put_back(work: &mut Workspace<'_>, id: ObjectId) {
    let (Some(old), Some(new)) = (work.before.get(id), work.now.get(id)) else { return };
    let (name, namespace) = (old.name.clone(), old.namespace);
    let hangs = matches!(new.body, ObjectBody::Constraint(_) | ObjectBody::Trigger(_) | ObjectBody::Policy(_) | ObjectBody::Rule(_) | ObjectBody::Index(_));
    if new.namespace != namespace && !hangs {
        make_room(work, id, &name, namespace);
        if let Some(target) = namespace.and_then(|namespace| work.before.get(namespace)).map(|namespace| namespace.name.clone()) {
            let sql = ddl::move_object(&work.now, id, &target);
            work.push(sql, "move back to its schema");
            move_with_parts(work, id, namespace);
        }
    }
    let Some(current) = work.now.get(id) else { return };
    if current.name != name {
        make_room(work, id, &name, namespace);
        let sql = ddl::rename_object(&work.now, id, &name);
        work.push(sql, "give the old name back");
        let keeps = work.now.get(id).and_then(|object| object.namespace);
        work.now.rename(id, name.clone(), keeps);
        rename_index_behind(work, id, &name);
    }
}

/// Indexes, constraints and owned sequences move with their table.
fn move_with_parts(work: &mut Workspace<'_>, id: ObjectId, namespace: Option<ObjectId>) {
    let mut parts: BTreeSet<ObjectId> = work.now.on_table(id).into_iter().collect();
    for dependency in work.now.dependencies().on_object(id) {
        let dependent = dependency.dependent.object;
        if matches!(work.now.get(dependent).map(|object| &object.body), Some(ObjectBody::Sequence(sequence)) if sequence.owned_by.is_some_and(|owner| owner.object == id))
        {
            parts.insert(dependent);
        }
    }
    parts.insert(id);
    for part in parts {
        if let Some(name) = work.now.get(part).map(|object| object.name.clone()) {
            work.now.rename(part, name, namespace);
        }
    }
}

fn rename_index_behind(work: &mut Workspace<'_>, constraint: ObjectId, name: &Name) {
    use crate::schema::ConstraintKind;
    let Some(ObjectBody::Constraint(body)) = work.now.get(constraint).map(|object| &object.body) else { return };
    let index = match &body.kind {
        ConstraintKind::PrimaryKey { index, .. } | ConstraintKind::Unique { index, .. } | ConstraintKind::Exclude { index, .. } => *index,
        ConstraintKind::Check { .. } | ConstraintKind::NotNull { .. } | ConstraintKind::ForeignKey(_) | ConstraintKind::Trigger => return,
    };
    let namespace = work.now.get(index).and_then(|object| object.namespace);
    work.now.rename(index, name.clone(), namespace);
}

/// Moves whoever has the wanted name out of the way, under a name that nobody has.
fn make_room(work: &mut Workspace<'_>, id: ObjectId, name: &Name, namespace: Option<ObjectId>) {
    let spaces: &[NameSpace] = match work.now.get(id).map(|object| &object.body) {
        Some(ObjectBody::Schema) => &[NameSpace::Schema],
        Some(ObjectBody::Table(_) | ObjectBody::View(_)) => &[NameSpace::Relation, NameSpace::Type],
        Some(ObjectBody::Index(_) | ObjectBody::Sequence(_)) => &[NameSpace::Relation],
        Some(ObjectBody::Type(_)) => &[NameSpace::Type],
        _ => return,
    };
    for space in spaces {
        let Some(occupant) = work.now.find(*space, namespace, name).filter(|occupant| *occupant != id) else { continue };
        let aside = aside_name(work, name);
        let sql = ddl::rename_object(&work.now, occupant, &aside);
        work.push(sql, "make room for an old name");
        let keeps = work.now.get(occupant).and_then(|object| object.namespace);
        work.now.rename(occupant, aside, keeps);
    }
}

fn aside_name(work: &Workspace<'_>, name: &Name) -> Name {
    let taken: BTreeSet<&Name> = work.now.objects().chain(work.before.objects()).map(|object| &object.name).collect();
    let stem: String = name.as_str().chars().take(40).collect();
    (1_u32..).map(|number| Name::stored(format!("fieldgate_aside_{number}_{stem}"))).find(|aside| !taken.contains(aside)).unwrap_or_else(|| name.clone())
}

fn put_column_names_back(work: &mut Workspace<'_>, id: ObjectId) {
    // A rebuilt view gets its columns when it is made again.
    if work.rebuilt.contains(&id) || matches!(work.now.get(id).map(|object| &object.body), Some(ObjectBody::Type(_))) {
        return;
    }
    let wanted: Vec<(crate::schema::ColumnNumber, Name)> = work
        .now
        .columns(id)
        .iter()
        .filter_map(|column| {
            let old = work.before.column(id, column.number)?;
            // An inherited column is renamed with its parent's.
            (old.name != column.name && column.inherited_from == 0).then(|| (column.number, old.name.clone()))
        })
        .collect();
    for (number, name) in wanted {
        let occupant =
            work.now.columns(id).iter().find(|column| column.name == name && column.number != number).map(|column| (column.number, column.name.clone()));
        if let Some((occupant, current)) = occupant {
            let aside = Name::stored(format!("fieldgate_aside_{}", occupant.0));
            let sql = ddl::rename_column(&work.now, id, &current, &aside);
            work.push(sql, "make room for an old column name");
            rename_in_model(work, id, occupant, &aside);
        }
        let Some(current) = work.now.column(id, number).map(|column| column.name.clone()) else { continue };
        let sql = ddl::rename_column(&work.now, id, &current, &name);
        work.push(sql, "give the column its old name back");
        rename_in_model(work, id, number, &name);
    }
}

fn rename_in_model(work: &mut Workspace<'_>, id: ObjectId, number: crate::schema::ColumnNumber, name: &Name) {
    let children: Vec<ObjectId> =
        work.now.objects().filter(|object| matches!(&object.body, ObjectBody::Table(table) if table.parents.contains(&id))).map(|object| object.id).collect();
    let old = work.now.column(id, number).map(|column| column.name.clone());
    work.now.update(id, |object| {
        let columns = match &mut object.body {
            ObjectBody::Table(table) => &mut table.columns,
            ObjectBody::View(view) => &mut view.columns,
            _ => return,
        };
        if let Some(column) = columns.iter_mut().find(|column| column.number == number) {
            column.name = name.clone();
        }
    });
    for child in children {
        let number = old.as_ref().and_then(|old| work.now.columns(child).iter().find(|column| column.name == *old)).map(|column| column.number);
        if let Some(number) = number {
            rename_in_model(work, child, number, name);
        }
    }
}
