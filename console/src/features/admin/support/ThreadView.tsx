/* One request: what is known, what was said, and the answer. */

import { Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { api, ask } from "../../../api/client";
import { Facts } from "../../../components/Facts";
import { LinkAnchor } from "../../../components/links";
import { Loaded } from "../../../components/Loaded";
import { Time } from "../../../components/Time";
import { useText } from "../../../lib/i18n";
import { DeedButton } from "../Deed";
import { messages as words } from "../messages";
import { useMayWrite } from "../Writing";
import { messages } from "./messages";
import { threadQuery, type Thread } from "./queries";
import { ReplyForm } from "./ReplyForm";

export function ThreadView({ id }: { id: string }) {
  return <Loaded query={useQuery(threadQuery(id))}>{(thread) => <Shown thread={thread} />}</Loaded>;
}

function Shown({ thread }: { thread: Thread }) {
  const mayAnswer = useMayWrite();
  const t = useText(messages);
  const say = useText(words);
  return (
    <Stack>
      <Title order={2}>{thread.subject}</Title>
      <Facts
        facts={[
          [t("from"), thread.email],
          [say("status"), t(thread.state)],
          [t("due"), <Time key="due" value={thread.due_at} />],
          thread.account_id !== null && [
            say("account"),
            <LinkAnchor key="account" to="/admin/accounts/$account" params={{ account: thread.account_id }}>
              {say("openAccount")}
            </LinkAnchor>,
          ],
          thread.job_id !== null && [
            t("job"),
            <LinkAnchor key="job" to="/admin/jobs" search={{ job: thread.job_id }}>
              {thread.job_id}
            </LinkAnchor>,
          ],
          thread.payment_method !== "" && [t("method"), thread.payment_method],
          thread.payment_reference !== "" && [t("reference"), thread.payment_reference],
          thread.amount !== "" && [t("amount"), thread.amount],
        ]}
      />
      {thread.messages.map((message) => (
        <Paper key={message.id} component="article" bg={message.author === "customer" ? undefined : "var(--mantine-primary-color-light)"}>
          <Group justify="space-between" mb={4}>
            <Text fw={500} size="sm">
              {t(message.author)}
            </Text>
            <Time value={message.created_at} as="relative" />
          </Group>
          <Text className="as-written">{message.message}</Text>
        </Paper>
      ))}
      {mayAnswer && <ReplyForm key={thread.messages.length} thread={thread} />}
      {thread.state !== "closed" && (
        <Group>
          <DeedButton
            action={t("close")}
            what={t("closeWhat")}
            run={() =>
              ask(api.POST("/admin/support/{request_id}/close", { params: { path: { request_id: thread.id } } }))
            }
          />
        </Group>
      )}
    </Stack>
  );
}
