use crate::seed::World;

/// A request to measure.
pub(crate) struct Case {
    pub(crate) path: String,
}

/// Every filter that the lists offer with every other, each on the first page, in the middle by cursor and some
/// thousand rows deep by offset.
pub(crate) fn all(world: &World) -> Vec<Case> {
    let scopes = [
        "/deliveries?".to_owned(),
        format!("/webhooks/{}/deliveries?", world.busy),
        format!("/webhooks/{}/deliveries?", world.quiet),
        format!("/webhooks/{}/deliveries?", world.failing),
    ];
    let statuses = [
        "",
        "&status=success",
        "&status=failed",
        "&status=retrying",
        "&status=pending",
    ];
    let types = [
        "",
        "&event_type=order.created",
        "&event_type=invoice.disputed",
        "&event_type=none.such",
    ];
    let day = format!("&since={}&until={}", world.day.0, world.day.1);
    let times = ["", day.as_str()];
    let mut paths = Vec::new();
    for scope in &scopes {
        for filter in product(&[&statuses, &types, &times]) {
            for page in [
                "&limit=50".to_owned(),
                format!("&cursor={}", world.cursor),
                "&offset=5000".to_owned(),
            ] {
                paths.push(format!(
                    "{scope}{}",
                    format!("{filter}{page}").trim_start_matches('&')
                ));
            }
        }
    }
    for filter in product(&[&types, &times]) {
        for page in [
            "&limit=50".to_owned(),
            format!("&cursor={}", world.cursor),
            "&offset=5000".to_owned(),
        ] {
            paths.push(format!(
                "/events?{}",
                format!("{filter}{page}")
                    .trim_start_matches('&')
                    .replace("event_type=", "type=")
            ));
        }
    }
    paths.extend([
        format!("/events/{}", world.event),
        format!("/events/{}/deliveries", world.event),
        format!("/deliveries?event_id={}&status=success", world.event),
        format!("/deliveries/{}", world.delivery),
        "/webhooks?limit=500".to_owned(),
        "/webhooks?search=7".to_owned(),
        "/webhooks?search=no%20such%20name".to_owned(),
        "/webhooks?event_type=order.created&enabled=true".to_owned(),
        "/webhooks/health".to_owned(),
        "/audit-log".to_owned(),
        "/audit-log?action=webhook.created&limit=500".to_owned(),
    ]);
    for scope in [
        "/stats".to_owned(),
        format!("/webhooks/{}/stats", world.busy),
    ] {
        for query in [
            String::new(),
            "?bucket=5m".to_owned(),
            format!("?bucket=1h&since={}", world.month_ago),
            format!("?bucket=1d&since={}", world.month_ago),
        ] {
            paths.push(format!("{scope}{query}"));
        }
    }
    paths.into_iter().map(|path| Case { path }).collect()
}

/// One of each, in every way.
fn product(choices: &[&[&str]]) -> Vec<String> {
    choices.iter().fold(vec![String::new()], |done, next| {
        done.iter()
            .flat_map(|begun| next.iter().map(move |one| format!("{begun}{one}")))
            .collect()
    })
}
