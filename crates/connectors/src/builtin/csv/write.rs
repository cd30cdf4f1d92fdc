//! `csv.write`: writes a whole table. Done again with the same plan, it recognises it.

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use errand_model::{ActionInfo, Effect, FieldKind, Map, StepError, Value, ValueKind};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{cell, table::Table};
use crate::{
    Action, Call, Plan,
    builtin::{
        describe::{FieldExt as _, field, output},
        input,
        target::{self, How, IfExists, Target, if_exists_field},
    },
};

pub(super) struct Write;

#[derive(Deserialize)]
struct Input {
    file: PathBuf,
    #[serde(default)]
    rows: Value,
    #[serde(default)]
    if_exists: IfExists,
}

#[derive(Serialize, Deserialize)]
struct Note {
    target: Target,
}

#[async_trait]
impl Action for Write {
    fn info(&self) -> ActionInfo {
        let file = field(
            "file",
            "Table",
            FieldKind::Destination,
            "Where the table goes, with the file's name and ending.",
        );
        let rows = field(
            "rows",
            "Rows",
            FieldKind::Json,
            "A list of records, such as the rows of another table. Their names become the columns.",
        );
        ActionInfo {
            id: "csv.write".into(),
            name: "Write a table".into(),
            sentence: "Write {rows} to {file}".into(),
            about: "Makes a CSV table of a list, with a row of column names.".into(),
            effect: Effect::Idempotent,
            reaches_people: false,
            pastes: String::new(),
            using: None,
            fields: vec![
                file.required().example("~/Documents/Orders.csv"),
                rows.example("{{ steps.orders.body }}"),
                if_exists_field(),
            ],
            gives: vec![
                output("path", "The table", ValueKind::File),
                output("count", "Number of rows", ValueKind::Number),
            ],
            sample: json!({ "path": "~/Documents/Orders.csv", "count": 12 }),
        }
    }

    async fn plan(&self, call: &Call<'_>) -> Result<Plan, StepError> {
        let (input, rows) = read(call)?;
        text(&rows)?;
        let files = call.ports.files.as_ref();
        let target = target::decide(files, input.file, input.if_exists, false)?;
        let expected = result(&target.path, target.how, rows.len());
        input::plan(&Note { target }, expected)
    }

    async fn run(&self, call: &Call<'_>, plan: &Plan) -> Result<Value, StepError> {
        let (input, rows) = read(call)?;
        let Note { target } = input::note(plan)?;
        let bytes = text(&rows)?;
        let files = call.ports.files.as_ref();
        if target.how == How::Fresh && target::is_written(files, &target.path, &bytes)? {
            return Ok(result(&target.path, target.how, rows.len()));
        }
        let act = |path: &Path, taken| files.write(path, &bytes, taken);
        let (path, how) = target::place(files, &target, input.if_exists, false, act)?;
        Ok(result(&path, how, rows.len()))
    }
}

fn read(call: &Call<'_>) -> Result<(Input, Vec<Map>), StepError> {
    input::must_name_a_file(call.input, "Table", "Orders.csv")?;
    let mut input: Input = input::read(call.input)?;
    let rows = match input.rows.take() {
        Value::Null => Vec::new(),
        Value::Array(rows) => rows,
        // One record is a table of one row.
        one => vec![one],
    };
    let record = |(index, row): (usize, Value)| match row {
        Value::Object(record) => Ok(record),
        _ => Err(not_a_record(index + 1)),
    };
    let rows = rows
        .into_iter()
        .enumerate()
        .map(record)
        .collect::<Result<_, _>>()?;
    Ok((input, rows))
}

fn not_a_record(number: usize) -> StepError {
    let message = format!("Row {number} has no column names, only a value.");
    StepError::bad_input("rows", message)
        .hint("Give a list of records, such as the rows of a table or the items of an answer.")
}

/// The whole file: the columns in the order in which they first appear, then the rows.
fn text(rows: &[Map]) -> Result<Vec<u8>, StepError> {
    let mut columns: Vec<&String> = Vec::new();
    let mut known = std::collections::BTreeSet::new();
    for name in rows.iter().flat_map(Map::keys) {
        if known.insert(name) {
            columns.push(name);
        }
    }
    let table = Table::new(columns.iter().map(|name| (*name).clone()).collect());
    if columns.is_empty() {
        return Ok(Vec::new());
    }
    let mut bytes = table.line(table.columns.iter().map(String::as_str));
    for row in rows {
        let cell = |name: &&String| match row.get(*name) {
            Some(value) => cell::text(name, value, "rows"),
            None => Ok(String::new()),
        };
        let cells: Vec<String> = columns.iter().map(cell).collect::<Result<_, _>>()?;
        bytes.extend(table.line(cells.iter().map(String::as_str)));
    }
    Ok(bytes)
}

fn result(path: &Path, how: How, rows: usize) -> Value {
    let count = match how {
        How::Nothing => 0,
        How::Fresh | How::Replace => rows,
    };
    json!({ "path": path.to_string_lossy(), "count": count })
}
