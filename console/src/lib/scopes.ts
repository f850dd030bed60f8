/* What an operator may do: the rule of the API, by which pages leave out what it would refuse. */

type Noun = "accounts" | "money" | "catalogue" | "risk" | "support" | "notices";
export type Scope = `${Noun}:read` | `${Noun}:write` | "audit:read" | "stop:write" | "operators:write";

/** What a list needs to be read, and what its deeds need. */
export interface Needs {
  read: Scope;
  write: Scope;
}

/** Writing includes reading; "*" is everything. */
export function permits(held: readonly string[], wanted: Scope): boolean {
  return held.includes("*") || held.includes(wanted) || held.includes(wanted.replace(/:read$/, ":write"));
}
