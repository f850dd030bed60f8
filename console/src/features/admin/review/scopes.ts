/* What each queue needs to be read and decided. */

import type { Needs } from "../../../lib/scopes";
import type { QueueName } from "./search";

const MONEY: Needs = { read: "money:read", write: "money:write" };
const RISK: Needs = { read: "risk:read", write: "risk:write" };

export const QUEUE_NEEDS: Readonly<Record<QueueName, Needs>> = {
  recharges: MONEY,
  refunds: MONEY,
  adjustments: MONEY,
  disputes: MONEY,
  withdrawals: MONEY,
  risk: RISK,
  approvals: { read: "accounts:read", write: "accounts:write" },
  closings: { read: "accounts:read", write: "money:write" },
  cases: RISK,
};
