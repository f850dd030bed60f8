/* The words of refusals are many and seldom wanted: they come with the first refusal, before anybody shows it. */

import type { Words } from "../lib/i18n";
import { Problem, type RefusalCode } from "./problem";

export type RefusalWords = Readonly<Partial<Record<RefusalCode, Words>>>;
type Loaded = typeof import("./refusals/all");

// Everyday news that pages tell in words of their own; nobody should wait for others then.
const AT_HAND: readonly string[] = ["not_signed_in", "not_found", "not_published"];

let loaded: Loaded | undefined;

/** A refusal whose words are there; where they cannot be fetched, the API's own English is shown. */
export async function refusal(body: unknown, response: Response): Promise<Problem> {
  const problem = Problem.of(body, response);
  if (!AT_HAND.includes(problem.code)) await fetchWords();
  return problem;
}

/** For whoever has nothing but a code: the way back from a sign-in elsewhere tells no more. */
export async function wordsOf(code: string): Promise<Words | null> {
  const words: Readonly<Record<string, Words>> = (await fetchWords())?.REFUSALS ?? {};
  // Whoever made the link has chosen the code: what every object has by birth, such as "constructor", is no words.
  return Object.hasOwn(words, code) ? (words[code] ?? null) : null;
}

async function fetchWords(): Promise<Loaded | undefined> {
  return (loaded ??= await import("./refusals/all").catch(() => undefined));
}

/** What was fetched: the words by code, and those of fields by kind. */
export function wordsAtHand(): Loaded | undefined {
  return loaded;
}
