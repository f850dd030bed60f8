import type { Messages } from "../../../lib/i18n";

export const messages = {
  comparisons: ["Comparisons", "核对记录", "核對記錄", "照合の記録"],
  none: ["Nothing was compared yet", "尚未核对", "尚未核對", "まだ照合していません"],
  noneWhy: [
    "The first comparison is made a quarter of an hour after the server has started, then one a day.",
    "首次核对在服务启动约一刻钟后进行，此后每天一次。",
    "首次核對在服務啟動約一刻鐘後進行，此後每天一次。",
    "最初の照合はサーバー起動の約 15 分後、その後は毎日行います。",
  ],
  time: ["Time", "时间", "時間", "日時"],
  what: ["What", "核对对象", "核對對象", "対象"],
  compared: ["Compared", "核对数量", "核對數量", "照合件数"],
  result: ["Result", "结果", "結果", "結果"],
  ledger: ["The ledger in itself", "账本自身", "帳本自身", "台帳自体"],
  wash: ["Payments and the wash book", "付款与往来账", "付款與往來帳", "支払いと精算勘定"],
  withProvider: ["Payments and the list of {provider}", "付款与 {provider} 的清单", "付款與 {provider} 的清單", "支払いと {provider} の一覧"],
  equal: ["nothing differs", "一致", "一致", "差異なし"],
  differences: ["{count} differ", "{count} 项不一致", "{count} 項不一致", "{count} 件の差異"],
  away: ["not compared", "未核对", "未核對", "照合できず"],
  awayWhy: [
    "The provider did not answer. It is asked again tomorrow, or after the server has started.",
    "支付服务商未响应。将在明天或服务重启后再次核对。",
    "金流服務商未回應。將在明天或服務重新啟動後再次核對。",
    "決済事業者が応答しませんでした。翌日、またはサーバーの起動後に再び照合します。",
  ],
  found: ["What differs", "差异", "差異", "差異の内容"],
  first: ["The first {shown} of {count}.", "{count} 项中的前 {shown} 项。", "{count} 項中的前 {shown} 項。", "{count} 件中の最初の {shown} 件。"],
  toCases: ["Open cases of reconciliation", "未结的对账事项", "未結的對帳案件", "未解決の照合の案件"],
  countOf_ledger: ["{count} entries", "{count} 条分录", "{count} 筆分錄", "{count} 件の記帳"],
  countOf_wash: ["{count} books", "{count} 个账簿", "{count} 個帳簿", "{count} 件の勘定"],
  countOf_payments: ["{count} payments", "{count} 笔付款", "{count} 筆付款", "{count} 件の支払い"],
} as const satisfies Messages;
