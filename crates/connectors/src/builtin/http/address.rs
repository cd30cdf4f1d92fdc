//! Where a request goes: a whole address, or one that begins with `/` and goes on from the
//! connection's. Whether that host may be reached is the Net port's business.

use errand_model::{Map, StepError, Value};
use url::Url;

use crate::ports::secrets::Account;

/// The whole address with its query.
pub(super) fn resolve(
    text: &str,
    query: &Map,
    account: Option<&Account>,
) -> Result<Url, StepError> {
    let mut url = parse(&whole(text.trim(), account)?)?;
    add_query(&mut url, query)?;
    url.set_fragment(None);
    Ok(url)
}

fn whole(text: &str, account: Option<&Account>) -> Result<String, StepError> {
    if !text.starts_with('/') || text.starts_with("//") {
        return Ok(text.to_owned());
    }
    let address = account
        .and_then(|account| account.fields.get("address")?.as_str())
        .filter(|address| !address.trim().is_empty());
    let address = address.ok_or_else(|| {
        let message = format!("The address “{text}” doesn't say which server it is on.");
        StepError::bad_input("url", message)
            .hint("Begin it with https://, or use a connection that knows the server's address.")
    })?;
    Ok(format!("{}{text}", address.trim().trim_end_matches('/')))
}

/// Text as a whole address on the web, without a user's name and password.
pub(super) fn parse(text: &str) -> Result<Url, StepError> {
    let refuse = |message: String, hint: &str| StepError::bad_input("url", message).hint(hint);
    if text.chars().any(char::is_control) {
        let message = "The address contains a line break or another invisible character.".into();
        return Err(refuse(message, "Check the values that are put into it."));
    }
    let url = match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => url,
        Ok(_) | Err(url::ParseError::RelativeUrlWithoutBase) => {
            let message = format!("“{text}” isn't an address on the web.");
            return Err(refuse(message, "Begin it with https://."));
        }
        Err(error) => {
            let message = format!("“{text}” can't be read as an address: {error}.");
            return Err(refuse(
                message,
                "Write it like https://api.example.com/orders.",
            ));
        }
    };
    if !url.username().is_empty() || url.password().is_some() {
        let message = "The address contains a user name or a password.".into();
        let hint = "Take it out, and add a connection of the kind “User name and password”.";
        return Err(refuse(message, hint));
    }
    Ok(url)
}

fn add_query(url: &mut Url, query: &Map) -> Result<(), StepError> {
    let pairs = pairs(query, "query")?;
    if !pairs.is_empty() {
        url.query_pairs_mut().extend_pairs(pairs);
    }
    Ok(())
}

/// Names and values as text; a list stands for the same name several times.
pub(super) fn pairs(record: &Map, field: &str) -> Result<Vec<(String, String)>, StepError> {
    let mut pairs = Vec::new();
    for (name, value) in record {
        match value {
            Value::Array(items) => {
                for item in items {
                    pairs.extend(pair(name, item, field)?);
                }
            }
            value => pairs.extend(pair(name, value, field)?),
        }
    }
    Ok(pairs)
}

fn pair(name: &str, value: &Value, field: &str) -> Result<Option<(String, String)>, StepError> {
    Ok(text(name, value, field)?.map(|text| (name.to_owned(), text)))
}

/// A single value as text; None for nothing.
pub(super) fn text(name: &str, value: &Value, field: &str) -> Result<Option<String>, StepError> {
    match value {
        Value::Null => Ok(None),
        Value::Bool(yes) => Ok(Some(yes.to_string())),
        Value::Number(number) => Ok(Some(number.to_string())),
        Value::String(text) => Ok(Some(text.clone())),
        Value::Array(_) | Value::Object(_) => {
            let message = format!("The value for “{name}” is a list, where one value is needed.");
            Err(StepError::bad_input(field, message)
                .hint("Choose one value of it, or join its values into text first."))
        }
    }
}
