import type { Messages } from "../../lib/i18n";
import type { Wanted } from "./queries";

type Kind = Wanted["events"][number];

/** What webhooks can be told of, by the names that events carry. */
export const EVENTS = {
  "recharge.credited": ["A recharge was credited", "充值到账", "儲值入帳", "チャージが反映された"],
  "recharge.declined": ["A recharge was declined", "充值被拒绝", "儲值被拒絕", "チャージが却下された"],
  low_balance: ["Low balance", "余额不足", "餘額不足", "残高が少ない"],
  spend_alert: ["Spend above what you set", "支出超过您设置的值", "支出超過您設定的值", "支出が設定額を超えた"],
  "key.created": ["A key was created", "密钥已创建", "金鑰已建立", "キーが作成された"],
  "key.rotated": ["A key was rotated", "密钥已轮换", "金鑰已輪換", "キーがローテーションされた"],
  "key.revoked": ["A key was revoked", "密钥已吊销", "金鑰已撤銷", "キーが失効した"],
  "key.leaked": ["A key was reported as leaked", "密钥被报告泄露", "金鑰被回報外洩", "キーの漏えいが報告された"],
  "refund.decided": ["A refund request was decided", "退款申请已处理", "退款申請已處理", "返金依頼が判断された"],
  "adjustment.decided": ["A dispute of a charge was decided", "费用异议已处理", "費用異議已處理", "料金への異議が判断された"],
  "dispute.opened": ["A payment was charged back", "付款被拒付", "付款被拒付", "支払いの取消が申し立てられた"],
  "dispute.decided": ["A chargeback was decided", "拒付已裁定", "拒付已裁定", "支払い取消が決着した"],
  "account.frozen": ["The account was frozen", "账户被冻结", "帳戶被凍結", "アカウントが凍結された"],
  "account.unfrozen": ["The account was unfrozen", "账户已解冻", "帳戶已解凍", "アカウントの凍結が解除された"],
} as const satisfies Messages & Record<Kind, unknown>;

export const KINDS = Object.keys(EVENTS) as readonly Kind[];
