//! Profiles, and how they give way.

use std::{
    io::Write,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::{Value, json};

use crate::{api::Api, ended, posthorn};

fn with_file(file: &Path, arguments: &[&str]) -> Command {
    let mut command = posthorn(arguments);
    command.env("POSTHORN_CLI_CONFIG", file);
    command
}

fn run(file: &Path, arguments: &[&str]) -> (i32, String, String) {
    ended(with_file(file, arguments).output().unwrap())
}

fn session() -> (u16, String) {
    (200, json!({"tenants": [], "total": 0}).to_string())
}

#[test]
fn a_profile_says_where_and_with_which_key() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("deep/config.toml");
    let api = Api::start(3, |_| session());
    let mut set = with_file(
        &file,
        &[
            "config", "set", "staging", "--url", &api.url, "--key", "-", "--tenant", "acme",
        ],
    );
    let mut child = set.stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(b"phk_0123456789abcdefghij\n").unwrap();
    drop(stdin);
    assert!(child.wait().unwrap().success());
    let mode = std::fs::metadata(&file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);

    let (code, out, err) = run(&file, &["config", "show"]);
    assert_eq!(code, 0, "{err}");
    let shown: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(shown["used"], true);
    assert_eq!(shown["key"], "…ghij");
    assert!(!out.contains("0123456789"), "{out}");

    let (code, _, err) = run(&file, &["tenants", "list"]);
    assert_eq!(code, 0, "{err}");
    let mut command = with_file(&file, &["tenants", "list", "--tenant", "flag"]);
    command.env("POSTHORN_KEY", "from-the-environment");
    assert_eq!(ended(command.output().unwrap()).0, 0);
    // Another URL gets to see neither the key nor the tenant.
    let host = api.url.replace("127.0.0.1", "localhost");
    assert_eq!(run(&file, &["tenants", "list", "--api", &host]).0, 0);

    let asked = api.asked();
    let seen = |n: usize, name| asked[n].header(name);
    assert_eq!(
        seen(0, "authorization"),
        Some("Bearer phk_0123456789abcdefghij")
    );
    assert_eq!(seen(0, "posthorn-tenant"), Some("acme"));
    assert_eq!(
        seen(1, "authorization"),
        Some("Bearer from-the-environment")
    );
    assert_eq!(seen(1, "posthorn-tenant"), Some("flag"));
    assert_eq!(seen(2, "authorization"), None);
    assert_eq!(seen(2, "posthorn-tenant"), None);
}

#[test]
fn profiles_are_chosen_and_removed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    for name in ["a", "b"] {
        let url = format!("https://{name}.example.com");
        assert_eq!(run(&file, &["config", "set", name, "--url", &url]).0, 0);
    }
    let used = |file: &Path| {
        let (_, out, _) = run(file, &["config", "show", "-o", "table"]);
        let line = out.lines().find(|line| line.starts_with("true"));
        line.and_then(|line| line.split_whitespace().nth(1).map(str::to_owned))
    };
    assert_eq!(used(&file).as_deref(), Some("a"));
    assert_eq!(run(&file, &["config", "use", "b"]).0, 0);
    assert_eq!(used(&file).as_deref(), Some("b"));
    let (code, _, err) = run(&file, &["config", "use", "c"]);
    assert_eq!(code, 78);
    assert!(err.contains("no profile `c`: there are a, b"), "{err}");
    assert_eq!(run(&file, &["tenants", "list", "--profile", "c"]).0, 78);
    assert_eq!(run(&file, &["config", "remove", "b"]).0, 0);
    assert_eq!(used(&file), None);
}
