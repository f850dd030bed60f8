/* The first visit: a test key, a call to copy, and the receipt as soon as the call arrives. */

import { Alert, Button, Code, Group, Loader, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { CopyButton } from "../../components/CopyButton";
import { ActionError } from "../../components/ErrorState";
import { LinkButton } from "../../components/links";
import { Page } from "../../components/Page";
import { useText } from "../../lib/i18n";
import { JobDetails } from "../logs/JobDetails";
import { useChatModels } from "../models/queries";
import { SnippetTabs } from "../quickstart/SnippetTabs";
import { mayManageKeys, useSession } from "../session/queries";
import { messages } from "./messages";
import { firstCallQuery } from "./queries";
import { useTestKey } from "./testKey";

export function StartPage() {
  const t = useText(messages);
  const [model] = useChatModels();
  const { known, make } = useTestKey();
  const maySee = mayManageKeys(useSession());
  return (
    <Page title={t("title")} lead={t("lead")}>
      <Stack gap="xl">
        <section>
          <Title order={2} mb="sm">
            {t("step1")}
          </Title>
          {known !== null && <Secret secret={known.secret} />}
          {known === null && maySee && (
            <Button loading={make.isPending} onClick={() => make.mutate()}>
              {t("make")}
            </Button>
          )}
          {!maySee && <Text c="dimmed">{t("needsDeveloper")}</Text>}
          <ActionError failure={make.error} />
        </section>
        <section>
          <Title order={2} mb="sm">
            {t("step2")}
          </Title>
          <SnippetTabs secret={known?.secret} model={model} />
        </section>
        {known !== null && <Receipt keyId={known.id} />}
      </Stack>
    </Page>
  );
}

function Secret({ secret }: { secret: string }) {
  const t = useText(messages);
  return (
    <Stack gap="xs">
      <Group gap="xs" wrap="nowrap">
        <Code className="secret">{secret}</Code>
        <CopyButton value={secret} />
      </Group>
      <Text size="sm" c="dimmed">
        {t("once")}
      </Text>
    </Stack>
  );
}

function Receipt({ keyId }: { keyId: string }) {
  const t = useText(messages);
  const call = useQuery(firstCallQuery(keyId)).data?.data[0];
  return (
    <section aria-live="polite">
      <Title order={2} mb="sm">
        {t("step3")}
      </Title>
      {call === undefined ? (
        <Group gap="sm">
          <Loader size="xs" type="dots" aria-hidden />
          <Text c="dimmed">{t("waiting")}</Text>
        </Group>
      ) : (
        <Stack>
          <Alert color="green">{t("arrived")}</Alert>
          <Group>
            <LinkButton to="/dashboard/recharge">{t("recharge")}</LinkButton>
            <LinkButton to="/dashboard/tokens" variant="default">
              {t("keys")}
            </LinkButton>
          </Group>
          <JobDetails job={call.id} />
        </Stack>
      )}
    </section>
  );
}
