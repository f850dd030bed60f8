/* What the address of the support queue holds. */

import { flagIn, idIn } from "../../../lib/search";

export interface SupportQueueSearch {
  /** The request that is open beside the list. */
  item?: string;
  /** Answered and closed ones, too. */
  all?: true;
}

export function searchOfSupportQueue(search: Record<string, unknown>): SupportQueueSearch {
  return { item: idIn(search, "item"), all: flagIn(search, "all") };
}
