/* Prices as a form holds them. */

import type { PerCall, PerToken, Rates } from "./queries";

export type TokenClass = keyof PerToken["prices"];

export const MAIN_CLASSES = ["input", "output"] as const satisfies readonly TokenClass[];
export const OTHER_CLASSES = [
  "cached_input",
  "cache_write",
  "cache_write_1h",
  "reasoning",
  "image_input",
  "audio_input",
  "image_output",
  "audio_output",
] as const satisfies readonly TokenClass[];

export function perToken(input = "", output = ""): PerToken {
  return {
    kind: "per_token",
    prices: { input, output },
    per_request: "0",
    overrides: [],
    images: [],
    characters: "0",
    audio_second: "0",
    search_unit: "0",
  };
}

export function perCall(): PerCall {
  return { kind: "per_call", tiers: null, multiplier: 1 };
}

/** The same prices with another one for a class of tokens; empty is the price of its parent class. */
export function withPrice(rates: PerToken, name: TokenClass, price: string): PerToken {
  const isMain = name === "input" || name === "output";
  return { ...rates, prices: { ...rates.prices, [name]: isMain ? price : price || null } };
}

/** The two numbers that tell most of a price; null where there are none. */
export function mainPrices(rates: Rates | null): { input: string; output: string } | null {
  return rates?.kind === "per_token" ? rates.prices : null;
}
