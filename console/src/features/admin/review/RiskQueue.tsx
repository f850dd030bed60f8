/* Accounts whose conduct raised a signal: what was measured, what else is known, and what becomes of it. */

import { useState } from "react";
import { api, ask } from "../../../api/client";
import type { Body, Item } from "../../../api/types";
import { Amount } from "../../../components/Amount";
import { Time } from "../../../components/Time";
import { useText } from "../../../lib/i18n";
import { LimitsFields } from "../accounts/LimitsFields";
import { AccountFacts } from "./AccountFacts";
import { Decisions, type Choice } from "./Decisions";
import { messages } from "./messages";
import type { Queue } from "./queue";
import { ReviewQueue } from "./ReviewQueue";
import { Conduct, Earlier, Kinds, Money, type RiskReview } from "./RiskFacts";
import { Traces } from "./Traces";
import { TwoSides } from "./TwoSides";

/** Of a case that no rule opened, what is at stake. */
function Balance({ of }: { of: string }) {
  const t = useText(messages);
  return (
    <>
      {t("balance")}: <Amount value={of} />
    </>
  );
}

type Verdict = Body<"/admin/risk/{case_id}/decide">["decision"];

const queue: Queue<Item<"/admin/risk">, RiskReview> = {
  name: "risk",
  page: (after, signal, all) =>
    ask(api.GET("/admin/risk", { params: { query: { status: all ? "any" : "open", after } }, signal })),
  item: (id, signal) => ask(api.GET("/admin/risk/{case_id}", { params: { path: { case_id: id } }, signal })),
};

export function RiskQueue() {
  return (
    <ReviewQueue
      queue={queue}
      line={(review) => ({
        title: review.email,
        note: review.signals.length > 0 ? <Kinds of={review.signals} /> : <Balance of={review.balance} />,
        mark: <Time value={review.opened_at} as="relative" />,
      })}
    >
      {(review) => (
        <>
          <TwoSides>
            <Conduct review={review} />
            <AccountFacts id={review.account.id} account={review.standing} />
          </TwoSides>
          <Money review={review} />
          <Traces traces={review.account.traces} />
          <Earlier decisions={review.decisions} />
          {review.case.status === "open" && <Deciding review={review} />}
        </>
      )}
    </ReviewQueue>
  );
}

function Deciding({ review }: { review: RiskReview }) {
  const t = useText(messages);
  const [limits, setLimits] = useState(review.account.limits);
  const verdict = (decision: Verdict, more: Partial<Choice> = {}): Choice => ({
    label: t(`verdict_${decision}`),
    needsNote: true,
    run: (note) =>
      ask(
        api.POST("/admin/risk/{case_id}/decide", {
          params: { path: { case_id: review.case.id } },
          body: { decision, note, limits: decision === "limits" ? limits : null },
        }),
      ),
    ...more,
  });
  const isFrozen = review.account.status === "frozen";
  return (
    <Decisions
      choices={[
        isFrozen ? verdict("unfreeze", { hotkey: "a" }) : verdict("nothing", { hotkey: "a", needsNote: false }),
        isFrozen ? verdict("nothing") : verdict("freeze", { hotkey: "r", danger: true }),
        verdict("limits", { fields: <LimitsFields limits={limits} onChange={setLimits} /> }),
        verdict("note", { leavesOpen: true }),
      ]}
    />
  );
}
