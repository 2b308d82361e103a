use std::{ffi::OsString, io::Write};

use super::*;

const PROGRAM: Program = Program {
    name: "posthorn-api",
    version: "0.0.0",
    about: "Test.",
    service: Service::Api,
};

fn sources(arguments: &[&str], environment: &[(&str, &str)]) -> Sources {
    Sources {
        arguments: arguments.iter().map(OsString::from).collect(),
        environment: environment
            .iter()
            .map(|(name, value)| (name.into(), value.into()))
            .collect(),
    }
}

fn listen(arguments: &[&str], environment: &[(&str, &str)]) -> String {
    read(&PROGRAM, sources(arguments, environment), |reader| {
        reader.required(&table::LISTEN, socket_address)
    })
    .map(|address| address.to_string())
    .unwrap_or_else(|stop| stop.to_string())
}

fn file(text: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

#[test]
fn flag_before_environment_before_file_before_default() {
    let file = file("listen = '1.1.1.1:3'");
    let path = file.path().to_str().unwrap();
    let variable = ("POSTHORN_LISTEN", "1.1.1.1:2");
    let config = ("POSTHORN_CONFIG", path);
    assert_eq!(
        listen(&["--listen", "1.1.1.1:1"], &[variable, config]),
        "1.1.1.1:1"
    );
    assert_eq!(
        listen(&["--listen=1.1.1.1:1"], &[variable, config]),
        "1.1.1.1:1"
    );
    assert_eq!(listen(&[], &[variable, config]), "1.1.1.1:2");
    assert_eq!(listen(&["--config", path], &[]), "1.1.1.1:3");
    assert_eq!(listen(&[], &[("POSTHORN_LISTEN", ""), config]), "1.1.1.1:3");
    assert_eq!(listen(&[], &[]), "127.0.0.1:8080");
}

#[test]
fn every_mistake_is_reported_at_once_and_no_secret_with_it() {
    let file = file("lisen = 1\nretention_days = 'many'\nadmin_key = ['hunter2']\n[listen]\n");
    let environment = [
        ("POSTHORN_CONFIG", file.path().to_str().unwrap()),
        ("POSTHORN_STREAM_REPLICAS", "0"),
        ("POSTHORN_DATABASE_URL", "mysql://hunter2@h/d"),
        ("POSTHORN_ADMIN_KEY", "hunter2"),
        ("POSTHORN_NATS_URL", "http://hunter2@h"),
    ];
    let arguments = [
        "--admin-listen",
        "1.1.1.1:1",
        "--log-format",
        "xml",
        "--allow-http=maybe",
        "stray",
    ];
    let stop = read(&PROGRAM, sources(&arguments, &environment), |reader| {
        let common = Common::read(reader);
        let listen = reader.required(&table::LISTEN, socket_address);
        let allow_http = reader.switch(&table::ALLOW_HTTP);
        let admin_key = reader.required(&table::ADMIN_KEY, |_| Err::<(), _>("is too short"));
        Some((common?, listen?, allow_http?, admin_key?))
    })
    .unwrap_err();
    let Stop::Mistakes(mistakes) = &stop else {
        panic!("{stop:?}")
    };
    for start in [
        "lisen in ",
        "retention_days: ",
        "listen: ",
        "POSTHORN_STREAM_REPLICAS: ",
        "POSTHORN_DATABASE_URL: ",
        "POSTHORN_ADMIN_KEY: ",
        "POSTHORN_NATS_URL: ",
        "--admin-listen: is not a setting of this program",
        "--log-format: ",
        "--allow-http: ",
        "stray: ",
    ] {
        assert!(
            mistakes.iter().any(|m| m.starts_with(start)),
            "{start} is not in\n{stop}"
        );
    }
    assert_eq!(mistakes.len(), 11, "{stop}");
    assert!(!stop.to_string().contains("hunter2"), "{stop}");
}

#[test]
fn a_broken_file_is_named_with_its_line_and_without_its_text() {
    let file = file("listen = '1.1.1.1:1'\nadmin_key = hunter2\n");
    let shown = listen(&["--config", file.path().to_str().unwrap()], &[]);
    assert!(shown.contains("line 2"), "{shown}");
    assert!(!shown.contains("hunter2"), "{shown}");
    assert!(listen(&["--config", "/nowhere.toml"], &[]).contains("cannot read /nowhere.toml"));
}

#[test]
fn a_secret_may_be_in_a_file_but_not_in_two_places() {
    let secret = |environment: &[(&str, &str)]| {
        read(&PROGRAM, sources(&[], environment), |reader| {
            reader.required(&table::ADMIN_KEY, text)
        })
    };
    let file = file("hunter2\n");
    let path = file.path().to_str().unwrap();
    assert_eq!(
        secret(&[("POSTHORN_ADMIN_KEY_FILE", path)]).unwrap(),
        "hunter2"
    );
    assert!(
        secret(&[
            ("POSTHORN_ADMIN_KEY_FILE", path),
            ("POSTHORN_ADMIN_KEY", "x")
        ])
        .is_err()
    );
    assert!(secret(&[("POSTHORN_ADMIN_KEY_FILE", "/nowhere")]).is_err());
    assert!(secret(&[]).is_err());
}

/// Or a rolling restart would cut requests off and another replica would send them again.
#[test]
fn a_stop_waits_for_the_longest_request_unless_told_otherwise() {
    let environment = [("POSTHORN_DATABASE_URL", "postgres://u:p@h/d")];
    let common = read(&PROGRAM, sources(&[], &environment), Common::read).unwrap();
    let longest = u64::from(posthorn_domain::limits::TIMEOUT_SECONDS_MAX);
    assert!(common.drain.as_secs() >= longest + 10, "{:?}", common.drain);
}

#[test]
fn several_servers_are_read() {
    let environment = [
        ("POSTHORN_DATABASE_URL", "postgres://u:p@h/d"),
        ("POSTHORN_NATS_URL", "nats://a:4222, tls://b"),
    ];
    let common = read(&PROGRAM, sources(&[], &environment), Common::read).unwrap();
    assert_eq!(common.nats.servers.len(), 2);
}

#[test]
fn help_lists_every_setting_of_this_service_and_no_other() {
    let help = |service| {
        let program = Program { service, ..PROGRAM };
        let stop = read(&program, sources(&["--bad", "--help"], &[]), |_| None::<()>).unwrap_err();
        stop.to_string()
    };
    for service in [Service::Api, Service::Deliverer] {
        let text = help(service);
        for setting in table::ALL {
            let line = format!("      {}", setting.variable());
            let listed = text
                .lines()
                .any(|l| l == line || l.starts_with(&format!("{line},")));
            assert_eq!(listed, setting.belongs_to(service), "{}", setting.name);
            if let Some(default) = setting.default.filter(|_| listed) {
                assert!(
                    text.contains(&format!("[default: {default}]")),
                    "{}",
                    setting.name
                );
            }
        }
    }
    let version = read(&PROGRAM, sources(&["--version"], &[]), |_| None::<()>).unwrap_err();
    assert_eq!(version.to_string(), "posthorn-api 0.0.0\n");
}
