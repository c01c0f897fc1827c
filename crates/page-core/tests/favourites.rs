//! The member's favourites on several devices.

use member_domain::wire::FavouriteChange;
use page_core::FavouriteShops;
use proptest::prelude::*;

/// A backend with favourites, as the API describes it.
#[derive(Default)]
struct Backend(Vec<String>);

impl Backend {
    fn change(&mut self, changes: &[FavouriteChange]) -> Vec<String> {
        for change in changes {
            if !change.is_favourite {
                self.0.retain(|id| *id != change.shop_id);
            } else if !self.0.contains(&change.shop_id) {
                self.0.insert(0, change.shop_id.clone());
            }
        }
        self.0.clone()
    }

    fn sync(&mut self, device: &mut FavouriteShops) {
        let sent = device.next_changes();
        let answer = self.change(&sent);
        device.settle(&sent, answer);
    }
}

fn restored(device: &FavouriteShops) -> FavouriteShops {
    FavouriteShops::from_storage(&device.ids_text(), Some(&device.unsent_text()))
}

#[test]
fn favourites_of_a_device_that_never_synced_are_sent_in_their_order() {
    let mut device = FavouriteShops::from_storage("c,b,a", None);
    let mut backend = Backend(vec!["b".to_owned(), "x".to_owned()]);
    backend.sync(&mut device);
    assert_eq!(device.ids(), ["c", "a", "b", "x"]);
    assert!(!device.has_unsent());
}

#[test]
fn a_device_whose_storage_was_cleared_gets_its_favourites_back() {
    let mut device = FavouriteShops::default();
    Backend(vec!["b".to_owned(), "a".to_owned()]).sync(&mut device);
    assert_eq!(device.ids(), ["b", "a"]);
}

#[test]
fn a_change_during_a_request_is_not_lost() {
    let mut backend = Backend::default();
    for (during, expected) in [("a", &[][..]), ("b", &["b", "a"][..])] {
        let mut device = FavouriteShops::default();
        device.toggle("a");
        let sent = device.next_changes();
        let answer = backend.change(&sent);
        device.toggle(during);
        device.settle(&sent, answer);
        assert_eq!(device.ids(), expected, "{during}");
        assert!(device.has_unsent());
        backend.sync(&mut device);
        assert_eq!(device.ids(), expected, "{during}");
        assert!(!device.has_unsent(), "{during}");
    }
}

#[test]
fn a_request_has_at_most_a_hundred_changes() {
    let ids: Vec<String> = (0..250).map(|number| number.to_string()).collect();
    let mut device = FavouriteShops::from_storage(&ids.join(","), None);
    let mut backend = Backend::default();
    for left in [true, true, false] {
        assert!(device.next_changes().len() <= 100);
        backend.sync(&mut device);
        assert_eq!(device.ids(), ids);
        assert_eq!(device.has_unsent(), left);
    }
}

proptest! {
    #[test]
    fn a_favourite_is_once_in_the_list_the_latest_first(taps in prop::collection::vec("[a-d]", 0..20)) {
        let mut device = FavouriteShops::default();
        for id in &taps {
            let before = device.ids().to_vec();
            device.toggle(id);
            if before.contains(id) {
                prop_assert!(!device.ids().contains(id));
            } else {
                prop_assert_eq!(device.ids().first(), Some(id));
            }
            let others = |ids: &[String]| ids.iter().filter(|other| *other != id).cloned().collect::<Vec<_>>();
            prop_assert_eq!(others(device.ids()), others(&before));
        }
    }

    /// Whatever two devices do, offline or online, with lost answers and restarts: after both are online, they agree, and
    /// each shop is as the device that synced last left it.
    #[test]
    fn devices_agree_after_both_synced(steps in prop::collection::vec((0..2_usize, 0..5_u8, "[a-d]"), 0..40)) {
        let mut backend = Backend::default();
        let mut devices = [FavouriteShops::default(), FavouriteShops::default()];
        for (index, what, id) in steps {
            let device = &mut devices[index];
            match what {
                0 => backend.sync(device),
                1 => *device = restored(device),
                2 => drop(backend.change(&device.next_changes())),
                _ => {
                    let was = device.ids().contains(&id);
                    device.toggle(&id);
                    prop_assert_eq!(device.ids().contains(&id), !was);
                }
            }
        }
        let [one, other] = &mut devices;
        for device in [&mut *one, &mut *other] {
            backend.sync(device);
        }
        let unsent_of_the_last = other.clone();
        backend.sync(one);
        prop_assert_eq!(one.ids(), unsent_of_the_last.ids());
        prop_assert!(!one.has_unsent() && !other.has_unsent());
    }
}
