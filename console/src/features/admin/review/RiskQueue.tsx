/* Accounts whose conduct raised a signal: what was measured, what else is known, and what becomes of it. */

import { Badge, Group, Stack, Title } from "@mantine/core";
import { queryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { api, ask } from "../../../api/client";
import { paged } from "../../../api/paged";
import type { Answer, Body } from "../../../api/types";
import { Amount } from "../../../components/Amount";
import { Facts } from "../../../components/Facts";
import { Loaded } from "../../../components/Loaded";
import { Time } from "../../../components/Time";
import { useText } from "../../../lib/i18n";
import { Value } from "../values/Value";
import { Decisions, type Choice } from "./Decisions";
import { messages } from "./messages";
import { QueueView } from "./QueueView";
import { ToAccount } from "./ToAccount";

type Review = Answer<"/admin/risk/{case_id}">;
type Verdict = Body<"/admin/risk/{case_id}/decide">["decision"];

const listQuery = paged(["admin", "risk"], (after, signal) =>
  ask(api.GET("/admin/risk", { params: { query: { status: "open", after } }, signal })),
);

const reviewQuery = (id: string) =>
  queryOptions({
    queryKey: ["admin", "risk case", id],
    queryFn: ({ signal }) => ask(api.GET("/admin/risk/{case_id}", { params: { path: { case_id: id } }, signal })),
  });

export function RiskQueue() {
  return (
    <QueueView
      query={useInfiniteQuery(listQuery)}
      id={(review) => review.id}
      line={(review) => ({
        title: review.email,
        note: <Signals kinds={review.signals} />,
        mark: <Time value={review.opened_at} as="relative" />,
      })}
      detail={(id) => <Detail id={id} />}
      hasHistory={false}
    />
  );
}

function Signals({ kinds }: { kinds: readonly string[] }) {
  return kinds.map((kind, index) => (
    <span key={kind}>
      {index > 0 && ", "}
      <Value of={kind} />
    </span>
  ));
}

function Detail({ id }: { id: string }) {
  return <Loaded query={useQuery(reviewQuery(id))}>{(review) => <Shown review={review} />}</Loaded>;
}

function Shown({ review }: { review: Review }) {
  const t = useText(messages);
  const { account, signals, decisions, disputes } = review;
  return (
    <Stack>
      <Facts
        facts={[
          [t("account"), account.email],
          [t("accountStatus"), <Value key="status" of={account.status} />],
          [t("accountSince"), <Time key="since" value={account.created_at} as="date" />],
          [t("balance"), <Amount key="balance" value={account.credits.balance} />],
          [t("payments"), review.payments.length],
          [t("openDispute"), disputes.some((each) => each.state === "open") ? t("yes") : t("no")],
          review.bars.length > 0 && [t("barred"), <Signals key="bars" kinds={review.bars} />],
          [t("facts"), <ToAccount key="account" id={account.id} />],
        ]}
      />
      <Title order={3}>{t("signals")}</Title>
      {signals.map((signal) => (
        <Group key={signal.id} justify="space-between">
          <Group gap="xs">
            <Value of={signal.kind} />
            <Badge color={signal.has_frozen ? "blue" : "gray"}>
              {t("measured", { measured: signal.measured, threshold: signal.threshold })}
            </Badge>
          </Group>
          <Time value={signal.raised_at} as="relative" />
        </Group>
      ))}
      {decisions.map((each) => (
        <Group key={each.id} justify="space-between">
          <span>
            {t(`verdict_${each.decision}`)} · {each.note}
          </span>
          <Time value={each.decided_at} as="relative" />
        </Group>
      ))}
      {review.case.status === "open" && <Deciding review={review} />}
    </Stack>
  );
}

function Deciding({ review }: { review: Review }) {
  const t = useText(messages);
  const verdict = (decision: Verdict, more: Partial<Choice> = {}): Choice => ({
    label: t(`verdict_${decision}`),
    needsNote: true,
    run: (note) =>
      ask(
        api.POST("/admin/risk/{case_id}/decide", {
          params: { path: { case_id: review.case.id } },
          body: { decision, note },
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
        verdict("note"),
      ]}
    />
  );
}
