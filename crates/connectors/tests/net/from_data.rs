//! Addresses that come from data lead to the internet only.

use errand_connectors::ports::net::NoAddress;
use errand_model::ErrorKind;

use crate::{
    place::{HERE, PUBLIC, Place, from_data, get},
    server::{Server, answer, ok},
};

#[tokio::test]
async fn no_way_of_writing_it_leads_to_this_computer_or_its_networks() {
    let server = Server::answering(|_| ok("private")).await;
    let port = server.address.port();
    let place = Place::granting(&[]);
    place.name("localhost", &[Ok(vec![HERE])]);
    place.name("router.lan", &[Ok(vec![[192, 168, 0, 1].into()])]);
    place.name("both.example", &[Ok(vec![PUBLIC, HERE])]);
    place.name(
        "six.example",
        &[Ok(vec!["::ffff:127.0.0.1".parse().unwrap()])],
    );
    for host in [
        "127.0.0.1",
        "127.1",
        "0x7f.1",
        "0177.0.0.1",
        "2130706433",
        "0",
        "0.0.0.0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[fe80::1]",
        "10.0.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "localhost",
        "LOCALHOST",
        "router.lan",
        "both.example",
        "six.example",
    ] {
        let error = place
            .refused(from_data(&format!("http://{host}:{port}/")))
            .await;
        assert_eq!(error.kind, ErrorKind::Rejected, "{host}: {error}");
        assert!(
            error.message.contains("in your own network"),
            "{host}: {error}"
        );
        assert!(!error.may_have_happened);
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_name_that_turns_into_a_private_one_after_the_check_gains_nothing() {
    let private = Server::answering(|_| ok("private")).await;
    let place = Place::granting(&[]);
    let answers = [Ok(vec![PUBLIC]), Ok(vec![HERE])];
    place.name("rebinding.example", &answers);
    let url = private.called("rebinding.example");
    // Nothing listens at the public address: the port is the private server's.
    let error = place.refused(from_data(&url)).await;
    assert!(error.message.ends_with("refuses connections."), "{error}");
    let looked_up = place.around.looked_up.lock().unwrap().len();
    assert_eq!(looked_up, 1, "what was looked up is what is connected to");
    let error = place.refused(from_data(&url)).await;
    assert!(error.message.contains("in your own network"), "{error}");
    assert_eq!(private.connections(), 0);
}

#[tokio::test]
async fn a_public_server_is_reached_but_may_not_send_on_to_a_private_one() {
    let private = Server::answering(|_| ok("private")).await;
    let to = private.origin.clone();
    let public = Server::answering_at(PUBLIC, move |seen| match seen.target.as_str() {
        "/away" => answer(302, &[("location", &to)], ""),
        _ => ok("public"),
    })
    .await;
    let place = Place::granting(&[]);
    place.name("shop.example", &[Ok(vec![PUBLIC])]);
    let url = public.called("shop.example");
    assert_eq!(place.tell(from_data(&url)).await, (200, "public".into()));
    let error = place.refused(from_data(&format!("{url}/away"))).await;
    assert!(error.message.contains("in your own network"), "{error}");
    let error = place.refused(get(&url)).await;
    assert!(
        error
            .message
            .contains("isn't a server that this workflow names"),
        "{error}"
    );
    assert_eq!(private.connections(), 0);
}

#[tokio::test]
async fn a_server_that_the_workflow_names_may_be_private_all_the_same() {
    let server = Server::answering(|_| ok("named")).await;
    let place = Place::granting(&[&server.origin]);
    assert_eq!(place.tell(from_data(&server.origin)).await.1, "named");
}

#[tokio::test]
async fn a_name_from_data_that_does_not_exist_says_so() {
    let place = Place::granting(&[]);
    place.name("gone.example", &[Err(NoAddress::Unknown)]);
    let error = place.refused(from_data("https://gone.example/")).await;
    assert_eq!(error.message, "There is no server called gone.example.");
}
