/* What stands behind the ? of an address: text from anybody, so each value is looked at before it is used. */

type Search = Record<string, unknown>;

/** A text that is not empty; undefined for everything else. */
export function textIn(search: Search, name: string): string | undefined {
  const value = search[name];
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

export function oneOf<const T extends string>(search: Search, name: string, allowed: readonly T[]): T | undefined {
  return allowed.find((each) => each === search[name]);
}

export function flagIn(search: Search, name: string): true | undefined {
  return search[name] === true || search[name] === "true" ? true : undefined;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function isId(text: string): boolean {
  return UUID.test(text.trim());
}

export function idIn(search: Search, name: string): string | undefined {
  const value = textIn(search, name);
  return value !== undefined && isId(value) ? value : undefined;
}

/** Only paths of our own: an address from elsewhere in `next` leads nowhere. */
export function ownPath(next: string | undefined): string | undefined {
  return next !== undefined && /^\/(?![/\\])/.test(next) ? next : undefined;
}
