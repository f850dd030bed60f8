/* Refunds of a payment; those that somebody makes by hand are ended here. */

import { Group, SegmentedControl, Stack, TextInput, Title } from "@mantine/core";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import { Amount } from "../../../components/Amount";
import { Facts } from "../../../components/Facts";
import { Time } from "../../../components/Time";
import { fromMinor } from "../../../lib/amount";
import { useText } from "../../../lib/i18n";
import { Deed } from "../Deed";
import { messages as words } from "../messages";
import { Value } from "../values/Value";
import { WriteButton } from "../Writing";
import { messages } from "./messages";
import type { PaymentFacts } from "./PaymentDetail";

type Refund = PaymentFacts["refunds"][number];

const OUTCOMES = ["done", "given_up"] as const;

interface RefundsMadeProps {
  refunds: readonly Refund[];
  currency: string;
}

export function RefundsMade({ refunds, currency }: RefundsMadeProps) {
  const t = useText(messages);
  const say = useText(words);
  const [ending, setEnding] = useState<Refund | null>(null);
  if (refunds.length === 0) return null;
  return (
    <Stack gap="xs">
      <Title order={3}>{t("refunds")}</Title>
      {refunds.map((refund) => (
        <Stack key={refund.id} gap="xs">
          <Facts
            facts={[
              [say("status"), refund.state === "manual" ? t("byHand") : <Value key="state" of={refund.state} />],
              [
                t("amount"),
                <Amount key="amount" value={fromMinor(refund.gross_minor, currency)} currency={currency} />,
              ],
              refund.created_at !== null && [t("time"), <Time key="at" value={refund.created_at} />],
              refund.reference !== "" && [t("reference"), refund.reference],
              refund.reason !== "" && [say("reason"), refund.reason],
              refund.error !== "" && [t("problem"), refund.error],
            ]}
          />
          {refund.state === "manual" && (
            <Group>
              <WriteButton variant="default" onClick={() => setEnding(refund)}>
                {t("endRefund")}
              </WriteButton>
            </Group>
          )}
        </Stack>
      ))}
      {ending !== null && <EndRefund refund={ending} onClose={() => setEnding(null)} />}
    </Stack>
  );
}

function EndRefund({ refund, onClose }: { refund: Refund; onClose: () => void }) {
  const t = useText(messages);
  const [outcome, setOutcome] = useState<(typeof OUTCOMES)[number]>("done");
  const [reference, setReference] = useState("");
  const path = { refund_id: refund.id };
  return (
    <Deed
      title={t("endRefund")}
      action={t("endRefund")}
      what={outcome === "done" ? t("doneWhat") : t("givenUpWhat")}
      reason="needed"
      danger={outcome === "given_up"}
      money
      run={(note, header) =>
        ask(
          api.POST("/admin/payments/refunds/{refund_id}/end", {
            params: { path, header },
            body: { outcome, reference: outcome === "done" ? reference : "", note },
          }),
        )
      }
      onClose={onClose}
    >
      <SegmentedControl
        aria-label={t("outcome")}
        data={OUTCOMES.map((each) => ({ value: each, label: t(each) }))}
        value={outcome}
        onChange={(chosen) => setOutcome(OUTCOMES.find((each) => each === chosen) ?? "done")}
      />
      {outcome === "done" && (
        <TextInput
          label={t("transferReference")}
          maxLength={200}
          value={reference}
          onChange={(event) => setReference(event.currentTarget.value)}
        />
      )}
    </Deed>
  );
}
