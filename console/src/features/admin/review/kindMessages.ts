/* Kinds of cases, by the names that the API gives them. */

import type { Messages } from "../../../lib/i18n";

export const messages = {
  payment: ["A payment that does not fit", "付款不符", "付款不符", "合わない支払い"],
  dispute: ["Chargeback", "拒付", "拒付", "チャージバック"],
  risk: ["Risk", "风险", "風險", "リスク"],
  reconciliation: ["Reconciliation", "对账", "對帳", "照合"],
  overdue: ["Overdue", "逾期", "逾期", "期限超過"],
  ledger: ["Ledger", "账本", "帳本", "台帳"],
  account_review: ["Account to be reviewed", "账户待审核", "帳戶待審核", "審査するアカウント"],
  provider_balance: ["Provider balance low", "供应商余额不足", "供應商餘額不足", "プロバイダーの残高不足"],
  margin: ["Margin", "毛利", "毛利", "粗利"],
  provider_account: ["Provider account", "供应商账户", "供應商帳戶", "プロバイダーアカウント"],
  channel: ["Channel fails", "渠道故障", "通道故障", "チャネルの障害"],
  spool: ["Settlements wait", "结算积压", "結算積壓", "未計上の精算"],
  delivery_unknown: ["Delivery uncertain", "送达不明", "送達不明", "配信不明"],
} as const satisfies Messages;
