//! The filters of Jinja2, and those that templates here had before: `bool`, `chain`, `lines`, `split`, `zip`.

mod attribute;
mod html;
mod numbers;
mod order;
mod select;
mod sequences;
mod text;
mod urls;
mod wrap;

use std::{collections::HashMap, sync::LazyLock};

pub(crate) use self::{
    html::escaped,
    text::{capitalised, centred, lines_of, replaced},
};
use crate::{
    eval::{Bound, Given, Machine, Signature},
    mistake::{Failure, Outcome},
    suggest::nearest,
    value::Value,
};

type Apply = for<'a> fn(&Machine<'a>, Value<'a>, Bound<'a>) -> Outcome<Value<'a>>;

/// A filter.
pub(crate) struct FilterEntry {
    pub(crate) name: &'static str,
    pub(crate) signature: Signature,
    apply: Apply,
}

impl std::fmt::Debug for FilterEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

const fn filter(name: &'static str, signature: Signature, apply: Apply) -> FilterEntry {
    FilterEntry {
        name,
        signature,
        apply,
    }
}

const FILTERS: &[FilterEntry] = &[
    filter("abs", "", numbers::abs),
    filter("attr", "name", attribute::attr),
    filter("batch", "linecount, fill_with=", sequences::batch),
    filter("bool", "", numbers::bool),
    filter("capitalize", "", text::capitalize),
    filter("center", "width=", text::center),
    filter("chain", "*", sequences::chain),
    filter("count", "", sequences::length),
    filter("d", "default_value=, boolean=", sequences::default),
    filter("default", "default_value=, boolean=", sequences::default),
    filter(
        "dictsort",
        "case_sensitive=, by=, reverse=",
        order::dictsort,
    ),
    filter("e", "", html::escape),
    filter("escape", "", html::escape),
    filter("filesizeformat", "binary=", numbers::filesizeformat),
    filter("first", "", sequences::first),
    filter("float", "default=", numbers::float),
    filter("forceescape", "", html::forceescape),
    filter("format", "*, **", text::format),
    filter(
        "groupby",
        "attribute, default=, case_sensitive=",
        order::groupby,
    ),
    filter("indent", "width=, first=, blank=", text::indent),
    filter("int", "default=, base=", numbers::int),
    filter("items", "", sequences::items),
    filter("join", "d=, attribute=", sequences::join),
    filter("last", "", sequences::last),
    filter("length", "", sequences::length),
    filter("lines", "", text::lines),
    filter("list", "", sequences::list),
    filter("lower", "", text::lower),
    filter("map", "*, **", select::map),
    filter("max", "case_sensitive=, attribute=", order::max),
    filter("min", "case_sensitive=, attribute=", order::min),
    filter("reject", "*, **", select::reject),
    filter("rejectattr", "*, **", select::rejectattr),
    filter("replace", "old, new, count=", text::replace),
    filter("reverse", "", sequences::reverse),
    filter("round", "precision=, method=", numbers::round),
    filter("safe", "", html::safe),
    filter("select", "*, **", select::select),
    filter("selectattr", "*, **", select::selectattr),
    filter("slice", "slices, fill_with=", sequences::slice),
    filter("sort", "reverse=, case_sensitive=, attribute=", order::sort),
    filter("split", "sep=, maxsplit=", text::split),
    filter("string", "", text::string),
    filter("striptags", "", html::striptags),
    filter("sum", "attribute=, start=", sequences::sum),
    filter("title", "", text::title),
    filter("tojson", "indent=", html::tojson),
    filter("trim", "chars=", text::trim),
    filter(
        "truncate",
        "length=, killwords=, end=, leeway=",
        text::truncate,
    ),
    filter("unique", "case_sensitive=, attribute=", order::unique),
    filter("upper", "", text::upper),
    filter("urlencode", "", urls::urlencode),
    filter("wordcount", "", text::wordcount),
    filter(
        "wordwrap",
        "width=, break_long_words=, wrapstring=, break_on_hyphens=",
        wrap::wordwrap,
    ),
    filter("xmlattr", "autospace=", html::xmlattr),
    filter("zip", "*", sequences::zip),
];

/// Filters of Jinja2 that are left out, and why.
const REFUSED: &[(&str, &str)] = &[
    (
        "pprint",
        "prints for people who debug: use `tojson(indent=2)`",
    ),
    (
        "random",
        "would give every retry of a delivery another body",
    ),
    (
        "urlize",
        "is not supported: write the link out, `<a href=\"{{ url | e }}\">…</a>`",
    ),
];

static BY_NAME: LazyLock<HashMap<&'static str, &'static FilterEntry>> =
    LazyLock::new(|| FILTERS.iter().map(|entry| (entry.name, entry)).collect());

/// The filter of this name.
pub(crate) fn filter_entry(name: &str) -> Option<&'static FilterEntry> {
    BY_NAME.get(name).copied()
}

/// The same, or words about why there is none.
pub(crate) fn filter_named(name: &str) -> Outcome<&'static FilterEntry> {
    filter_entry(name).ok_or_else(|| Failure::new(no_filter(name)))
}

/// Why there is no filter of this name.
pub(crate) fn no_filter(name: &str) -> String {
    match REFUSED.iter().find(|(refused, _)| *refused == name) {
        Some((_, why)) => format!("the filter `{name}` {why}"),
        None => {
            let known = FILTERS
                .iter()
                .map(|entry| entry.name)
                .filter(|name| name.len() > 1);
            format!("unknown filter `{name}`{}", nearest(name, known))
        }
    }
}

impl FilterEntry {
    pub(crate) fn apply<'a>(
        &self,
        machine: &Machine<'a>,
        value: Value<'a>,
        given: Given<'a>,
    ) -> Outcome<Value<'a>> {
        if !matches!(self.name, "default" | "d") {
            machine.defined(&value)?;
        }
        if let Value::Text(text) = &value {
            machine.charge_bytes(text.len())?;
        }
        let bound = given.bind_to(|| format!("the filter `{}`", self.name), self.signature)?;
        (self.apply)(machine, value, bound)
    }
}

#[cfg(test)]
mod unit_tests {
    use super::{FILTERS, REFUSED, filter_entry};

    #[test]
    fn names_are_unique_and_what_is_refused_is_no_filter() {
        for entry in FILTERS {
            assert_eq!(
                FILTERS
                    .iter()
                    .filter(|other| other.name == entry.name)
                    .count(),
                1,
                "{}",
                entry.name
            );
        }
        assert!(REFUSED.iter().all(|(name, _)| filter_entry(name).is_none()));
    }
}
