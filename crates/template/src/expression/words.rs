//! What the library under the language says, in the language of this product. Our own filters speak
//! plainly already and pass unchanged.

use minijinja::ErrorKind;

/// What is wrong, and what to do where that can be told.
type Words = (String, Option<&'static str>);

/// Why an expression can't be worked out.
pub(super) fn of_failure(error: &minijinja::Error) -> Words {
    let said = error.detail().unwrap_or_default();
    match error.kind() {
        ErrorKind::OutOfFuel => (
            "it is too much work".to_owned(),
            Some("use a shorter list or text, or do it in several steps"),
        ),
        ErrorKind::MissingArgument => (
            "something is missing between the brackets".to_owned(),
            Some("give the filter or function everything it needs"),
        ),
        ErrorKind::TooManyArguments => too_many(said),
        _ => calculation(said)
            .or_else(|| unfit(said))
            .unwrap_or_else(|| own(said)),
    }
}

fn too_many(said: &str) -> Words {
    let name = said.strip_prefix("unknown keyword argument ");
    let what = match name {
        Some(name) => format!("`{}` means nothing there", name.trim_matches('\'')),
        None => "there is too much between the brackets".to_owned(),
    };
    (what, Some("leave it out"))
}

/// Numbers that are too large, and divisions by zero.
fn calculation(said: &str) -> Option<Words> {
    let by_zero = || said.ends_with("/ 0") || said.ends_with("% 0") || said.ends_with("/ 0.0");
    let (what, hint) = if said.contains("recursion limit") {
        (
            "it is nested too deeply",
            "work a part of it out in a step “Set” first",
        )
    } else if said.starts_with("unable to calculate") && by_zero() {
        (
            "a number can't be divided by zero",
            "say what to take then, such as `… if trigger.count else 0`",
        )
    } else if said.starts_with("unable to calculate") || said.ends_with("is too large") {
        ("the result is too large", "use smaller numbers")
    } else {
        return None;
    };
    Some((what.to_owned(), Some(hint)))
}

/// Values of the wrong kind.
fn unfit(said: &str) -> Option<Words> {
    let words = |what: String, hint| Some((what, Some(hint)));
    if let Some(rest) = said.strip_prefix("tried to use ") {
        let (sign, kinds) = rest.split_once(" operator on unsupported types ")?;
        let (left, right) = kinds.split_once(" and ")?;
        let what = format!(
            "`{sign}` doesn't work with {} and {}",
            kind(left),
            kind(right)
        );
        return words(
            what,
            "`~` joins texts, and `| number` makes a number of a text",
        );
    }
    if let Some(rest) = said.strip_prefix("cannot convert ") {
        let (found, wanted) = rest.split_once(" to ")?;
        let what = format!("it needs {}, but this is {}", kind(wanted), kind(found));
        return words(what, "`| number` makes a number of a text");
    }
    if let Some(rest) = said.strip_prefix("value of type ") {
        let found = rest.strip_suffix(" cannot be sliced")?;
        let what = format!(
            "`[:]` takes a part of a text or list, but this is {}",
            kind(found)
        );
        return words(what, "use a text or a list");
    }
    let (what, hint) = match said {
        "cannot slice by step size of 0" => ("a step of 0 leads nowhere", "use 1 or more"),
        "strings can only be multiplied with integers"
        | "sequences and iterables can only be multiplied with integers" => (
            "a text or list can only be repeated a whole number of times",
            "`| number` makes a number of a text",
        ),
        "cannot perform a containment check on this value" => (
            "`in` looks into a text, list or record, and this is none",
            "compare with `==`",
        ),
        "not iterable" | "value is not iterable" => (
            "it needs a list",
            "`| lines` or `| split` makes one of a text",
        ),
        "" => (
            "it can't be worked out",
            "check that every value has the kind that is needed there",
        ),
        _ => return None,
    };
    words(what.to_owned(), hint)
}

/// The library's kinds of values and numbers.
fn kind(name: &str) -> &'static str {
    match name {
        "string" | "String" | "str" => "a text",
        "sequence" | "iterator" | "iterable" => "a list",
        "map" | "plain object" => "a record",
        "bool" => "yes or no",
        "none" | "undefined" => "nothing",
        _ => "a number",
    }
}

/// What our own filters say, with what to do in the same breath.
fn own(said: &str) -> Words {
    (said.to_owned(), None)
}

/// Why a text isn't an expression.
pub(super) fn of_syntax(error: &minijinja::Error) -> Words {
    let said = error.detail().unwrap_or_default();
    let what = if said.starts_with("unexpected end of input") {
        "something is missing at its end".to_owned()
    } else if said.starts_with("unexpected input after") {
        "there is something left over at its end".to_owned()
    } else if said.starts_with("invalid integer") {
        "a number in it is too large".to_owned()
    } else if said.contains("recursion") {
        "it is nested too deeply".to_owned()
    } else if let Some(found) = said
        .strip_prefix("unexpected `")
        .and_then(|rest| rest.split('`').next())
    {
        format!("`{found}` doesn't fit there")
    } else if said == "unexpected character" {
        "it contains a sign that means nothing there".to_owned()
    } else {
        "it isn't an expression".to_owned()
    };
    (
        what,
        Some("write it like `{{ trigger.name }}` or `{{ trigger.size > 1000 }}`"),
    )
}
