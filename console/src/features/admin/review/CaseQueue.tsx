/* What rules, duties and providers' events leave to a person. */

import { Code, TextInput, Title } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import type { Answer, Item } from "../../../api/types";
import { Facts } from "../../../components/Facts";
import { Time } from "../../../components/Time";
import { useText } from "../../../lib/i18n";
import { CaseFacts } from "../cases/CaseFacts";
import { AccountFacts } from "./AccountFacts";
import { Decisions } from "./Decisions";
import { useCaseKind, type CaseKind } from "./kinds";
import { messages } from "./messages";
import { OverdueMark } from "./OverdueMark";
import type { Queue } from "./queue";
import { ReviewQueue } from "./ReviewQueue";
import { TwoSides } from "./TwoSides";

const route = getRouteApi("/admin/review/$queue");

type Case = Answer<"/admin/cases/{case_id}">;
type Row = Item<"/admin/cases">;

function queueOf(kind: CaseKind | undefined): Queue<Row, Case> {
  return {
    name: `cases ${kind ?? ""}`,
    page: (after, signal, all) =>
      ask(api.GET("/admin/cases", { params: { query: { status: all ? undefined : "open", kind, after } }, signal })),
    item: (id, signal) => ask(api.GET("/admin/cases/{case_id}", { params: { path: { case_id: id } }, signal })),
  };
}

function isLate({ status, due_at: due }: Row): boolean {
  return status === "open" && due !== null && new Date(due) < new Date();
}

export function CaseQueue() {
  const { kind } = route.useSearch();
  const kindOf = useCaseKind();
  return (
    <ReviewQueue
      queue={queueOf(kind)}
      line={(each) => ({
        title: kindOf(each.kind),
        note: each.subject,
        mark: <OverdueMark isOverdue={isLate(each)} since={each.opened_at} />,
      })}
    >
      {(found) => (
        <>
          <TwoSides>
            <About found={found} />
            {found.account !== null && found.account_id !== null && (
              <AccountFacts id={found.account_id} account={found.account} />
            )}
          </TwoSides>
          {found.status === "open" && <Deciding id={found.id} />}
        </>
      )}
    </ReviewQueue>
  );
}

function About({ found }: { found: Case }) {
  const t = useText(messages);
  const kindOf = useCaseKind();
  return (
    <section>
      <Title order={3}>{kindOf(found.kind)}</Title>
      <Facts
        facts={[
          [t("subject"), <Code key="subject" className="as-written">{found.subject}</Code>],
          [t("opened"), <Time key="at" value={found.opened_at} />],
          found.due_at !== null && [t("due"), <Time key="due" value={found.due_at} />],
          found.status === "closed" && [t("decision"), `${found.decision} ${found.note}`],
          found.closed_at !== null && [t("decidedBy"), <Time key="closed" value={found.closed_at} />],
        ]}
      />
      <CaseFacts facts={found.facts} />
    </section>
  );
}

function Deciding({ id }: { id: string }) {
  const t = useText(messages);
  const [decision, setDecision] = useState("");
  return (
    <Decisions
      choices={[
        {
          label: t("closeCase"),
          hotkey: "a",
          fields: (
            <TextInput
              label={t("decision")}
              required
              maxLength={200}
              value={decision}
              onChange={(event) => setDecision(event.currentTarget.value)}
            />
          ),
          run: (note) =>
            ask(api.POST("/admin/cases/{case_id}/close", { params: { path: { case_id: id } }, body: { decision, note } })),
        },
      ]}
    />
  );
}
