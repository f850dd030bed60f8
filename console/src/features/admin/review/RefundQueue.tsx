/* Refunds that customers ask for, with what profile and law want a reviewer to see. */

import { Badge, Group, SegmentedControl, Stack, TextInput } from "@mantine/core";
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
import { Decisions } from "./Decisions";
import { DueMark } from "./DueMark";
import { messages } from "./messages";
import { QueueView } from "./QueueView";
import { ToAccount } from "./ToAccount";

const route = getRouteApi("/admin/review/$queue");

type Review = Answer<"/admin/refund-requests/{request_id}">;

const listQuery = (all: boolean) =>
  paged(["admin", "refunds", all], (after, signal) =>
    ask(api.GET("/admin/refund-requests", { params: { query: { state: all ? undefined : "open", after } }, signal })),
  );

const reviewQuery = (id: string) =>
  queryOptions({
    queryKey: ["admin", "refund", id],
    queryFn: ({ signal }) =>
      ask(api.GET("/admin/refund-requests/{request_id}", { params: { path: { request_id: id } }, signal })),
  });

export function RefundQueue() {
  const { all } = route.useSearch();
  return (
    <QueueView
      query={useInfiniteQuery(listQuery(all === true))}
      id={(request) => request.id}
      line={(request) => ({
        title: request.amount === null ? request.kind : <Amount value={request.amount} />,
        note: request.reason || request.kind,
        mark: <DueMark item={request} />,
      })}
      detail={(id) => <Detail id={id} />}
    />
  );
}

function Detail({ id }: { id: string }) {
  return <Loaded query={useQuery(reviewQuery(id))}>{(review) => <Shown review={review} />}</Loaded>;
}

function Shown({ review }: { review: Review }) {
  const t = useText(messages);
  const { payment, account } = review;
  return (
    <Stack>
      <Facts
        facts={[
          [t("state"), <Value key="state" of={review.state} />],
          [t("asked"), <Time key="at" value={review.created_at} />],
          [t("due"), <Time key="due" value={review.due_at} />],
          [t("amount"), review.amount === null ? t("amountEmpty") : <Amount key="m" value={review.amount} />],
          [t("prefers"), review.prefers === "source" ? t("toSource") : t("toCredit")],
          review.reason !== "" && [t("said"), review.reason],
          [t("provider"), `${payment.provider} (${payment.state})`],
          [t("paid"), <Amount key="p" value={fromMinor(payment.paid_minor, payment.currency)} currency={payment.currency} />],
          payment.paid_at !== null && [t("paidAt"), <Time key="pa" value={payment.paid_at} />],
          [t("credited"), <Amount key="cr" value={payment.credited} />],
          [t("used"), <Amount key="us" value={payment.used} />],
          [t("takenBack"), <Amount key="tb" value={payment.taken_back} />],
          [
            t("refundable"),
            <Group key="rf" gap="xs">
              <Amount value={payment.refundable} />
              <Amount value={fromMinor(payment.refundable_minor, payment.currency)} currency={payment.currency} />
            </Group>,
          ],
          [
            t("openDispute"),
            payment.has_open_dispute ? <Badge key="od" color="red">{t("yes")}</Badge> : t("no"),
          ],
          [t("account"), <ToAccount key="ac" id={review.account_id} />],
          [t("accountStatus"), `${account.status} ${account.status_reason}`],
          [t("balance"), <Amount key="ba" value={account.balance} />],
          [t("charged"), <Amount key="ch" value={account.charged} />],
          [t("providerCost"), <Amount key="pc" value={account.provider_cost} />],
          [t("earlier"), `${account.refunds_before} / ${account.disputes}`],
          account.open_cases.length > 0 && [t("openCases"), account.open_cases.join(", ")],
          review.note !== "" && [t("note"), review.note],
        ]}
      />
      {review.state === "open" && <Deciding review={review} />}
    </Stack>
  );
}

function Deciding({ review }: { review: Review }) {
  const t = useText(messages);
  const [amount, setAmount] = useState("");
  const [to, setTo] = useState(review.prefers);
  const path = { request_id: review.id };
  return (
    <Decisions
      choices={[
        {
          label: t("approve"),
          hotkey: "a",
          fields: (
            <>
              <TextInput
                label={t("amount")}
                description={t("amountEmpty")}
                inputMode="decimal"
                value={amount}
                onChange={(event) => setAmount(event.currentTarget.value)}
              />
              {review.kind === "duplicate" && (
                <SegmentedControl
                  value={to}
                  onChange={(chosen) => setTo(chosen === "credit" ? "credit" : "source")}
                  data={[
                    { value: "source", label: t("toSource") },
                    { value: "credit", label: t("toCredit") },
                  ]}
                />
              )}
            </>
          ),
          run: (note, header) =>
            ask(
              api.POST("/admin/refund-requests/{request_id}/approve", {
                params: { path, header },
                body: { note, amount: amount.trim() || null, to },
              }),
            ),
        },
        {
          label: t("decline"),
          hotkey: "r",
          danger: true,
          needsNote: true,
          noteHint: t("noteRead"),
          run: (note, header) =>
            ask(api.POST("/admin/refund-requests/{request_id}/decline", { params: { path, header }, body: { note } })),
        },
      ]}
    />
  );
}
