/* Areas of the operation page, and what its address holds. */

import { flagIn, idIn, oneOf, textIn } from "../../../lib/search";

export const AREAS = [
  "announcements",
  "terms",
  "texts",
  "mail",
  "discounts",
  "groups",
  "codes",
  "payments",
  "events",
  "statements",
  "reconciliation",
  "margins",
  "people",
  "invitations",
  "operators",
  "tokens",
  "audit",
  "policy",
  "signals",
  "winddown",
] as const;
export type AreaName = (typeof AREAS)[number];

export const SPLITS = ["nothing", "model", "channel", "account"] as const;
export const LISTED_STATES = ["open", "paid", "unreachable"] as const;

export const SIGNALS = [
  "key_networks",
  "spend_velocity",
  "refusal_ratio",
  "load",
  "failed_payments",
  "card_testing",
  "shared_payment_method",
  "shared_device",
  "shared_address",
  "disposable_mail",
  "provider_denial",
  "key_reported",
] as const;
const DRAWERS = ["rules", "end-user"] as const;

export interface OperationSearch {
  /** Of payments: the one that is open. */
  payment?: string;
  /** Of payments: only those that fit no recharge. Of events: only those that wait. */
  odd?: true;
  /** Of statements: this month, "2026-10". */
  month?: string;
  /** Of codes: the batch that is open. Of people: the person. Of comparisons: the one. Of the wind-down: the account. */
  batch?: string;
  person?: string;
  comparison?: string;
  listed?: string;
  /** Of the wind-down: only those in this state. */
  state?: (typeof LISTED_STATES)[number];
  /** Of rules: words in their names. */
  q?: string;
  /** Of the trail, payments and statements: this account. Of the trail: this action. Of people: this address. */
  account?: string;
  action?: string;
  email?: string;
  /** Of texts: the version that is read, such as privacy.2. */
  text?: string;
  /** Of signals: this kind; what is looked up beside them. */
  signal?: (typeof SIGNALS)[number];
  drawer?: (typeof DRAWERS)[number];
  /** Of margins: what they are split by. */
  split?: (typeof SPLITS)[number];
}

export function searchOfOperation(search: Record<string, unknown>): OperationSearch {
  return {
    payment: idIn(search, "payment"),
    odd: flagIn(search, "odd"),
    month: monthIn(search),
    batch: idIn(search, "batch"),
    person: idIn(search, "person"),
    comparison: idIn(search, "comparison"),
    listed: idIn(search, "listed"),
    state: oneOf(search, "state", LISTED_STATES),
    q: textIn(search, "q"),
    account: idIn(search, "account"),
    action: textIn(search, "action"),
    email: textIn(search, "email"),
    text: textIn(search, "text"),
    signal: oneOf(search, "signal", SIGNALS),
    drawer: oneOf(search, "drawer", DRAWERS),
    split: oneOf(search, "split", SPLITS),
  };
}

export function isArea(name: string): name is AreaName {
  return AREAS.some((each) => each === name);
}

function monthIn(search: Record<string, unknown>): string | undefined {
  const month = textIn(search, "month");
  return month !== undefined && /^2[01]\d\d-(0[1-9]|1[0-2])$/.test(month) ? month : undefined;
}
