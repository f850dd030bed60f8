/* Refunds that customers ask for, with what profile and law want a reviewer to see. */

import { SegmentedControl, Stack } from "@mantine/core";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import type { Item } from "../../../api/types";
import { Amount } from "../../../components/Amount";
import { useText } from "../../../lib/i18n";
import { AccountFacts } from "./AccountFacts";
import { AmountField } from "./AmountField";
import { Decisions } from "./Decisions";
import { DueMark } from "./DueMark";
import { LotsLeft } from "./LotsLeft";
import { messages } from "./messages";
import type { Queue } from "./queue";
import { RefundedPayment, RefundWish, type RefundReview } from "./RefundFacts";
import { ReviewQueue } from "./ReviewQueue";
import { TwoSides } from "./TwoSides";
import { useDecline } from "./useDecline";

const queue: Queue<Item<"/admin/refund-requests">, RefundReview> = {
  name: "refunds",
  page: (after, signal, all) =>
    ask(api.GET("/admin/refund-requests", { params: { query: { state: all ? undefined : "open", after } }, signal })),
  item: (id, signal) =>
    ask(api.GET("/admin/refund-requests/{request_id}", { params: { path: { request_id: id } }, signal })),
};

export function RefundQueue() {
  const t = useText(messages);
  return (
    <ReviewQueue
      queue={queue}
      line={(request) => ({
        title: request.amount === null ? t(`refund_${request.kind}`) : <Amount value={request.amount} />,
        note: request.reason || t(`refund_${request.kind}`),
        mark: request.state === "open" && <DueMark item={request} />,
      })}
    >
      {(review) => (
        <>
          <TwoSides>
            <Stack gap="lg">
              <RefundWish review={review} />
              <RefundedPayment review={review} />
            </Stack>
            <AccountFacts id={review.account_id} account={review.account} />
          </TwoSides>
          <LotsLeft lots={review.lots} reference={review.payment.reference} />
          {review.state === "open" && <Deciding review={review} />}
        </>
      )}
    </ReviewQueue>
  );
}

function Deciding({ review }: { review: RefundReview }) {
  const t = useText(messages);
  const decline = useDecline();
  const [amount, setAmount] = useState("");
  const [to, setTo] = useState(review.prefers);
  const path = { request_id: review.id };
  const mayChoose = review.kind === "duplicate" && review.rule.duplicate === "source_or_credit";
  return (
    <Decisions
      choices={[
        {
          label: t("approve"),
          hotkey: "a",
          fields: (
            <>
              <AmountField label={t("amount")} value={amount} onChange={setAmount} />
              {mayChoose && (
                <SegmentedControl
                  aria-label={t("prefers")}
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
                body: { note, amount: amount || null, to },
              }),
            ),
        },
        decline((note, header) =>
          ask(api.POST("/admin/refund-requests/{request_id}/decline", { params: { path, header }, body: { note } })),
        ),
      ]}
    />
  );
}
