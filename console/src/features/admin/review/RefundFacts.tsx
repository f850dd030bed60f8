/* What a refund is asked of, which rule it falls under, and what would go back by which way. */

import { Badge, Title } from "@mantine/core";
import type { Answer } from "../../../api/types";
import { Amount } from "../../../components/Amount";
import { Facts } from "../../../components/Facts";
import { LinkAnchor } from "../../../components/links";
import { Time } from "../../../components/Time";
import { fromMinor } from "../../../lib/amount";
import { useText } from "../../../lib/i18n";
import { Value } from "../values/Value";
import { messages } from "./messages";

export type RefundReview = Answer<"/admin/refund-requests/{request_id}">;

export function RefundWish({ review }: { review: RefundReview }) {
  const t = useText(messages);
  const { rule } = review;
  return (
    <section>
      <Title order={3}>{t("request")}</Title>
      <Facts
        facts={[
          [t("state"), <Value key="state" of={review.state} />],
          [t("kind"), t(`refund_${review.kind}`)],
          [t("amount"), review.amount === null ? t("allOfIt") : <Amount key="amount" value={review.amount} />],
          [t("prefers"), review.prefers === "source" ? t("toSource") : t("toCredit")],
          review.reason !== "" && [t("said"), <span key="said" className="as-written">{review.reason}</span>],
          [t("asked"), <Time key="at" value={review.created_at} />],
          [t("due"), <Time key="due" value={review.due_at} />],
          [t("rule"), t(review.kind === "duplicate" ? `duplicate_${rule.duplicate}` : `unused_${rule.unused}`)],
          rule.until !== null && [t("windowEnds"), <Time key="until" value={rule.until} />],
          review.approved !== null && [t("givenBack"), <Amount key="approved" value={review.approved} />],
          review.note !== "" && [t("note"), review.note],
        ]}
      />
    </section>
  );
}

export function RefundedPayment({ review }: { review: RefundReview }) {
  const t = useText(messages);
  const { payment, account } = review;
  const money = (minor: number) => <Amount value={fromMinor(minor, payment.currency)} currency={payment.currency} />;
  return (
    <section>
      <Title order={3}>{t("payment")}</Title>
      <Facts
        facts={[
          [t("state"), <Value key="state" of={payment.state} />],
          payment.problem !== "" && [t("problem"), <Value key="problem" of={payment.problem} />],
          [
            t("reference"),
            <LinkAnchor
              key="reference"
              to="/admin/operation/$area"
              params={{ area: "payments" }}
              search={{ payment: review.payment_id }}
            >
              {payment.reference}
            </LinkAnchor>,
          ],
          [t("paid"), money(payment.paid_minor)],
          payment.paid_at !== null && [t("paidAt"), <Time key="at" value={payment.paid_at} />],
          [t("credited"), <Amount key="credited" value={payment.credited} />],
          [t("used"), <Amount key="used" value={payment.used} />],
          [t("takenBack"), <Amount key="back" value={payment.taken_back} />],
          [
            t("refundable"),
            <span key="refundable">
              <Amount value={payment.refundable} /> → {money(payment.refundable_minor)}{" "}
              {t(payment.provider === "manual" ? "wayByHand" : "wayBack")} <Value of={payment.provider} />
            </span>,
          ],
          [t("charged"), <Amount key="charged" value={account.charged} />],
          [t("providerCost"), <Amount key="cost" value={account.provider_cost} />],
          [
            t("openDispute"),
            payment.has_open_dispute ? <Badge key="dispute" color="red">{t("yes")}</Badge> : t("no"),
          ],
        ]}
      />
    </section>
  );
}
