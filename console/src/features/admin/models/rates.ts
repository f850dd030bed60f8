/* Prices as a form holds them: as the API gives and takes them, so that nothing is lost on the way. */

import { compare, isAmount } from "../../../lib/amount";
import { isNothing, MAIN_CLASSES, OTHER_CLASSES, PIECES, type TokenClass, type TokenPrices } from "../../models/rateLines";
import type { Model, PerCall, PerToken, Rates, Route } from "./queries";

export type Override = PerToken["overrides"][number];
export type ImagePrice = PerToken["images"][number];
export type Tier = NonNullable<PerCall["tiers"]>[number];

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

/** Without tiers of its own, the policy's are taken. */
export function perCall(tiers: Tier[] | null = null): PerCall {
  return { kind: "per_call", tiers, multiplier: 1 };
}

export function newTier(): Tier {
  return { up_to_input_tokens: null, per_call: "" };
}

/** The same prices with another one for a class of tokens; empty is the price of its parent class. */
export function withPrice(prices: TokenPrices, name: TokenClass, price: string): TokenPrices {
  const isMain = name === "input" || name === "output";
  return { ...prices, [name]: isMain ? price : price || null };
}

/** The list with one of its members changed, or without it. */
export function withMember<T>(members: readonly T[], at: number, changed: T | null): T[] {
  return members.flatMap((each, index) => (index !== at ? [each] : changed === null ? [] : [changed]));
}

/** As it is sent: a price that was left empty is nothing, and lists are in the order that the API wants. */
export function settled<R extends Rates>(rates: R): R {
  if (rates.kind === "per_call") return { ...rates, tiers: rates.tiers?.toSorted(byEnd) ?? null };
  const pieces = Object.fromEntries(PIECES.map((name) => [name, rates[name] || "0"]));
  const overrides = rates.overrides.toSorted((one, other) => one.above_input_tokens - other.above_input_tokens);
  return { ...rates, ...pieces, overrides };
}

export function settledRoute(route: Route): Route {
  return { ...route, cost: route.cost ? settled(route.cost) : null };
}

function byEnd(one: Tier, other: Tier): number {
  return (one.up_to_input_tokens ?? Infinity) - (other.up_to_input_tokens ?? Infinity);
}

/** Whether input and output are all that a provider is known to charge for. */
export function isPlain(rates: Rates): boolean {
  if (rates.kind === "per_call") return false;
  const { prices, overrides, images } = rates;
  const others = OTHER_CLASSES.some((name) => (prices[name] ?? null) !== null);
  return !others && overrides.length + images.length === 0 && PIECES.every((name) => isNothing(rates[name]));
}

export interface Loss {
  name: TokenClass;
  price: string;
  cost: string;
  channel: string;
}

/** Classes of tokens that would be sold for less than a route's provider takes for them, as far as both name a price. */
export function lossesAt(rates: Rates, routes: Model["routes"]): Loss[] {
  if (rates.kind === "per_call") return [];
  return routes.flatMap(({ channel, cost }) => {
    if (cost.kind === "per_call") return [];
    return [...MAIN_CLASSES, ...OTHER_CLASSES].flatMap((name) => {
      const [sold, bought] = [rates.prices[name] ?? "", cost.prices[name] ?? ""];
      if (!isAmount(sold) || !isAmount(bought) || compare(sold, bought) >= 0) return [];
      return [{ name, price: sold, cost: bought, channel }];
    });
  });
}
