import { Alert } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { wordsOf } from "../../api/refusal";
import { say, useLanguage, useText } from "../../lib/i18n";
import { messages } from "./messages";

/** Why signing in elsewhere has failed, by the code that the way back has told. */
export function ArrivalError({ code }: { code: string }) {
  const t = useText(messages);
  const { language } = useLanguage();
  const words = useQuery({ queryKey: ["refusal", code], queryFn: () => wordsOf(code) }).data;
  const isWhole = words !== undefined && words !== null && !words[0].includes("{");
  return (
    <Alert color="red" title={t("oidcFailed")}>
      {isWhole ? say(words, language) : t("oidcAdvice", { code })}
    </Alert>
  );
}
