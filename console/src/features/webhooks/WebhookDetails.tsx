/* One webhook: a test of it, its settings to be changed, and what was sent there. */

import { Accordion, Button, Group, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useContext, useState } from "react";
import { api, ask } from "../../api/client";
import { ActionError } from "../../components/ErrorState";
import { useFieldFailure } from "../../components/failure";
import { Facts } from "../../components/Facts";
import { messages as common } from "../../components/messages";
import { NotFoundHint } from "../../components/notFoundHint";
import { Time } from "../../components/Time";
import { useText } from "../../lib/i18n";
import { Deliveries } from "./Deliveries";
import { KINDS } from "./events";
import { messages } from "./messages";
import { webhooksQuery, type Wanted, type Webhook } from "./queries";
import { Trial } from "./Trial";
import { WebhookActions } from "./WebhookActions";
import { WebhookFields } from "./WebhookFields";
import { WebhookStatus } from "./WebhookStatus";

interface WebhookDetailsProps {
  /** Nothing where the address names one that this account has not. */
  webhook: Webhook | undefined;
  mayManage: boolean;
  onGone: () => void;
}

export function WebhookDetails({ webhook, mayManage, onGone }: WebhookDetailsProps) {
  const t = useText(messages);
  const since = webhook?.failing_since ?? null;
  if (webhook === undefined) return <Missing />;
  return (
    <Stack gap="lg">
      <Facts
        facts={[
          [t("url"), webhook.url],
          [t("status"), <WebhookStatus key="status" webhook={webhook} />],
          since !== null && [t("failingSince"), <Time key="failing" value={since} />],
          [t("created"), <Time key="created" value={webhook.created_at} />],
        ]}
      />
      {mayManage && (
        <>
          {webhook.status === "active" && <Trial id={webhook.id} />}
          <WebhookActions webhook={webhook} onGone={onGone} />
          <Accordion variant="contained">
            <Accordion.Item value="settings">
              <Accordion.Control>{t("settings")}</Accordion.Control>
              <Accordion.Panel>
                <Change webhook={webhook} />
              </Accordion.Panel>
            </Accordion.Item>
          </Accordion>
        </>
      )}
      <Deliveries id={webhook.id} />
    </Stack>
  );
}

function Missing() {
  const say = useText(common);
  return (
    <Stack>
      <Text>{say("notFound")}</Text>
      {useContext(NotFoundHint)}
    </Stack>
  );
}

function Change({ webhook }: { webhook: Webhook }) {
  const t = useText(messages);
  const cache = useQueryClient();
  const [wanted, setWanted] = useState<Wanted>({
    url: webhook.url,
    events: KINDS.filter((kind) => webhook.events.includes(kind)),
  });
  const change = useMutation({
    mutationFn: () =>
      ask(api.PUT("/api/webhooks/{webhook_id}", { params: { path: { webhook_id: webhook.id } }, body: wanted })),
    onSuccess: () => {
      notifications.show({ message: t("saved") });
      return cache.invalidateQueries({ queryKey: webhooksQuery.queryKey, exact: true });
    },
  });
  const wrong = useFieldFailure(change.error, "url");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        change.mutate();
      }}
    >
      <Stack>
        <WebhookFields value={wanted} wrong={wrong.at.url} onChange={setWanted} />
        <ActionError failure={wrong.rest} />
        <Group>
          <Button type="submit" disabled={wanted.events.length === 0} loading={change.isPending}>
            {t("save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
