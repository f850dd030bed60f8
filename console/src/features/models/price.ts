/* What a model costs, from its rates; all in decimal strings. */

import { add, multiply } from "../../lib/amount";
import type { Model } from "./queries";
import { isNothing, linesOf, type RateLine, type TokenClass } from "./rateLines";

const PER_MILLION = "0.000001";
const PER_CENT = "0.01";

const PARENTS: Readonly<Record<TokenClass, TokenClass | null>> = {
  input: null,
  output: null,
  cached_input: "input",
  cache_write: "input",
  cache_write_1h: "cache_write",
  image_input: "input",
  audio_input: "input",
  reasoning: "output",
  image_output: "output",
  audio_output: "output",
};
// Of these nobody can tell from tokens how many there will be.
const PIECES_OF_MEDIA: ReadonlySet<string> = new Set(["image", "characters", "audio_second", "search_unit"]);

/** The price of a million tokens with the discount taken off; null where there is none of this class. */
export function perMillion(model: Model, kind: TokenClass): string | null {
  const { rates } = model;
  if (rates.kind !== "per_token") return null;
  const listed = rates.prices[kind];
  return listed === null || listed === undefined ? null : reduced(listed, model);
}

/** One thing that costs something: a class of tokens, a piece, or a call with an input of at most `upTo` tokens. */
export type PriceLine = (RateLine | CallLine) & { key: string };

interface CallLine {
  name: "call";
  price: string;
  upTo: number | null;
  size?: undefined;
  above?: undefined;
}

type Piece = Exclude<PriceLine["name"], TokenClass>;

/** All that a model charges for, in the order of a receipt, with the discount taken off. */
export function priceLines(model: Model): PriceLine[] {
  const { rates } = model;
  const lines =
    rates.kind === "per_token"
      ? linesOf(rates)
      : (rates.tiers ?? []).map(({ up_to_input_tokens: upTo, per_call: price }) => ({
          name: "call" as const,
          price: multiply(price, String(rates.multiplier)),
          upTo,
        }));
  return lines.map((line) => ({ ...line, price: reduced(line.price, model), key: keyOf(line) }));
}

/** What is paid for where tokens cost nothing: calls by their size, images, characters, seconds; else empty. */
export function soldBy(model: Model): (PriceLine & { name: Piece })[] {
  const { rates } = model;
  if (rates.kind === "per_token" && !(isNothing(rates.prices.input) && isNothing(rates.prices.output))) return [];
  return priceLines(model).filter((line): line is PriceLine & { name: Piece } => !(line.name in PARENTS));
}

/** What a class of tokens costs: without a price of its own, as much as its parent class. */
export function chargedFor(model: Model, kind: TokenClass): string | null {
  const own = perMillion(model, kind);
  const parent = PARENTS[kind];
  return own !== null || parent === null ? own : chargedFor(model, parent);
}

/** What calls of this size cost; null where tokens alone do not tell. */
export function estimate(model: Model, calls: number, inputTokens: number, outputTokens: number): string | null {
  const one = listedCall(model.rates, inputTokens, outputTokens);
  return one === null ? null : reduced(multiply(one, String(calls)), model);
}

function listedCall(rates: Model["rates"], inputTokens: number, outputTokens: number): string | null {
  if (rates.kind === "per_call") {
    const tiers = rates.tiers ?? [];
    const tier = tiers.find(({ up_to_input_tokens: end }) => end === null || inputTokens <= end) ?? tiers.at(-1);
    return tier === undefined ? null : multiply(tier.per_call, String(rates.multiplier));
  }
  if (linesOf(rates).some(({ name }) => PIECES_OF_MEDIA.has(name))) return null;
  const larger = rates.overrides.findLast(({ above_input_tokens: above }) => inputTokens > above);
  const { input, output } = (larger ?? rates).prices;
  const tokens = add(multiply(input, String(inputTokens)), multiply(output, String(outputTokens)));
  return add(multiply(tokens, PER_MILLION), rates.per_request);
}

function reduced(listed: string, { price_percent: percent }: Model): string {
  return multiply(multiply(listed, percent), PER_CENT);
}

function keyOf(line: RateLine | CallLine): string {
  return line.name === "call" ? `call ${line.upTo}` : [line.name, line.above, line.size].join(" ");
}
