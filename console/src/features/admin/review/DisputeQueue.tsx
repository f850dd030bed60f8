/* Chargebacks: what the provider took, and the operator's word where the provider has none. */

import { Alert, Stack, Title } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { api, ask } from "../../../api/client";
import type { Answer, Item } from "../../../api/types";
import { Amount } from "../../../components/Amount";
import { Facts } from "../../../components/Facts";
import { Id } from "../../../components/Id";
import { Time } from "../../../components/Time";
import { fromMinor } from "../../../lib/amount";
import { useText } from "../../../lib/i18n";
import { Value } from "../values/Value";
import { AccountFacts } from "./AccountFacts";
import { Decisions } from "./Decisions";
import { DueMark } from "./DueMark";
import { messages } from "./messages";
import { Paid } from "./Paid";
import type { Queue } from "./queue";
import { ReviewQueue } from "./ReviewQueue";
import { TwoSides } from "./TwoSides";

type Dispute = Answer<"/admin/disputes/{dispute_id}">;
type Row = Item<"/admin/disputes">;

const queue: Queue<Row, Dispute> = {
  name: "disputes",
  page: (after, signal, all) =>
    ask(api.GET("/admin/disputes", { params: { query: { waiting: !all, after } }, signal })),
  item: (id, signal) => ask(api.GET("/admin/disputes/{dispute_id}", { params: { path: { dispute_id: id } }, signal })),
};

function isWaiting({ outcome }: Row): boolean {
  return outcome === "open" || outcome === "inquiry";
}

export function DisputeQueue() {
  return (
    <ReviewQueue
      queue={queue}
      line={(dispute) => ({
        title: dispute.reason || dispute.reference,
        note: (
          <>
            <Value of={dispute.provider} /> · <Value of={dispute.outcome} />
          </>
        ),
        mark: isWaiting(dispute) && dispute.due_at !== null && <DueMark item={withDue(dispute.due_at)} />,
      })}
    >
      {(dispute) => (
        <>
          <TwoSides>
            <Stack gap="lg">
              <Told dispute={dispute} />
              <Paid payment={dispute.payment} />
            </Stack>
            {dispute.account !== null && dispute.payment.account_id !== null && (
              <AccountFacts id={dispute.payment.account_id} account={dispute.account} />
            )}
          </TwoSides>
          {isWaiting(dispute) && <Deciding id={dispute.id} />}
        </>
      )}
    </ReviewQueue>
  );
}

/** Evidence that comes after its due time is not looked at. */
function withDue(dueAt: string): { due_at: string; is_overdue: boolean } {
  return { due_at: dueAt, is_overdue: new Date(dueAt) < new Date() };
}

function Told({ dispute }: { dispute: Dispute }) {
  const t = useText(messages);
  const { currency } = dispute.payment;
  return (
    <section>
      <Title order={3}>{t("chargeback")}</Title>
      <Facts
        facts={[
          [t("state"), <Value key="state" of={dispute.state} />],
          [t("provider"), <Value key="provider" of={dispute.provider} />],
          [t("reference"), <Id key="reference" value={dispute.reference} full />],
          [t("amount"), <Amount key="amount" value={fromMinor(dispute.gross_minor, currency)} currency={currency} />],
          [t("reason"), dispute.reason || t("none")],
          [t("asked"), <Time key="at" value={dispute.created_at} />],
          dispute.due_at !== null && [t("evidenceDue"), <Time key="due" value={dispute.due_at} />],
          dispute.decision !== "" && [t("decision"), <Value key="decision" of={dispute.decision} />],
          dispute.decided_at !== null && [t("decidedBy"), <Time key="decided" value={dispute.decided_at} />],
          dispute.note !== "" && [t("note"), dispute.note],
        ]}
      />
    </section>
  );
}

function Deciding({ id }: { id: string }) {
  const t = useText(messages);
  const path = { dispute_id: id };
  const decide = (decision: "won" | "lost") => (note: string, header: { "idempotency-key": string }) =>
    ask(api.POST("/admin/disputes/{dispute_id}/decide", { params: { path, header }, body: { decision, note } }));
  return (
    <>
      <Alert icon={<IconInfoCircle />}>{t("contestAtProvider")}</Alert>
      <Decisions
        choices={[
          { label: t("won"), hotkey: "a", needsNote: true, noteHint: t("wonLead"), run: decide("won") },
          { label: t("lost"), hotkey: "r", danger: true, needsNote: true, noteHint: t("lostLead"), run: decide("lost") },
        ]}
      />
    </>
  );
}
