//! Changes to schemas that the attributes of `utoipa` cannot express.

use utoipa::openapi::{
    Components, Discriminator, KnownFormat, Object, Ref, RefOr, Schema, SchemaFormat, extensions::Extensions,
    schema::ArrayItems,
};

/// Completes a schema and the schemas in it:
///
/// - The extension `x-const` becomes the keyword `const`.
/// - The formats of unsigned integers become limits: validators do not read these formats.
/// - The description of a member that can be `null` moves from one of its alternatives to the member.
pub(super) fn complete(schema: &mut RefOr<Schema>) {
    match schema {
        RefOr::T(Schema::Object(object)) => {
            complete_value(object);
            object.properties.values_mut().for_each(complete);
        }
        RefOr::T(Schema::Array(array)) => {
            if let ArrayItems::RefOrSchema(items) = &mut array.items {
                complete(items);
            }
        }
        RefOr::T(Schema::OneOf(one_of)) => {
            if let (None, Some(RefOr::Ref(first))) = (&one_of.description, one_of.items.first_mut()) {
                one_of.description = Some(std::mem::take(&mut first.description)).filter(|text| !text.is_empty());
            }
            one_of.items.iter_mut().for_each(complete);
        }
        RefOr::T(_) | RefOr::Ref(_) => {}
    }
}

fn complete_value(object: &mut Object) {
    let largest = match &object.format {
        Some(SchemaFormat::KnownFormat(KnownFormat::UInt8)) => u32::from(u8::MAX),
        Some(SchemaFormat::KnownFormat(KnownFormat::UInt16)) => u32::from(u16::MAX),
        Some(SchemaFormat::KnownFormat(KnownFormat::UInt32)) => u32::MAX,
        _ => 0,
    };
    if largest > 0 {
        object.format = None;
        object.maximum.get_or_insert(largest.into());
    }
    if let Some(value) = object.extensions.as_mut().and_then(|extensions| extensions.remove("x-const")) {
        (object.minimum, object.maximum) = (None, None);
        // Not an extension, but `Object` has no field for the keyword.
        object.extensions = Some(Extensions::from_iter([("const", value)]));
    }
}

/// Gives each alternative of the tagged enum `name` a name of its own, which begins with `prefix`, and adds
/// the discriminator.
pub(super) fn name_variants(components: &mut Components, name: &str, tag: &str, prefix: &str) {
    let Some(RefOr::T(Schema::OneOf(one_of))) = components.schemas.get_mut(name) else {
        unreachable!("{name} is an enum with data");
    };
    let mut discriminator = Discriminator::new(tag);
    let mut named = Vec::new();
    for item in &mut one_of.items {
        let RefOr::T(Schema::Object(object)) = item else { unreachable!("a variant is an object") };
        let value = constant_tag(object, tag);
        let name = format!("{prefix}{}{}", value[..1].to_uppercase(), &value[1..]);
        let reference = Ref::from_schema_name(&name);
        discriminator.mapping.insert(value, reference.ref_location.clone());
        named.push((name, std::mem::replace(item, RefOr::Ref(reference))));
    }
    one_of.discriminator = Some(discriminator);
    components.schemas.extend(named);
}

/// Turns the tag's `enum` of one value into a `const`, puts the tag first, and returns the value.
fn constant_tag(object: &mut Object, tag: &str) -> String {
    object.properties.sort_by(|name, _, other, _| (other == tag).cmp(&(name == tag)));
    let Some(RefOr::T(Schema::Object(property))) = object.properties.get_mut(tag) else {
        unreachable!("a variant has the tag");
    };
    let value = property.enum_values.take().and_then(|values| values.into_iter().next()).unwrap_or_default();
    property.extensions = Some(Extensions::from_iter([("const", value.clone())]));
    value.as_str().unwrap_or_default().to_owned()
}
