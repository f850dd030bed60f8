/* Chargebacks: what the provider took, and the operator's word where the provider has none. */

import { Stack } from "@mantine/core";
import { queryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { api, ask } from "../../../api/client";
import { paged } from "../../../api/paged";
import type { Answer } from "../../../api/types";
import { Facts } from "../../../components/Facts";
import { Id } from "../../../components/Id";
import { Loaded } from "../../../components/Loaded";
import { Time } from "../../../components/Time";
import { useText } from "../../../lib/i18n";
import { Value } from "../values/Value";
import { Decisions } from "./Decisions";
import { messages } from "./messages";
import { QueueView } from "./QueueView";

const route = getRouteApi("/admin/review/$queue");

type Dispute = Answer<"/admin/disputes/{dispute_id}">;

const listQuery = (all: boolean) =>
  paged(["admin", "disputes", all], (after, signal) =>
    ask(api.GET("/admin/disputes", { params: { query: { state: all ? undefined : "open", after } }, signal })),
  );

const disputeQuery = (id: string) =>
  queryOptions({
    queryKey: ["admin", "dispute", id],
    queryFn: ({ signal }) =>
      ask(api.GET("/admin/disputes/{dispute_id}", { params: { path: { dispute_id: id } }, signal })),
  });

export function DisputeQueue() {
  const { all } = route.useSearch();
  return (
    <QueueView
      query={useInfiniteQuery(listQuery(all === true))}
      id={(dispute) => dispute.id}
      line={(dispute) => ({
        title: dispute.reason || dispute.reference,
        note: `${dispute.provider} · ${dispute.outcome}`,
        mark: dispute.due_at !== null && <Time value={dispute.due_at} as="relative" />,
      })}
      detail={(id) => <Detail id={id} />}
    />
  );
}

function Detail({ id }: { id: string }) {
  return <Loaded query={useQuery(disputeQuery(id))}>{(dispute) => <Shown dispute={dispute} />}</Loaded>;
}

function Shown({ dispute }: { dispute: Dispute }) {
  const t = useText(messages);
  const path = { dispute_id: dispute.id };
  const decide = (decision: "won" | "lost") => (note: string, header: { "idempotency-key": string }) =>
    ask(api.POST("/admin/disputes/{dispute_id}/decide", { params: { path, header }, body: { decision, note } }));
  return (
    <Stack>
      <Facts
        facts={[
          [t("state"), <Value key="state" of={dispute.state} />],
          [t("provider"), dispute.provider],
          [t("reference"), <Id key="r" value={dispute.reference} full />],
          [t("reason"), dispute.reason || "–"],
          [t("asked"), <Time key="at" value={dispute.created_at} />],
          dispute.due_at !== null && [t("due"), <Time key="due" value={dispute.due_at} />],
          dispute.decision !== "" && [t("decision"), dispute.decision],
          dispute.decided_at !== null && [t("decidedBy"), <Time key="d" value={dispute.decided_at} />],
          dispute.note !== "" && [t("note"), dispute.note],
        ]}
      />
      {dispute.outcome === "open" && (
        <Decisions
          choices={[
            { label: t("won"), hotkey: "a", needsNote: true, noteHint: t("wonLead"), run: decide("won") },
            { label: t("lost"), hotkey: "r", danger: true, needsNote: true, run: decide("lost") },
          ]}
        />
      )}
    </Stack>
  );
}
