/* One call of the API, its answer told as it comes. */

import { EventCutter } from "../../lib/eventStream";
import { blankAnswer, ended, withEvent, type Answer } from "./assembly";

interface Refused {
  error?: { message?: string; code?: string | null };
}

/** Tells each state of the answer; the last one is not streaming any more. Never throws. */
export async function call(
  key: string,
  body: { model: string | undefined },
  signal: AbortSignal,
  tell: (answer: Answer) => void,
): Promise<void> {
  let answer = blankAnswer(body.model ?? "");
  try {
    const response = await fetch("/v1/chat/completions", {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify(body),
      signal,
    });
    answer = { ...answer, job: response.headers.get("farebox-job-id") ?? undefined };
    if (!response.ok || response.body === null) {
      const refused = (await response.json()) as Refused;
      tell({ ...answer, state: "failed", failure: refused.error?.message, code: refused.error?.code ?? undefined });
      return;
    }
    const cutter = new EventCutter();
    const reader = response.body.getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      for (const data of cutter.feed(read.value)) answer = withEvent(answer, data);
      tell(answer);
    }
  } catch {
    // The connection broke, or the person stopped it: what has come so far stays.
  }
  tell(ended(answer, signal.aborted));
}
