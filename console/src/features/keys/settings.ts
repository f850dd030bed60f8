/* What a key may do, as a form holds it: text until it is sent. */

import type { Key, NewKey } from "./queries";

export type Limits = NewKey["limits"];

const NO_LIMITS: Limits = {
  requests_per_minute: null,
  tokens_per_minute: null,
  concurrency: null,
  daily_spend: null,
  monthly_spend: null,
  total_spend: null,
};

/** A key without any restriction. */
export function blankKey(kind: NewKey["kind"]): NewKey {
  return {
    name: "",
    kind,
    expires_at: null,
    models: [],
    networks: [],
    cors_origins: [],
    sees_balance: true,
    limits: NO_LIMITS,
  };
}

/** What is sent to change a key; its kind stays. */
export function settingsOf({ name, expires_at, models, networks, cors_origins, sees_balance, limits }: Key) {
  return { name, expires_at, models, networks, cors_origins, sees_balance, limits };
}
