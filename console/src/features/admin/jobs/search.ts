/* What the address of the operator's job list holds. */

import { flagIn, idIn, oneOf, textIn } from "../../../lib/search";

export const STATUSES = ["settled", "voided"] as const;

export interface JobsSearch {
  account?: string;
  status?: (typeof STATUSES)[number];
  model?: string;
  /** Only those that were charged and perhaps not delivered. */
  unknown?: true;
  /** Only those that cost more than they brought. */
  loss?: true;
  /** The job whose drawer is open. */
  job?: string;
}

export function searchOfJobs(search: Record<string, unknown>): JobsSearch {
  return {
    account: idIn(search, "account"),
    status: oneOf(search, "status", STATUSES),
    model: textIn(search, "model"),
    unknown: flagIn(search, "unknown"),
    loss: flagIn(search, "loss"),
    job: idIn(search, "job"),
  };
}
