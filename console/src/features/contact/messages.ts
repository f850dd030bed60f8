import type { Messages } from "../../lib/i18n";

export const messages = {
  title: ["Contact", "联系我们", "聯絡我們", "お問い合わせ"],
  operator: ["Run by", "运营方", "營運方", "運営"],
  mail: ["Mail", "邮箱", "信箱", "メール"],
  scan: ["Scan to open {title}", "扫码打开 {title}", "掃描 QR code 開啟 {title}", "読み取って {title} を開く"],
  support: [
    "Customers write best under Support: the answer finds its job or payment there.",
    "客户请在“客服”中留言，便于关联任务或付款。",
    "客戶請在「客服」中留言，便於關聯任務或付款。",
    "お客様はサポートからのご連絡が便利です。ジョブやお支払いと結び付きます。",
  ],
  toSupport: ["Support", "客服", "客服", "サポート"],
  none: [
    "The operator has not published how to be reached.",
    "运营方尚未公布联系方式。",
    "營運方尚未公布聯絡方式。",
    "連絡先はまだ公開されていません。",
  ],
} as const satisfies Messages;
