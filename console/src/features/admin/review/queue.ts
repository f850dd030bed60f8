/* What a queue is: where its list comes from, and where all facts of one item. */

import { createContext } from "react";

export interface Queue<Row, Item> {
  /** What its answers are kept under. */
  name: string;
  /** A page of it; with `all` the decided ones, too. */
  page: (after: string | undefined, signal: AbortSignal, all: boolean) => Promise<{ data: Row[]; next?: string | null }>;
  item: (id: string, signal: AbortSignal) => Promise<Item>;
}

/** Called when an item has been decided: the next one opens. */
export const Decided = createContext<() => void>(() => undefined);
