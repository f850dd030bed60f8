import { Button, Group, Select, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import { LANGUAGE_NAMES, LANGUAGES, useText } from "../../../lib/i18n";
import { Deed } from "../Deed";
import { messages } from "./messages";
import { templatesQuery } from "./queries";

/** Replies that are used again: a name in a language has one text, which can be changed here. */
export function TemplateDialog({ onClose }: { onClose: () => void }) {
  const t = useText(messages);
  const templates = useQuery(templatesQuery).data?.data ?? [];
  const [name, setName] = useState("");
  const [language, setLanguage] = useState<(typeof LANGUAGES)[number]>("en");
  const [message, setMessage] = useState("");
  const [isRemoving, setRemoving] = useState(false);
  const path = { name, language };
  const known = templates.some((each) => each.name === name && each.language === language);
  const pick = (chosen: string | null) => {
    const found = templates.find((each) => `${each.name}/${each.language}` === chosen);
    setName(found?.name ?? "");
    setLanguage(LANGUAGES.find((each) => each === found?.language) ?? "en");
    setMessage(found?.message ?? "");
  };
  if (isRemoving) {
    return (
      <Deed
        title={`${t("removeTemplate")}: ${name} (${language})`}
        action={t("removeTemplate")}
        what={t("removeTemplateWhat")}
        danger
        run={() => ask(api.DELETE("/admin/support/templates/{name}/{language}", { params: { path } }))}
        onDone={() => pick(null)}
        onClose={() => setRemoving(false)}
      />
    );
  }
  return (
    <Deed
      title={t("templates")}
      action={t("saveTemplate")}
      run={() =>
        ask(api.PUT("/admin/support/templates/{name}/{language}", { params: { path }, body: { message } }))
      }
      onClose={onClose}
    >
      <Select
        label={t("template")}
        placeholder={t("newTemplate")}
        data={templates.map((each) => ({ value: `${each.name}/${each.language}`, label: `${each.name} (${each.language})` }))}
        value={known ? `${name}/${language}` : null}
        onChange={pick}
        clearable
      />
      <Group grow align="flex-start">
        <TextInput
          label={t("templateName")}
          required
          maxLength={60}
          value={name}
          onChange={(event) => setName(event.currentTarget.value.trim())}
        />
        <Select
          label={t("language")}
          data={LANGUAGES.map((each) => ({ value: each, label: LANGUAGE_NAMES[each] }))}
          allowDeselect={false}
          value={language}
          onChange={(chosen) => setLanguage(LANGUAGES.find((each) => each === chosen) ?? "en")}
        />
      </Group>
      <Textarea
        label={t("message")}
        required
        maxLength={10_000}
        autosize
        minRows={4}
        value={message}
        onChange={(event) => setMessage(event.currentTarget.value)}
      />
      {known && (
        <Group>
          <Button variant="light" color="red" onClick={() => setRemoving(true)}>
            {t("removeTemplate")}
          </Button>
        </Group>
      )}
    </Deed>
  );
}
