use serde_json::json;

use super::*;

fn pasted(text: &str) -> Pasted {
    read(text).unwrap()
}

fn with(text: &str) -> Value {
    Value::Object(pasted(text).with)
}

#[test]
fn a_bare_address_is_asked() {
    let expected = json!({ "method": "GET", "url": "https://api.example.com/orders?state=open" });
    assert_eq!(
        with("curl 'https://api.example.com/orders?state=open'"),
        expected
    );
    assert_eq!(
        with("$ curl -sSL --compressed https://api.example.com/orders?state=open"),
        expected
    );
    assert_eq!(with("curl example.com")["url"], "http://example.com");
}

#[test]
fn a_command_as_browsers_copy_it_becomes_a_step() {
    let text = r#"curl 'https://shop.example.com/api/orders' \
      -X 'PATCH' \
      -H 'accept: application/json' \
      -H 'accept-encoding: gzip' -H 'sec-fetch-mode: cors' \
      -H 'content-type: application/json' \
      -A 'Mozilla/5.0' -e 'https://shop.example.com/' \
      --data-raw $'{"name":"O\'Neill","total":9.50,"tags":["a"]}'"#;
    let expected = json!({
        "method": "PATCH",
        "url": "https://shop.example.com/api/orders",
        "json": { "name": "O'Neill", "total": 9.50, "tags": ["a"] },
        "headers": {
            "accept": "application/json",
            "User-Agent": "Mozilla/5.0",
            "Referer": "https://shop.example.com/",
        },
    });
    assert_eq!(with(text), expected);
}

#[test]
fn data_is_joined_and_read_as_what_it_is() {
    let form = with("curl -d a=1 -d 'b=x+y%26' -d b=2 --data-urlencode 'c=ä &' https://x.example");
    assert_eq!(form["method"], "POST");
    assert_eq!(
        form["form"],
        json!({ "a": "1", "b": ["x y&", "2"], "c": "ä &" })
    );
    let json = pasted(r#"curl https://x.example -d '{"a":1}'"#);
    assert_eq!(json.with["json"], json!({ "a": 1 }));
    assert_eq!(json.notes.len(), 1, "{:?}", json.notes);
    let json = pasted(r#"curl --json '{"a":' --json '1}' https://x.example"#);
    assert_eq!(
        (&json.with["json"], json.notes.len()),
        (&json!({ "a": 1 }), 0)
    );
    let text = with("curl -H 'Content-Type: text/xml' -d '<a/>' https://x.example");
    assert_eq!(
        (&text["body"], &text["content_type"]),
        (&json!("<a/>"), &json!("text/xml"))
    );
    let query = with("curl -G -d a=1 --data-urlencode 'q=x y' https://x.example");
    assert_eq!(query["method"], "GET");
    assert_eq!(query["query"], json!({ "a": "1", "q": "x y" }));
}

#[test]
fn files_are_sent_as_files() {
    let parts =
        with("curl -F 'name=Ada' -F 'doc=@/home/ada/a.pdf;type=application/pdf' https://x.example");
    assert_eq!(parts["method"], "POST");
    assert_eq!(
        parts["parts"],
        json!({ "name": "Ada", "doc": { "file": "/home/ada/a.pdf" } })
    );
    let upload = with("curl -T ~/a.bin https://x.example/a.bin");
    assert_eq!(
        (&upload["method"], &upload["file"]),
        (&json!("PUT"), &json!("~/a.bin"))
    );
    let data = pasted("curl --data-binary @a.json https://x.example");
    assert_eq!(data.with["file"], "a.json");
    assert!(data.notes[0].contains("a.json"));
    let saved = with("curl -o report.pdf -m 20 -I https://x.example");
    assert_eq!(saved["save_to"], "~/Downloads/report.pdf");
    assert_eq!(
        (&saved["timeout"], &saved["method"]),
        (&json!("20s"), &json!("HEAD"))
    );
}

#[test]
fn secrets_stay_out_and_the_right_connection_is_named() {
    let canary = "s3cr3t";
    for (text, kind) in [
        ("-H 'Authorization: Bearer s3cr3t'", "bearer"),
        ("-H 'authorization: Basic s3cr3t'", "basic"),
        ("-H 'Authorization: token s3cr3t'", "header"),
        ("-H 'X-Api-Key: s3cr3t'", "api_key"),
        ("-u ada:s3cr3t", "basic"),
        ("-uada:s3cr3t", "basic"),
        ("-b session=s3cr3t", "header"),
        ("-H 'Cookie: session=s3cr3t'", "header"),
        ("--oauth2-bearer s3cr3t", "bearer"),
        ("-E ~/s3cr3t.pem", "client_certificate"),
        ("'https://ada:s3cr3t@y.example/?x=1'", "basic"),
        ("'https://y.example/?x=1&api_key=s3cr3t'", "api_key"),
    ] {
        let url = if text.contains("://") {
            ""
        } else {
            " https://x.example"
        };
        let pasted = pasted(&format!("curl {text}{url}"));
        assert_eq!(pasted.connection.as_deref(), Some(kind), "{text}");
        assert!(
            !format!("{pasted:?}").contains(canary),
            "{text}: {pasted:?}"
        );
        assert!(pasted.notes[0].contains("connection"), "{text}");
    }
}

#[test]
fn what_can_not_be_taken_over_is_said() {
    let notes = |text: &str| pasted(text).notes.join(" ");
    assert!(notes("curl -k https://x.example").contains("always checks who answers"));
    assert!(notes("curl https://x.example | jq .id").contains("`|`"));
    assert!(notes("curl -H \"X-A: $NAME\" https://x.example").contains("variables"));
    assert!(notes("curl -X PROPFIND https://x.example").contains("PROPFIND"));
    assert!(notes("curl https://x.example https://y.example").contains("y.example"));
}

#[test]
fn text_that_looks_like_a_reference_stays_text() {
    let pasted = with(r#"curl --json '{"t":"{{ trigger.x }} {% if %} {a}"}' https://x.example"#);
    assert_eq!(
        pasted["json"]["t"],
        "{{ '{{' }} trigger.x }} {{ '{%' }} if %} {a}"
    );
}

#[test]
fn other_text_is_refused_in_plain_words() {
    for text in [
        "",
        "wget https://x.example",
        "please run curl https://x.example",
    ] {
        assert!(read(text).is_err(), "{text}");
    }
    let windows = read("http ^\n x").unwrap_err();
    assert!(windows.hint.unwrap().contains("bash"));
    assert!(read("curl -H").unwrap_err().message.contains("-H"));
    assert!(read("curl -s").unwrap_err().message.contains("no address"));
}

#[test]
fn a_command_that_is_cut_anywhere_brings_nothing_down() {
    let whole = "curl -sX 'PUT' $'a\\u00e9\\x41\\ud83d\\ude00\\101' -H \"a: \\\"b\" --json '{\"a\":1}' \
        -F x=@/a;type=b -u a:b -dx=1 -m 5 'https://ä.example/?a=1&key=2#c' | x";
    for (end, _) in whole.char_indices() {
        let _ = read(&whole[..end]);
        let _ = read(&format!("curl {}", &whole[end..]));
    }
}
