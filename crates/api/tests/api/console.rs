//! How the console is served. What it does is tested in a browser.

use reqwest::{Method, header::HeaderMap};

use crate::fixture::{Answer, Api, send};

async fn open(api: &Api, path: &str) -> Answer {
    let request = api.anonymous(Method::GET, path);
    send(request.header("accept", "text/html,application/xhtml+xml,*/*;q=0.8")).await
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).unwrap().to_str().unwrap()
}

fn nonce(page: &Answer) -> String {
    let policy = header(&page.headers, "content-security-policy");
    let (_, rest) = policy.split_once("'nonce-").unwrap();
    rest.split_once('\'').unwrap().0.to_owned()
}

#[tokio::test]
async fn every_address_of_the_console_is_one_page_that_loads_nothing_foreign() {
    let api = Api::start().await;
    let mut nonces = Vec::new();
    for path in [
        "/",
        "/webhooks/some-id?tab=deliveries",
        "/settings/api-keys",
    ] {
        let page = open(&api, path).await;
        assert_eq!(page.status, 200, "{path}");
        assert_eq!(
            header(&page.headers, "content-type"),
            "text/html; charset=utf-8"
        );
        assert_eq!(header(&page.headers, "cache-control"), "no-store");
        assert_eq!(header(&page.headers, "x-content-type-options"), "nosniff");
        let policy = header(&page.headers, "content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self';"),
            "{policy}"
        );
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(
            !policy.contains("unsafe") && !policy.contains("http"),
            "{policy}"
        );
        assert!(!page.text.contains("__CSP_NONCE__"));
        nonces.push(nonce(&page));
    }
    nonces.sort();
    nonces.dedup();
    assert_eq!(nonces.len(), 3, "each answer has a nonce of its own");
}

#[tokio::test]
async fn what_is_not_the_console_stays_what_it_is() {
    let api = Api::start().await;
    for path in ["/api/v1/nothing", "/api", "/docs/nothing"] {
        assert_eq!(open(&api, path).await.status, 404, "{path}");
    }
    open(&api, "/api/v1/nothing")
        .await
        .is_problem(404, "route_not_found");
    open(&api, "/api/v1/webhooks")
        .await
        .is_problem(401, "unauthorized");
    // Somebody who does not want a page gets none.
    let plain = send(api.anonymous(Method::GET, "/webhooks")).await;
    plain.is_problem(404, "route_not_found");
    let posted = api.anonymous(Method::POST, "/webhooks");
    let posted = send(posted.header("accept", "text/html")).await;
    posted.is_problem(404, "route_not_found");
    assert_eq!(open(&api, "/assets/nothing.js").await.status, 404);
    assert_eq!(open(&api, "/assets/..%2f..%2fCargo.toml").await.status, 404);
}
