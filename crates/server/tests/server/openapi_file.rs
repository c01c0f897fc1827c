//! `docs/openapi.yaml` is generated from the code.

#[expect(dead_code, reason = "`main` is the example's")]
#[path = "../../examples/openapi.rs"]
mod example;

#[test]
fn the_committed_document_is_the_one_that_the_code_describes() {
    let committed = include_str!("../../../../docs/openapi.yaml");
    let generated = example::text();
    let first = committed.lines().zip(generated.lines()).position(|(committed, generated)| committed != generated);
    let first = first.unwrap_or(committed.lines().count().min(generated.lines().count()));
    assert!(
        committed == generated,
        "docs/openapi.yaml is not what the code describes, from line {} on: run 'make openapi' and commit the file",
        first + 1
    );
}
