/* What the address of the accounts' list holds. */

import { oneOf, textIn } from "../../../lib/search";

export const STATUSES = ["active", "frozen", "closed"] as const;

export interface AccountsSearch {
  q?: string;
  status?: (typeof STATUSES)[number];
}

export function searchOfAccounts(search: Record<string, unknown>): AccountsSearch {
  return { q: textIn(search, "q"), status: oneOf(search, "status", STATUSES) };
}
