/* A title and a text in each language that somebody writes them in; English is what everybody else reads. */

import { Tabs, Textarea, TextInput } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { LANGUAGE_NAMES, LANGUAGES, useText } from "../../../lib/i18n";
import { messages } from "./messages";

interface Written {
  title: string;
  body: string;
}

/** By language, as the API takes them. */
type Texts<Text extends Written> = Readonly<Record<string, Text>>;

interface LanguageFieldsProps<Text extends Written> {
  texts: Texts<Text>;
  /** Languages in which nothing is written are left out: their readers get English. */
  onChange: (texts: Record<string, Text>) => void;
  /** What stands in a language in which nothing was written yet. */
  empty: Text;
  rows: number;
  /** Of the text, in characters. */
  longest: number;
  /** A title alone is enough. */
  bodyOptional?: boolean;
  /** Further fields of one language. */
  more?: (text: Text, set: (part: Partial<Text>) => void) => ReactNode;
}

export function LanguageFields<Text extends Written>(props: LanguageFieldsProps<Text>) {
  const { texts, onChange, empty, rows, longest, bodyOptional = false, more } = props;
  const t = useText(messages);
  const [shown, setShown] = useState<string | null>("en");
  return (
    <Tabs value={shown} onChange={setShown}>
      <Tabs.List>
        {LANGUAGES.map((each) => (
          <Tabs.Tab key={each} value={each} rightSection={isWritten(texts[each]) && <IconCheck size={14} aria-hidden />}>
            {LANGUAGE_NAMES[each]}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {LANGUAGES.map((each) => {
        const text = texts[each] ?? empty;
        const set = (part: Partial<Written> | Partial<Text>) => onChange(written({ ...texts, [each]: { ...text, ...part } }));
        // A language is written whole or not at all. What is hidden cannot be pointed at: the API tells of it.
        const isNeeded = each === shown && (each === "en" || isWritten(text));
        return (
          <Tabs.Panel key={each} value={each} pt="sm">
            <TextInput
              label={t("title")}
              required={isNeeded}
              withAsterisk={each === "en"}
              maxLength={200}
              value={text.title}
              onChange={(event) => set({ title: event.currentTarget.value })}
            />
            <Textarea
              label={t("text")}
              description={t("textHint")}
              required={isNeeded && !bodyOptional}
              withAsterisk={each === "en" && !bodyOptional}
              autosize
              minRows={rows}
              maxRows={20}
              maxLength={longest}
              mt="sm"
              value={text.body}
              onChange={(event) => set({ body: event.currentTarget.value })}
            />
            {more?.(text, set)}
          </Tabs.Panel>
        );
      })}
    </Tabs>
  );
}

function written<Text extends Written>(texts: Texts<Text>): Record<string, Text> {
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => isWritten(text)));
}

function isWritten(text: Written | undefined): boolean {
  return text !== undefined && `${text.title}${text.body}`.trim() !== "";
}
