/* What the address of the support holds: what a new request is about. */

import { flagIn, idIn } from "../../lib/search";

export interface SupportSearch {
  job?: string;
  payment?: string;
  /** Whether the form is open without anything filled in. */
  new?: true;
}

export function searchOfSupport(search: Record<string, unknown>): SupportSearch {
  return { job: idIn(search, "job"), payment: idIn(search, "payment"), new: flagIn(search, "new") };
}
