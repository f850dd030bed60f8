import type { Messages } from "../../../lib/i18n";

export const messages = {
  trail: ["Audit trail", "审计日志", "稽核日誌", "監査記録"],
  time: ["Time", "时间", "時間", "日時"],
  action: ["Action", "操作", "操作", "操作"],
  actor: ["By", "操作者", "操作者", "実行者"],
  target: ["On", "对象", "對象", "対象"],
  before: ["Before", "之前", "之前", "変更前"],
  after: ["After", "之后", "之後", "変更後"],
  check: ["Check the chain", "校验链", "驗證鏈", "連鎖を検証"],
  whole: ["The chain is whole.", "链完整。", "鏈完整。", "連鎖は完全です。"],
} as const satisfies Messages;
