/* Kinds of cases, by the names that the API gives them. */

import { useText } from "../../../lib/i18n";
import { messages } from "./kindMessages";

export const CASE_KINDS = [
  "account_review",
  "risk",
  "reconciliation",
  "payment",
  "dispute",
  "provider_account",
  "provider_balance",
  "margin",
  "ledger",
  "overdue",
  "delivery_unknown",
  "channel",
  "spool",
] as const;
export type CaseKind = (typeof CASE_KINDS)[number];

export function isCaseKind(kind: string): kind is CaseKind {
  return CASE_KINDS.some((each) => each === kind);
}

/** What a kind of case is called; kinds that we do not know keep their own name. */
export function useCaseKind(): (kind: string) => string {
  const t = useText(messages);
  return (kind) => (isCaseKind(kind) ? t(kind) : kind.replaceAll("_", " "));
}
