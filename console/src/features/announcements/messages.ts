import type { Messages } from "../../lib/i18n";

// said by value: maintenance price_change terms general
export const messages = {
  title: ["Announcements", "公告", "公告", "お知らせ"],
  maintenance: ["Maintenance", "维护", "維護", "メンテナンス"],
  price_change: ["Prices", "价格", "價格", "料金"],
  terms: ["Terms", "条款", "條款", "規約"],
  general: ["News", "动态", "動態", "ニュース"],
  noneTitle: ["Nothing is announced", "暂无公告", "暫無公告", "お知らせはありません"],
  none: [
    "Planned maintenance, price changes and new terms will be told here.",
    "计划维护、价格变动和条款更新会发布在这里。",
    "計劃維護、價格變動和條款更新會發布在這裡。",
    "メンテナンス、料金変更、規約改定などをここでお知らせします。",
  ],
  from: ["from", "自", "自", "開始"],
  until: ["until", "至", "至", "終了"],
  offer: ["{name}: {percent} % off", "{name}：优惠 {percent}%", "{name}：優惠 {percent}%", "{name}：{percent}% 引き"],
} as const satisfies Messages;
