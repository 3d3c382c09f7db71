//! Forms of the other dialects: what comes out and where it is from, or why it is not read. Each line of `dialect_forms.txt` is a query, the one below
//! it what is expected: `output < columns; …`, and behind `?` the first reason for what is not known.

#[cfg(test)]
mod tests {
    use super::super::{Binding, Session, bind_statement};
    use crate::dialect::named;
    use crate::migrate::build;
    use crate::schema::{Address, Part, Schema};
    use crate::sql::read_script;
    use crate::text::Sources;

    const FORMS: &str = include_str!("dialect_forms.txt");

    const SHOP: &str = "CREATE TABLE sales (id bigint, store_id bigint, item_id bigint, sold_on date, qty integer, price numeric(10,2), channel text, tags text, payload text); \
    CREATE TABLE stores (store_id bigint, store_name text, region text, opened date); \
    CREATE TABLE items (item_id bigint, item_name text, category text, cost numeric(10,2)); \
    CREATE TABLE returns (sale_id bigint, returned_on date, reason text, amount numeric(10,2));";

    fn column(schema: &Schema, address: Address) -> String {
        let Part::Column(number) = address.part else { return String::new() };
        schema.column(address.object, number).map(|column| column.name.to_string()).unwrap_or_default()
    }

    fn said(schema: &Schema, binding: &Binding) -> String {
        // A statement that writes gives what it writes.
        let given = if binding.outputs.is_empty() { &binding.written } else { &binding.outputs };
        let outputs = given.iter().map(|output| {
            let mut sources: Vec<(String, String)> =
                output.sources.iter().map(|source| (schema.qualified_name(source.object).unwrap().to_string(), column(schema, *source))).collect();
            sources.sort();
            let sources: Vec<String> = sources.into_iter().map(|(_, column)| column).collect();
            if sources.is_empty() { output.name.to_string() } else { format!("{} < {}", output.name, sources.join(", ")) }
        });
        let outputs = outputs.collect::<Vec<_>>().join("; ");
        let why = binding.errors.first().map(|error| error.message.clone()).or_else(|| binding.unresolved.first().map(|one| one.reason.clone()));
        match why {
            Some(why) => format!("{outputs} ? {why}").trim().to_owned(),
            None => outputs,
        }
    }

    #[test]
    fn each_form_gives_what_it_gives_or_says_that_it_is_not_read() {
        let lines: Vec<&str> = FORMS.lines().collect();
        let mut wrong = Vec::new();
        for pair in lines.chunks(2) {
            let (name, query) = pair[0].split_once(" | ").unwrap();
            let dialect = named(name).unwrap();
            let mut sources = Sources::default();
            let (ddl, text) = (sources.add("ddl", SHOP), sources.add("query", query));
            let schema = build(&read_script(&sources, ddl, dialect).statements, dialect, &sources).after;
            let script = read_script(&sources, text, dialect);
            let binding = bind_statement(&schema, &Session::new(&schema), &script.statements[0]);
            let said = said(&schema, &binding);
            if said != pair[1].trim() {
                wrong.push(format!("{name} | {query}\n    {said}\n    and not: {}", pair[1].trim()));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
