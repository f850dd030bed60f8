/* What can go wrong with a request: the API refused it (Problem), or did not answer (Unreachable). */

interface Details {
  code?: string;
  detail?: string;
  field?: string;
  errors?: { at: string[]; message: string }[];
}

/** A refusal of the API, as problem details (RFC 9457). `code` is stable; `message` is in English and says what to do. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** The field of the request that it is about. */
    readonly field: string | undefined,
    readonly retryAfterS: number | undefined,
  ) {
    super(message);
  }

  static of(body: unknown, response: Response): Problem {
    const told = (typeof body === "object" && body !== null ? body : {}) as Details;
    const first = told.errors?.[0];
    const retryAfter = Number(response.headers.get("retry-after") ?? Number.NaN);
    return new Problem(
      response.status,
      told.code ?? (first === undefined ? `http_${response.status}` : "invalid_request"),
      first === undefined ? (told.detail ?? response.statusText) : `${first.at.slice(1).join(".")}: ${first.message}`,
      told.field ?? first?.at.at(-1),
      Number.isFinite(retryAfter) ? retryAfter : undefined,
    );
  }
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
