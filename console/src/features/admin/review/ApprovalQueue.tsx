/* Accounts that wait since their sign-up, or for a region that is not served. */

import { Title } from "@mantine/core";
import { api, ask } from "../../../api/client";
import type { Answer, Item } from "../../../api/types";
import { Facts } from "../../../components/Facts";
import { Time } from "../../../components/Time";
import { useText } from "../../../lib/i18n";
import { CaseFacts } from "../cases/CaseFacts";
import { Value } from "../values/Value";
import { AccountFacts } from "./AccountFacts";
import { Decisions } from "./Decisions";
import { messages } from "./messages";
import type { Queue } from "./queue";
import { ReviewQueue } from "./ReviewQueue";
import { Traces } from "./Traces";
import { TwoSides } from "./TwoSides";

type Waiting = Answer<"/admin/approvals/{account_id}">;
type Row = Item<"/admin/approvals"> & { id: string };

const queue: Queue<Row, Waiting> = {
  name: "approvals",
  page: async (after, signal) => {
    const page = await ask(api.GET("/admin/approvals", { params: { query: { after } }, signal }));
    return { ...page, data: page.data.map((waiting) => ({ ...waiting, id: waiting.account_id })) };
  },
  item: (id, signal) => ask(api.GET("/admin/approvals/{account_id}", { params: { path: { account_id: id } }, signal })),
};

export function ApprovalQueue() {
  return (
    <ReviewQueue
      queue={queue}
      line={(waiting) => ({
        title: waiting.email,
        note: <Value of={waiting.code} />,
        mark: <Time value={waiting.since} as="relative" />,
      })}
      hasHistory={false}
    >
      {(waiting) => (
        <>
          <TwoSides>
            <Why waiting={waiting} />
            <AccountFacts id={waiting.account_id} account={waiting.account} />
          </TwoSides>
          <Traces traces={waiting.traces} />
          <Deciding waiting={waiting} />
        </>
      )}
    </ReviewQueue>
  );
}

function Why({ waiting }: { waiting: Waiting }) {
  const t = useText(messages);
  return (
    <section>
      <Title order={3}>{t("waits")}</Title>
      <Facts
        facts={[
          [t("code"), <Value key="code" of={waiting.code} />],
          [t("asked"), <Time key="at" value={waiting.since} />],
          waiting.name !== "" && [t("name"), waiting.name],
          waiting.country !== "" && [t("country"), waiting.country],
        ]}
      />
      {waiting.cases.map((each) => (
        <CaseFacts key={each.id} facts={each.facts} />
      ))}
    </section>
  );
}

function Deciding({ waiting }: { waiting: Waiting }) {
  const t = useText(messages);
  const params = { path: { account_id: waiting.account_id } };
  if (waiting.code === "region_not_served") {
    return (
      <Decisions
        choices={[
          {
            label: t("allowRegion"),
            hotkey: "a",
            needsNote: true,
            run: (note) => ask(api.POST("/admin/approvals/{account_id}/allow-region", { params, body: { note } })),
          },
        ]}
      />
    );
  }
  return (
    <Decisions
      choices={[
        {
          label: t("letIn"),
          hotkey: "a",
          run: (note) => ask(api.POST("/admin/approvals/{account_id}/approve", { params, body: { note } })),
        },
        {
          label: t("keepOut"),
          hotkey: "r",
          danger: true,
          needsNote: true,
          noteHint: t("noteRead"),
          run: (note) => ask(api.POST("/admin/approvals/{account_id}/decline", { params, body: { note } })),
        },
      ]}
    />
  );
}
