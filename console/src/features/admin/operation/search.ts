/* Areas of the operation page, and what its address holds. */

import { flagIn, idIn, oneOf, textIn } from "../../../lib/search";

export const AREAS = [
  "announcements",
  "terms",
  "mail",
  "discounts",
  "groups",
  "codes",
  "payments",
  "events",
  "margins",
  "people",
  "invitations",
  "operators",
  "tokens",
  "audit",
] as const;
export type AreaName = (typeof AREAS)[number];

export const SPLITS = ["nothing", "model", "channel", "account"] as const;

export interface OperationSearch {
  /** Of payments: the one that is open. */
  payment?: string;
  /** Of payments: only those that fit no recharge. Of events: only those that wait. */
  odd?: true;
  /** Of the trail: this account, this action. Of people: this address. */
  account?: string;
  action?: string;
  email?: string;
  /** Of margins: what they are split by. */
  split?: (typeof SPLITS)[number];
}

export function searchOfOperation(search: Record<string, unknown>): OperationSearch {
  return {
    payment: idIn(search, "payment"),
    odd: flagIn(search, "odd"),
    account: idIn(search, "account"),
    action: textIn(search, "action"),
    email: textIn(search, "email"),
    split: oneOf(search, "split", SPLITS),
  };
}

export function isArea(name: string): name is AreaName {
  return AREAS.some((each) => each === name);
}
