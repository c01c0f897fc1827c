//! The response headers that several answers have.

use serde_json::{Value, json};
use utoipa::openapi::{
    Header, HeaderBuilder, ObjectBuilder, Ref, RefOr, Type, extensions::Extensions, path::Operation,
};

/// The component names of the headers.
const NAMES: [(&str, &str); 4] = [
    ("Cache-Control", "NoStore"),
    ("X-Accel-Buffering", "NoBuffering"),
    ("Retry-After", "RetryAfter"),
    ("WWW-Authenticate", "WWWAuthenticate"),
];

/// Returns a reference to the description of this header, if there is one.
pub(super) fn reference(header: &str) -> Option<RefOr<Header>> {
    let (_, name) = NAMES.iter().find(|(known, _)| *known == header)?;
    Some(RefOr::Ref(Ref::new(format!("#/components/headers/{name}"))))
}

/// Replaces the headers of a call's own answers with references. A handler lists the name only.
pub(super) fn refer(operation: &mut Operation) {
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response {
            for (name, header) in &mut response.headers {
                *header = reference(name).unwrap_or_else(|| header.clone());
            }
        }
    }
}

/// All shared headers, by component name.
pub(super) fn all() -> [(String, RefOr<Header>); 4] {
    [
        ("NoStore", constant("no-store", true, "Nobody may store this answer (RFC 9111 §5.2.2.5).")),
        (
            "NoBuffering",
            constant(
                "no",
                false,
                "Tells a reverse proxy (nginx) to pass on each event at once. Other backends need not send it.",
            ),
        ),
        (
            "RetryAfter",
            header(
                ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0)),
                json!(5),
                true,
                "The time to wait before the next request, in whole seconds (RFC 9110 §10.2.3).",
            ),
        ),
        ("WWWAuthenticate", constant("Bearer", true, "The scheme to authenticate with (RFC 9110 §11.6.1).")),
    ]
    .map(|(name, header)| (name.to_owned(), header.into()))
}

fn constant(value: &str, is_required: bool, description: &str) -> Header {
    let schema = ObjectBuilder::new()
        .schema_type(Type::String)
        .extensions(Some(Extensions::from_iter([("const", json!(value))])));
    header(schema, json!(value), is_required, description)
}

fn header(schema: ObjectBuilder, example: Value, is_required: bool, description: &str) -> Header {
    HeaderBuilder::new()
        .schema(Some(schema))
        .description(Some(description))
        .example(Some(example))
        // Not an extension, but `Header` has no field for it.
        .extensions(Some(Extensions::from_iter([("required", is_required)])))
        .build()
}
