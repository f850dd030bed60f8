import type { Messages } from "../../../../lib/i18n";

/** What an operator or a token may do, by its scope: "money:write" is scope_money_write. */
export const messages = {
  scope_accounts_read: ["See accounts", "查看账户", "檢視帳戶", "アカウントの閲覧"],
  scope_accounts_write: ["Change accounts", "管理账户", "管理帳戶", "アカウントの変更"],
  scope_money_read: ["See money", "查看资金", "檢視資金", "お金の閲覧"],
  scope_money_write: ["Move money", "操作资金", "操作資金", "お金の操作"],
  scope_catalogue_read: ["See models and channels", "查看模型与渠道", "檢視模型與通道", "モデルとチャネルの閲覧"],
  scope_catalogue_write: ["Change models and channels", "管理模型与渠道", "管理模型與通道", "モデルとチャネルの変更"],
  scope_risk_read: ["See risk", "查看风险", "檢視風險", "リスクの閲覧"],
  scope_risk_write: ["Decide on risk", "处理风险", "處理風險", "リスクの判断"],
  scope_support_read: ["See support", "查看工单", "檢視客服案件", "サポートの閲覧"],
  scope_support_write: ["Answer support", "处理工单", "處理客服案件", "サポートの対応"],
  scope_notices_read: ["See mail and announcements", "查看邮件与公告", "檢視郵件與公告", "メールとお知らせの閲覧"],
  scope_notices_write: ["Publish announcements and texts", "发布公告与文本", "發布公告與文字", "お知らせと文書の公開"],
  scope_audit_read: ["See the audit trail", "查看审计日志", "檢視稽核日誌", "監査記録の閲覧"],
  scope_stop_write: ["Emergency stop", "紧急停止", "緊急停止", "緊急停止"],
  scope_operators_write: ["Appoint operators", "管理运营人员", "管理營運人員", "運営者の管理"],
} as const satisfies Messages;
