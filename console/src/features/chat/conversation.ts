/* A conversation: turns of one question and an answer by each model. */

import { randomId } from "../../api/client";
import type { Answer } from "./assembly";

export interface Question {
  text: string;
  /** Pictures as data URLs. */
  images: readonly string[];
}

export interface Turn {
  question: Question;
  /** One for each model, in their order. */
  answers: readonly Answer[];
}

export interface Settings {
  /** One, or two side by side. */
  models: readonly string[];
  system: string;
  temperature: number | null;
  mostTokens: number | null;
}

export interface Conversation {
  id: string;
  account: string;
  changedAt: number;
  settings: Settings;
  turns: readonly Turn[];
}

const TITLE_CHARACTERS = 60;

export function blankConversation(account: string, settings: Settings): Conversation {
  return { id: randomId(), account, changedAt: Date.now(), settings, turns: [] };
}

/** How it is called: by its first question. */
export function titleOf({ turns }: Conversation): string {
  return turns[0]?.question.text.trim().slice(0, TITLE_CHARACTERS) ?? "";
}

/** What the API is sent to have the last question of `turns` answered by the model at `place`. */
export function requestOf({ system, models, temperature, mostTokens }: Settings, turns: readonly Turn[], place: number) {
  const messages: object[] = system.trim() === "" ? [] : [{ role: "system", content: system }];
  turns.forEach(({ question, answers }, index) => {
    messages.push({ role: "user", content: contentOf(question) });
    const said = answers[place]?.text ?? "";
    if (index < turns.length - 1 && said !== "") messages.push({ role: "assistant", content: said });
  });
  return {
    model: models[place],
    messages,
    stream: true,
    stream_options: { include_usage: true },
    ...(temperature !== null && { temperature }),
    ...(mostTokens !== null && { max_tokens: mostTokens }),
  };
}

function contentOf({ text, images }: Question) {
  if (images.length === 0) return text;
  return [{ type: "text", text }, ...images.map((url) => ({ type: "image_url", image_url: { url } }))];
}
