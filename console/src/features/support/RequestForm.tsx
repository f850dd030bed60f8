import { Button, Group, SimpleGrid, Stack, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api, ask, once } from "../../api/client";
import { ActionError } from "../../components/ErrorState";
import { useFieldFailure } from "../../components/failure";
import { useText } from "../../lib/i18n";
import { isId } from "../../lib/search";
import { messages } from "./messages";
import { requestsQuery } from "./queries";

interface RequestFormProps {
  job: string;
  payment: string;
}

export function RequestForm({ job, payment }: RequestFormProps) {
  const t = useText(messages);
  const navigate = useNavigate();
  const cache = useQueryClient();
  const [header] = useState(once);
  const [wish, setWish] = useState({ subject: "", message: "", method: "", reference: payment, job, amount: "" });
  const set = (change: Partial<typeof wish>) => setWish({ ...wish, ...change });
  const send = useMutation({
    mutationFn: () =>
      ask(
        api.POST("/api/support", {
          params: { header },
          body: {
            subject: wish.subject,
            message: wish.message,
            payment_method: wish.method,
            payment_reference: wish.reference,
            job_id: wish.job.trim() || null,
            amount: wish.amount.trim(),
          },
        }),
      ),
    onSuccess: async ({ id }) => {
      await cache.invalidateQueries({ queryKey: requestsQuery.queryKey });
      await navigate({ to: "/dashboard/support/$request", params: { request: id } });
    },
  });
  const wrong = useFieldFailure(send.error, "subject", "message", "payment_reference", "amount");
  const isJobWrong = wish.job.trim() !== "" && !isId(wish.job);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate();
      }}
    >
      <Stack>
        <TextInput
          label={t("subject")}
          error={wrong.at.subject}
          required
          maxLength={200}
          value={wish.subject}
          onChange={(event) => set({ subject: event.currentTarget.value })}
          data-autofocus
        />
        <Textarea
          label={t("message")}
          error={wrong.at.message}
          required
          autosize
          minRows={4}
          maxLength={4000}
          value={wish.message}
          onChange={(event) => set({ message: event.currentTarget.value })}
        />
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TextInput
            label={t("job")}
            error={isJobWrong}
            value={wish.job}
            onChange={(event) => set({ job: event.currentTarget.value })}
          />
          <TextInput
            label={t("reference")}
            error={wrong.at.payment_reference}
            maxLength={200}
            value={wish.reference}
            onChange={(event) => set({ reference: event.currentTarget.value })}
          />
          <TextInput
            label={t("method")}
            maxLength={200}
            value={wish.method}
            onChange={(event) => set({ method: event.currentTarget.value })}
          />
          <TextInput
            label={t("amount")}
            error={wrong.at.amount}
            inputMode="decimal"
            maxLength={40}
            value={wish.amount}
            onChange={(event) => set({ amount: event.currentTarget.value })}
          />
        </SimpleGrid>
        <ActionError failure={wrong.rest} />
        <Group justify="flex-end">
          <Button type="submit" disabled={isJobWrong} loading={send.isPending}>
            {t("send")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
