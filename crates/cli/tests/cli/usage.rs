//! Exit codes and words for a command line that is wrong.

use crate::run;

#[test]
fn help_and_version_are_no_failures() {
    for arguments in [
        &["--help"][..],
        &["--version"],
        &["help", "send"],
        &["listen", "-h"],
    ] {
        let (code, out, err) = run(arguments);
        assert_eq!((code, &*err), (0, ""), "{arguments:?}");
        assert!(out.contains("posthorn"), "{arguments:?}");
    }
    let (_, out, _) = run(&["--version"]);
    assert_eq!(out, concat!("posthorn ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn a_wrong_command_line_exits_with_64() {
    for arguments in [
        &[][..],
        &["sned"],
        &["send"],
        &["send", "user..created", "{}"],
        &["send", "a", "{}", "--tenant", "Not A Tenant"],
        &["send", "a", "{}", "--count", "0"],
        &["send", "a", "{}", "--idempotency-key", "with space"],
        &["send", "a", "{}", "--timestamp", "yesterday"],
        &["send", "a", "{}", "--timeout", "soon"],
        &["send", "a", "{}", "--api", "ftp://127.0.0.1"],
        &["listen", "--status", "100"],
        &["listen", "--delay", "5w"],
        &["listen", "--forward-to", "ftp://127.0.0.1"],
        &["listen", "--forward-to", "http://127.0.0.1", "--port", "1"],
        &[
            "listen",
            "--webhook",
            "01a207e5-7a81-767c-b3eb-f11df5ae21c4",
        ],
        &["deliveries", "list", "--status", "lost"],
        &["deliveries", "list", "--since", "yesterday"],
        &["deliveries", "get", "no-id"],
        &[
            "dead-letters",
            "discard",
            "--all",
            "01a207e5-7a81-767c-b3eb-f11df5ae21c4",
        ],
        &["webhooks", "list", "--limit", "501"],
        &["webhooks", "list", "--output", "xml"],
        &["config", "set", "a b"],
        &["admin", "reseal"],
        &["listen", "--quiet", "--json"],
    ] {
        let (code, out, err) = run(arguments);
        assert_eq!((code, &*out), (64, ""), "{arguments:?}");
        assert!(!err.is_empty(), "{arguments:?}");
    }
}

#[test]
fn a_wrong_secret_is_not_repeated() {
    let (code, _, err) = run(&["listen", "--secret", "whsec_c2VjcmV0"]);
    assert_eq!(code, 64);
    assert!(err.contains("24 to 64 bytes"), "{err}");
    assert!(!err.contains("c2VjcmV0"), "{err}");
}

#[test]
fn data_that_is_no_json_exits_with_65() {
    let (code, _, err) = run(&["send", "a", "{'a':1}"]);
    assert_eq!(code, 65);
    assert!(
        err.starts_with("posthorn: the data is not a JSON value"),
        "{err}"
    );
    // Standard input is empty here.
    assert_eq!(run(&["send", "a"]).0, 65);
    assert_eq!(run(&["send", "a", "-"]).0, 65);
}

#[test]
fn a_file_that_is_not_there_exits_with_66() {
    let (code, _, err) = run(&["send", "a", "@/nowhere/data.json"]);
    assert_eq!(code, 66);
    assert!(err.contains("/nowhere/data.json"), "{err}");
}

#[test]
fn nobody_there_exits_with_69() {
    // A port that nobody listens on while it is held.
    let held = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let port = held.local_addr().unwrap().port();
    let api = format!("http://127.0.0.1:{port}");
    let (code, out, err) = run(&["send", "a", "{}", "--api", &api]);
    assert_eq!((code, &*out), (69, ""));
    assert!(err.contains(&api), "{err}");

    let nats = format!("nats://127.0.0.1:{port}");
    let (code, out, err) = run(&["send", "a", "{}", "--nats", &nats, "--timeout", "300ms"]);
    assert_eq!((code, &*out), (69, ""));
    assert!(
        err.contains("no NATS server answered within 0.3 s"),
        "{err}"
    );
}
