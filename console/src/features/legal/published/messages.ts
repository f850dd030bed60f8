/* Names of the texts: apart from the rest, because the foot of every public page says them. */

import type { Messages } from "../../../lib/i18n";

// said by value: privacy refund_rules imprint
export const messages = {
  privacy: ["Privacy", "隐私政策", "隱私權政策", "プライバシーポリシー"],
  refund_rules: ["Refund rules", "退款规则", "退款規則", "返金規定"],
  imprint: ["Imprint", "运营者信息", "營運者資訊", "運営者情報"],
} as const satisfies Messages;
