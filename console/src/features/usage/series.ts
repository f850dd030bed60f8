/* From the API's points to what a chart stacks: at most six series and the rest. */

import { add, compare } from "../../lib/amount";
import type { Series } from "./queries";

export const MEASURES = ["charge", "jobs", "tokens"] as const;
export type Measure = (typeof MEASURES)[number];
type Point = Series["data"][number];

export const OTHER = "\u0000other";
const MOST_SERIES = 6;

export interface Stacked {
  /** Largest first; OTHER last, if there is any. */
  labels: readonly string[];
  /** A row for each step of time, with steps without calls as zeros; values are decimal strings. */
  rows: readonly { at: string; values: Readonly<Record<string, string>> }[];
  totals: Readonly<Record<string, string>>;
}

export function stack(series: Series, measure: Measure): Stacked {
  const totals: Record<string, string> = {};
  for (const point of series.data) totals[point.label] = add(totals[point.label] ?? "0", value(point, measure));
  const ranked = Object.keys(totals).sort((left, right) => compare(totals[right] ?? "0", totals[left] ?? "0"));
  const kept = ranked.length > MOST_SERIES ? ranked.slice(0, MOST_SERIES) : ranked;
  const labelOf = (label: string) => (kept.includes(label) ? label : OTHER);
  const rows = new Map<number, Record<string, string>>(steps(series).map((at) => [at, {}]));
  const grouped: Record<string, string> = {};
  for (const point of series.data) {
    const label = labelOf(point.label);
    const row = rows.get(Date.parse(point.at));
    if (row !== undefined) row[label] = add(row[label] ?? "0", value(point, measure));
    grouped[label] = add(grouped[label] ?? "0", value(point, measure));
  }
  return {
    labels: ranked.length > MOST_SERIES ? [...kept, OTHER] : kept,
    rows: [...rows].map(([at, values]) => ({ at: new Date(at).toISOString(), values })),
    totals: grouped,
  };
}

export function totalOf(series: Series, measure: Measure): string {
  return value(series.total, measure);
}

/** Six colours of the theme that can be told apart; a model has the same one everywhere, whatever else is shown. */
const COLOURS = ["accent.6", "blue.5", "yellow.5", "red.4", "indigo.4", "green.5", "accent.3", "blue.3"] as const;

export function coloursOf(labels: readonly string[]): Readonly<Record<string, string>> {
  const taken = new Set<string>();
  const found: Record<string, string> = {};
  for (const label of labels) {
    if (label === OTHER) {
      found[label] = "gray.5";
      continue;
    }
    const start = hash(label) % COLOURS.length;
    const turns = COLOURS.map((_, turn) => COLOURS[(start + turn) % COLOURS.length] ?? COLOURS[0]);
    const colour = turns.find((each) => !taken.has(each)) ?? COLOURS[0];
    taken.add(colour);
    found[label] = colour;
  }
  return found;
}

function hash(text: string): number {
  let sum = 0;
  for (const character of text) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return sum;
}

function value(counts: Omit<Point, "at" | "label">, measure: Measure): string {
  if (measure === "charge") return counts.charge;
  return String(measure === "jobs" ? counts.jobs : counts.input_tokens + counts.output_tokens);
}

function steps({ since, until, step }: Series): number[] {
  const size = step === "hour" ? 3_600_000 : 86_400_000;
  const found = [];
  for (let at = Date.parse(since); at < Date.parse(until); at += size) found.push(at);
  return found;
}
