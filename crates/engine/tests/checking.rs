//! Checking a document takes about as long for each step, however many there are.
#![allow(clippy::unwrap_used)]

use std::{
    fmt::Write as _,
    time::{Duration, Instant},
};

use errand_connectors::Registry;
use errand_engine::check::problems;
use errand_model::Workflow;

/// A document of so many steps, made by `step` from their numbers.
fn document(steps: usize, step: fn(usize) -> String) -> Workflow {
    let mut text =
        "{\"format\":1,\"name\":\"N\",\"trigger\":{\"on\":\"manual.start\"},\"steps\":[".to_owned();
    for number in 0..steps {
        let comma = if number == 0 { "" } else { "," };
        write!(text, "{comma}{}", step(number)).unwrap();
    }
    text.push_str("]}");
    serde_json::from_str(&text).unwrap()
}

/// The best of three, so that other work of the computer doesn't count.
fn time(document: &Workflow, registry: &Registry) -> Duration {
    let once = || {
        let started = Instant::now();
        let found = problems(document, registry);
        std::hint::black_box(found);
        started.elapsed()
    };
    (0..3).map(|_| once()).min().unwrap()
}

#[test]
fn four_times_the_steps_take_about_four_times_as_long() {
    let registry = Registry::builtin();
    let sound = |n: usize| format!("{{\"id\":\"a{n}\",\"set\":{{\"x\":1}}}}");
    let broken =
        |n: usize| format!("{{\"id\":\"a{n}\",\"set\":{{\"x\":\"{{{{ steps.b{n}.x }}}}\"}}}}");
    for (few, step) in [(10_000, sound as fn(usize) -> String), (1_000, broken)] {
        let short = time(&document(few, step), &registry);
        let long = time(&document(few * 4, step), &registry);
        // Sixteen times as long is what it took when every step looked at all the others.
        assert!(long < short * 9, "{few} steps: {short:?}, then {long:?}");
    }
}

#[test]
fn names_that_nobody_could_read_are_problems() {
    let registry = Registry::builtin();
    let mut document = document(1, |_| "{\"id\":\"a\",\"set\":{\"x\":1}}".to_owned());
    assert_eq!(problems(&document, &registry), []);
    document.steps[0].name = Some("x".repeat(201));
    document.name = "in\u{202e}voice".to_owned();
    let places: Vec<String> = problems(&document, &registry)
        .into_iter()
        .map(|problem| problem.place)
        .collect();
    assert_eq!(places, ["name", "steps.a.name"]);
}
