import { Stack, Text, Title } from "@mantine/core";
import { IconFileText } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { EmptyState } from "../../components/EmptyState";
import { Loaded } from "../../components/Loaded";
import { Page } from "../../components/Page";
import { Prose } from "../../components/Prose";
import { Time } from "../../components/Time";
import { useLanguage, useText } from "../../lib/i18n";
import { messages } from "./messages";
import { termsQuery, type Terms } from "./queries";

/** The version in force, and those that have been announced. */
export function TermsPage() {
  const t = useText(messages);
  const { language } = useLanguage();
  return (
    <Page title={t("title")}>
      <Loaded query={useQuery(termsQuery(language))}>
        {({ in_force: now, coming }) => (
          <Stack gap={48}>
            {now === null && coming.length === 0 && <EmptyState icon={IconFileText} title={t("noneTitle")} />}
            {now !== null && <Version terms={now} name="version" />}
            {coming.map((terms) => (
              <Version key={terms.version} terms={terms} name="coming" />
            ))}
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

export function Version({ terms, name }: { terms: Terms; name: "version" | "coming" }) {
  const t = useText(messages);
  return (
    <article>
      <Title order={2}>{terms.title}</Title>
      <Text size="sm" c="dimmed" mb="md">
        {t(name, { version: terms.version })} <Time value={terms.effective_at} as="date" />
      </Text>
      <Prose text={terms.body} />
    </article>
  );
}
