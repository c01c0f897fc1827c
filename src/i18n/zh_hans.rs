//! Simplified Chinese.

use member_domain::{Category, City, RedeemMethod, wire::ProblemKind};

use super::{Messages, RefundText};
use crate::api::ApiError;

pub(super) static MESSAGES: Messages = Messages {
    title: "会员卡",
    switch_language: "English",
    retry: "重试",
    close: "关闭",
    loading: "加载中",
    failure,
    offline_since: |time| format!("{time} 起离线，显示的是那时的内容"),
    offline: "暂时连不上，显示的是上次的内容",

    card_active: "有效",
    card_not_yet: "未生效",
    card_ended: "已结束",
    card_valid_until: |date| format!("有效期至 {date}"),
    card_ended_on: |date| format!("用到 {date} 为止"),
    card_valid_from: |date| format!("{date} 起生效"),
    saved: "已省",
    yearly_price: |price| format!("年费 {price}"),
    payoff_meter: |saved, price| format!("年费 {price}，已省 {saved}"),
    payoff_missing: |amount| format!("再省 {amount} 就回本"),
    payoff_reached: |amount| format!("已回本，多省 {amount}"),
    show_code: "出示会员码",
    no_card: "还没有会员卡",
    no_card_offer: |price| format!("一年 {price}，精选小店至少 9 折，还有会员专场活动"),
    city: |city| match city {
        City::Shanghai => "上海",
        City::Hangzhou => "杭州",
        City::Guangzhou => "广州",
    },

    nearby_heading: "附近精选",
    choose_city: "城市",
    locate: "离我最近",
    locating: "定位中…",
    locate_failed: "没拿到位置，可以按城市看",
    density: |near, wider| format!("500 米内 {near} 家 · 1 公里内 {wider} 家"),
    shop_count: |count| format!("共 {count} 家"),
    search: "店名、街道、区",
    filters: "筛选",
    filter_all: "全部",
    open_now: "营业中",
    open_until: |time| format!("营业至 {time}"),
    always_open: "营业中",
    closed: "休息中",
    opens_at: |time| format!("{time} 开门"),
    per_person: |price| format!("{price}/人"),
    curated: "精选",
    checked_on: |day| format!("{day}核实"),
    no_shops: "没有符合的店",
    no_shops_hint: "换个说法，或去掉筛选看看",
    clear_filters: "清除筛选",
    load_more: "再看一些",
    category: |category| match category {
        Category::Coffee => "咖啡",
        Category::Tea => "茶饮",
        Category::Snacks => "小吃",
        Category::Restaurant => "餐馆",
        Category::Bakery => "烘焙",
        Category::Bar => "小酒馆",
        Category::Books => "书店",
        Category::Show => "演出",
        Category::Exhibition => "展览",
        Category::Craft => "手作",
        Category::Sport => "运动",
        Category::Lifestyle => "好物",
    },

    code_title: "会员码",
    code_subtitle: "全部精选店通用",
    code_image: "会员码二维码",
    code_next_in: |seconds| format!("{seconds} 秒后更新"),
    code_single_use: "每个码只能用一次",
    staff_steps: |method| match method {
        None => ["扫二维码，或输入这 20 位数字", "输入消费金额，确认优惠", "两边都显示“已核销”就好了"],
        Some(RedeemMethod::PhoneCamera) => {
            ["用店里的手机相机扫二维码", "输入消费金额，点“确认核销”", "两边都显示“已核销”就好了"]
        }
        Some(RedeemMethod::TillScanner) => {
            ["用收银台的扫码枪扫二维码", "输入消费金额，确认优惠", "两边都显示“已核销”就好了"]
        }
        Some(RedeemMethod::TypedDigits) => {
            ["在收银机输入这 20 位数字", "输入消费金额，确认优惠", "两边都显示“已核销”就好了"]
        }
        Some(RedeemMethod::ShopPin) => ["点“店员输入 PIN”", "输入消费金额和本店 PIN", "屏幕显示“已核销”就好了"],
    },
    method: |method| match method {
        RedeemMethod::PhoneCamera => "手机扫码",
        RedeemMethod::TillScanner => "扫码枪",
        RedeemMethod::TypedDigits => "输数字",
        RedeemMethod::ShopPin => "店员 PIN",
    },
    methods: "核销方式",
    turn_to_staff: "转给店员看",
    turn_back: "转回来",
    brightness_hint: "扫不出来时，把屏幕调亮一些",
    code_offline: "离线中，会员码照常可用",
    code_too_long_offline: "太久没有联网，会员码先停用。连上网络后点“重试”就恢复",
    code_taken_over: "会员码已换到您的另一台设备，这里的码不再可用",
    code_take_over: "改用这台设备",
    time_doubtful: "手机休眠过，或时间被改过，为免出示过期的码，先核对时间",
    time_guess: |time| format!("现在是 {time} 吗？"),
    time_is_right: "时间对，出示会员码",
    time_check: "联网核对",
    code_preparing: "正在生成会员码",
    code_unavailable: "这个浏览器不能生成会员码，请换用 App 或用 https 打开",
    shop_elsewhere: "您的卡不含这座城市，在这家店不能用",
    shop_unknown: "没找到这家店，会员码在其他精选店照常可用",
    shop_left: |day| format!("这家店 {day} 起不再参加，会员码在其他精选店照常可用"),

    pin_open: "店员输入 PIN",
    pin_back: "返回会员码",
    pin_hint: "请把手机交给店员填写",
    pin_bill: "消费金额（元）",
    pin_field: "本店 PIN",
    pin_sum: |payable, saved| format!("应付 {payable}，省 {saved}"),
    pin_submit: "确认核销",
    pin_bad_bill: "金额写成 42 或 42.50，最多 100,000 元",
    pin_bad_pin: "PIN 是 4 到 8 位数字",
    pin_wrong: |left| format!("PIN 不对，没有核销，还可以试 {left} 次"),
    pin_locked: |minutes| format!("PIN 输错太多次，{minutes} 分钟后再试；扫码照常可用"),
    pin_pending: "正在核销…",
    pin_asking: "网络断了，正在查是否已核销…请先别重复操作",
    pin_not_arrived: "刚才没有核销成功，可以再试一次",
    pin_refused: |kind| match kind {
        ProblemKind::ProgrammeEnded => "会员计划已结束，不再有优惠",
        ProblemKind::Forbidden => "没有核销：这张卡今天在这家店不能用，或本店没有开通 PIN",
        ProblemKind::Unauthorized => "没有核销：请会员先登录",
        ProblemKind::NotFound => "没有核销：没找到这家店",
        ProblemKind::InvalidRequest => "没有核销：请检查金额",
        _ => "没有核销，请稍后再试",
    },
    redeemed: "已核销",
    redeemed_saved: |amount| format!("省了 {amount}"),
    redeemed_paid: |amount| format!("实付 {amount}"),
    cancelled: "已撤销",
    cancelled_hint: "店员撤销了这一单，优惠没有使用",
    show_another: "再出示一个码",

    ending_title: |day| format!("会员卡可用到{day}"),
    ending_no_refund: "退款安排确定后会显示在这里",
    ending_refund: |amount, day| format!("{amount} 已安排在{day}起原路退回，现在无需操作"),
    ended_title: "会员计划已结束",
    ended_no_refund: "退款安排确定后会显示在这里",
    refund: RefundText {
        scheduled: (|amount| format!("退款 {amount} 已安排"), "会原路退回，现在无需操作", "已安排"),
        processing: (|amount| format!("退款 {amount} 处理中"), "支付渠道已受理，现在无需操作", "渠道已受理"),
        succeeded: (|amount| format!("退款 {amount} 已到账"), "支付渠道已确认", "已到账"),
        abnormal: (
            |amount| format!("退款 {amount} 没退成"),
            "收款账户可能已失效，请联系客服换一个收款方式",
            "退款受阻",
        ),
        closed: (|amount| format!("退款 {amount} 已关闭"), "这笔钱还没有退，请联系客服重新处理", "已关闭，未退款"),
    },
    timeline: "退款进度",
    provider_reference: |reference| format!("渠道单号 {reference}"),
    last_checked: |time| format!("{time} 核对过"),
    scheduled_for: |day| format!("预计{day}提交给支付渠道"),
    channel: |channel| match channel {
        "wechat-pay" => "微信支付",
        "alipay" => "支付宝",
        _ => "原支付方式",
    },
};

fn failure(error: ApiError) -> &'static str {
    match error {
        ApiError::Unreachable => "连不上网络，请检查后重试",
        ApiError::Unreadable => "服务端的回答读不懂，请稍后重试",
        ApiError::Problem(ProblemKind::Unauthorized) => "请先登录，再打开会员卡",
        ApiError::Problem(ProblemKind::ProgrammeEnded) => "会员计划已结束，会员码不再可用",
        ApiError::Problem(ProblemKind::Forbidden) => "会员卡今天不可用",
        ApiError::Problem(ProblemKind::NotFound) => "没有找到",
        ApiError::Problem(ProblemKind::RateLimited) => "操作太频繁，请稍等再试",
        ApiError::Problem(_) => "服务端出了点问题，请稍后重试",
    }
}
