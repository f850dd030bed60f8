import type { Messages } from "../../lib/i18n";

/** Kinds of mail that can be switched off. */
export const NOTICES = {
  low_balance: ["Low balance", "余额不足", "餘額不足", "残高の低下"],
  spend_alert: ["Spend alerts", "支出提醒", "支出提醒", "支出のお知らせ"],
  recharge_credited: ["A recharge was credited", "充值到账", "儲值入帳", "チャージの反映"],
  code_redeemed: ["A code was redeemed", "兑换码已使用", "兌換碼已使用", "コードの使用"],
  statement_ready: ["A monthly statement is ready", "月度账单已生成", "每月對帳單已產生", "月次明細書の作成"],
  maintenance: ["Planned maintenance", "计划维护", "計劃維護", "予定されたメンテナンス"],
  announcement: ["Announcements", "公告", "公告", "お知らせ"],
} as const satisfies Messages;
