import { useCallback } from "react";
import { useText } from "../../../../lib/i18n";
import { messages } from "./messages";

type Key = keyof typeof messages;

/** What an action of the trail was, in words; one that we do not know, as the trail names it. */
export function useActionText(): (action: string) => string {
  const t = useText(messages);
  return useCallback(
    (action) => {
      const key = `action_${action.replace(".", "_")}`;
      return key in messages ? t(key as Key) : action;
    },
    [t],
  );
}
