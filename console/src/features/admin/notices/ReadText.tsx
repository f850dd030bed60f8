/* What one version says, in each of its languages. */

import { Tabs, Text, Title } from "@mantine/core";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, ask } from "../../../api/client";
import { Loaded } from "../../../components/Loaded";
import { Prose } from "../../../components/Prose";
import { Time } from "../../../components/Time";
import { LANGUAGE_NAMES, LANGUAGES, useText } from "../../../lib/i18n";
import type { TextKind } from "../../legal/published/kinds";
import { messages } from "./messages";

/** A version never changes: once read, it is known. */
export const versionQuery = (kind: TextKind, version: number) =>
  queryOptions({
    queryKey: ["admin", "texts", kind, version],
    queryFn: ({ signal }) => ask(api.GET("/admin/texts/{kind}/{version}", { params: { path: { kind, version } }, signal })),
    staleTime: Infinity,
  });

export function ReadText({ kind, version }: { kind: TextKind; version: number }) {
  const t = useText(messages);
  return (
    <Loaded query={useQuery(versionQuery(kind, version))}>
      {({ texts, published_at: at }) => (
        <>
          <Text size="sm" c="dimmed" mb="md">
            {t("publishedAt")} <Time value={at} />
          </Text>
          <Tabs defaultValue="en">
            <Tabs.List mb="md">
              {LANGUAGES.filter((each) => texts[each] !== undefined).map((each) => (
                <Tabs.Tab key={each} value={each}>
                  {LANGUAGE_NAMES[each]}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            {Object.entries(texts).map(([language, text]) => (
              <Tabs.Panel key={language} value={language} lang={language}>
                <Title order={2} mb="sm">
                  {text.title}
                </Title>
                <Prose text={text.body} />
              </Tabs.Panel>
            ))}
          </Tabs>
        </>
      )}
    </Loaded>
  );
}
