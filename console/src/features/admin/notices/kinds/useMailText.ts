import { useCallback } from "react";
import { useText } from "../../../../lib/i18n";
import { messages } from "./messages";

type Key = keyof typeof messages;

/** What a message is about, by its kind; one that we do not know, as the API names it. */
export function useMailText(): (kind: string) => string {
  const t = useText(messages);
  return useCallback(
    (kind) => {
      const key = `kind_${kind}`;
      return key in messages ? t(key as Key) : kind;
    },
    [t],
  );
}
