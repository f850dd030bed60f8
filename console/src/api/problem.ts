/* What can go wrong with a request: the API refused it (Problem), or did not answer (Unreachable). */

import type { components } from "./schema";

type Told = Partial<components["schemas"]["Problem"]>;

/** The stable codes of refusals; each has words in every language (refusals/). */
export type RefusalCode = NonNullable<Told["code"]>;
export type FieldError = NonNullable<Told["errors"]>[number];
export type FieldErrorKind = FieldError["kind"];

/** A refusal of the API, as problem details (RFC 9457). `code` is stable; `message` is in English and says what to do. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** The field of the request that it is about. */
    readonly field: string | undefined,
    readonly retryAfterS: number | undefined,
    /** The limits, amounts and moments that the message names. */
    readonly values: Readonly<Record<string, string | number>>,
    /** What is wrong with which field, of a request that does not have the expected form. */
    readonly errors: readonly FieldError[],
  ) {
    super(message);
  }

  static of(body: unknown, response: Response): Problem {
    const told = (typeof body === "object" && body !== null ? body : {}) as Told;
    const errors = told.errors ?? [];
    const retryAfter = Number(response.headers.get("retry-after") ?? Number.NaN);
    return new Problem(
      response.status,
      told.code ?? `http_${response.status}`,
      errors.length === 0 ? (told.detail ?? response.statusText) : errors.map(inEnglish).join("; "),
      told.field ?? errors[0]?.at.at(-1),
      Number.isFinite(retryAfter) ? retryAfter : undefined,
      told.values ?? {},
      errors,
    );
  }
}

function inEnglish({ at, message }: FieldError): string {
  return `${at.slice(1).join(".")}: ${message}`;
}

/** No answer: the network, the server or a proxy is away, or takes too long. */
export class Unreachable extends Error {
  constructor() {
    super("The server did not answer.");
  }
}

export function isCode(failure: unknown, ...codes: readonly string[]): failure is Problem {
  return failure instanceof Problem && codes.includes(failure.code);
}
