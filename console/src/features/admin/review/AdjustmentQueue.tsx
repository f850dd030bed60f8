/* Charges that customers call wrong. */

import { Title } from "@mantine/core";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import type { Answer, Item } from "../../../api/types";
import { Amount } from "../../../components/Amount";
import { Facts } from "../../../components/Facts";
import { LinkAnchor } from "../../../components/links";
import { Time } from "../../../components/Time";
import { useText } from "../../../lib/i18n";
import { JobReceipt } from "../jobs/JobReceipt";
import { Value } from "../values/Value";
import { AccountFacts } from "./AccountFacts";
import { AmountField } from "./AmountField";
import { Decisions } from "./Decisions";
import { DueMark } from "./DueMark";
import { messages } from "./messages";
import type { Queue } from "./queue";
import { ReviewQueue } from "./ReviewQueue";
import { TwoSides } from "./TwoSides";
import { useDecline } from "./useDecline";

type Review = Answer<"/admin/adjustments/{request_id}">;

const queue: Queue<Item<"/admin/adjustments">, Review> = {
  name: "adjustments",
  page: (after, signal, all) =>
    ask(api.GET("/admin/adjustments", { params: { query: { state: all ? undefined : "open", after } }, signal })),
  item: (id, signal) => ask(api.GET("/admin/adjustments/{request_id}", { params: { path: { request_id: id } }, signal })),
};

export function AdjustmentQueue() {
  return (
    <ReviewQueue
      queue={queue}
      line={(request) => ({
        title: request.description,
        note: <Value of={request.state} />,
        mark: request.state === "open" && <DueMark item={request} />,
      })}
    >
      {(review) => (
        <>
          <TwoSides>
            <Asked review={review} />
            <AccountFacts id={review.account_id} account={review.account} />
          </TwoSides>
          <JobReceipt job={review.job_id} />
          {review.state === "open" && <Deciding review={review} />}
        </>
      )}
    </ReviewQueue>
  );
}

function Asked({ review }: { review: Review }) {
  const t = useText(messages);
  const { charge } = review;
  return (
    <section>
      <Title order={3}>{t("request")}</Title>
      <Facts
        facts={[
          [t("state"), <Value key="state" of={review.state} />],
          [t("said"), <span key="said" className="as-written">{review.description}</span>],
          [t("amount"), review.amount === null ? t("allOfIt") : <Amount key="amount" value={review.amount} />],
          review.approved !== null && [t("givenBack"), <Amount key="approved" value={review.approved} />],
          [t("asked"), <Time key="at" value={review.created_at} />],
          [t("due"), <Time key="due" value={review.due_at} />],
          [
            t("job"),
            <LinkAnchor key="job" to="/admin/jobs" search={{ job: review.job_id }}>
              {review.job_id}
            </LinkAnchor>,
          ],
          [t("model"), charge.model],
          [t("outcome"), <Value key="outcome" of={charge.outcome} />],
          [t("finished"), <Time key="finished" value={charge.finished_at} />],
          [t("charge"), <Amount key="charge" value={charge.charge} />],
          [t("givenBackBefore"), <Amount key="given" value={charge.given_back} />],
          [t("providerCost"), <Amount key="cost" value={charge.provider_cost} />],
          review.note !== "" && [t("note"), review.note],
        ]}
      />
    </section>
  );
}

function Deciding({ review }: { review: Review }) {
  const t = useText(messages);
  const decline = useDecline();
  const [amount, setAmount] = useState("");
  const path = { request_id: review.id };
  return (
    <Decisions
      choices={[
        {
          label: t("approve"),
          hotkey: "a",
          fields: <AmountField label={t("amount")} value={amount} onChange={setAmount} />,
          run: (note, header) =>
            ask(
              api.POST("/admin/adjustments/{request_id}/approve", {
                params: { path, header },
                body: { note, amount: amount || null },
              }),
            ),
        },
        decline((note, header) =>
          ask(api.POST("/admin/adjustments/{request_id}/decline", { params: { path, header }, body: { note } })),
        ),
      ]}
    />
  );
}
