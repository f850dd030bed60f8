/* An answer, put together from the chunks of a stream. */

export interface Answer {
  model: string;
  text: string;
  reasoning: string;
  state: "streaming" | "done" | "stopped" | "failed";
  /** What went wrong, in the API's words. */
  failure?: string;
  code?: string;
  job?: string;
  cost?: string;
  inputTokens?: number;
  outputTokens?: number;
}

export function blankAnswer(model: string): Answer {
  return { model, text: "", reasoning: "", state: "streaming" };
}

interface Chunk {
  choices?: { delta?: { content?: string | null; reasoning_content?: string | null; reasoning?: string | null } }[];
  usage?: { prompt_tokens?: number; completion_tokens?: number; cost?: string } | null;
  error?: { message?: string; code?: string | null };
}

export const END = "[DONE]";

/** The answer with one more event; what is no chunk of a chat changes nothing. */
export function withEvent(answer: Answer, data: string): Answer {
  if (data === END) return answer.state === "failed" ? answer : { ...answer, state: "done" };
  let chunk: Chunk;
  try {
    chunk = JSON.parse(data) as Chunk;
  } catch {
    return answer;
  }
  if (chunk.error !== undefined) {
    return { ...answer, state: "failed", failure: chunk.error.message, code: chunk.error.code ?? undefined };
  }
  const delta = chunk.choices?.[0]?.delta;
  const { usage } = chunk;
  return {
    ...answer,
    text: answer.text + (delta?.content ?? ""),
    reasoning: answer.reasoning + (delta?.reasoning_content ?? delta?.reasoning ?? ""),
    ...(usage && { cost: usage.cost, inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens }),
  };
}

/** The stream is over. One that broke off without its end mark is no complete answer. */
export function ended(answer: Answer, stopped: boolean): Answer {
  if (answer.state !== "streaming") return answer;
  return { ...answer, state: stopped ? "stopped" : "failed" };
}
