/* Answers that came along with the page (control/opening.py): each is taken once, and only while it is fresh. */

const FRESH_MS = 15_000;

interface Told {
  status: number;
  body: unknown;
}

let told: Map<string, Told> | undefined;

/** The answer to this request, if it is here already. */
export function openingAnswer({ method, url }: Request): Response | undefined {
  told ??= read();
  // What is sent changes what would be answered: who signs in is no longer nobody.
  if (method !== "GET") told.clear();
  const { pathname, search } = new URL(url);
  const found = told.get(pathname + search);
  if (found === undefined) return undefined;
  told.delete(pathname + search);
  return performance.now() < FRESH_MS ? Response.json(found.body, { status: found.status }) : undefined;
}

function read(): Map<string, Told> {
  const text = document.getElementById("answers")?.textContent ?? "{}";
  return new Map(Object.entries(JSON.parse(text) as Record<string, Told>));
}
