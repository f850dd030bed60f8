/* What rules, duties and providers' events leave to a person. */

import { Code, Stack, TextInput } from "@mantine/core";
import { queryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import { paged } from "../../../api/paged";
import type { Answer } from "../../../api/types";
import { Facts } from "../../../components/Facts";
import { Loaded } from "../../../components/Loaded";
import { Time } from "../../../components/Time";
import { useText } from "../../../lib/i18n";
import { Decisions } from "./Decisions";
import { useCaseKind, type CaseKind } from "./kinds";
import { messages } from "./messages";
import { QueueView } from "./QueueView";
import { ToAccount } from "./ToAccount";

const route = getRouteApi("/admin/review/$queue");

type Case = Answer<"/admin/cases/{case_id}">;

const listQuery = (all: boolean, kind: CaseKind | undefined) =>
  paged(["admin", "cases", all, kind], (after, signal) =>
    ask(api.GET("/admin/cases", { params: { query: { status: all ? undefined : "open", kind, after } }, signal })),
  );

const caseQuery = (id: string) =>
  queryOptions({
    queryKey: ["admin", "case", id],
    queryFn: ({ signal }) => ask(api.GET("/admin/cases/{case_id}", { params: { path: { case_id: id } }, signal })),
  });

export function CaseQueue() {
  const { all, kind } = route.useSearch();
  const kindOf = useCaseKind();
  return (
    <QueueView
      query={useInfiniteQuery(listQuery(all === true, kind))}
      id={(each) => each.id}
      line={(each) => ({
        title: kindOf(each.kind),
        note: each.subject,
        mark: <Time value={each.opened_at} as="relative" />,
      })}
      detail={(id) => <Detail id={id} />}
    />
  );
}

function Detail({ id }: { id: string }) {
  return <Loaded query={useQuery(caseQuery(id))}>{(found) => <Shown found={found} />}</Loaded>;
}

function Shown({ found }: { found: Case }) {
  const t = useText(messages);
  const kindOf = useCaseKind();
  return (
    <Stack>
      <Facts
        facts={[
          [t("code"), kindOf(found.kind)],
          [t("subject"), <Code key="s">{found.subject}</Code>],
          [t("asked"), <Time key="at" value={found.opened_at} />],
          found.due_at !== null && [t("due"), <Time key="due" value={found.due_at} />],
          found.account_id !== null && [t("account"), <ToAccount key="ac" id={found.account_id} />],
          ...Object.entries(found.facts).map(([name, value]) => [name.replaceAll("_", " "), written(value)] as const),
          found.status === "closed" && [t("decision"), `${found.decision} ${found.note}`],
        ]}
      />
      {found.status === "open" && <Deciding id={found.id} />}
    </Stack>
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

function written(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : JSON.stringify(value);
}
