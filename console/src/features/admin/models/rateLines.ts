/* The lines of a price list: each thing that costs something, in the order of a receipt. */

import type { PerToken } from "./queries";
import { isNothing, MAIN_CLASSES, OTHER_CLASSES, PIECES, type TokenClass } from "./rates";

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

function classLines(prices: PerToken["prices"]): RateLine[] {
  return [...MAIN_CLASSES, ...OTHER_CLASSES].flatMap((name) => {
    const price = prices[name] ?? null;
    return price === null ? [] : [{ name, price }];
  });
}
