/* Recharges whose money somebody has to see before there is credit. */

import { Text, TextInput, Title } from "@mantine/core";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import type { Answer, Item } from "../../../api/types";
import { Amount } from "../../../components/Amount";
import { DataTable } from "../../../components/DataTable";
import { Facts } from "../../../components/Facts";
import { Time } from "../../../components/Time";
import { fromMinor, isZero } from "../../../lib/amount";
import { useText } from "../../../lib/i18n";
import { Value } from "../values/Value";
import { AccountFacts } from "./AccountFacts";
import { AmountField } from "./AmountField";
import { Decisions } from "./Decisions";
import { messages } from "./messages";
import { Paid } from "./Paid";
import type { Queue } from "./queue";
import { ReviewQueue } from "./ReviewQueue";
import { TwoSides } from "./TwoSides";
import { useDecline } from "./useDecline";

type RechargeFacts = Answer<"/admin/recharges/{recharge_id}">;
type Recharge = RechargeFacts["recharge"];

const queue: Queue<Item<"/admin/recharges">, RechargeFacts> = {
  name: "recharges",
  page: (after, signal, all) =>
    ask(api.GET("/admin/recharges", { params: { query: { state: all ? undefined : "review", after } }, signal })),
  item: (id, signal) => ask(api.GET("/admin/recharges/{recharge_id}", { params: { path: { recharge_id: id } }, signal })),
};

export function RechargeQueue() {
  return (
    <ReviewQueue
      queue={queue}
      line={(recharge) => ({
        title: <Price of={recharge} />,
        note: (
          <>
            <Value of={recharge.method} /> · <Value of={recharge.state} />
          </>
        ),
        mark: recharge.created_at !== null && <Time value={recharge.created_at} as="relative" />,
      })}
    >
      {(facts) => (
        <>
          <TwoSides>
            <Asked facts={facts} />
            <AccountFacts id={facts.recharge.account_id} account={facts.account} />
          </TwoSides>
          {facts.payments.map((payment) => (
            <Paid key={payment.id} payment={payment} />
          ))}
          <Others recharges={facts.others} />
          {facts.recharge.state === "review" && <Deciding recharge={facts.recharge} />}
        </>
      )}
    </ReviewQueue>
  );
}

function Price({ of: { price_minor: minor, currency } }: { of: Pick<Recharge, "price_minor" | "currency"> }) {
  return <Amount value={fromMinor(minor, currency)} currency={currency} />;
}

function Asked({ facts: { recharge, payments } }: { facts: RechargeFacts }) {
  const t = useText(messages);
  return (
    <section>
      <Title order={3}>{t("request")}</Title>
      <Facts
        facts={[
          [t("method"), <Value key="method" of={recharge.method} />],
          [t("state"), <Value key="state" of={recharge.state} />],
          [t("price"), <Price key="price" of={recharge} />],
          [t("credit"), <Amount key="credit" value={recharge.credit} />],
          !isZero(recharge.bonus) && [t("bonus"), <Amount key="bonus" value={recharge.bonus} />],
          recharge.package !== "" && [t("package"), recharge.package],
          [t("evidence"), recharge.evidence || t("none")],
          recharge.note !== "" && [t("said"), <span key="said" className="as-written">{recharge.note}</span>],
          recharge.created_at !== null && [t("asked"), <Time key="at" value={recharge.created_at} />],
          payments.length === 0 && [t("payments"), t("noPayment")],
          recharge.review_note !== "" && [t("note"), recharge.review_note],
        ]}
      />
    </section>
  );
}

function Others({ recharges }: { recharges: readonly Recharge[] }) {
  const t = useText(messages);
  return (
    <section>
      <Title order={3}>{t("otherRecharges")}</Title>
      {recharges.length === 0 ? (
        <Text c="dimmed">{t("firstRecharge")}</Text>
      ) : (
        <DataTable
          label={t("otherRecharges")}
          rows={recharges}
          id={(recharge) => recharge.id}
          columns={[
            {
              key: "at",
              title: t("asked"),
              cell: ({ created_at: at }) => (at === null ? "–" : <Time value={at} as="date" />),
            },
            { key: "price", title: t("price"), align: "right", cell: (recharge) => <Price of={recharge} /> },
            { key: "method", title: t("method"), from: "sm", cell: (recharge) => <Value of={recharge.method} /> },
            { key: "state", title: t("state"), cell: (recharge) => <Value of={recharge.state} /> },
            { key: "evidence", title: t("evidence"), from: "md", cell: (recharge) => recharge.evidence || "–" },
          ]}
        />
      )}
    </section>
  );
}

function Deciding({ recharge }: { recharge: Recharge }) {
  const t = useText(messages);
  const decline = useDecline();
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
              <AmountField label={t("credit")} value={credit} onChange={setCredit} />
            </>
          ),
          run: (note, header) =>
            ask(
              api.POST("/admin/recharges/{recharge_id}/approve", {
                params: { path, header },
                body: { note, evidence, credit: credit || null },
              }),
            ),
        },
        decline((reason, header) =>
          ask(api.POST("/admin/recharges/{recharge_id}/decline", { params: { path, header }, body: { reason } })),
        ),
      ]}
    />
  );
}
