import { useCallback } from "react";
import { useText } from "../../../lib/i18n";
import { messages } from "./messages";

type Key = keyof typeof messages;

/** What models do ("task") and take ("takes"), in words; what we do not know, as the API names it. */
export function useFeatureText(): (of: "task" | "takes", names: readonly string[]) => string {
  const t = useText(messages);
  return useCallback(
    (of, names) => {
      const said = names.map((name) => {
        const key = of === "task" ? `task_${name}` : `takes_${name}`;
        return key in messages ? t(key as Key) : name;
      });
      return said.join(t("comma")) || "–";
    },
    [t],
  );
}
