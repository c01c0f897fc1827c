//! The description of the API, `docs/openapi.yaml`. With `utoipa`, each call is described at its handler and each
//! body at its type. This module adds the parts that belong to no handler and no type.

mod event_stream;
mod headers;
mod keywords;
mod problems;
pub(crate) mod responses;
pub(crate) mod samples;
mod security;

use member_domain::wire::Problem;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        Info, InfoBuilder, OpenApi, Ref, RefOr, Server, ServerBuilder,
        extensions::Extensions,
        path::Operation,
        tag::{Tag, TagBuilder},
    },
};

pub(crate) use event_stream::EventStream;

use crate::routes;

/// The description of every call of the API.
pub fn document() -> OpenApi {
    let mut document = routes::calls().into_openapi();
    document.info = info();
    document.servers = Some(vec![server()]);
    document.tags = Some(tags());
    share_parameter(&mut document, "Idempotency-Key", "IdempotencyKey");
    for operation in operations(&mut document) {
        headers::refer(operation);
        for parameter in operation.parameters.iter_mut().flatten() {
            if let RefOr::T(parameter) = parameter
                && let Some(schema) = &mut parameter.schema
            {
                keywords::complete(schema);
            }
        }
    }
    let components = document.components.get_or_insert_default();
    components.schemas.insert(Problem::name().into_owned(), Problem::schema());
    components.schemas.values_mut().for_each(keywords::complete);
    keywords::name_variants(components, "CredentialStatus", "status", "Credential");
    keywords::name_variants(components, "OpenState", "state", "OpenState");
    components.responses.extend(responses::all());
    components.examples.extend(problems::examples());
    components.headers.extend(headers::all());
    components.security_schemes.extend(security::schemes());
    document
}

fn info() -> Info {
    let summary =
        "The calls of the page of a paid local-life membership card, and of the tills of its shops, to a backend.";
    InfoBuilder::new()
        .title("Membership page backend")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(include_str!("introduction.md")))
        // A field of OpenAPI 3.1 that `Info` lacks.
        .extensions(Some(Extensions::from_iter([("summary", summary)])))
        .build()
}

fn server() -> Server {
    let description = "An example. The page calls the origin from which it was loaded.";
    ServerBuilder::new().url("https://card.example").description(Some(description)).build()
}

fn tags() -> Vec<Tag> {
    let tags = [
        ("member", "The signed-in member, the card and its savings."),
        ("redemption", "The rotating code, from the enrolment of a device to the receipt."),
        ("shops", "Curated shops, open to everybody."),
        ("refund", "The refund of a card's price."),
        ("events", "Changes while the page is open."),
        ("member-events", "Events for members only, and sign-ups for them."),
        ("system", "For operators."),
    ];
    tags.into_iter()
        .map(|(name, description)| TagBuilder::new().name(name).description(Some(description)).build())
        .collect()
}

fn operations(document: &mut OpenApi) -> impl Iterator<Item = &mut Operation> {
    let items = document.paths.paths.values_mut();
    items.flat_map(|item| [&mut item.get, &mut item.put, &mut item.post, &mut item.delete]).flatten()
}

/// Moves a parameter that several calls have into a component.
fn share_parameter(document: &mut OpenApi, name: &str, component: &str) {
    let mut shared = None;
    for parameter in operations(document).filter_map(|operation| operation.parameters.as_mut()).flatten() {
        if matches!(parameter, RefOr::T(parameter) if parameter.name == name) {
            let reference = Ref::new(format!("#/components/parameters/{component}"));
            shared = Some(std::mem::replace(parameter, RefOr::Ref(reference)));
        }
    }
    let components = document.components.get_or_insert_default();
    components.parameters.extend(shared.map(|parameter| (component.to_owned(), parameter)));
}
