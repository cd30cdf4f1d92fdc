use errand_model::ErrorKind;

use crate::{
    place::{Around, Place, get},
    server::{Seen, Server, Talk, answer, ok},
};

fn behind(proxy: &Server, origins: &[&str]) -> Place {
    let around = Around {
        proxy: Some(proxy.origin.clone()),
        ..Around::default()
    };
    Place::within(around, origins)
}

#[tokio::test]
async fn a_proxy_passes_on_what_goes_out_but_not_what_stays_on_this_computer() {
    let proxy = Server::answering(|seen: &Seen| ok(&format!("by proxy: {}", seen.target))).await;
    let server = Server::answering(|_| ok("direct")).await;
    let place = behind(&proxy, &["http://a.example", &server.origin]);
    let (_, text) = place.ask("http://a.example/x").await;
    assert_eq!(text, "by proxy: http://a.example/x");
    assert_eq!(place.ask(&server.origin).await.1, "direct");
    assert!(place.around.looked_up.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_proxy_that_wants_a_password_is_named() {
    let proxy = Server::answering(|_| answer(407, &[], "who are you?")).await;
    let place = behind(&proxy, &["http://a.example", "https://a.example"]);
    for url in ["http://a.example/", "https://a.example/"] {
        let error = place.failure(url).await;
        let expected = "The proxy of this network wants a user name and a password.";
        assert_eq!(
            (error.message.as_str(), error.kind),
            (expected, ErrorKind::Rejected),
            "{url}"
        );
        assert!(!error.may_have_happened);
    }
}

#[tokio::test]
async fn a_proxy_that_passes_nothing_on_is_named() {
    let proxy = Server::talking(|mut talk: Talk| async move {
        talk.hear().await;
        talk.say(answer(502, &[], "no")).await;
        talk.hang_up().await;
    })
    .await;
    let place = behind(&proxy, &["https://a.example"]);
    let error = place.refused(get("https://a.example/")).await;
    assert_eq!(
        error.message,
        "The proxy of this network doesn't pass the request on."
    );
    assert!(!error.may_have_happened);
}
