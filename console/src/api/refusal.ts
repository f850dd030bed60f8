/* The words of refusals are many and seldom wanted: they come with the first refusal, before anybody shows it. */

import type { Words } from "../lib/i18n";
import { Problem, type RefusalCode } from "./problem";

export type RefusalWords = Readonly<Partial<Record<RefusalCode, Words>>>;
type Loaded = typeof import("./refusals/all");

// Everyday news whose words the console has at hand; nobody should wait for others then.
const AT_HAND: readonly string[] = ["not_signed_in", "not_found"];

let loaded: Loaded | undefined;

/** A refusal whose words are there; where they cannot be fetched, the API's own English is shown. */
export async function refusal(body: unknown, response: Response): Promise<Problem> {
  const problem = Problem.of(body, response);
  if (loaded === undefined && !AT_HAND.includes(problem.code)) {
    loaded = await import("./refusals/all").catch(() => undefined);
  }
  return problem;
}

/** What was fetched: the words by code, and those of fields by kind. */
export function wordsAtHand(): Loaded | undefined {
  return loaded;
}
