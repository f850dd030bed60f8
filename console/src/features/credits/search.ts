/* What the address of the ledger holds. */

import { idIn, oneOf, textIn } from "../../lib/search";

export const SPANS = ["week", "month", "quarter"] as const;

export interface LedgerSearch {
  kind?: string;
  span?: (typeof SPANS)[number];
  /** Whether spent lots are shown, too. */
  lots?: "all";
  /** The payment whose drawer is open. */
  payment?: string;
}

export function searchOfLedger(search: Record<string, unknown>): LedgerSearch {
  return {
    kind: textIn(search, "kind"),
    span: oneOf(search, "span", SPANS),
    lots: oneOf(search, "lots", ["all"]),
    payment: idIn(search, "payment"),
  };
}
