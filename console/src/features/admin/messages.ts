/* Words of more than one of the operator's pages. */

import type { Messages } from "../../lib/i18n";

export const messages = {
  overview: ["Overview", "概览", "概覽", "概要"],
  review: ["Review", "审核", "審核", "審査"],
  accounts: ["Accounts", "账户", "帳戶", "アカウント"],
  support: ["Support", "客服", "客服", "サポート"],
  channels: ["Channels", "渠道", "通道", "チャネル"],
  models: ["Models and prices", "模型与价格", "模型與價格", "モデルと料金"],
  jobs: ["Jobs", "任务", "任務", "ジョブ"],
  settings: ["Operation", "运营设置", "營運設定", "運用"],
  watch: ["Watch", "监控", "監控", "監視"],
  people: ["Customers", "客户", "客戶", "顧客"],
  supply: ["Supply", "供应", "供應", "供給"],
  reason: ["Reason", "原因", "原因", "理由"],
  reasonHint: ["Kept in the audit trail.", "会记录在审计日志中。", "會記錄在稽核日誌中。", "監査記録に残ります。"],
  account: ["Account", "账户", "帳戶", "アカウント"],
  openAccount: ["Open the account", "打开账户", "開啟帳戶", "アカウントを開く"],
  modelsSold: ["Models", "模型", "模型", "モデル"],
  actions: ["Actions", "操作", "操作", "操作"],
  status: ["Status", "状态", "狀態", "状態"],
  active: ["active", "正常", "正常", "有効"],
  frozen: ["frozen", "已冻结", "已凍結", "凍結中"],
  closed: ["closed", "已关闭", "已關閉", "閉鎖"],
  any: ["Any", "全部", "全部", "すべて"],
  since: ["Since", "自", "自", "開始"],
} as const satisfies Messages;
