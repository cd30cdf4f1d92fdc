//! The screens' files, built into the program.

use axum::{
    http::{Method, StatusCode, Uri, header},
    response::{Html, IntoResponse, Response},
};

include!(concat!(env!("OUT_DIR"), "/screens.rs"));

const NOT_BUILT_IN: &str = "<!doctype html><meta charset=utf-8><title>Errand</title>\
    <h1>The screens aren't in this program</h1>\
    <p>It was built before they were. Build the screens (<code>npm run build</code> in the folder \
    <code>ui</code>), then the program again; <code>cargo xtask run</code> does both.</p>";

/// Answers with the file of that name.
pub(super) async fn serve(method: Method, uri: Uri) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    }
    let name = match uri.path().trim_start_matches('/') {
        "" => "index.html",
        name => name,
    };
    match FILES.iter().find(|(known, _)| *known == name) {
        Some((name, content)) => ([(header::CONTENT_TYPE, kind(name))], *content).into_response(),
        None if name == "index.html" => {
            (StatusCode::SERVICE_UNAVAILABLE, Html(NOT_BUILT_IN)).into_response()
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn kind(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json" | "webmanifest") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}
