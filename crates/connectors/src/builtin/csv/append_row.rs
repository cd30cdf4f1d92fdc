//! `csv.append_row`: adds a row at the end of a table, matching columns by name.

use std::path::PathBuf;

use async_trait::async_trait;
use errand_model::{ActionInfo, Effect, FieldKind, Map, StepError, Value, ValueKind};
use serde::Deserialize;
use serde_json::json;

use super::{
    cell,
    table::{self, Table},
};
use crate::{
    Action, Call, Looked, Plan,
    builtin::{
        append::{self, Addition},
        describe::{FieldExt as _, field, output},
        input,
    },
    names,
    ports::Files,
};

pub(super) struct AppendRow;

#[derive(Deserialize)]
struct Input {
    file: PathBuf,
    row: Map,
}

#[async_trait]
impl Action for AppendRow {
    fn info(&self) -> ActionInfo {
        let file = field(
            "file",
            "Table",
            FieldKind::Destination,
            "A CSV file. It is made, with a row of column names, if it isn't there.",
        );
        let row = field(
            "row",
            "Row",
            FieldKind::Record,
            "A value for each column. Columns that you leave out stay empty.",
        );
        ActionInfo {
            id: "csv.append_row".into(),
            name: "Add a row to a table".into(),
            sentence: "Add a row with {row} to {file}".into(),
            about: "Adds a row at the end of a CSV table.".into(),
            effect: Effect::Verifiable,
            reaches_people: false,
            pastes: String::new(),
            using: None,
            fields: vec![
                file.required().example("~/Documents/Invoices.csv"),
                row.required().example("Date, file, amount"),
            ],
            gives: vec![
                output("path", "The table", ValueKind::File),
                output("row_number", "Number of the row", ValueKind::Number),
            ],
            sample: json!({ "path": "~/Documents/Invoices.csv", "row_number": 18 }),
        }
    }

    fn turn(&self, input: &Map) -> Option<PathBuf> {
        append::turn(input)
    }

    async fn plan(&self, call: &Call<'_>) -> Result<Plan, StepError> {
        let input = read(call)?;
        addition(call.ports.files.as_ref(), &input)?.plan()
    }

    async fn run(&self, call: &Call<'_>, plan: &Plan) -> Result<Value, StepError> {
        let input = read(call)?;
        append::run(call.ports.files.as_ref(), &input.file, plan)
    }

    async fn look(&self, call: &Call<'_>, plan: &Plan) -> Result<Looked, StepError> {
        let input = read(call)?;
        append::look(call.ports.files.as_ref(), &input.file, plan)
    }
}

fn read(call: &Call<'_>) -> Result<Input, StepError> {
    input::must_name_a_file(call.input, "Table", "Invoices.csv")?;
    input::read(call.input)
}

fn addition(files: &dyn Files, input: &Input) -> Result<Addition, StepError> {
    let offset = append::end_of(files, &input.file)?;
    let (mut bytes, table) = match table::read(files, &input.file, offset)? {
        Some(table) => (Vec::new(), table),
        None => {
            let table = Table::new(input.row.keys().cloned().collect());
            (table.line(table.columns.iter().map(String::as_str)), table)
        }
    };
    if !append::begins_a_line(files, &input.file, offset)? {
        bytes.extend(table.line_end.bytes());
    }
    let cells = cells(&table, &input.row, &names::shown_name(&input.file))?;
    bytes.extend(table.line(cells.iter().map(String::as_str)));
    let path = input.file.to_string_lossy();
    Ok(Addition {
        offset,
        bytes,
        result: json!({ "path": path, "row_number": table.rows + 1 }),
    })
}

/// The row's cells in the order of the table's columns.
fn cells(table: &Table, row: &Map, file: &str) -> Result<Vec<String>, StepError> {
    let is = |column: &str, key: &str| table::same_name(column, key);
    for key in row.keys() {
        if !table.columns.iter().any(|column| is(column, key)) {
            return Err(unknown_column(key, table, file));
        }
    }
    let value_of = |column: &String| row.iter().find(|(key, _)| is(column, key));
    let cell = |column| {
        value_of(column).map_or(Ok(String::new()), |(key, value)| {
            cell::text(key, value, "row")
        })
    };
    table.columns.iter().map(cell).collect()
}

fn unknown_column(key: &str, table: &Table, file: &str) -> StepError {
    let message = format!("The table “{file}” has no column “{key}”.");
    let known = table.columns.iter().map(String::as_str);
    let hint = match names::closest(key, known) {
        Some(meant) => format!("Did you mean “{meant}”?"),
        None => format!("Its columns are: {}.", table.columns.join(", ")),
    };
    StepError::bad_input("row", message).hint(hint)
}
