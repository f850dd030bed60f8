/* Rules of the policy file: which are looked for, and how their values are written. */

import type { Item } from "../../../api/types";

type Rule = Item<"/admin/policy">;

export interface Section {
  name: string;
  rules: Rule[];
}

/** In the order of the file. */
export function sections(rules: readonly Rule[]): Section[] {
  const found: Section[] = [];
  for (const rule of rules) {
    const last = found.find((section) => section.name === rule.section);
    if (last === undefined) found.push({ name: rule.section, rules: [rule] });
    else last.rules.push(rule);
  }
  return found;
}

/** Each word of what is looked for is in its section, name or value. */
export function matches(rule: Rule, sought: string): boolean {
  const text = `${rule.section} ${rule.section}.${rule.name} ${written(rule.value)}`.toLowerCase();
  return sought
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** As the file has it, without brackets: `signal = load, threshold = 600`. */
export function written(value: unknown): string {
  if (isList(value)) return value.map(written).join(", ");
  if (typeof value !== "object" || value === null) return String(value);
  return Object.entries(value)
    .map(([name, each]) => `${name} = ${written(each)}`)
    .join(", ");
}
