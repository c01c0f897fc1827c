//! Doc comments that are also the descriptions of `docs/openapi.yaml`, for types that `utoipa` cannot derive
//! them for.

/// Declares a type and keeps its doc comments.
///
/// An enum gets a schema whose description lists the values, each with the doc comment of its variant. The
/// derived schema would leave out the variants' comments. A struct gets the lines of its comment as `DOCS`.
macro_rules! described {
    (
        $(#[doc = $about:literal])+
        #[derive($($derive:path),+ $(,)?)]
        $(#[serde($($serde:tt)*)])?
        pub enum $name:ident {
            $(
                $(#[doc = $doc:literal])+
                $(#[serde($($rename:tt)*)])?
                $(#[default $($default:tt)?])?
                $variant:ident
            ),+ $(,)?
        }
    ) => {
        $(#[doc = $about])+
        #[derive($($derive),+)]
        $(#[serde($($serde)*)])?
        pub enum $name {
            $(
                $(#[doc = $doc])+
                $(#[serde($($rename)*)])?
                $(#[default $($default)?])?
                $variant
            ),+
        }

        #[cfg(feature = "openapi")]
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                $crate::openapi::names(&[$($about),+], &[$((Self::$variant, &[$($doc),+])),+])
            }
        }

        #[cfg(feature = "openapi")]
        impl utoipa::ToSchema for $name {}
    };
    (
        $(#[doc = $about:literal])+
        #[derive($($derive:path),+ $(,)?)]
        $(#[serde($($serde:tt)*)])?
        pub struct $name:ident { $($fields:tt)* }
    ) => {
        $(#[doc = $about])+
        #[derive($($derive),+)]
        $(#[serde($($serde)*)])?
        pub struct $name { $($fields)* }

        #[cfg(feature = "openapi")]
        impl $name {
            pub(crate) const DOCS: &'static [&'static str] = &[$($about),+];
        }
    };
}

pub(crate) use described;
