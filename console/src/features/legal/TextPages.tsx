/* Pages that hold one text of the operator and nothing else. */

import { Text, Title } from "@mantine/core";
import { IconFileText } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { Answer } from "../../api/types";
import { EmptyState } from "../../components/EmptyState";
import { LinkButton } from "../../components/links";
import { Loaded } from "../../components/Loaded";
import { Page } from "../../components/Page";
import { Prose } from "../../components/Prose";
import { Time } from "../../components/Time";
import { useLanguage, useText } from "../../lib/i18n";
import { messages } from "./messages";
import type { TextKind } from "./published/kinds";
import { messages as names } from "./published/messages";
import { textQuery } from "./queries";

export function PrivacyPage() {
  return <TextPage kind="privacy" />;
}

export function ImprintPage() {
  return <TextPage kind="imprint" />;
}

function TextPage({ kind }: { kind: TextKind }) {
  const t = useText(messages);
  const name = useText(names);
  const { language } = useLanguage();
  return (
    <Page title={name(kind)}>
      <Loaded query={useQuery(textQuery(kind, language))}>
        {(text) =>
          text === null ? (
            <EmptyState
              icon={IconFileText}
              title={t("noTextTitle")}
              action={
                <LinkButton to="/contact" variant="default">
                  {t("contact")}
                </LinkButton>
              }
            >
              {t("noText")}
            </EmptyState>
          ) : (
            <PublishedText text={text} below={name(kind)} />
          )
        }
      </Loaded>
    </Page>
  );
}

interface PublishedTextProps {
  text: Answer<"/api/public/texts/{kind}">;
  /** The title of the page: the same is not said twice. */
  below: string;
}

export function PublishedText({ text, below }: PublishedTextProps) {
  const t = useText(messages);
  return (
    <article>
      {text.title !== below && <Title order={2}>{text.title}</Title>}
      <Text size="sm" c="dimmed" mb="md">
        {t("published", { version: text.version })} <Time value={text.published_at} as="date" />
      </Text>
      <Prose text={text.body} />
    </article>
  );
}
