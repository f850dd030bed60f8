/* The control API from the browser: typed by its own description, with one shape for everything that goes wrong. */

import createClient from "openapi-fetch";
import { openingAnswer } from "./opening";
import { Unreachable } from "./problem";
import { refusal } from "./refusal";
import type { paths } from "./schema";

const PATIENCE_MS = 30_000;
const DEVICE_KEPT_AS = "farebox.device";

export const api = createClient<paths>({
  baseUrl: location.origin,
  headers: { accept: "application/json", "farebox-device": device() },
  fetch: async (request) => {
    const known = openingAnswer(request);
    if (known !== undefined) return known;
    return request.method === "GET" ? send(request) : sendOnce(request);
  },
});

async function send(request: Request): Promise<Response> {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  try {
    return await fetch(request, { signal: AbortSignal.any([request.signal, patience]) });
  } catch (failure) {
    // Whoever gave up on purpose wants no error page.
    if (request.signal.aborted) throw failure;
    throw new Unreachable();
  }
}

const underWay = new Map<string, Promise<Response>>();

/** The second click of a double click comes before the button knows of the first: both mean one request. */
async function sendOnce(request: Request): Promise<Response> {
  const name = `${request.method} ${request.url} ${await request.clone().text()}`;
  let sent = underWay.get(name);
  if (sent === undefined) {
    sent = send(request).finally(() => underWay.delete(name));
    underWay.set(name, sent);
  }
  return (await sent).clone();
}

interface Answered<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The answer's body; throws Problem when the API refused, Unreachable when it did not answer. */
export async function ask<T>(asked: Promise<Answered<T>>): Promise<T> {
  const { data, error, response } = await asked;
  if (!response.ok) throw await refusal(error, response);
  return data as T;
}

/** Sent with everything that must not happen twice; a new one for each time that somebody means it. */
export function once(): { "idempotency-key": string } {
  return { "idempotency-key": randomId() };
}

/** 128 random bits, also where the page came without TLS and randomUUID is missing. */
export function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function device(): string {
  const kept = localStorage.getItem(DEVICE_KEPT_AS);
  if (kept !== null) return kept;
  const made = randomId();
  localStorage.setItem(DEVICE_KEPT_AS, made);
  return made;
}
