import type { Messages } from "../../../lib/i18n";

// said by value: nothing, model, channel, account
export const messages = {
  split: ["Split by", "拆分", "拆分", "内訳"],
  nothing: ["All", "合计", "合計", "全体"],
  model: ["Model", "模型", "模型", "モデル"],
  channel: ["Channel", "渠道", "通道", "チャネル"],
  account: ["Account", "账户", "帳戶", "アカウント"],
  none: ["No calls in this time", "此期间没有调用", "此期間沒有呼叫", "この期間の呼び出しはありません"],
  what: ["What", "项目", "項目", "対象"],
  total: ["Total", "合计", "合計", "合計"],
  jobs: ["Calls", "调用", "呼叫", "呼び出し"],
  charge: ["Charged", "收费", "收費", "料金"],
  cost: ["Cost", "成本", "成本", "費用"],
  writeOff: ["Written off", "核销", "沖銷", "償却"],
  margin: ["Margin", "毛利", "毛利", "粗利"],
} as const satisfies Messages;
