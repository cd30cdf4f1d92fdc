//! `csv.read`: a table's rows as records. Separator and letters are found out; cells stay text.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use async_trait::async_trait;
use errand_model::{ActionInfo, Effect, ErrorKind, FieldKind, Map, StepError, Value, ValueKind};
use serde::Deserialize;
use serde_json::json;

use super::table;
use crate::{
    Action, Call, Plan,
    builtin::{
        decode::decode,
        describe::{FieldExt as _, field, output},
        input,
    },
    names,
};

/// The largest table, in bytes, rows, columns and cells.
const BYTES: u64 = 10_000_000;
const ROWS: usize = 100_000;
const COLUMNS: usize = 1_000;
const CELLS: usize = 1_000_000;

pub(super) struct Read;

#[derive(Deserialize)]
struct Input {
    file: PathBuf,
    #[serde(default = "yes")]
    has_header: bool,
}

fn yes() -> bool {
    true
}

#[async_trait]
impl Action for Read {
    fn info(&self) -> ActionInfo {
        let file = field(
            "file",
            "Table",
            FieldKind::File,
            "A CSV file of at most 10 MB.",
        );
        let has_header = field(
            "has_header",
            "The first row names the columns",
            FieldKind::YesNo,
            "Otherwise they are called column_1, column_2 and so on.",
        );
        ActionInfo {
            id: "csv.read".into(),
            name: "Read a table".into(),
            sentence: "Read the rows of {file}".into(),
            about: "Reads a CSV table, so that later steps can use its rows.".into(),
            effect: Effect::Read,
            reaches_people: false,
            pastes: String::new(),
            using: None,
            fields: vec![
                file.required()
                    .suggest("trigger.path")
                    .example("~/Documents/Invoices.csv"),
                has_header.default(true).advanced(),
            ],
            gives: vec![
                output("rows", "The rows", ValueKind::List),
                output("columns", "Names of the columns", ValueKind::List),
                output("count", "Number of rows", ValueKind::Number),
            ],
            sample: json!({
                "rows": [{ "date": "2026-11-24", "amount": "42.50" }],
                "columns": ["date", "amount"],
                "count": 1,
            }),
        }
    }

    async fn plan(&self, _call: &Call<'_>) -> Result<Plan, StepError> {
        Ok(Plan::default())
    }

    async fn run(&self, call: &Call<'_>, _plan: &Plan) -> Result<Value, StepError> {
        let Input { file, has_header } = input::read(call.input)?;
        input::must_name_a_file(call.input, "Table", "Invoices.csv")?;
        let bytes = call.ports.files.read(&file, BYTES)?;
        let text = decode(&bytes).ok_or_else(|| not_a_table(&file))?;
        let grid = grid(&text, &file)?;
        Ok(records(grid, has_header))
    }
}

fn not_a_table(file: &Path) -> StepError {
    let message = format!("“{}” isn't a text file.", names::shown_name(file));
    StepError::bad_input("file", message)
        .hint("Choose a CSV file. Spreadsheet programs save one under “Save as”.")
}

/// The cells, row by row; empty lines don't count.
fn grid(text: &str, file: &Path) -> Result<Vec<Vec<String>>, StepError> {
    let first_line = text.lines().find(|line| !line.trim().is_empty());
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(table::separator(first_line.unwrap_or_default().as_bytes()))
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let (mut rows, mut cells) = (Vec::new(), 0);
    for record in reader.records() {
        let record = record.map_err(|error| table::unreadable(file, &error))?;
        cells += record.len();
        if rows.len() > ROWS || record.len() > COLUMNS || cells > CELLS {
            return Err(too_large(file));
        }
        rows.push(record.iter().map(str::to_owned).collect());
    }
    Ok(rows)
}

fn too_large(file: &Path) -> StepError {
    let message = format!(
        "“{}” is larger than the {ROWS} rows, {COLUMNS} columns and {CELLS} cells this step can handle.",
        names::shown_name(file)
    );
    StepError::new(ErrorKind::TooLarge, message).hint("Split it into smaller tables.")
}

fn records(mut grid: Vec<Vec<String>>, has_header: bool) -> Value {
    let width = grid.iter().map(Vec::len).max().unwrap_or_default();
    let header = if has_header && !grid.is_empty() {
        grid.remove(0)
    } else {
        Vec::new()
    };
    let columns = columns(&header, width);
    let record = |row: Vec<String>| -> Value {
        let cells = row.into_iter().chain(std::iter::repeat(String::new()));
        let cells = columns.iter().cloned().zip(cells.map(Value::String));
        Value::Object(cells.collect::<Map>())
    };
    let rows: Vec<Value> = grid.into_iter().map(record).collect();
    let count = rows.len();
    json!({ "rows": rows, "columns": columns, "count": count })
}

/// A name for each column; one that is missing or taken gets a number.
fn columns(header: &[String], width: usize) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let mut columns = Vec::new();
    for index in 0..width {
        let given = header
            .get(index)
            .map(|name| name.trim())
            .filter(|name| !name.is_empty());
        let name = given.map_or_else(|| format!("column_{}", index + 1), str::to_owned);
        let numbered = (2..).map(|number| format!("{name}_{number}"));
        let free = std::iter::once(name.clone())
            .chain(numbered)
            .find(|name| !taken.contains(name));
        let name = free.unwrap_or(name);
        taken.insert(name.clone());
        columns.push(name);
    }
    columns
}
