//! What somebody may write who wants to take a processor or the memory, or to bring the process down.

use proptest::prelude::*;

use crate::{Budget, Context, Expression, Json, Template};

const BUDGET: Budget = Budget {
    steps: 1_000_000,
    bytes: 16 * 1024 * 1024,
};

fn render(source: &str) -> Result<String, String> {
    let data = Json::read(r#"{"xs":[1,2,3],"s":"text","n":5}"#).unwrap();
    let context = Context::new(vec![("data", data)]);
    let template = Template::parse(source).map_err(|mistake| mistake.to_string())?;
    template
        .render(&context, BUDGET)
        .map_err(|failure| failure.to_string())
}

/// On a stack like that of a thread that serves requests.
fn on_a_small_stack(job: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(2 * 1024 * 1024);
    thread.spawn(job).unwrap().join().unwrap();
}

#[test]
fn nothing_grows_beyond_its_limit() {
    for source in [
        "{{ 'x' * 1000000000 }}",
        "{{ [0] * 1000000000 }}",
        "{{ (1, 2) * 1000000000 }}",
        "{{ 'x' | center(1000000000) }}",
        "{{ 'x'.ljust(1000000000) }}",
        "{{ 'x'.zfill(1000000000) }}",
        "{{ '\\t'.expandtabs(1000000000) }}",
        "{{ 'x' | indent(1000000000) }}",
        "{{ '%1000000000d' % 1 }}",
        "{{ '%.1000000000f' % 1.5 }}",
        "{{ '%*d' % (1000000000, 1) }}",
        "{{ '{:1000000000}'.format(1) }}",
        "{{ '{:.99999f}'.format(1.5) }}",
        "{{ data.xs | tojson(indent=1000000000) }}",
        "{{ range(1000000000) | list }}",
        "{{ range(1000000000) | sum }}",
        "{% for i in range(1000000000) %}{% endfor %}",
        "{{ data.xs | batch(1000000000, 0) | list }}",
        "{{ data.xs | slice(1000000000) | list }}",
        "{{ 9 ** 9 ** 9 ** 9 ** 9 }}",
        "{{ 10 ** 100000 }}",
        "{% set ns = namespace(n=3) %}{% for i in range(60) %}{% set ns.n = ns.n * ns.n %}{% endfor %}{{ ns.n }}",
        "{% set ns = namespace(s='x') %}{% for i in range(60) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
        "{% set ns = namespace(l=[0]) %}{% for i in range(60) %}{% set ns.l = ns.l + ns.l %}{% endfor %}",
        "{% set ns = namespace(l=[0]) %}{% for i in range(60) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l }}",
        "{% set ns = namespace(l=[0]) %}{% for i in range(60) %}{% set ns.l = [ns.l, ns.l] %}{% endfor %}{{ ns.l == ns.l | list }}",
        "{{ ('x' * 10000) | replace('x', 'x' * 10000) }}",
        "{{ ('x' * 10000) | replace('', 'x' * 10000) }}",
        "{{ ('a ' * 100000).split() | map('upper') | join | list | sort | unique | list | length }}",
        "{% set l = [] %}{% set _ = l.append(l) %}{{ l }}",
        "{% set l = [] %}{% set _ = l.append(l) %}{{ l | tojson }}",
        "{% set l = [] %}{% set m = [l] %}{% set _ = l.append(m) %}{{ l == m }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% macro m(n) %}{{ m(n + 1) }}{{ m(n + 1) }}{% endmacro %}{{ m(0) }}",
        "{% for x in [[1]] recursive %}{{ loop([[1]]) }}{% endfor %}",
    ] {
        assert!(render(source).is_err(), "{source}");
    }
}

#[test]
fn chains_of_values_are_freed_without_recursion() {
    on_a_small_stack(|| {
        for source in [
            "{% set ns = namespace(l=[]) %}{% for i in range(50000) %}{% set ns.l = [ns.l] %}{% endfor %}done",
            "{% set ns = namespace(l=()) %}{% for i in range(50000) %}{% set ns.l = (ns.l,) %}{% endfor %}done",
            "{% set ns = namespace(l={}) %}{% for i in range(50000) %}{% set ns.l = {1: ns.l} %}{% endfor %}done",
            "{% set ns = namespace(l=[]) %}{% for i in range(50000) %}{% set ns.l = [ns.l] | map('list') %}{% endfor %}done",
            "{% set ns = namespace(l=[]) %}{% for i in range(50000) %}{% set ns.l = cycler(ns.l) %}{% endfor %}done",
            "{% set ns = namespace(l=[]) %}{% for i in range(50000) %}{% set ns.l = {'a': ns.l}.items() %}{% endfor %}done",
            "{% set ns = namespace(f=1) %}{% for i in range(9000) %}{% set p = ns.f %}{% macro f() %}{{ p }}{% endmacro %}{% set ns.f = f %}{% endfor %}done",
            "{% set ns = namespace(l=1) %}{% for i in range(9000) %}{% for j in [ns.l] %}{% set ns.l = loop %}{% endfor %}{% endfor %}done",
        ] {
            match render(source) {
                Ok(text) => assert_eq!(text, "done", "{source}"),
                Err(words) => assert!(words.contains("it takes too much"), "{source}: {words}"),
            }
        }
    });
}

#[test]
fn nesting_ends_before_the_stack_does() {
    on_a_small_stack(|| {
        for deep in [
            format!("{{{{ {}1{} }}}}", "(".repeat(30_000), ")".repeat(30_000)),
            format!("{{{{ {}1{} }}}}", "[".repeat(30_000), "]".repeat(30_000)),
            format!("{{{{ {}1 }}}}", "-".repeat(60_000)),
            format!("{{{{ {}1 }}}}", "not ".repeat(15_000)),
            format!("{{{{ 1{} }}}}", "+1".repeat(30_000)),
            format!("{{{{ data{} }}}}", ".x".repeat(30_000)),
            format!("{{{{ data{} }}}}", "|list".repeat(10_000)),
            format!("{{{{ data{} }}}}", "()".repeat(30_000)),
            format!("{{{{ 1{} }}}}", " if 1 else 1".repeat(5_000)),
            format!(
                "{}{}",
                "{% if 1 %}".repeat(5_000),
                "{% endif %}".repeat(5_000)
            ),
            format!(
                "{}{}",
                "{% for x in y %}".repeat(3_000),
                "{% endfor %}".repeat(3_000)
            ),
        ] {
            assert!(Template::parse(&deep).is_err(), "{}", &deep[..40]);
        }
        // As deep as may be, in each of the ways at once.
        let body = format!("{{{{ {}m(n + 1){} }}}}", "[(".repeat(12), ")]".repeat(12));
        let blocks = ("{% if true %}".repeat(15), "{% endif %}".repeat(15));
        let source = format!(
            "{{% macro m(n) %}}{}{body}{}{{% endmacro %}}{{{{ m(0) }}}}",
            blocks.0, blocks.1
        );
        let words = render(&source).unwrap_err();
        assert!(words.contains("too deeply"), "{words}");
    });
}

#[test]
fn a_comparison_that_contradicts_itself_sorts_somehow() {
    let nan =
        "{{ (['nan' | float] * 50 + range(50) | list + ['nan' | float] * 50) | sort | length }}";
    assert_eq!(render(nan).unwrap(), "150");
}

proptest! {
    #[test]
    fn nothing_that_is_written_brings_it_down(source in "[{}%#a-z0-9 .|()'\\[\\]+*~:=,<>!-]{0,80}", name in "for|if|set|macro|filter|call") {
        let _ = render(&source);
        let _ = render(&format!("{{{{ {source} }}}}"));
        let _ = render(&format!("{{% {name} {source} %}}"));
        if let Ok(expression) = Expression::parse(&source) {
            let context = Context::default();
            let _ = expression.holds(&context, BUDGET);
        }
    }

    #[test]
    fn published_json_reads_and_numbers_keep_their_digits(
        whole in "-?(0|[1-9][0-9]{0,40})", fraction in "(\\.[0-9]{1,20})?", exponent in "([eE][+-]?[0-9]{1,3})?",
    ) {
        let number = format!("{whole}{fraction}{exponent}");
        let context = Context::new(vec![("data", Json::read(&format!("[{number}]")).unwrap())]);
        for source in ["{{ data[0] }}", "{{ data[0] | tojson }}", "{{ data[0] ~ '' }}", "{{ data | join }}", "{{ '%s' % data[0] }}"] {
            let text = Template::parse(source).unwrap().render(&context, BUDGET).unwrap();
            prop_assert_eq!(&text, &number);
        }
    }

    #[test]
    fn a_float_of_the_data_prints_as_in_python_unless_it_was_written_otherwise(text in "(0|[1-9][0-9]{0,9})\\.[0-9]{1,9}") {
        let is_float = matches!(Json::read(&text), Ok(Json::Float(_)));
        let value: f64 = text.parse().unwrap();
        prop_assert_eq!(is_float, crate::value::float_text(value) == text);
    }

    #[test]
    fn whatever_is_json_is_read(text: String) {
        let quoted = serde_json::Value::from(text.clone()).to_string();
        prop_assert_eq!(Json::read(&quoted), Ok(Json::Text(text.as_str().into())));
        let is_json = serde_json::from_str::<serde_json::Value>(&text).is_ok();
        prop_assert!(!is_json || Json::read(&text).is_ok());
    }
}
