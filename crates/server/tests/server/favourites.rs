//! `GET` and `PUT /v1/favourites`: the member's favourites, the same on all devices.

use crate::support::{Caller, TestApp};
use member_domain::wire::{FavouriteList, ProblemKind};
use reqwest::Method;
use serde_json::{Value, json};

const COFFEE: &str = "sh-wutongli-coffee";
const BOOKS: &str = "sh-manye-books";

async fn change(app: &TestApp, member: &Caller, changes: &[(&str, bool)]) -> Vec<String> {
    let changes: Vec<Value> = changes.iter().map(|(id, is)| json!({ "shopId": id, "isFavourite": is })).collect();
    let call = app.call(Method::PUT, "/v1/favourites").by(member).json(&json!({ "changes": changes }));
    call.answer().await.expect(200).json::<FavouriteList>().shop_ids
}

async fn list(app: &TestApp, member: &Caller) -> Vec<String> {
    app.get("/v1/favourites").by(member).answer().await.expect(200).json::<FavouriteList>().shop_ids
}

#[tokio::test]
async fn changes_of_several_devices_are_merged() {
    let app = TestApp::demo().await;
    let member = app.sign_in("active").await;
    let shops: Vec<String> = app.shops("city=shanghai").await.shops.into_iter().map(|shop| shop.id).collect();
    let [a, b, c] = [&*shops[0], &*shops[1], &*shops[2]];
    for (changes, expected) in [
        (&[][..], &[][..]),
        (&[(a, true)], &[a]),
        (&[(b, true), (a, true)], &[b, a]),
        // Repeating a request changes nothing.
        (&[(b, true), (a, true)], &[b, a]),
        (&[(a, false), (c, true), ("no-such-shop", true), ("", true)], &[c, b]),
        (&[(a, false)], &[c, b]),
        (&[(c, false), (c, true), (a, true), (a, false)], &[c, b]),
        (&[(c, false), (b, false)], &[]),
    ] {
        assert_eq!(change(&app, &member, changes).await, expected, "{changes:?}");
        assert_eq!(list(&app, &member).await, expected, "{changes:?}");
    }
    let other = app.sign_in("none").await;
    change(&app, &member, &[(COFFEE, true)]).await;
    assert_eq!(list(&app, &other).await, [""; 0], "another member's");
}

#[tokio::test]
async fn what_no_device_sends_is_refused_and_says_why() {
    let app = TestApp::demo().await;
    let member = app.sign_in("active").await;
    change(&app, &member, &[(BOOKS, true)]).await;
    let added = json!({ "shopId": COFFEE, "isFavourite": true });
    for (body, field) in [
        (json!({}), "changes"),
        (json!({ "changes": COFFEE }), "changes"),
        (json!({ "changes": [COFFEE] }), "changes.0"),
        (json!({ "changes": [{ "shopId": COFFEE }] }), "isFavourite"),
        (json!({ "changes": [{ "shopId": 7, "isFavourite": true }] }), "changes.0.shopId"),
        (json!({ "changes": vec![added.clone(); 101] }), "changes"),
        (json!({ "shopIds": [COFFEE] }), "shopIds"),
    ] {
        let call = app.call(Method::PUT, "/v1/favourites").by(&member).json(&body);
        let problem = call.answer().await.problem(ProblemKind::InvalidRequest);
        assert!(problem.field.as_deref().is_some_and(|named| named.starts_with(field)), "{body}: {problem:?}");
    }
    for call in [app.get("/v1/favourites"), app.call(Method::PUT, "/v1/favourites").json(&json!({ "changes": [] }))] {
        call.answer().await.problem(ProblemKind::Unauthorized);
    }
    assert_eq!(list(&app, &member).await, [BOOKS]);
}
