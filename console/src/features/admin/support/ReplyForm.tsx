import { Button, Checkbox, Group, Select, Stack, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask, once } from "../../../api/client";
import { ActionError } from "../../../components/ErrorState";
import { useText } from "../../../lib/i18n";
import { messages } from "./messages";
import { templatesQuery, type Thread } from "./queries";

/** An answer, perhaps from a template; sent by mail and shown in the customer's console. */
export function ReplyForm({ thread }: { thread: Thread }) {
  const t = useText(messages);
  const cache = useQueryClient();
  const templates = useQuery(templatesQuery).data?.data ?? [];
  const [message, setMessage] = useState("");
  const [close, setClose] = useState(false);
  const [header] = useState(once);
  const reply = useMutation({
    mutationFn: () =>
      ask(
        api.POST("/admin/support/{request_id}/reply", {
          params: { path: { request_id: thread.id }, header },
          body: { message, close },
        }),
      ),
    onSuccess: () => cache.invalidateQueries({ queryKey: ["admin"] }),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        reply.mutate();
      }}
    >
      <Stack>
        {templates.length > 0 && (
          <Select
            label={t("template")}
            data={templates.map((each) => ({ value: `${each.name}/${each.language}`, label: `${each.name} (${each.language})` }))}
            value={null}
            onChange={(chosen) =>
              setMessage(templates.find((each) => `${each.name}/${each.language}` === chosen)?.message ?? message)
            }
          />
        )}
        <Textarea
          label={t("answer")}
          description={t("answerHint", { language: thread.language })}
          required
          maxLength={10_000}
          autosize
          minRows={4}
          value={message}
          onChange={(event) => setMessage(event.currentTarget.value)}
        />
        <Checkbox label={t("closing")} checked={close} onChange={(event) => setClose(event.currentTarget.checked)} />
        <ActionError failure={reply.error} />
        <Group>
          <Button type="submit" loading={reply.isPending}>
            {t("send")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
