/* Balances that leave or move. Large ones need two people; a payout is recorded under its reference. */

import { Stack, TextInput } from "@mantine/core";
import { queryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import { paged } from "../../../api/paged";
import type { Answer } from "../../../api/types";
import { Amount } from "../../../components/Amount";
import { Facts } from "../../../components/Facts";
import { Loaded } from "../../../components/Loaded";
import { Time } from "../../../components/Time";
import { fromMinor } from "../../../lib/amount";
import { useText } from "../../../lib/i18n";
import { Value } from "../values/Value";
import { Decisions, type Choice } from "./Decisions";
import { DueMark } from "./DueMark";
import { messages } from "./messages";
import { QueueView } from "./QueueView";
import { ToAccount } from "./ToAccount";

const route = getRouteApi("/admin/review/$queue");

type Withdrawal = Answer<"/admin/withdrawals/{withdrawal_id}">;

const WAITING = ["asked", "seconding", "approved"];

const listQuery = (all: boolean) =>
  paged(["admin", "withdrawals", all], async (after, signal) => {
    const page = await ask(api.GET("/admin/withdrawals", { params: { query: { after } }, signal }));
    // Three states wait for somebody; the API filters by one.
    return all ? page : { ...page, data: page.data.filter((each) => WAITING.includes(each.state)) };
  });

const withdrawalQuery = (id: string) =>
  queryOptions({
    queryKey: ["admin", "withdrawal", id],
    queryFn: ({ signal }) =>
      ask(api.GET("/admin/withdrawals/{withdrawal_id}", { params: { path: { withdrawal_id: id } }, signal })),
  });

export function WithdrawalQueue() {
  const { all } = route.useSearch();
  return (
    <QueueView
      query={useInfiniteQuery(listQuery(all === true))}
      id={(withdrawal) => withdrawal.id}
      line={(withdrawal) => ({
        title: <Amount value={withdrawal.amount} />,
        note: (
          <>
            <Value of={withdrawal.kind} /> · <Value of={withdrawal.state} />
          </>
        ),
        mark: <DueMark item={withdrawal} />,
      })}
      detail={(id) => <Detail id={id} />}
    />
  );
}

function Detail({ id }: { id: string }) {
  return <Loaded query={useQuery(withdrawalQuery(id))}>{(withdrawal) => <Shown withdrawal={withdrawal} />}</Loaded>;
}

function Shown({ withdrawal }: { withdrawal: Withdrawal }) {
  const t = useText(messages);
  const { currency, paid_minor: paid } = withdrawal;
  return (
    <Stack>
      <Facts
        facts={[
          [t("state"), <Value key="state" of={withdrawal.state} />],
          [t("amount"), <Amount key="m" value={withdrawal.amount} />],
          paid !== null && [t("paid"), <Amount key="p" value={fromMinor(paid, currency)} currency={currency} />],
          withdrawal.destination !== "" && [t("destination"), withdrawal.destination],
          withdrawal.to_account_id !== null && [t("destination"), <ToAccount key="to" id={withdrawal.to_account_id} />],
          withdrawal.reason !== "" && [t("said"), withdrawal.reason],
          [t("asked"), <Time key="at" value={withdrawal.created_at} />],
          [t("due"), <Time key="due" value={withdrawal.due_at} />],
          [t("account"), <ToAccount key="ac" id={withdrawal.account_id} />],
          withdrawal.payout_ref !== "" && [t("payoutRef"), withdrawal.payout_ref],
          withdrawal.note !== "" && [t("note"), withdrawal.note],
        ]}
      />
      {WAITING.includes(withdrawal.state) && <Deciding withdrawal={withdrawal} />}
    </Stack>
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
  const decline: Choice = {
    label: t("decline"),
    hotkey: "r",
    danger: true,
    needsNote: true,
    noteHint: t("noteRead"),
    run: (note, header) =>
      ask(api.POST("/admin/withdrawals/{withdrawal_id}/decline", { params: { path, header }, body: { note } })),
  };
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
