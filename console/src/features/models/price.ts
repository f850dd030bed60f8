/* What a model costs, from its rates; all in decimal strings. */

import { add, multiply } from "../../lib/amount";
import type { Model } from "./queries";

const PER_MILLION = "0.000001";
const PER_CENT = "0.01";

export type TokenClass =
  | "input"
  | "output"
  | "cached_input"
  | "cache_write"
  | "cache_write_1h"
  | "image_input"
  | "audio_input"
  | "reasoning"
  | "image_output"
  | "audio_output";

/** The price of a million tokens with the discount taken off; null where there is none of this class. */
export function perMillion(model: Model, kind: TokenClass): string | null {
  const { rates, price_percent: percent } = model;
  if (!("prices" in rates)) return null;
  const listed = rates.prices[kind];
  return listed === null || listed === undefined ? null : multiply(multiply(listed, percent), PER_CENT);
}

/** The price of one call of a model that is priced by the call, in the first tier; null for all others. */
export function perCall(model: Model): string | null {
  const { rates, price_percent: percent } = model;
  if ("prices" in rates) return null;
  const first = rates.tiers?.[0];
  if (first === undefined) return null;
  return multiply(multiply(multiply(first.per_call, String(rates.multiplier)), percent), PER_CENT);
}

/** What calls of this size cost; null where tokens alone do not tell. */
export function estimate(model: Model, calls: number, inputTokens: number, outputTokens: number): string | null {
  const each = perCall(model);
  if (each !== null) return multiply(each, String(calls));
  const [input, output] = [perMillion(model, "input"), perMillion(model, "output")];
  if (input === null || output === null) return null;
  return multiply(add(multiply(input, String(inputTokens)), multiply(output, String(outputTokens))), multiply(PER_MILLION, String(calls)));
}
