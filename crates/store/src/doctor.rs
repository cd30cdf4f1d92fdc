//! What must always be true of the database, checked from outside the code that should keep it so.

use rusqlite::OptionalExtension;

use crate::{Error, View};

const SOUND: &str = "SELECT quick_check FROM pragma_quick_check WHERE quick_check <> 'ok'";

/// Name of the check, and a statement that gives a sentence for the first thing that breaks it.
const CHECKS: &[(&str, &str)] = &[
    (
        "every dispatched event has a run, and only those",
        "SELECT 'event ' || seq || ' is ' || state || ' and has ' ||
           (SELECT COUNT(*) FROM runs WHERE event_seq = seq) || ' runs' FROM events
         WHERE (state = 'dispatched') <> EXISTS (SELECT 1 FROM runs WHERE event_seq = seq)",
    ),
    (
        "an event has one run for each time it was asked for",
        "SELECT 'event ' || event_seq || ' has several runs number ' || generation FROM runs
         GROUP BY event_seq, generation HAVING COUNT(*) > 1",
    ),
    (
        "a step is in flight only in a run that is going on",
        "SELECT 'run ' || hex(id) || ' is ' || runs.state || ' while its step ' || path || ' is '
           || steps.state FROM steps JOIN runs USING (rid)
         WHERE steps.state IN ('started', 'sending', 'verifying')
           AND runs.state IN ('queued', 'waiting', 'done')",
    ),
    (
        "a run is done exactly when it has an outcome and an end",
        "SELECT 'run ' || hex(id) || ' is ' || state || ' with the outcome ' ||
           COALESCE(outcome, 'none') FROM runs
         WHERE (state = 'done') <> (outcome IS NOT NULL)
            OR (state = 'done') <> (ended IS NOT NULL)
            OR (state = 'done' AND wake_at IS NOT NULL)",
    ),
    (
        "a step is tried once at a time, and its attempts are numbered without gaps",
        "SELECT 'run ' || hex(id) || ' has ' || COUNT(*) || ' attempts of the step ' || path ||
           ', the last one numbered ' || MAX(number) FROM attempts JOIN runs USING (rid)
         GROUP BY rid, path
         HAVING COUNT(*) <> MAX(number)
           OR COUNT(*) FILTER (WHERE attempts.ended IS NULL AND epoch = (SELECT epoch FROM engine_lease)) > 1",
    ),
    (
        "every run that waits knows until when",
        "SELECT 'run ' || hex(id) || ' waits for nothing' FROM runs
         WHERE state = 'waiting' AND wake_at IS NULL",
    ),
    (
        "every run has its version",
        "SELECT 'run ' || hex(id) || ' has the version ' || version || ', which is missing'
         FROM runs WHERE NOT EXISTS (SELECT 1 FROM versions
           WHERE versions.workflow = runs.workflow AND versions.version = runs.version)",
    ),
    (
        "no row refers to one that is missing",
        "SELECT 'a row of ' || \"table\" || ' refers to a missing one of ' || parent
         FROM pragma_foreign_key_check",
    ),
    (
        "the database file is sound",
        SOUND,
    ),
];

impl View<'_> {
    /// Every check with the first thing that breaks it, if something does. Reads the whole
    /// database: seconds for each gigabyte.
    pub fn broken_invariants(&self) -> Result<Vec<(String, Option<String>)>, Error> {
        CHECKS
            .iter()
            .map(|(name, sql)| Ok(((*name).to_owned(), self.first(sql)?)))
            .collect()
    }

    /// A damaged database may not even answer; that is an answer, too.
    fn first(&self, sql: &str) -> Result<Option<String>, Error> {
        let found = self
            .0
            .prepare(&format!("{sql} LIMIT 1"))
            .and_then(|mut statement| statement.query_row([], |row| row.get(0)).optional());
        match found.map_err(Error::from) {
            Err(error @ (Error::Damaged { .. } | Error::Disk { .. })) => {
                Ok(Some(format!("{error}. {}", error.hint())))
            }
            Ok(Some(detail)) if sql == SOUND => {
                let error = Error::Damaged { detail };
                Ok(Some(format!("{error}. {}", error.hint())))
            }
            other => other,
        }
    }
}
