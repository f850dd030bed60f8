import { Autocomplete, Group, Text, Textarea, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import { Amount } from "../../../components/Amount";
import { Time } from "../../../components/Time";
import { isZero } from "../../../lib/amount";
import { useText } from "../../../lib/i18n";
import { Deed } from "../Deed";
import { MomentInput } from "../MomentInput";
import { messages } from "./messages";
import type { Account } from "./queries";

/** A charge that the customer called wrong, in a mail or on the phone: it goes into the queue of disputed charges. */
export function FileAdjustment({ account, onClose }: { account: Account; onClose: () => void }) {
  const t = useText(messages);
  const navigate = useNavigate();
  const [job, setJob] = useState("");
  const [amount, setAmount] = useState("");
  const [description, setDescription] = useState("");
  const [askedAt, setAskedAt] = useState<string | null>(null);
  const charged = account.jobs.filter(({ charge }) => charge !== null && !isZero(charge));
  return (
    <Deed
      title={`${t("fileAdjustment")}: ${account.email}`}
      action={t("file")}
      what={t("fileAdjustmentWhat")}
      money
      run={(_, header) =>
        ask(
          api.POST("/admin/adjustments", {
            params: { header },
            body: {
              account_id: account.id,
              job_id: job.trim(),
              amount: amount.trim() || null,
              description,
              asked_at: askedAt,
            },
          }),
        )
      }
      onDone={({ id }) =>
        void navigate({ to: "/admin/review/$queue", params: { queue: "adjustments" }, search: { item: id } })
      }
      onClose={onClose}
    >
      <Autocomplete
        label={t("jobId")}
        description={t("jobIdHint")}
        required
        maxLength={36}
        data={charged.map(({ id }) => id)}
        value={job}
        onChange={setJob}
        renderOption={({ option }) => {
          const call = charged.find(({ id }) => id === option.value);
          return (
            <Group gap="xs" justify="space-between" flex={1}>
              <span>
                {call !== undefined && <Time value={call.created_at} />} · {call?.model}
              </span>
              <Text c="dimmed" size="sm">
                {typeof call?.charge === "string" && <Amount value={call.charge} />}
              </Text>
            </Group>
          );
        }}
      />
      <TextInput
        label={t("amount")}
        description={t("allOfCharge")}
        inputMode="decimal"
        value={amount}
        onChange={(event) => setAmount(event.currentTarget.value)}
      />
      <Textarea
        label={t("customerSays")}
        required
        maxLength={2_000}
        autosize
        minRows={2}
        value={description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      <MomentInput label={t("askedAt")} description={t("askedAtHint")} value={askedAt} onChange={setAskedAt} />
    </Deed>
  );
}
