/* What each area needs to be read, and for its deeds. */

import type { Needs } from "../../../lib/scopes";
import type { AreaName } from "./search";

const NOTICES: Needs = { read: "notices:read", write: "notices:write" };
const CATALOGUE: Needs = { read: "catalogue:read", write: "catalogue:write" };
const MONEY: Needs = { read: "money:read", write: "money:write" };
const ACCOUNTS: Needs = { read: "accounts:read", write: "accounts:write" };
const OPERATORS: Needs = { read: "operators:write", write: "operators:write" };

export const AREA_NEEDS: Readonly<Record<AreaName, Needs>> = {
  announcements: NOTICES,
  terms: NOTICES,
  texts: NOTICES,
  mail: NOTICES,
  discounts: CATALOGUE,
  groups: CATALOGUE,
  codes: MONEY,
  payments: MONEY,
  events: MONEY,
  statements: MONEY,
  reconciliation: MONEY,
  margins: MONEY,
  people: ACCOUNTS,
  invitations: ACCOUNTS,
  operators: OPERATORS,
  tokens: OPERATORS,
  audit: { read: "audit:read", write: "audit:read" },
  policy: ACCOUNTS,
  signals: { read: "risk:read", write: "risk:write" },
  winddown: MONEY,
};
