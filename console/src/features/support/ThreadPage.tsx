/* One request: what was said, and what is said next. */

import { Button, Group, Paper, Stack, Text, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { api, ask } from "../../api/client";
import { ActionError } from "../../components/ErrorState";
import { Facts } from "../../components/Facts";
import { LinkAnchor, LinkButton } from "../../components/links";
import { Loaded } from "../../components/Loaded";
import { Page } from "../../components/Page";
import { Time } from "../../components/Time";
import { useText } from "../../lib/i18n";
import { messages } from "./messages";
import { threadQuery, type Thread } from "./queries";
import { RequestState } from "./SupportPage";

const route = getRouteApi("/dashboard/support/$request");

export function ThreadPage() {
  const t = useText(messages);
  const { request } = route.useParams();
  const query = useQuery(threadQuery(request));
  return (
    <Page
      title={query.data?.subject ?? t("title")}
      actions={
        <LinkButton to="/dashboard/support" variant="default">
          {t("back")}
        </LinkButton>
      }
    >
      <Loaded query={query}>{(thread) => <Messages thread={thread} />}</Loaded>
    </Page>
  );
}

function Messages({ thread }: { thread: Thread }) {
  const t = useText(messages);
  const { job_id: job } = thread;
  return (
    <Stack>
      <Facts
        facts={[
          [t("state"), <RequestState key="state" state={thread.state} />],
          thread.state === "open" && [t("due"), <Time key="due" value={thread.due_at} />],
          job !== null && [
            t("job"),
            <LinkAnchor key="job" to="/dashboard/logs" search={{ job }}>
              …{job.slice(-8)}
            </LinkAnchor>,
          ],
          thread.payment_reference !== "" && [t("reference"), thread.payment_reference],
        ]}
      />
      {thread.messages.map((message) => (
        <Paper key={message.id}>
          <Group justify="space-between" mb={4}>
            <Text fw={600}>{t(message.author === "customer" ? "you" : "operator")}</Text>
            <Text size="sm" c="dimmed">
              <Time value={message.created_at} />
            </Text>
          </Group>
          <Text className="as-written">{message.message}</Text>
        </Paper>
      ))}
      {thread.state !== "closed" && <Reply thread={thread} />}
    </Stack>
  );
}

function Reply({ thread }: { thread: Thread }) {
  const t = useText(messages);
  const cache = useQueryClient();
  const [message, setMessage] = useState("");
  const params = { path: { request_id: thread.id } };
  const again = () => cache.invalidateQueries({ queryKey: ["support"] });
  const reply = useMutation({
    mutationFn: () => ask(api.POST("/api/support/{request_id}/messages", { params, body: { message } })),
    onSuccess: () => {
      setMessage("");
      return again();
    },
  });
  const close = useMutation({
    mutationFn: () => ask(api.POST("/api/support/{request_id}/close", { params })),
    onSuccess: again,
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        reply.mutate();
      }}
    >
      <Stack>
        <Textarea
          label={t("reply")}
          required
          autosize
          minRows={3}
          maxLength={4000}
          value={message}
          onChange={(event) => setMessage(event.currentTarget.value)}
        />
        <ActionError failure={reply.error ?? close.error} />
        <Group>
          <Button type="submit" loading={reply.isPending}>
            {t("send")}
          </Button>
          <Button variant="default" loading={close.isPending} onClick={() => close.mutate()}>
            {t("close")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
