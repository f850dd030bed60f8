/* What the address of the usage holds. */

import { oneOf } from "../../lib/search";

export const SPLITS = ["model", "key", "member"] as const;
export const SPANS = ["day", "week", "month", "quarter"] as const;

export interface UsageSearch {
  split?: (typeof SPLITS)[number];
  span?: (typeof SPANS)[number];
}

export function searchOfUsage(search: Record<string, unknown>): UsageSearch {
  return { split: oneOf(search, "split", SPLITS), span: oneOf(search, "span", SPANS) };
}
