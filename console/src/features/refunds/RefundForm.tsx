import { Button, Group, Radio, Stack, Text, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask, once } from "../../api/client";
import { Amount } from "../../components/Amount";
import { AmountInput } from "../../components/AmountInput";
import { ActionError } from "../../components/ErrorState";
import { useFieldFailure } from "../../components/failure";
import { Facts } from "../../components/Facts";
import { messages as common } from "../../components/messages";
import { useLanguage, useText } from "../../lib/i18n";
import { shortTime } from "../../lib/time";
import { messages } from "./messages";
import type { Refundable } from "./queries";

export function RefundForm({ payment, onClose }: { payment: Refundable; onClose: () => void }) {
  const t = useText(messages);
  const say = useText(common);
  const { language } = useLanguage();
  const cache = useQueryClient();
  const [wish, setWish] = useState({ amount: "", reason: "", prefers: "source" as "source" | "credit" });
  const [header] = useState(once);
  const send = useMutation({
    mutationFn: () => {
      const body = { ...wish, amount: wish.amount || null, payment_id: payment.payment_id };
      return ask(api.POST("/api/refunds", { params: { header }, body }));
    },
    onSuccess: () => cache.invalidateQueries({ queryKey: ["refunds"] }),
  });
  const wrong = useFieldFailure(send.error, "amount", "to", "reason");
  if (send.data !== undefined) {
    return (
      <Stack>
        <Text role="status">{t("sent", { time: shortTime(send.data.due_at, language) })}</Text>
        <Button onClick={onClose}>{say("close")}</Button>
      </Stack>
    );
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate();
      }}
    >
      <Stack>
        <Facts facts={[[t("refundable"), <Amount key="refundable" value={payment.refundable} />]]} />
        <AmountInput
          label={t("amount")}
          error={wrong.at.amount}
          value={wish.amount}
          onChange={(amount) => setWish({ ...wish, amount })}
        />
        <Radio.Group
          label={t("prefers")}
          error={wrong.at.to}
          value={wish.prefers}
          onChange={(value) => setWish({ ...wish, prefers: value === "credit" ? "credit" : "source" })}
        >
          <Stack gap="xs" mt={6}>
            <Radio value="source" label={t("source")} />
            <Radio value="credit" label={t("credit")} />
          </Stack>
        </Radio.Group>
        <Textarea
          label={t("reason")}
          error={wrong.at.reason}
          maxLength={2000}
          autosize
          minRows={2}
          value={wish.reason}
          onChange={(event) => setWish({ ...wish, reason: event.currentTarget.value })}
        />
        <ActionError failure={wrong.rest} money />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {say("cancel")}
          </Button>
          <Button type="submit" loading={send.isPending}>
            {t("send")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
