/* What the address of the logs holds: filters, and the job whose drawer is open. */

import { idIn, oneOf, textIn } from "../../lib/search";

export const STATUSES = ["settled", "open", "voided", "refused"] as const;
export const SPANS = ["day", "week", "month"] as const;

export interface LogsSearch {
  status?: (typeof STATUSES)[number];
  model?: string;
  key?: string;
  span?: (typeof SPANS)[number];
  job?: string;
}

export function searchOfLogs(search: Record<string, unknown>): LogsSearch {
  return {
    status: oneOf(search, "status", STATUSES),
    model: textIn(search, "model"),
    key: idIn(search, "key"),
    span: oneOf(search, "span", SPANS),
    job: idIn(search, "job"),
  };
}
