//! The document format: the example of the format's description, bad input with its exact sentence,
//! and what writing and reading again keep.

use errand_model::{
    StepKind, Workflow,
    document::{DocumentError, json_schema, locate, parse, to_yaml},
};
use pretty_assertions::assert_eq;

const EXAMPLE: &str = include_str!("example.yaml");

fn refused(text: &str) -> String {
    let Err(DocumentError {
        message,
        hint,
        line,
        column,
    }) = parse(text)
    else {
        panic!("accepted: {text}")
    };
    let place = line
        .zip(column)
        .map_or("?".to_owned(), |(line, column)| format!("{line}:{column}"));
    format!(
        "{place} {message}{}",
        hint.map_or(String::new(), |hint| format!(" ({hint})"))
    )
}

fn with_steps(steps: &str) -> String {
    format!("format: 1\nname: N\nsteps:\n{steps}")
}

#[test]
fn the_example_of_the_format_is_read_in_full() {
    let workflow = parse(EXAMPLE).unwrap();
    assert_eq!(workflow.trigger.as_ref().unwrap().on, "files.new_file");
    let ids: Vec<&str> = workflow.steps.iter().map(|step| step.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "content",
            "invoices_only",
            "by_size",
            "lines",
            "later",
            "at_nine",
            "paid",
            "other",
            "file_it",
            "enough"
        ]
    );
    let StepKind::Choose(choose) = &workflow.steps[2].kind else {
        panic!("a choice")
    };
    assert!(matches!(choose.paths[0].steps[0].kind, StepKind::Ask(_)));
    assert!(matches!(choose.otherwise[0].kind, StepKind::Set(_)));
    assert_eq!(workflow.samples.len(), 1);
}

#[test]
fn yaml_and_json_say_the_same_and_writing_loses_nothing() {
    let workflow = parse(EXAMPLE).unwrap();
    let yaml = to_yaml(&workflow);
    assert_eq!(parse(&yaml).unwrap(), workflow, "{yaml}");
    let json = serde_json::to_string_pretty(&workflow).unwrap();
    assert_eq!(parse(&json).unwrap(), workflow);
    let from_database: Workflow = serde_json::from_str(&json).unwrap();
    assert_eq!(to_yaml(&from_database), yaml);
}

#[test]
fn written_yaml_is_readable() {
    let text = "format: 1\nname: N\ntrigger: { on: a.b, with: { folder: ~/D, matching: '*.pdf' } }\nsteps:\n  - { id: a, do: b.c, with: { text: \"one\\ntwo\\n\", yes: 'yes', number: '012' } }\n";
    let wanted = "\
format: 1
name: N
trigger:
  on: a.b
  with:
    folder: ~/D
    matching: \"*.pdf\"
steps:
  - id: a
    do: b.c
    with:
      text: |
        one
        two
      yes: yes
      number: \"012\"
";
    assert_eq!(to_yaml(&parse(text).unwrap()), wanted);
}

#[test]
fn unknown_words_are_refused_with_a_place_and_a_suggestion() {
    assert_eq!(
        refused("format: 1\nname: N\nstep: []\n"),
        "3:1 `step` isn't a word that fits here (did you mean `steps`?)"
    );
    assert_eq!(
        refused(&with_steps("  - id: a\n    do: b.c\n    wiht: { x: 1 }\n")),
        "6:5 `wiht` isn't a word that fits here (did you mean `with`?)"
    );
    assert_eq!(
        refused(&with_steps(
            "  - id: a\n    only_if: { all: [ { left: x, is: contain, right: y } ] }\n"
        )),
        "5:38 `is` can't be `contain` (did you mean `contains`?)"
    );
    assert_eq!(
        refused("format: 1\nname: N\nsettings: { mode: serial }\n"),
        "3:19 `mode` can't be `serial` (what fits: parallel, one_at_a_time, per_key, newest_only, drop_while_busy)"
    );
    assert_eq!(
        refused(&with_steps("  - { id: a, do: b.c, on_error: ignore }\n")),
        "4:33 `on_error` can't be `ignore` (what fits: attention, continue, stop)"
    );
}

#[test]
fn steps_that_say_too_little_or_too_much_are_refused_at_their_place() {
    assert_eq!(
        refused(&with_steps(
            "  - id: a\n    do: b.c\n  - id: b\n    name: nothing\n"
        )),
        "6:5 the step `b` doesn't say what to do (give one of: do, only_if, choose, for_each, wait, wait_until, wait_for, ask, set, call, stop)"
    );
    assert_eq!(
        refused(&with_steps("  - id: a\n    do: b.c\n    wait: 2d\n")),
        "4:5 the step `a` says two things to do: `do` and `wait` (make two steps of it)"
    );
    assert_eq!(
        refused(&with_steps("  - id: a\n    wait: 2d\n    using: X\n")),
        "4:5 `using` doesn't belong to the step `a`, which is a `wait` step (remove it)"
    );
    assert_eq!(
        refused(&with_steps("  - do: b.c\n")),
        "4:5 `id` is missing here"
    );
    assert_eq!(
        refused(&with_steps(
            "  - id: a\n    choose:\n      - name: P\n        when: '{{ true }}'\n        steps:\n          - { id: b }\n"
        )),
        "9:13 the step `b` doesn't say what to do (give one of: do, only_if, choose, for_each, wait, wait_until, wait_for, ask, set, call, stop)"
    );
}

#[test]
fn wrong_kinds_of_values_are_refused_with_their_name() {
    assert_eq!(
        refused("format: 1\nname: [a]\n"),
        "2:7 `name` must be text, not a list"
    );
    assert_eq!(
        refused("format: 1\nname: N\nsteps: none\n"),
        "3:8 `steps` must be a list, not text"
    );
    assert_eq!(
        refused("format: 1\nname: N\nsettings: { at_once: many }\n"),
        "3:22 `at_once` must be a whole number, not text"
    );
    assert_eq!(
        refused(&with_steps(
            "  - { id: a, only_if: { all: [], any: [] } }\n"
        )),
        "4:23 a condition has either `all` or `any`, not both"
    );
}

#[test]
fn other_formats_are_refused_kindly() {
    assert_eq!(
        refused("format: 2\nname: N\nnew_word: 1\n"),
        "1:9 this document has format 2, but this version of Errand reads format 1 (update Errand, then try again)"
    );
    assert_eq!(
        refused("name: N\n"),
        "1:1 `format` is missing (begin the document with `format: 1`)"
    );
    assert_eq!(
        refused("- a\n"),
        "1:1 this isn't a workflow (a workflow begins with `format: 1` and `name: …`)"
    );
    assert_eq!(
        refused(""),
        "1:1 the text is empty (a workflow begins with `format: 1` and `name: …`)"
    );
}

#[test]
fn texts_that_try_to_break_the_reader_are_refused() {
    assert_eq!(
        refused("format: 1\nname: N\nname: M\n"),
        "3:1 `name` stands here twice (keep one of them)"
    );
    assert_eq!(
        refused("format: 1\nname: &a N\nabout: *a\n"),
        "3:8 aliases (`*name`) aren't used in workflows (write the value out)"
    );
    let deep = format!(
        "format: 1\nname: N\ntrigger: {{ on: a.b, with: {{ x: {}{} }} }}\n",
        "[".repeat(80),
        "]".repeat(80)
    );
    assert!(
        refused(&deep).ends_with("the document is nested more than 64 levels deep"),
        "{}",
        refused(&deep)
    );
    let large = format!(
        "format: 1\nname: N\nabout: {}\n",
        "x".repeat(5 * 1024 * 1024)
    );
    assert_eq!(
        refused(&large),
        "? the file is larger than 5 MB (a workflow is a short text; is this the right file?)"
    );
}

#[test]
fn what_is_no_yaml_is_refused_in_plain_words_with_what_to_do() {
    for (text, place, words) in [
        ("format: 1\nname: [a\n", "2:7", "a bracket isn't closed"),
        ("format: 1\nname: \"a\n", "2:7", "a quote isn't closed"),
        ("format: 1\nname: a: b\n", "2:8", "a colon doesn't fit here"),
        ("format: 1\nname: @x\n", "2:7", "`@` can't begin a value"),
        ("steps:\n\t- a\n", "2:2", "a tab can't be used to indent"),
        ("format: 1\nname: \"a\0b\"\n", "2:9", "no text has"),
        ("name: \"a\\ud800b\"\n", "1:", "half of a character"),
        (&"[".repeat(5000), "1:", "nested more than 64 levels deep"),
        ("name: *nobody\n", "1:7", "aliases"),
    ] {
        let said = refused(text);
        assert!(said.starts_with(place) && said.contains(words), "{said}");
        assert!(said.ends_with(')'), "it says what to do: {said}");
        for raw in ["mapping", "scalar", "recursion", "context", "unexpected"] {
            assert!(!said.contains(raw), "“{raw}” isn't for people: {said}");
        }
    }
}

#[test]
fn places_are_found_in_the_text() {
    assert_eq!(locate(EXAMPLE, "trigger.with.folder"), Some((6, 19)));
    assert_eq!(
        locate(EXAMPLE, "settings.mode"),
        locate(EXAMPLE, "settings").map(|(line, column)| (line, column + 8))
    );
    let (line, _) = locate(EXAMPLE, "steps.file_it.with.to").unwrap();
    assert!(
        EXAMPLE
            .lines()
            .nth(line as usize - 1)
            .unwrap()
            .contains("to: \"~/Invoices")
    );
    let (line, _) = locate(EXAMPLE, "steps.ok.ask.question").unwrap();
    assert!(
        EXAMPLE
            .lines()
            .nth(line as usize - 1)
            .unwrap()
            .contains("question")
    );
    assert_eq!(
        locate(EXAMPLE, "steps.file_it.with.nothing"),
        locate(EXAMPLE, "steps.file_it.with")
    );
    assert_eq!(locate(EXAMPLE, "steps.nobody"), None);
}

#[test]
fn the_schema_knows_every_word_of_the_example() {
    let schema = json_schema().to_string();
    for word in [
        "trigger",
        "only_if",
        "for_each",
        "wait_until",
        "match_case",
        "is not empty",
        "one_at_a_time",
        "blanks",
    ] {
        assert!(schema.contains(&format!("\"{word}\"")), "{word}");
    }
}

#[test]
fn deeply_nested_steps_fit_the_stack() {
    let nested = |levels: usize| {
        let open = r#"{"id":"a","for_each":"x","steps":["#.repeat(levels);
        format!(
            "{{\"format\":1,\"name\":\"n\",\"steps\":[{open}{}]}}",
            "]}".repeat(levels)
        )
    };
    let workflow = parse(&nested(31)).unwrap();
    let stored = serde_json::to_value(&workflow).unwrap();
    assert_eq!(
        serde_json::from_value::<Workflow>(stored).unwrap(),
        workflow
    );
    assert_eq!(parse(&to_yaml(&workflow)).unwrap(), workflow);
    assert!(parse(&nested(40)).is_err());
}

#[test]
fn json_of_other_programs_is_read() {
    let name = |text: &str| parse(text).map(|workflow| workflow.name);
    assert_eq!(
        name("{\n\t\"format\": 1,\n\t\"name\": \"n\"\n}"),
        Ok("n".to_owned())
    );
    assert_eq!(
        name(r#"{"format":1,"name":"\/ \u00e4 \ud83d\ude00"}"#),
        Ok("/ ä 😀".to_owned())
    );
    assert_eq!(
        name(r#"{"format":1,"name":"a","steps":[]}"#),
        Ok("a".to_owned())
    );
    let long = "k".repeat(3000);
    let text = format!(r#"{{"format":1,"name":"a","steps":[{{"id":"s","set":{{"{long}":1}}}}]}}"#);
    assert_eq!(name(&text), Ok("a".to_owned()));
}
