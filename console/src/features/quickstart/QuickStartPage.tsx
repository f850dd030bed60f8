import { Code, Group, Stack, Text, Title } from "@mantine/core";
import { CopyButton } from "../../components/CopyButton";
import { LinkButton } from "../../components/links";
import { Page } from "../../components/Page";
import { useText } from "../../lib/i18n";
import { useChatModels } from "../models/queries";
import { useBaseUrl } from "../site/queries";
import { messages } from "./messages";
import { SnippetTabs } from "./SnippetTabs";

export function QuickStartPage() {
  const t = useText(messages);
  const base = `${useBaseUrl()}/v1`;
  const [model] = useChatModels();
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Stack gap="xl">
        <Group gap="xs">
          <Text>{t("base")}</Text>
          <Code>{base}</Code>
          <CopyButton value={base} />
        </Group>
        <section>
          <Title order={2}>{t("key")}</Title>
          <Text mb="sm">{t("keyText")}</Text>
          <LinkButton to="/dashboard/tokens" variant="default">
            {t("toKeys")}
          </LinkButton>
        </section>
        <section>
          <Title order={2} mb="sm">
            {t("call")}
          </Title>
          <SnippetTabs model={model} />
        </section>
        <section>
          <Title order={2}>{t("look")}</Title>
          {/* The braces of the path are no place to be filled. */}
          <Text>{t("lookText", { id: "{id}" })}</Text>
        </section>
      </Stack>
    </Page>
  );
}
