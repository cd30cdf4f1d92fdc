//! Which days: weekdays, days of the month, the last one of a month.

use errand_model::{Value, suggest};
use jiff::civil::{Date, Weekday};

use super::spec::{Wrong, items, shown};

const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// Chosen days; none chosen means all of them. A day counts if it fits any of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Days {
    weekdays: Vec<Weekday>,
    of_month: Vec<i8>,
    last: bool,
}

impl Days {
    /// Reads one day or a list of them.
    pub(super) fn read(value: &Value) -> Result<Self, Wrong> {
        let mut days = Self::default();
        let is_empty = |item: &&Value| shown(item).trim().is_empty();
        for item in items(value).iter().filter(|item| !is_empty(item)) {
            days.add(item)?;
        }
        Ok(days)
    }

    fn add(&mut self, item: &Value) -> Result<(), Wrong> {
        let word = shown(item).trim().to_lowercase();
        let number = word.parse::<i8>().ok().filter(|day| (1..=31).contains(day));
        let is_it = |name: &str| word.len() >= 3 && name.starts_with(&word);
        if word == "last" {
            self.last = true;
        } else if let Some(number) = number {
            self.of_month.push(number);
        } else if let Some(index) = WEEKDAYS.iter().position(|name| is_it(name)) {
            let day = Weekday::from_monday_zero_offset(i8::try_from(index).unwrap_or_default());
            self.weekdays.extend(day.ok());
        } else {
            return Err(no_day(&word));
        }
        Ok(())
    }

    pub(super) fn has(&self, date: Date) -> bool {
        let all = self.weekdays.is_empty() && self.of_month.is_empty() && !self.last;
        all || self.weekdays.contains(&date.weekday())
            || self.of_month.contains(&date.day())
            || (self.last && date.day() == date.days_in_month())
    }
}

fn no_day(word: &str) -> Wrong {
    let known = WEEKDAYS.into_iter().chain(["last"]);
    let message = format!("`{word}` isn't a day.");
    Wrong::new(
        "on",
        message,
        match suggest::closest(word, known) {
            Some(close) => format!("Did you mean `{close}`?"),
            None => "Write a weekday such as `monday`, a day of the month from 1 to 31, or `last`."
                .to_owned(),
        },
    )
}
