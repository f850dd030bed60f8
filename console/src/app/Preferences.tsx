/* The language and the colours, for this browser and, when signed in, for this person. */

import { ActionIcon, Group, Menu, useMantineColorScheme, type MantineColorScheme } from "@mantine/core";
import { IconLanguage, IconSunMoon } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { api } from "../api/client";
import { sessionQuery } from "../features/session/queries";
import { LANGUAGE_NAMES, LANGUAGES, useLanguage, useText, type Language } from "../lib/i18n";
import { messages } from "./messages";

const SCHEMES = ["light", "dark", "auto"] as const satisfies readonly MantineColorScheme[];

export function Preferences() {
  return (
    <Group gap={4} wrap="nowrap">
      <LanguageMenu />
      <SchemeMenu />
    </Group>
  );
}

function LanguageMenu() {
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
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon color="gray" size="lg" aria-label={t("language")}>
          <IconLanguage size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {LANGUAGES.map((each) => (
          <Menu.Item key={each} lang={each} fw={each === language ? 600 : undefined} onClick={() => choose(each)}>
            {LANGUAGE_NAMES[each]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function SchemeMenu() {
  const t = useText(messages);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon color="gray" size="lg" aria-label={t("colours")}>
          <IconSunMoon size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {SCHEMES.map((scheme) => (
          <Menu.Item key={scheme} fw={scheme === colorScheme ? 600 : undefined} onClick={() => setColorScheme(scheme)}>
            {t(scheme)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
