/* Recharges whose money somebody has to see before there is credit. */

import { Stack, TextInput, Title } from "@mantine/core";
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
import { fromMinor, isZero } from "../../../lib/amount";
import { useText } from "../../../lib/i18n";
import { Value } from "../values/Value";
import { Decisions } from "./Decisions";
import { messages } from "./messages";
import { QueueView } from "./QueueView";
import { ToAccount } from "./ToAccount";

const route = getRouteApi("/admin/review/$queue");

type RechargeFacts = Answer<"/admin/recharges/{recharge_id}">;

const listQuery = (all: boolean) =>
  paged(["admin", "recharges", all], (after, signal) =>
    ask(api.GET("/admin/recharges", { params: { query: { state: all ? undefined : "review", after } }, signal })),
  );

function factsQuery(id: string) {
  return queryOptions({
    queryKey: ["admin", "recharge", id],
    queryFn: ({ signal }) =>
      ask(api.GET("/admin/recharges/{recharge_id}", { params: { path: { recharge_id: id } }, signal })),
  });
}

export function RechargeQueue() {
  const { all } = route.useSearch();
  return (
    <QueueView
      query={useInfiniteQuery(listQuery(all === true))}
      id={(recharge) => recharge.id}
      line={(recharge) => ({
        title: <Amount value={fromMinor(recharge.price_minor, recharge.currency)} currency={recharge.currency} />,
        note: (
          <>
            <Value of={recharge.method} /> · <Value of={recharge.state} />
          </>
        ),
        mark: recharge.created_at !== null && <Time value={recharge.created_at} as="relative" />,
      })}
      detail={(id) => <Detail id={id} />}
    />
  );
}

function Detail({ id }: { id: string }) {
  return <Loaded query={useQuery(factsQuery(id))}>{(facts) => <Review facts={facts} />}</Loaded>;
}

function Review({ facts }: { facts: RechargeFacts }) {
  const t = useText(messages);
  const { recharge, payments } = facts;
  return (
    <Stack>
      <Facts
        facts={[
          [t("method"), <Value key="method" of={recharge.method} />],
          [t("state"), <Value key="state" of={recharge.state} />],
          [t("price"), <Amount key="p" value={fromMinor(recharge.price_minor, recharge.currency)} currency={recharge.currency} />],
          [t("credit"), <Amount key="c" value={recharge.credit} />],
          !isZero(recharge.bonus) && [t("bonus"), <Amount key="b" value={recharge.bonus} />],
          recharge.evidence !== "" && [t("evidence"), recharge.evidence],
          recharge.note !== "" && [t("said"), recharge.note],
          [t("account"), <ToAccount key="a" id={recharge.account_id} />],
          [t("accountStatus"), <Value key="status" of={facts.account_status} />],
          [t("accountSince"), <Time key="s" value={facts.account_created_at} as="date" />],
          [t("balance"), <Amount key="bal" value={facts.balance} />],
          recharge.review_note !== "" && [t("note"), recharge.review_note],
        ]}
      />
      {payments.length > 0 && (
        <section>
          <Title order={3}>{t("payments")}</Title>
          {payments.map((payment) => (
            <Facts
              key={payment.id}
              facts={[
                [t("state"), <Value key="state" of={payment.state} />],
                [t("paid"), <Amount key="p" value={fromMinor(payment.paid_minor, payment.currency)} currency={payment.currency} />],
              ]}
            />
          ))}
        </section>
      )}
      {recharge.state === "review" && <Deciding facts={facts} />}
    </Stack>
  );
}

function Deciding({ facts }: { facts: RechargeFacts }) {
  const t = useText(messages);
  const { recharge } = facts;
  const [evidence, setEvidence] = useState("");
  const [credit, setCredit] = useState("");
  const path = { recharge_id: recharge.id };
  return (
    <Decisions
      choices={[
        {
          label: t("approve"),
          hotkey: "a",
          fields: (
            <>
              <TextInput
                label={t("evidence")}
                value={evidence}
                maxLength={200}
                onChange={(event) => setEvidence(event.currentTarget.value)}
              />
              <TextInput
                label={t("credit")}
                description={t("amountEmpty")}
                inputMode="decimal"
                value={credit}
                onChange={(event) => setCredit(event.currentTarget.value)}
              />
            </>
          ),
          run: (note, header) =>
            ask(
              api.POST("/admin/recharges/{recharge_id}/approve", {
                params: { path, header },
                body: { note, evidence, credit: credit.trim() || null },
              }),
            ),
        },
        {
          label: t("decline"),
          hotkey: "r",
          danger: true,
          needsNote: true,
          noteHint: t("noteRead"),
          run: (reason, header) =>
            ask(api.POST("/admin/recharges/{recharge_id}/decline", { params: { path, header }, body: { reason } })),
        },
      ]}
    />
  );
}
