/* Queues of decisions, and what the address of one holds. */

import { flagIn, idIn, oneOf } from "../../../lib/search";
import { CASE_KINDS, type CaseKind } from "./kinds";

export const QUEUES = [
  "recharges",
  "refunds",
  "adjustments",
  "disputes",
  "withdrawals",
  "risk",
  "approvals",
  "closings",
  "cases",
] as const;
export type QueueName = (typeof QUEUES)[number];

export interface ReviewSearch {
  /** The item that is open beside the list. */
  item?: string;
  /** Decided ones, too. */
  all?: true;
  /** Of cases: this kind only. */
  kind?: CaseKind;
}

export function searchOfReview(search: Record<string, unknown>): ReviewSearch {
  return { item: idIn(search, "item"), all: flagIn(search, "all"), kind: oneOf(search, "kind", CASE_KINDS) };
}

export function isQueue(name: string): name is QueueName {
  return QUEUES.some((each) => each === name);
}
