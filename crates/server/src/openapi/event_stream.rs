//! The stream of `GET /v1/events`. JSON Schema describes the text of a stream as a list of its blocks.

use member_domain::wire::LedgerEntry;
use serde_json::json;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{Array, ObjectBuilder, OneOfBuilder, Ref, RefOr, Schema, Type, extensions::Extensions},
};

use crate::live::stream::{CredentialChange, MemberEventChange};

type Named = (String, RefOr<Schema>);

/// The body of the stream.
pub(crate) struct EventStream;

impl PartialSchema for EventStream {
    fn schema() -> RefOr<Schema> {
        text()
            .content_media_type("text/event-stream")
            .content_schema(Some(Schema::from(Array::new(Ref::from_schema_name("Event")))))
            .description(Some(
                "Blocks of `id`, `event` and `data` lines with an empty line after each, in UTF-8. Lines that start \
                 with `:` are comments. Read as a list, each block is an `Event`.",
            ))
            .into()
    }
}

impl ToSchema for EventStream {
    fn schemas(schemas: &mut Vec<Named>) {
        let events = [
            (
                "RedemptionEvent",
                "The member's card was redeemed, or a redemption was cancelled.",
                event(Id::Own, &["redemption"], data_of::<LedgerEntry>(schemas)),
            ),
            (
                "CredentialEvent",
                "A device of the member has enrolled.",
                event(Id::Own, &["credential"], data_of::<CredentialChange>(schemas)),
            ),
            (
                "MemberEventEvent",
                "The member signed up, cancelled or moved up from the waiting list, or the event has changed.",
                event(Id::Own, &["member-event"], data_of::<MemberEventChange>(schemas)),
            ),
            (
                "ChangeEvent",
                "The member's refund, or a programme, has changed.",
                event(Id::Own, &["refund", "programme"], constant("{}")),
            ),
            (
                "StreamEvent",
                "About the stream itself. It has no id, so the last id that a client has seen stays the same.",
                event(Id::None, &["hello", "resync"], constant("{}")),
            ),
        ];
        let any = OneOfBuilder::new().description(Some("One server-sent event. `data` is JSON on one line."));
        let any = events.iter().fold(any, |any, (name, ..)| any.item(Ref::from_schema_name(*name)));
        schemas.push(("Event".to_owned(), any.into()));
        schemas.extend(events.map(|(name, about, event)| (name.to_owned(), event.description(Some(about)).into())));
        let about = "A decimal integer that grows along the stream, with gaps. Clients send it in `Last-Event-ID`.";
        let id = text().pattern(Some("^[0-9]{1,19}$")).description(Some(about));
        schemas.push(("EventId".to_owned(), id.into()));
    }
}

/// Whether an event moves the client's place in the stream.
enum Id {
    Own,
    None,
}

fn event(id: Id, names: &[&str], data: ObjectBuilder) -> ObjectBuilder {
    let event = match id {
        Id::Own => ObjectBuilder::new().property("id", Ref::from_schema_name("EventId")).required("id"),
        Id::None => ObjectBuilder::new(),
    };
    let name = match names {
        [name] => constant(name),
        names => text().enum_values(Some(names.iter().copied())),
    };
    event.property("event", name).required("event").property("data", data).required("data")
}

/// A text that is the JSON of a `T`. Adds the schema of `T` and the schemas in it.
fn data_of<T: ToSchema>(schemas: &mut Vec<Named>) -> ObjectBuilder {
    schemas.push((T::name().into_owned(), T::schema()));
    T::schemas(schemas);
    text().content_media_type("application/json").content_schema(Some(Ref::from_schema_name(T::name())))
}

fn constant(value: &str) -> ObjectBuilder {
    text().extensions(Some(Extensions::from_iter([("const", json!(value))])))
}

fn text() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String)
}
