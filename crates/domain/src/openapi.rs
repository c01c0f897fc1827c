//! The wire types' part of `docs/openapi.yaml` that `utoipa` does not derive, and types that only the
//! document names.

use serde::Serialize;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, Type},
};

use crate::{CivilDate, Place, RefundState, described::described, place::FlatPlace};

/// The text of a doc comment.
pub fn description(lines: &[&str]) -> String {
    lines.iter().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect::<Vec<_>>().join("\n")
}

/// The schema of an enum without data. Its description lists the names that serde writes, with their doc
/// comments.
pub(crate) fn names<T: Serialize>(about: &[&str], variants: &[(T, &[&str])]) -> RefOr<Schema> {
    let name = |variant: &T| serde_json::to_value(variant).expect("a variant without data is a name");
    let list = variants.iter().map(|(variant, docs)| {
        format!("- `{}`: {}", name(variant).as_str().unwrap_or_default(), description(docs).replace('\n', "\n  "))
    });
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(format!("{}\n\n{}", description(about), list.collect::<Vec<_>>().join("\n"))))
        .enum_values(Some(variants.iter().map(|(variant, _)| name(variant))))
        .into()
}

impl PartialSchema for CivilDate {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)))
            .pattern(Some("^[0-9]{4}-[0-9]{2}-[0-9]{2}$"))
            .description(Some(description(Self::DOCS)))
            .examples(["2026-12-31"])
            .into()
    }
}

impl ToSchema for CivilDate {}

impl PartialSchema for Place {
    fn schema() -> RefOr<Schema> {
        FlatPlace::schema()
    }
}

impl ToSchema for Place {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        FlatPlace::schemas(schemas);
    }
}

described! {
    /// The coordinate system of a position, in degrees.
    #[derive(Serialize)]
    #[serde(rename_all = "lowercase")]
    pub enum CoordSystem {
        /// WGS 84 (EPSG:4326), the system of satellite navigation and of a browser's geolocation.
        Wgs84,
        /// GCJ-02 (GB 20263), the system of maps published in mainland China.
        Gcj02,
    }
}

/// The stable id of a shop: 1 to 64 letters, digits, `-` and `_`.
#[derive(ToSchema)]
#[schema(pattern = "^[A-Za-z0-9_-]{1,64}$")]
pub struct ShopId(#[expect(dead_code, reason = "describes a text")] String);

/// The stable id of an event: 1 to 64 letters, digits, `-` and `_`.
#[derive(ToSchema)]
#[schema(pattern = "^[A-Za-z0-9_-]{1,64}$")]
pub struct MemberEventId(#[expect(dead_code, reason = "describes a text")] String);

/// A state that a payment provider can report: any except `scheduled`.
pub struct ReportedState;

impl PartialSchema for ReportedState {
    fn schema() -> RefOr<Schema> {
        let states = RefundState::ALL.into_iter().filter(|state| *state != RefundState::Scheduled);
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("A refund state that a payment provider can report: any except `scheduled`."))
            .enum_values(Some(states.map(RefundState::as_str)))
            .into()
    }
}

impl ToSchema for ReportedState {}
