/* What a verdict on an account's conduct goes by: what rules measured, its money, what was decided before. */

import { Badge, Box, Text, Title } from "@mantine/core";
import type { Answer } from "../../../api/types";
import { Amount } from "../../../components/Amount";
import { DataTable } from "../../../components/DataTable";
import { Facts } from "../../../components/Facts";
import { LinkAnchor } from "../../../components/links";
import { Time } from "../../../components/Time";
import { fromMinor } from "../../../lib/amount";
import { useLanguage, useText } from "../../../lib/i18n";
import { timeSpan } from "../../../lib/time";
import { CaseFacts } from "../cases/CaseFacts";
import { Value } from "../values/Value";
import { messages } from "./messages";

export type RiskReview = Answer<"/admin/risk/{case_id}">;

/** Signals or bars, one after the other. */
export function Kinds({ of }: { of: readonly string[] }) {
  return of.map((kind, index) => (
    <span key={kind}>
      {index > 0 && ", "}
      <Value of={kind} />
    </span>
  ));
}

export function Conduct({ review }: { review: RiskReview }) {
  const t = useText(messages);
  const { language } = useLanguage();
  return (
    <section>
      <Title order={3}>{t("signals")}</Title>
      {review.signals.map((signal) => (
        <Box key={signal.id} mb="sm">
          <Text fw={500}>
            <Value of={signal.kind} /> {signal.has_frozen && <Badge color="blue">{t("hasFrozen")}</Badge>}
          </Text>
          <Text c="dimmed" size="sm">
            {t("ruleSays", {
              measured: signal.measured,
              threshold: signal.threshold,
              span: timeSpan(signal.window_minutes, language),
            })}{" "}
            · {t(`action_${signal.action}`)} · <Time value={signal.raised_at} as="relative" />
          </Text>
          <CaseFacts facts={signal.facts} />
        </Box>
      ))}
      {review.signals.length === 0 && <CaseFacts facts={review.case.facts} />}
      {review.bars.length > 0 && <Facts facts={[[t("barred"), <Kinds key="bars" of={review.bars} />]]} />}
    </section>
  );
}

export function Money({ review }: { review: RiskReview }) {
  const t = useText(messages);
  if (review.payments.length === 0) return null;
  return (
    <section>
      <Title order={3}>{t("payments")}</Title>
      <DataTable
        label={t("payments")}
        rows={review.payments}
        id={(payment) => payment.id}
        columns={[
          {
            key: "at",
            title: t("asked"),
            cell: (payment) => (
              <LinkAnchor
                to="/admin/operation/$area"
                params={{ area: "payments" }}
                search={{ payment: payment.id }}
              >
                <Time value={payment.created_at} as="date" />
              </LinkAnchor>
            ),
          },
          {
            key: "paid",
            title: t("paid"),
            align: "right",
            cell: ({ paid_minor: minor, currency }) => <Amount value={fromMinor(minor, currency)} currency={currency} />,
          },
          { key: "state", title: t("state"), cell: (payment) => <Value of={payment.state} /> },
          { key: "country", title: t("country"), from: "sm", cell: (payment) => payment.country || "–" },
          {
            key: "dispute",
            title: t("openDispute"),
            from: "sm",
            cell: (payment) => {
              const dispute = review.disputes.find((each) => each.payment_id === payment.id);
              return dispute === undefined ? t("no") : <Value of={dispute.outcome} />;
            },
          },
        ]}
      />
    </section>
  );
}

export function Earlier({ decisions }: { decisions: RiskReview["decisions"] }) {
  const t = useText(messages);
  if (decisions.length === 0) return null;
  return (
    <section>
      <Title order={3}>{t("earlierVerdicts")}</Title>
      {decisions.map((each) => (
        <Text key={each.id}>
          {t(`verdict_${each.decision}`)} · {each.note} · <Time value={each.decided_at} as="relative" />
        </Text>
      ))}
    </section>
  );
}
