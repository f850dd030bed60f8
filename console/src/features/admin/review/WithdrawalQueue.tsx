/* Balances that leave or move. Large ones need two people; a payout is recorded under its reference. */

import { TextInput, Title } from "@mantine/core";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import type { Answer, Item } from "../../../api/types";
import { Amount } from "../../../components/Amount";
import { Facts } from "../../../components/Facts";
import { Time } from "../../../components/Time";
import { fromMinor } from "../../../lib/amount";
import { useText } from "../../../lib/i18n";
import { Value } from "../values/Value";
import { AccountFacts } from "./AccountFacts";
import { Decisions, type Choice } from "./Decisions";
import { DueMark } from "./DueMark";
import { LotsLeft } from "./LotsLeft";
import { messages } from "./messages";
import type { Queue } from "./queue";
import { ReviewQueue } from "./ReviewQueue";
import { ToAccount } from "./ToAccount";
import { TwoSides } from "./TwoSides";
import { useDecline } from "./useDecline";

type Withdrawal = Answer<"/admin/withdrawals/{withdrawal_id}">;

const queue: Queue<Item<"/admin/withdrawals">, Withdrawal> = {
  name: "withdrawals",
  page: (after, signal, all) =>
    ask(api.GET("/admin/withdrawals", { params: { query: { waiting: !all, after } }, signal })),
  item: (id, signal) =>
    ask(api.GET("/admin/withdrawals/{withdrawal_id}", { params: { path: { withdrawal_id: id } }, signal })),
};

function isWaiting({ state }: Pick<Withdrawal, "state">): boolean {
  return state === "asked" || state === "seconding" || state === "approved";
}

export function WithdrawalQueue() {
  return (
    <ReviewQueue
      queue={queue}
      line={(withdrawal) => ({
        title: <Amount value={withdrawal.amount} />,
        note: (
          <>
            <Value of={withdrawal.kind} /> · <Value of={withdrawal.state} />
          </>
        ),
        mark: isWaiting(withdrawal) && <DueMark item={withdrawal} />,
      })}
    >
      {(withdrawal) => (
        <>
          <TwoSides>
            <Asked withdrawal={withdrawal} />
            <AccountFacts id={withdrawal.account_id} account={withdrawal.account} />
          </TwoSides>
          <LotsLeft lots={withdrawal.lots} />
          {isWaiting(withdrawal) && <Deciding withdrawal={withdrawal} />}
        </>
      )}
    </ReviewQueue>
  );
}

function Asked({ withdrawal }: { withdrawal: Withdrawal }) {
  const t = useText(messages);
  const { currency, paid_minor: paid } = withdrawal;
  return (
    <section>
      <Title order={3}>{t("request")}</Title>
      <Facts
        facts={[
          [t("state"), <Value key="state" of={withdrawal.state} />],
          [t("kind"), <Value key="kind" of={withdrawal.kind} />],
          [t("amount"), <Amount key="amount" value={withdrawal.amount} />],
          currency !== "" && [t("paidIn"), currency],
          paid !== null && [t("paidOut"), <Amount key="paid" value={fromMinor(paid, currency)} currency={currency} />],
          withdrawal.destination !== "" && [
            t("destination"),
            <span key="to" className="as-written">{withdrawal.destination}</span>,
          ],
          withdrawal.to_account_id !== null && [t("destination"), <ToAccount key="to" id={withdrawal.to_account_id} />],
          withdrawal.reason !== "" && [t("said"), <span key="said" className="as-written">{withdrawal.reason}</span>],
          [t("howMany"), t(withdrawal.needs_two ? "needsTwo" : "needsOne")],
          withdrawal.closing_id !== null && [t("becauseOf"), t("closings")],
          [t("asked"), <Time key="at" value={withdrawal.created_at} />],
          [t("due"), <Time key="due" value={withdrawal.due_at} />],
          withdrawal.payout_ref !== "" && [t("payoutRef"), withdrawal.payout_ref],
          withdrawal.note !== "" && [t("note"), withdrawal.note],
        ]}
      />
    </section>
  );
}

function Deciding({ withdrawal }: { withdrawal: Withdrawal }) {
  const t = useText(messages);
  const [reference, setReference] = useState("");
  const path = { withdrawal_id: withdrawal.id };
  const approve: Choice = {
    label: withdrawal.state === "seconding" ? t("second") : t("approve"),
    hotkey: "a",
    run: (note, header) =>
      ask(api.POST("/admin/withdrawals/{withdrawal_id}/approve", { params: { path, header }, body: { note } })),
  };
  const decline = useDecline()((note, header) =>
    ask(api.POST("/admin/withdrawals/{withdrawal_id}/decline", { params: { path, header }, body: { note } })),
  );
  const paid: Choice = {
    label: t("payout"),
    hotkey: "a",
    fields: (
      <TextInput
        label={t("payoutRef")}
        required
        maxLength={200}
        value={reference}
        onChange={(event) => setReference(event.currentTarget.value)}
      />
    ),
    run: (note, header) =>
      ask(api.POST("/admin/withdrawals/{withdrawal_id}/paid", { params: { path, header }, body: { note, reference } })),
  };
  const giveBack: Choice = {
    label: t("giveBack"),
    hotkey: "r",
    danger: true,
    needsNote: true,
    run: (note, header) =>
      ask(api.POST("/admin/withdrawals/{withdrawal_id}/give-back", { params: { path, header }, body: { note } })),
  };
  return <Decisions choices={withdrawal.state === "approved" ? [paid, giveBack] : [approve, decline]} />;
}
