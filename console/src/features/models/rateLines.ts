/* The lines of a price list: each thing that costs something, in the order of a receipt. */

import type { Model } from "./queries";

type PerToken = Extract<Model["rates"], { kind: "per_token" }>;
export type TokenPrices = PerToken["prices"];
export type TokenClass = keyof TokenPrices;

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
/** What is priced beside tokens, each with one price. */
export const PIECES = ["per_request", "characters", "audio_second", "search_unit"] as const satisfies readonly (keyof PerToken)[];

export interface RateLine {
  name: TokenClass | (typeof PIECES)[number] | "image";
  price: string;
  /** Of an image: its size and quality. Of an override: the size of the input that it begins above. */
  size?: string;
  above?: number;
}

export function linesOf({ prices, overrides, images, ...pieces }: PerToken): RateLine[] {
  return [
    ...classLines(prices),
    ...overrides.flatMap((each) =>
      classLines(each.prices).map((line) => ({ ...line, above: each.above_input_tokens })),
    ),
    ...images.map(({ size, quality, price }): RateLine => ({
      name: "image",
      price,
      size: [size, quality].filter(Boolean).join(" "),
    })),
    ...PIECES.filter((name) => !isNothing(pieces[name])).map((name) => ({ name, price: pieces[name] })),
  ];
}

function classLines(prices: TokenPrices): RateLine[] {
  return [...MAIN_CLASSES, ...OTHER_CLASSES].flatMap((name) => {
    const price = prices[name] ?? null;
    return price === null ? [] : [{ name, price }];
  });
}

export function isNothing(price: string): boolean {
  return /^0*(\.0*)?$/.test(price);
}
