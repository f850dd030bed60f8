/* The proof of work that keeps robots out: a second of this browser's time. */

import type { Challenge, Solution } from "altcha-lib/types";
import { api, ask } from "../../api/client";

/** Browsers compute with keys only on pages that came by TLS, and on this machine's own. */
export function canProve(): boolean {
  return "subtle" in crypto;
}

/** What the API takes as `proof`. */
export async function prove(): Promise<string> {
  const challenge = (await ask(api.GET("/api/sign-up/challenge"))) as unknown as Challenge;
  return btoa(JSON.stringify({ challenge, solution: await solve(challenge) }));
}

function solve(challenge: Challenge): Promise<Solution> {
  const worker = new Worker(new URL("./solver.ts", import.meta.url), { type: "module" });
  return new Promise<Solution>((resolve, reject) => {
    worker.onmessage = (message: MessageEvent<Solution | null>) =>
      message.data === null ? reject(new Error("not solved")) : resolve(message.data);
    worker.onerror = () => reject(new Error("not solved"));
    worker.postMessage(challenge);
  }).finally(() => worker.terminate());
}
