/* A charge is disputed by its job's id, which is filled in. */

import { Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask, once } from "../../api/client";
import { AmountInput } from "../../components/AmountInput";
import { ActionError } from "../../components/ErrorState";
import { useFieldFailure } from "../../components/failure";
import { messages as common } from "../../components/messages";
import { useLanguage, useText } from "../../lib/i18n";
import { shortTime } from "../../lib/time";
import { messages } from "./messages";

export function DisputeForm({ job, onClose }: { job: string; onClose: () => void }) {
  const t = useText(messages);
  const say = useText(common);
  const { language } = useLanguage();
  const cache = useQueryClient();
  const [description, setDescription] = useState("");
  const [amount, setAmount] = useState("");
  // One wish, however often it is sent.
  const [header] = useState(once);
  const send = useMutation({
    mutationFn: () =>
      ask(
        api.POST("/api/adjustments", {
          params: { header },
          body: { job_id: job, description, amount: amount || null },
        }),
      ),
    onSuccess: () => cache.invalidateQueries({ queryKey: ["adjustments"] }),
  });
  const wrong = useFieldFailure(send.error, "description", "amount");
  if (send.data !== undefined) {
    return <Text role="status">{t("disputeSent", { time: shortTime(send.data.due_at, language) })}</Text>;
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate();
      }}
    >
      <Stack>
        <Text c="dimmed">{t("disputeWhat")}</Text>
        <Textarea
          label={t("disputeText")}
          error={wrong.at.description}
          required
          minRows={3}
          autosize
          maxLength={4000}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
          data-autofocus
        />
        <AmountInput
          label={t("disputeAmount")}
          error={wrong.at.amount}
          value={amount}
          onChange={setAmount}
        />
        <ActionError failure={wrong.rest} money />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {say("cancel")}
          </Button>
          <Button type="submit" loading={send.isPending}>
            {t("disputeSend")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
