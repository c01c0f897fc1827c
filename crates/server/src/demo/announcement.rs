//! The demo's announcement that a programme ends.

use member_domain::{CivilDate, wire::Announcement};

const TEXT: &str = "各位会员：

感谢大家这一年和我们一起逛街巷里的小店。因为合作的店还不够多，没能让每一位会员都在身边找到喜欢的店，我们决定结束“精选会员卡”。

会员卡可以用到{last_day}（含当天），在这之前优惠和会员活动照常。

卡费全额退还，不扣除已经使用的部分，由我们统一发起，按原支付方式退回，不需要申请。退款走到哪一步，会在这个页面更新。

如果原来的收款账户已经失效，请联系客服换一个收款方式。";

const TEXT_EN: &str = "Dear members,

Thank you for a year of small shops with us. Too few shops took part for every member to find one close by, and so we have decided to end the Curated Card.

Cards work through {last_day}, that day included. Until then, discounts and members' events go on as usual.

The full price comes back, whatever you have used. We start every refund ourselves, to the account you paid from, and there is nothing to apply for. This page shows how far yours has come.

If that account no longer exists, please contact us and name another one.";

/// Returns the announcement that cards work through `last_day`.
pub(super) fn announcement(dated: CivilDate, last_day: CivilDate) -> Announcement {
    let iso = last_day.to_string();
    let number = |from: usize, to: usize| iso[from..to].trim_start_matches('0');
    let in_chinese = format!("{}年{}月{}日", &iso[..4], number(5, 7), number(8, 10));
    Announcement {
        dated,
        text: TEXT.replace("{last_day}", &in_chinese),
        text_en: Some(TEXT_EN.replace("{last_day}", &iso)),
    }
}
