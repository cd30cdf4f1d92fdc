//! Walks over an expression once. Operands (a name or literal, then `.field`, `[…]` and `| filter`)
//! are recognised, checked and guarded; everything between them is left to minijinja's parser.

use super::{Expression, Reference, Segment, shorten};
use errand_model::suggest::closest;

use crate::{Error, filters};

/// Longest expression.
const LONGEST: usize = 20_000;
/// Deepest nesting of brackets.
const DEEPEST: usize = 30;
/// Most names, literals, operators and filters: minijinja recurses over chains of them.
const MOST_PARTS: usize = 200;

/// Reads an expression; whether the whole is well formed is minijinja's to say.
pub(super) fn read(text: &str) -> Result<Expression, Error> {
    if text.len() > LONGEST {
        return Err(Error::new("an expression is longer than 20,000 characters")
            .hint("split it into several steps"));
    }
    let mut reader = Reader {
        text,
        at: 0,
        depth: 0,
        parts: 0,
        after_value: false,
        references: Vec::new(),
    };
    let guarded = reader.sequence(None)?;
    let plain =
        matches!(&reader.references[..], [only] if only.fixed && only.rooted && only.text == text);
    Ok(Expression {
        text: text.to_owned(),
        guarded,
        references: reader.references,
        plain,
    })
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    parts: usize,
    /// Whether a value has just been read, so that no other may follow.
    after_value: bool,
    references: Vec<Reference>,
}

/// An operand while it is being read.
struct Operand {
    out: String,
    segments: Vec<Segment>,
    fixed: bool,
    rooted: bool,
    reaches: bool,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn blanks(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.next();
        }
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> String {
        let start = self.at;
        while self.peek().is_some_and(&wanted) {
            self.next();
        }
        self.text[start..self.at].to_owned()
    }

    fn part(&mut self) -> Result<(), Error> {
        self.parts += 1;
        match self.parts > MOST_PARTS {
            true => Err(Error::new("an expression has more than 200 parts")
                .hint("split it into several steps")),
            false => Ok(()),
        }
    }

    /// Everything up to the closing bracket, which is taken too.
    fn sequence(&mut self, close: Option<char>) -> Result<String, Error> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Error::new("an expression is nested too deeply")
                .hint("split it into several steps"));
        }
        let mut out = String::new();
        self.after_value = false;
        loop {
            match self.peek() {
                None if close.is_none() => break,
                None => return Err(self.unreadable("a bracket isn't closed")),
                Some(next) if Some(next) == close => {
                    self.next();
                    break;
                }
                Some(next) if starts_operand(next) => {
                    let part = self.word_or_operand()?;
                    out.push_str(&part);
                }
                Some(next) => {
                    if !next.is_whitespace() {
                        self.part()?;
                        self.after_value = false;
                    }
                    self.next();
                    out.push(next);
                }
            }
        }
        self.depth -= 1;
        Ok(out)
    }

    fn unreadable(&self, why: &str) -> Error {
        Error::new(format!(
            "`{{{{ {} }}}}` can't be read: {why}",
            shorten(self.text)
        ))
    }

    fn word_or_operand(&mut self) -> Result<String, Error> {
        self.part()?;
        let start = self.at;
        if self.peek().is_some_and(starts_word) {
            let word = self.take_while(in_word);
            let taken = match word.as_str() {
                "and" | "or" | "not" | "in" | "if" | "else" => Some(format!("{word} ")),
                "is" => return self.test(),
                _ if self.is_argument_name() => Some(word),
                _ => None,
            };
            if let Some(taken) = taken {
                self.after_value = false;
                return Ok(taken);
            }
            self.at = start;
        }
        // The guard's brackets would make a call of two values in a row.
        if self.after_value {
            return Err(self
                .unreadable("two values follow each other")
                .hint("put a sign such as `~` or `+` between them"));
        }
        let operand = self.operand()?;
        self.after_value = true;
        Ok(operand)
    }

    fn is_argument_name(&self) -> bool {
        let rest = self.rest().trim_start();
        rest.starts_with('=') && !rest.starts_with("==")
    }

    /// `is [not] name`, with the word `is` already taken.
    fn test(&mut self) -> Result<String, Error> {
        self.blanks();
        let mut out = "is ".to_owned();
        let mut name = self.take_while(in_word);
        if name == "not" {
            out.push_str("not ");
            self.blanks();
            name = self.take_while(in_word);
        }
        known("test", &name, filters::TESTS)?;
        self.after_value = true;
        Ok(out + &name + " ")
    }

    fn operand(&mut self) -> Result<String, Error> {
        let start = self.at;
        let mut operand = self.primary()?;
        self.postfix(&mut operand)?;
        if !operand.reaches {
            return self.filters(operand.out, start);
        }
        let index = self.references.len();
        self.references.push(Reference {
            text: self.text[start..self.at].trim().to_owned(),
            segments: operand.segments,
            fixed: operand.fixed,
            rooted: operand.rooted,
        });
        let out = match self.may_be_missing() {
            true => operand.out,
            false => format!("({}|__must({index}))", operand.out),
        };
        self.filters(out, start)
    }

    fn primary(&mut self) -> Result<Operand, Error> {
        let mut operand = Operand {
            out: String::new(),
            segments: Vec::new(),
            fixed: true,
            rooted: false,
            reaches: false,
        };
        match self.peek() {
            Some(quote @ ('"' | '\'')) => operand.out = self.quoted(quote)?,
            Some('0'..='9') => operand.out = self.number(),
            Some('(') => operand.out = self.group('(', ')')?,
            Some('[') => operand.out = self.group('[', ']')?,
            Some('{') => operand.out = self.group('{', '}')?,
            _ => self.name(&mut operand)?,
        }
        Ok(operand)
    }

    fn name(&mut self, operand: &mut Operand) -> Result<(), Error> {
        let word = self.take_while(in_word);
        if word.starts_with("__") {
            return Err(self.unreadable(&format!(
                "a name can't begin with two underscores, as `{word}` does"
            )));
        }
        if matches!(
            word.as_str(),
            "true" | "True" | "false" | "False" | "none" | "None"
        ) {
            operand.out = word;
            return Ok(());
        }
        if self.rest().trim_start().starts_with('(') {
            known("function", &word, filters::FUNCTIONS)?;
            self.blanks();
            operand.out = word + &self.group('(', ')')?;
            return Ok(());
        }
        operand.out = if word.is_ascii() {
            word.clone()
        } else {
            format!("__root[{}]", literal(&word))
        };
        operand.segments.push(Segment::Name(word));
        (operand.rooted, operand.reaches) = (true, true);
        Ok(())
    }

    fn number(&mut self) -> String {
        let mut number = self.take_while(|next| next.is_ascii_alphanumeric() || next == '_');
        let fraction = self.rest().strip_prefix('.');
        if fraction.is_some_and(|after| after.starts_with(|next: char| next.is_ascii_digit())) {
            self.next();
            number.push('.');
            number.push_str(&self.take_while(|next| next.is_ascii_alphanumeric() || next == '_'));
        }
        if number.ends_with(['e', 'E']) && self.rest().starts_with(['-', '+']) {
            number.extend(self.next());
            number.push_str(&self.take_while(|next| next.is_ascii_digit()));
        }
        number
    }

    fn quoted(&mut self, quote: char) -> Result<String, Error> {
        let start = self.at;
        self.next();
        while let Some(next) = self.next() {
            match next {
                '\\' => _ = self.next(),
                next if next == quote => return Ok(self.text[start..self.at].to_owned()),
                _ => {}
            }
        }
        Err(self.unreadable("a quote isn't closed"))
    }

    fn group(&mut self, open: char, close: char) -> Result<String, Error> {
        self.next();
        let inside = self.sequence(Some(close))?;
        Ok(format!("{open}{inside}{close}"))
    }

    /// `.field`, `.0` and `[…]`, as often as they come.
    fn postfix(&mut self, operand: &mut Operand) -> Result<(), Error> {
        loop {
            let before = self.at;
            self.blanks();
            match self.peek() {
                Some('.') => self.field(operand)?,
                Some('[') => self.subscript(operand)?,
                Some('(') if operand.reaches => {
                    return Err(self
                        .unreadable("values can't be called")
                        .hint("use a filter, such as `| upper`"));
                }
                _ => {
                    self.at = before;
                    return Ok(());
                }
            }
            operand.reaches = true;
            self.part()?;
        }
    }

    fn field(&mut self, operand: &mut Operand) -> Result<(), Error> {
        self.next();
        self.blanks();
        let name = self.take_while(in_word);
        if name.is_empty() {
            return Err(self
                .unreadable("a name must follow the dot")
                .hint("write other keys as `[\"key\"]`"));
        }
        match name.parse::<i64>() {
            Ok(index) if name.bytes().all(|byte| byte.is_ascii_digit()) => {
                operand.out.push_str(&format!("[{index}]"));
                operand.step(Segment::Index(index));
            }
            _ => {
                operand.out.push_str(&format!("[{}]", literal(&name)));
                operand.step(Segment::Name(name));
            }
        }
        Ok(())
    }

    fn subscript(&mut self, operand: &mut Operand) -> Result<(), Error> {
        let start = self.at + 1;
        let group = self.group('[', ']')?;
        let raw = self.text[start..self.at - 1].trim();
        match plain_subscript(raw) {
            Some(segment) => operand.step(segment),
            None => operand.fixed = false,
        }
        operand.out.push_str(&group);
        Ok(())
    }

    /// `| name(arguments)`, as often as it comes.
    fn filters(&mut self, mut out: String, start: usize) -> Result<String, Error> {
        loop {
            let before = self.at;
            self.blanks();
            if self.peek() != Some('|') {
                self.at = before;
                return Ok(out);
            }
            self.next();
            self.blanks();
            let name = self.take_while(in_word);
            self.part()?;
            known("filter", &name, filters::NAMES)?;
            out = format!("{out}|{name}");
            if self.rest().trim_start().starts_with('(') {
                self.blanks();
                out.push_str(&self.group('(', ')')?);
            }
            if filters::MAY_GIVE_NOTHING.contains(&name.as_str()) && !self.may_be_missing() {
                out = self.guard(&out, start);
            }
        }
    }

    fn guard(&mut self, out: &str, start: usize) -> String {
        let text = self.text[start..self.at].trim().to_owned();
        self.references.push(Reference {
            text,
            segments: Vec::new(),
            fixed: false,
            rooted: false,
        });
        format!("({out}|__must({}))", self.references.len() - 1)
    }

    /// Whether what follows says what to do when the value is missing.
    fn may_be_missing(&self) -> bool {
        let rest = self.rest().trim_start();
        if let Some(filter) = rest.strip_prefix('|') {
            return first_word(filter) == "default";
        }
        if first_word(rest) != "is" {
            return false;
        }
        let test = rest[2..].trim_start();
        let test = if first_word(test) == "not" {
            &test[3..]
        } else {
            test
        };
        matches!(first_word(test), "defined" | "undefined")
    }
}

impl Operand {
    fn step(&mut self, segment: Segment) {
        if self.fixed {
            self.segments.push(segment);
        }
    }
}

fn first_word(text: &str) -> &str {
    let text = text.trim_start();
    &text[..text.find(|next| !in_word(next)).unwrap_or(text.len())]
}

fn starts_word(next: char) -> bool {
    next == '_' || next.is_alphabetic()
}

fn in_word(next: char) -> bool {
    next == '_' || next.is_alphanumeric()
}

fn starts_operand(next: char) -> bool {
    starts_word(next) || next.is_ascii_digit() || matches!(next, '"' | '\'' | '(' | '[' | '{')
}

/// A word as a string literal.
fn literal(word: &str) -> String {
    serde_json::Value::from(word).to_string()
}

/// What stands between `[` and `]`, if it is one literal.
fn plain_subscript(raw: &str) -> Option<Segment> {
    if let Ok(index) = raw.parse() {
        return Some(Segment::Index(index));
    }
    let inside = [b'"', b'\''].into_iter().find_map(|quote| {
        raw.strip_prefix(char::from(quote))?
            .strip_suffix(char::from(quote))
    })?;
    (!inside.contains(['"', '\'', '\\'])).then(|| Segment::Name(inside.to_owned()))
}

fn known(what: &str, name: &str, names: &[&str]) -> Result<(), Error> {
    if names.contains(&name) {
        return Ok(());
    }
    let error = Error::new(match name {
        "" => format!("the name of a {what} is missing"),
        name => format!("there is no {what} called `{name}`"),
    });
    Err(match closest(name, names.iter().copied()) {
        Some(meant) => error.hint(format!("did you mean `{meant}`?")),
        None => error.hint(format!("there are: {}", names.join(", "))),
    })
}
