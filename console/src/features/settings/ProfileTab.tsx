import { Button, Group, Select, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../api/client";
import type { Answer } from "../../api/types";
import { ActionError } from "../../components/ErrorState";
import { Loaded } from "../../components/Loaded";
import { Waiting } from "../../components/Waiting";
import { LANGUAGE_NAMES, LANGUAGES, useLanguage, useText, type Language } from "../../lib/i18n";
import { EraseMyself } from "./EraseMyself";
import { messages } from "./messages";
import { personQuery } from "./queries";
import { useSaved } from "./useSaved";

export function ProfileTab() {
  return (
    <Stack gap={40}>
      <Loaded query={useQuery(personQuery)} waiting={<Waiting rows={3} />}>
        {(person) => <Form person={person} />}
      </Loaded>
      <OwnData />
      <EraseMyself />
    </Stack>
  );
}

function Form({ person }: { person: Answer<"/api/person"> }) {
  const t = useText(messages);
  const { speak } = useLanguage();
  const cache = useQueryClient();
  const saved = useSaved();
  const [name, setName] = useState(person.display_name);
  const [language, setLanguage] = useState<Language>(LANGUAGES.find((each) => each === person.language) ?? "en");
  const save = useMutation({
    mutationFn: () => ask(api.PUT("/api/person", { body: { display_name: name.trim(), language } })),
    onSuccess: (changed) => {
      cache.setQueryData(personQuery.queryKey, changed);
      speak(language);
      saved();
      return cache.invalidateQueries({ queryKey: ["session"] });
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack maw={480}>
        <TextInput label={t("email")} value={person.email} readOnly />
        <TextInput
          label={t("name")}
          autoComplete="name"
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Select
          label={t("language")}
          data={LANGUAGES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
          value={language}
          onChange={(value) => setLanguage(LANGUAGES.find((each) => each === value) ?? language)}
          allowDeselect={false}
        />
        <ActionError failure={save.error} />
        <Group>
          <Button type="submit" loading={save.isPending}>
            {t("save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function OwnData() {
  const t = useText(messages);
  return (
    <section>
      <Title order={2}>{t("exportTitle")}</Title>
      <Text c="dimmed" mb="sm">
        {t("exportWhat")}
      </Text>
      <Button
        component="a"
        href="/api/person/export"
        download="my-data.json"
        variant="default"
        leftSection={<IconDownload size={16} aria-hidden />}
      >
        {t("exportGet")}
      </Button>
    </section>
  );
}
