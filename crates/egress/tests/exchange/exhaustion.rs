//! This machine has nothing left to send with. Each test has a process of its own, so it may take away what there is.

use std::{fs::File, sync::Arc};

use posthorn_domain::Failure;
use posthorn_egress::{Client, EgressProxy};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::{answered, at, client, failed, receiver::Receiver, request, tls::Loopback};

const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";

/// Holds every file descriptor that may still be had.
fn take_all() -> Vec<File> {
    let before = getrlimit(Resource::Nofile);
    let few = Rlimit {
        current: Some(128),
        maximum: before.maximum,
    };
    setrlimit(Resource::Nofile, few).unwrap();
    std::iter::from_fn(|| File::open("/dev/null").ok()).collect()
}

#[tokio::test]
async fn no_file_descriptors_are_nobodys_failure_but_ours() {
    let receiver = Receiver::answering(OK).await;
    let client = client();
    let named = Client::with_lookup(crate::config(), Arc::new(Loopback)).unwrap();
    let mut config = crate::config();
    config.proxy = Some(
        format!("http://{}", receiver.address)
            .parse::<EgressProxy>()
            .unwrap(),
    );
    let through_proxy = Client::new(config).unwrap();
    let held = take_all();
    let by_name = format!("http://hooks.example:{}/", receiver.address.port());
    for (client, request) in [
        (&client, at(receiver.address)),
        (&named, request(&by_name)),
        (&through_proxy, at(receiver.address)),
    ] {
        let failed = failed(client.post(request).await);
        assert_eq!(failed.failure, Failure::LocalResources, "{failed}");
        assert!(failed.message.starts_with("Posthorn has no"), "{failed}");
    }
    drop(held);
    assert_eq!(
        answered(client.post(at(receiver.address)).await).status,
        200
    );
}
