//! Our own rendering against that of Python's Jinja2, which `scripts/jinja-corpus` writes down.

use std::{collections::BTreeMap, fs, path::Path};

use serde::Deserialize;

use crate::{Budget, Context, Json, Names, Template};

#[derive(Deserialize)]
struct Family {
    /// As it is written: the order of members and the digits of numbers matter.
    data: Box<serde_json::value::RawValue>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    template: String,
    /// What Jinja2 makes of it.
    rendered: Option<String>,
    /// Jinja2 fails on it.
    fails: Option<String>,
    /// Words with which it is refused here on purpose.
    refused: Option<String>,
}

const NAMES: Names<'static> = Names {
    variables: &[
        "data",
        "type",
        "event",
        "id",
        "timestamp",
        "tenant",
        "webhook_id",
        "ce",
    ],
    texts: &["type", "event", "id", "timestamp", "tenant", "webhook_id"],
};

const BUDGET: Budget = Budget {
    steps: 200_000,
    bytes: 16 * 1024 * 1024,
};

fn context(data: &str) -> Context {
    Context::new(vec![
        ("data", Json::read(data).unwrap()),
        ("type", "order.paid".into()),
        ("event", "order.paid".into()),
        ("id", "0194a2c0-7c00-7000-8000-000000000001".into()),
        ("timestamp", "2025-01-26T12:00:00Z".into()),
        ("tenant", "default".into()),
        ("webhook_id", "0194a2c0-7c00-7000-8000-000000000002".into()),
        ("ce", Json::Object(crate::Object::default())),
    ])
}

/// The same bytes, or the same JSON.
fn alike(ours: &str, theirs: &str) -> bool {
    let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
    ours == theirs || json(ours).is_some_and(|ours| Some(ours) == json(theirs))
}

#[test]
fn templates_render_as_in_jinja2_or_are_refused_with_words() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut families = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let family: Family = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        families.insert(
            path.file_stem().unwrap().to_string_lossy().into_owned(),
            family,
        );
    }
    let (mut same, mut refused, mut wrong) = (0, 0, Vec::new());
    for (name, family) in &families {
        let context = context(family.data.get());
        for case in &family.cases {
            let mut differs =
                |what: String| wrong.push(format!("{name}: {}\n    {what}", case.template));
            let parsed = Template::parse(&case.template).map_err(|mistake| mistake.to_string());
            let template = parsed.and_then(|template| match template.unknown(NAMES).first() {
                None => Ok(template),
                Some(mistake) => Err(mistake.to_string()),
            });
            match (template, &case.refused) {
                (Err(words), Some(why)) if words.contains(why) => refused += 1,
                (Err(words), _) => differs(format!("is refused: {words}")),
                (Ok(_), Some(why)) => differs(format!("is not refused: {why}")),
                (Ok(template), None) => match (template.render(&context, BUDGET), &case.rendered) {
                    (Ok(ours), Some(theirs)) if alike(&ours, theirs) => same += 1,
                    (Err(_), None) if case.fails.is_some() => same += 1,
                    (ours, theirs) => differs(format!(
                        "ours:   {ours:?}\n    theirs: {theirs:?} {:?}",
                        case.fails
                    )),
                },
            }
        }
    }
    let cases = same + refused + wrong.len();
    assert!(
        wrong.is_empty(),
        "{} of {cases} differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(
        families.len() >= 15 && cases >= 300,
        "{cases} cases of {} families",
        families.len()
    );
    assert!(
        same * 100 >= cases * 95,
        "{same} of {cases} are alike, {refused} are refused"
    );
}
