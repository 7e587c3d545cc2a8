//! Tests of rendering, suggestions and wording. They use made-up diagnostics: what the
//! phases report is tested where it is reported.

mod rendering;
mod wording;
