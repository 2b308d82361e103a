//! What `--help` says is part of the interface: a change of it is seen.

use crate::run;

const COMMANDS: &[&[&str]] = &[
    &[],
    &["send"],
    &["webhooks"],
    &["webhooks", "list"],
    &["webhooks", "create"],
    &["webhooks", "update"],
    &["webhooks", "delete"],
    &["webhooks", "test"],
    &["webhooks", "secret"],
    &["webhooks", "secret", "rotate"],
    &["events"],
    &["events", "list"],
    &["events", "replay"],
    &["events", "erase"],
    &["deliveries"],
    &["deliveries", "list"],
    &["deliveries", "export"],
    &["dead-letters"],
    &["dead-letters", "retry"],
    &["dead-letters", "discard"],
    &["replay"],
    &["replay", "start"],
    &["tail"],
    &["health"],
    &["event-types"],
    &["event-types", "import"],
    &["keys"],
    &["keys", "create"],
    &["tenants"],
    &["tenants", "update"],
    &["listen"],
    &["doctor"],
    &["ready"],
    &["admin"],
    &["admin", "reseal"],
    &["config"],
    &["config", "set"],
    &["completions"],
];

#[test]
fn help_is_what_it_was() {
    let mut all = String::new();
    for command in COMMANDS {
        let (code, out, err) = run(&[command, &["--help"][..]].concat());
        assert_eq!((code, &*err), (0, ""), "{command:?}");
        let command = command.join(" ");
        all.push_str(&format!("$ posthorn {command} --help\n{out}\n\n"));
    }
    insta::assert_snapshot!("help", all);
}

#[test]
fn every_shell_gets_its_completions() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let (code, out, err) = run(&["completions", shell]);
        assert_eq!((code, &*err), (0, ""), "{shell}");
        for word in ["dead-letters", "reseal", "forward-to"] {
            assert!(out.contains(word), "{shell}: {word}");
        }
    }
}

/// `posthorn completions bash | head -1`, say.
#[test]
fn a_closed_pipe_is_no_failure() {
    let mut command = crate::posthorn(&["completions", "bash"]);
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    command.stdout(writer);
    let (code, _, err) = crate::ended(
        command
            .stderr(std::process::Stdio::piped())
            .output()
            .unwrap(),
    );
    assert_eq!((code, &*err), (0, ""));
}
