/* The language and the colours, for this browser and, when signed in, for this person. */

import { Group, useMantineColorScheme, type MantineColorScheme } from "@mantine/core";
import { IconLanguage, IconSunMoon } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { api } from "../api/client";
import { sessionQuery } from "../features/session/queries";
import { LANGUAGE_NAMES, LANGUAGES, useLanguage, useText, type Language } from "../lib/i18n";
import { Choice } from "./Choice";
import { messages } from "./messages";

const SCHEMES = ["light", "dark", "auto"] as const satisfies readonly MantineColorScheme[];

export function Preferences() {
  return (
    <Group gap={4} wrap="nowrap">
      <LanguageChoice />
      <SchemeChoice />
    </Group>
  );
}

function LanguageChoice() {
  const t = useText(messages);
  const { language, speak } = useLanguage();
  const cache = useQueryClient();
  const choose = (chosen: Language) => {
    speak(chosen);
    const session = cache.getQueryData(sessionQuery.queryKey);
    if (session === undefined) return;
    // So that mail comes in this language, too. Should it fail, the page has changed all the same.
    void api.PUT("/api/person", { body: { display_name: session.display_name, language: chosen } });
  };
  return (
    <Choice
      name={t("language")}
      icon={IconLanguage}
      options={LANGUAGES.map((each) => ({ value: each, label: LANGUAGE_NAMES[each], lang: each }))}
      chosen={language}
      choose={choose}
    />
  );
}

function SchemeChoice() {
  const t = useText(messages);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Choice
      name={t("colours")}
      icon={IconSunMoon}
      options={SCHEMES.map((scheme) => ({ value: scheme, label: t(scheme) }))}
      chosen={colorScheme}
      choose={setColorScheme}
    />
  );
}
