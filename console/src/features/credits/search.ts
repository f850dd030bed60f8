/* What the address of the ledger holds. */

import { oneOf, textIn } from "../../lib/search";

export const SPANS = ["week", "month", "quarter"] as const;

export interface LedgerSearch {
  kind?: string;
  span?: (typeof SPANS)[number];
}

export function searchOfLedger(search: Record<string, unknown>): LedgerSearch {
  return { kind: textIn(search, "kind"), span: oneOf(search, "span", SPANS) };
}
