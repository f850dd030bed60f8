/* Accounts that close: what becomes of what is left. */

import { SegmentedControl, Text, Title } from "@mantine/core";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import type { Answer, Item } from "../../../api/types";
import { Amount } from "../../../components/Amount";
import { Facts } from "../../../components/Facts";
import { Time } from "../../../components/Time";
import { isZero } from "../../../lib/amount";
import { useText } from "../../../lib/i18n";
import { Value } from "../values/Value";
import { AccountFacts } from "./AccountFacts";
import { Decisions } from "./Decisions";
import { LotsLeft } from "./LotsLeft";
import { messages } from "./messages";
import { OverdueMark } from "./OverdueMark";
import type { Queue } from "./queue";
import { ReviewQueue } from "./ReviewQueue";
import { TwoSides } from "./TwoSides";

type Closing = Answer<"/admin/closings/{closing_id}">;
type Treatment = Closing["choices"][number];

const queue: Queue<Item<"/admin/closings">, Closing> = {
  name: "closings",
  page: (after, signal, all) =>
    ask(api.GET("/admin/closings", { params: { query: { state: all ? undefined : "deciding", after } }, signal })),
  item: (id, signal) => ask(api.GET("/admin/closings/{closing_id}", { params: { path: { closing_id: id } }, signal })),
};

export function ClosingQueue() {
  return (
    <ReviewQueue
      queue={queue}
      line={(closing) => ({
        title: closing.reason || <AskedBy closing={closing} />,
        note: <Value of={closing.state} />,
        mark: <OverdueMark isOverdue={closing.is_overdue} since={closing.created_at} />,
      })}
    >
      {(closing) => (
        <>
          <TwoSides>
            <Asked closing={closing} />
            <AccountFacts id={closing.account_id} account={closing.account} />
          </TwoSides>
          <LotsLeft lots={closing.lots} />
          {closing.state === "deciding" && <Deciding closing={closing} />}
        </>
      )}
    </ReviewQueue>
  );
}

function AskedBy({ closing }: { closing: Pick<Closing, "by_operator"> }) {
  const t = useText(messages);
  return t(closing.by_operator ? "byOperator" : "byCustomer");
}

function Asked({ closing }: { closing: Closing }) {
  const t = useText(messages);
  return (
    <section>
      <Title order={3}>{t("closing")}</Title>
      <Facts
        facts={[
          [t("state"), <Value key="state" of={closing.state} />],
          [t("askedBy"), <AskedBy key="by" closing={closing} />],
          [t("reason"), closing.reason || "–"],
          [t("breach"), closing.has_breach ? t("yes") : t("no")],
          [t("asked"), <Time key="at" value={closing.created_at} />],
          closing.treatment !== "" && [t("treatment"), t(closing.treatment)],
          !isZero(closing.returned) && [t("givenBack"), <Amount key="returned" value={closing.returned} />],
          !isZero(closing.forfeited) && [t("takenBack"), <Amount key="forfeited" value={closing.forfeited} />],
          closing.note !== "" && [t("note"), closing.note],
        ]}
      />
    </section>
  );
}

function Deciding({ closing }: { closing: Closing }) {
  const t = useText(messages);
  const [treatment, setTreatment] = useState<Treatment | undefined>(closing.choices[0]);
  if (treatment === undefined) return null;
  return (
    <Decisions
      choices={[
        {
          label: t("decide"),
          hotkey: "a",
          needsNote: treatment === "forfeit",
          danger: treatment === "forfeit",
          fields: (
            <>
              <SegmentedControl
                aria-label={t("treatment")}
                value={treatment}
                onChange={(chosen) => setTreatment(closing.choices.find((each) => each === chosen))}
                data={closing.choices.map((each) => ({ value: each, label: t(each) }))}
              />
              <Text c="dimmed">{t(`${treatment}Lead`)}</Text>
            </>
          ),
          run: (note, header) =>
            ask(
              api.POST("/admin/closings/{closing_id}/decide", {
                params: { path: { closing_id: closing.id }, header },
                body: { treatment, note },
              }),
            ),
        },
      ]}
    />
  );
}
