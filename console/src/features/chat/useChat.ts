/* The conversation on the screen: asking, stopping, asking again, and keeping it in this browser. */

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useText } from "../../lib/i18n";
import { overviewQuery } from "../overview/queries";
import { blankAnswer, type Answer } from "./assembly";
import { call } from "./calling";
import { chatKey, forgetChatKey } from "./chatKey";
import { blankConversation, requestOf, type Conversation, type Question, type Settings, type Turn } from "./conversation";
import { keep } from "./history";
import { messages } from "./messages";

export function useChat(account: string, settings: Settings) {
  const t = useText(messages);
  const cache = useQueryClient();
  const [conversation, setConversation] = useState(() => blankConversation(account, settings));
  const [failure, setFailure] = useState<unknown>(null);
  const running = useRef<AbortController | null>(null);
  const isBusy = conversation.turns.at(-1)?.answers.some((answer) => answer.state === "streaming") ?? false;
  useEffect(() => () => running.current?.abort(), []);

  const put = (place: number, answer: Answer) =>
    setConversation((now) => ({ ...now, changedAt: Date.now(), turns: withAnswer(now.turns, place, answer) }));

  const answerAll = async (asked: Conversation) => {
    setFailure(null);
    setConversation(asked);
    const control = new AbortController();
    running.current = control;
    try {
      const key = await chatKey(account, t("keyName"));
      await Promise.all(
        asked.settings.models.map((_, place) =>
          call(key, requestOf(asked.settings, asked.turns, place), control.signal, (answer) => {
            // Somebody has revoked the key: the next question makes another.
            if (answer.code === "key_revoked" || answer.code === "key_expired") forgetChatKey();
            put(place, answer);
          }),
        ),
      );
    } catch (refused) {
      setFailure(refused);
      setConversation({ ...asked, turns: asked.turns.slice(0, -1) });
    }
    void cache.invalidateQueries({ queryKey: overviewQuery.queryKey });
  };

  /** Asks the question in the place of the turn `at`, and forgets what came after. */
  const ask = (question: Question, at = conversation.turns.length) => {
    const answers = conversation.settings.models.map(blankAnswer);
    const turns = [...conversation.turns.slice(0, at), { question, answers }];
    return answerAll({ ...conversation, changedAt: Date.now(), turns });
  };

  useEffect(() => {
    if (!isBusy && conversation.turns.length > 0) void keep(conversation).catch(() => undefined);
  }, [conversation, isBusy]);

  return {
    conversation,
    isBusy,
    failure,
    ask,
    stop: () => running.current?.abort(),
    open: (other: Conversation) => {
      running.current?.abort();
      setConversation(other);
    },
    setSettings: (changed: Settings) => setConversation((now) => ({ ...now, settings: changed })),
  };
}

function withAnswer(turns: readonly Turn[], place: number, answer: Answer): readonly Turn[] {
  const last = turns.at(-1);
  if (last === undefined) return turns;
  const answers = last.answers.map((each, index) => (index === place ? answer : each));
  return [...turns.slice(0, -1), { ...last, answers }];
}
