//! What a connection adds to a request, at its own server only.

use errand_model::{ErrorKind, StepError};
use reqwest::{RequestBuilder, header::HeaderValue};
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

use crate::ports::secrets::Account;

/// Whether the connection is for the server of this address.
pub(super) fn is_for(account: &Account, url: &Url) -> bool {
    let address = account.fields.get("address").and_then(|it| it.as_str());
    let address = address.and_then(|address| Url::parse(address.trim()).ok());
    address.is_some_and(|address| address.origin() == url.origin())
}

/// A request that would carry the connection elsewhere.
pub(super) fn elsewhere(account: &Account, host: &str) -> StepError {
    let message = format!("The connection “{}” isn't for {host}.", account.name);
    StepError::new(ErrorKind::Rejected, message)
        .hint("Use a connection that was added for this server, or none.")
}

/// The address with what the connection puts into it.
pub(super) fn url(account: &Account, mut url: Url) -> Result<Url, StepError> {
    if account.kind == "api_key" && text(account, "place") == "query" {
        let name = text(account, "name");
        let key = secret(account, "key")?.expose_secret().to_owned();
        // An address that came from the service may hold it already.
        if url.query_pairs().any(|(known, _)| known == name) {
            let pairs = url.query_pairs().into_owned();
            let others: Vec<_> = pairs.filter(|(known, _)| known != name).collect();
            url.query_pairs_mut().clear().extend_pairs(others);
        }
        url.query_pairs_mut().append_pair(name, &key);
    }
    Ok(url)
}

/// The request with the headers that sign it in.
pub(super) fn headers(
    account: &Account,
    request: RequestBuilder,
) -> Result<RequestBuilder, StepError> {
    let named = |name: &str, value: &SecretString| {
        let mut value = HeaderValue::from_str(value.expose_secret().trim()).map_err(|_| {
            let message = format!("The secret of “{}” can't be sent.", account.name);
            StepError::new(ErrorKind::BadInput, message)
                .hint("It holds a line break or a sign that no header may have. Enter it again.")
        })?;
        value.set_sensitive(true);
        Ok::<_, StepError>((name.to_owned(), value))
    };
    let (name, value) = match account.kind.as_str() {
        "bearer" => {
            let token = secret(account, "token")?.expose_secret().trim();
            named(
                "authorization",
                &SecretString::from(format!("Bearer {token}")),
            )?
        }
        "api_key" if text(account, "place") == "query" => return Ok(request),
        "api_key" => named(text(account, "name"), secret(account, "key")?)?,
        "header" => named(text(account, "name"), secret(account, "value")?)?,
        "basic" => {
            let password = secret(account, "password")?.expose_secret();
            return Ok(request.basic_auth(text(account, "user"), Some(password)));
        }
        _ => return Ok(request),
    };
    Ok(request.header(name, value))
}

/// The certificate and key with which a client proves itself, where the connection is one.
pub(super) fn certificate(account: &Account) -> Result<Option<Vec<u8>>, StepError> {
    if account.kind != "client_certificate" {
        return Ok(None);
    }
    let key = secret(account, "key")?.expose_secret();
    Ok(Some(
        format!("{}\n{key}\n", text(account, "certificate")).into_bytes(),
    ))
}

fn text<'a>(account: &'a Account, field: &str) -> &'a str {
    let value = account.fields.get(field).and_then(|value| value.as_str());
    value.unwrap_or_default()
}

fn secret<'a>(account: &'a Account, field: &str) -> Result<&'a SecretString, StepError> {
    account.secrets.get(field).ok_or_else(|| {
        let message = format!("The connection “{}” has no {field}.", account.name);
        StepError::new(ErrorKind::Reconnect, message).hint("Enter its secret again.")
    })
}
