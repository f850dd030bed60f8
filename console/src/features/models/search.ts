/* What the address of the models holds. */

import { textIn } from "../../lib/search";

export interface ModelsSearch {
  /** Words in the name. */
  q?: string;
  family?: string;
  /** Names side by side, with commas between. */
  compare?: string;
}

export function searchOfModels(search: Record<string, unknown>): ModelsSearch {
  return { q: textIn(search, "q"), family: textIn(search, "family"), compare: textIn(search, "compare") };
}
