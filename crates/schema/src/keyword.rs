//! What each keyword holds.

use crate::flow::Edge;

/// What the value of a keyword is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A schema or an array of schemas.
    Schemas(Edge),
    /// An object of schemas under names of the author's.
    Named(Edge),
    /// A reference to a schema.
    Reference,
    /// Schemas that check nothing unless something refers to them.
    Definitions,
    /// It makes a reference mean something else than a place in this document.
    Refused,
    /// It moves what references mean, or says how they are read. Only the whole schema may have one.
    Address,
    /// Nothing that checks by itself: data, numbers, names, or a keyword that JSON Schema does not know.
    Plain,
}

impl Kind {
    pub(crate) fn of(keyword: &str) -> Self {
        match keyword {
            "allOf" | "anyOf" | "oneOf" => Self::Schemas(Edge::Branch),
            "not" => Self::Schemas(Edge::Negation),
            "if" => Self::Schemas(Edge::Condition),
            "then" | "else" => Self::Schemas(Edge::Consequence),
            "dependentSchemas" | "dependencies" => Self::Named(Edge::Consequence),
            "properties" => Self::Named(Edge::Part),
            "patternProperties" => Self::Named(Edge::MarkedPart),
            "items" | "prefixItems" | "additionalItems" | "propertyNames" | "contentSchema" => {
                Self::Schemas(Edge::Part)
            }
            "additionalProperties" | "contains" | "unevaluatedItems" | "unevaluatedProperties" => {
                Self::Schemas(Edge::MarkedPart)
            }
            "$ref" => Self::Reference,
            "$defs" | "definitions" => Self::Definitions,
            "$dynamicRef" | "$dynamicAnchor" | "$recursiveRef" | "$recursiveAnchor" => {
                Self::Refused
            }
            "$id" | "$schema" => Self::Address,
            _ => Self::Plain,
        }
    }
}

/// Whether a keyword's value is data, in which nothing is a keyword.
pub(crate) fn is_data(keyword: &str) -> bool {
    matches!(
        keyword,
        "const" | "enum" | "default" | "example" | "examples"
    )
}
