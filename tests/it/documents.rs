//! Workflows that several modules use.

/// Moves every PDF that appears in `~/In` to `~/Out`.
pub(crate) const MOVE: &str = r#"
format: 1
name: File new PDFs
trigger:
  on: files.new_file
  with: { folder: ~/In, matching: "*.pdf" }
steps:
  - id: file_it
    do: files.move
    with: { file: "{{ trigger.path }}", to: ~/Out/ }
"#;

/// Copies every PDF and then moves it: a copy made twice would lie there as "… (2)".
pub(crate) const COPY_AND_MOVE: &str = r#"
format: 1
name: Copy and file new PDFs
trigger:
  on: files.new_file
  with: { folder: ~/In, matching: "*.pdf" }
steps:
  - id: keep_a_copy
    do: files.copy
    with: { file: "{{ trigger.path }}", to: ~/Copies/ }
  - id: file_it
    do: files.move
    with: { file: "{{ trigger.path }}", to: ~/Out/ }
"#;

/// One step of each effect class that files have; done twice, each would leave a trace.
pub(crate) const EVERY_EFFECT: &str = r#"
format: 1
name: Leave traces
trigger:
  on: files.new_file
  with: { folder: ~/In, matching: "*.pdf" }
steps:
  - id: keep_a_copy
    do: files.copy
    with: { file: "{{ trigger.path }}", to: ~/Copies/ }
  - id: file_it
    do: files.move
    with: { file: "{{ trigger.path }}", to: ~/Out/ }
  - id: note_it
    do: files.append_text
    with: { file: ~/Notes/log.txt, text: "{{ trigger.name }}" }
  - id: count_it
    do: csv.append_row
    with: { file: ~/Notes/list.csv, row: { Name: "{{ trigger.name }}", Size: "{{ trigger.size }}" } }
settings: { mode: one_at_a_time }
"#;

/// Adds a line to a file in a way that can't be repeated or looked up.
pub(crate) const UNSAFE: &str = r#"
format: 1
name: Something that must not be repeated
trigger: { on: manual.start }
steps:
  - id: tell
    do: testing.unsafe_append
    with: { file: ~/told.txt, text: told }
  - id: note_it
    do: files.append_text
    with: { file: ~/log.txt, text: went on }
"#;
