/* Charges that customers call wrong. */

import { Stack, TextInput } from "@mantine/core";
import { queryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import { paged } from "../../../api/paged";
import type { Answer } from "../../../api/types";
import { Amount } from "../../../components/Amount";
import { Facts } from "../../../components/Facts";
import { Id } from "../../../components/Id";
import { Loaded } from "../../../components/Loaded";
import { Time } from "../../../components/Time";
import { useText } from "../../../lib/i18n";
import { Value } from "../values/Value";
import { Decisions } from "./Decisions";
import { DueMark } from "./DueMark";
import { messages } from "./messages";
import { QueueView } from "./QueueView";
import { ToAccount } from "./ToAccount";

const route = getRouteApi("/admin/review/$queue");

type Review = Answer<"/admin/adjustments/{request_id}">;

const listQuery = (all: boolean) =>
  paged(["admin", "adjustments", all], (after, signal) =>
    ask(api.GET("/admin/adjustments", { params: { query: { state: all ? undefined : "open", after } }, signal })),
  );

const reviewQuery = (id: string) =>
  queryOptions({
    queryKey: ["admin", "adjustment", id],
    queryFn: ({ signal }) =>
      ask(api.GET("/admin/adjustments/{request_id}", { params: { path: { request_id: id } }, signal })),
  });

export function AdjustmentQueue() {
  const { all } = route.useSearch();
  return (
    <QueueView
      query={useInfiniteQuery(listQuery(all === true))}
      id={(request) => request.id}
      line={(request) => ({
        title: request.description,
        note: <Value of={request.state} />,
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
  const { charge } = review;
  return (
    <Stack>
      <Facts
        facts={[
          [t("state"), <Value key="state" of={review.state} />],
          [t("said"), review.description],
          [t("amount"), review.amount === null ? t("amountEmpty") : <Amount key="m" value={review.amount} />],
          [t("job"), <Id key="j" value={review.job_id} full />],
          [t("model"), charge.model],
          [t("charge"), <Amount key="c" value={charge.charge} />],
          [t("givenBack"), <Amount key="g" value={charge.given_back} />],
          [t("providerCost"), <Amount key="p" value={charge.provider_cost} />],
          [t("asked"), <Time key="at" value={review.created_at} />],
          [t("due"), <Time key="due" value={review.due_at} />],
          [t("account"), <ToAccount key="ac" id={review.account_id} />],
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
  const path = { request_id: review.id };
  return (
    <Decisions
      choices={[
        {
          label: t("approve"),
          hotkey: "a",
          fields: (
            <TextInput
              label={t("amount")}
              description={t("amountEmpty")}
              inputMode="decimal"
              value={amount}
              onChange={(event) => setAmount(event.currentTarget.value)}
            />
          ),
          run: (note, header) =>
            ask(
              api.POST("/admin/adjustments/{request_id}/approve", {
                params: { path, header },
                body: { note, amount: amount.trim() || null },
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
            ask(api.POST("/admin/adjustments/{request_id}/decline", { params: { path, header }, body: { note } })),
        },
      ]}
    />
  );
}
