/* The deployment at a glance, in one request that is repeated. */

import { Badge, Group, List, Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { queryOptions, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { api, ask } from "../../../api/client";
import type { Answer } from "../../../api/types";
import { Amount } from "../../../components/Amount";
import { DataTable } from "../../../components/DataTable";
import { Id } from "../../../components/Id";
import { LinkAnchor } from "../../../components/links";
import { Loaded } from "../../../components/Loaded";
import { Page } from "../../../components/Page";
import { Time } from "../../../components/Time";
import { useLanguage, useText } from "../../../lib/i18n";
import { useMay } from "../../session/scopes";
import { messages as words } from "../messages";
import { isCaseKind, useCaseKind } from "../review/kinds";
import { messages as queueWords } from "../review/messages";
import { QUEUE_NEEDS } from "../review/scopes";
import { messages } from "./messages";

type Overview = Answer<"/admin/overview">;

const AGAIN_MS = 5_000;
const overviewQuery = queryOptions({
  queryKey: ["admin", "overview"],
  queryFn: ({ signal }) => ask(api.GET("/admin/overview", { signal })),
  refetchInterval: AGAIN_MS,
});

export function OverviewPage() {
  const say = useText(words);
  return (
    <Page title={say("overview")} wide>
      <Loaded query={useQuery(overviewQuery)}>{(overview) => <Glance overview={overview} />}</Loaded>
    </Page>
  );
}

function Glance({ overview }: { overview: Overview }) {
  return (
    <Stack gap="lg">
      <Figures overview={overview} />
      <Queues overview={overview} />
      <Workers workers={overview.workers} />
    </Stack>
  );
}

function Figures({ overview }: { overview: Overview }) {
  const t = useText(messages);
  const { language } = useLanguage();
  const { calls, margin_today: margin } = overview;
  const count = new Intl.NumberFormat(language);
  const share = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 });
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }} spacing={{ base: "sm", sm: "md" }}>
      <Figure name={t("calls")} note={t("callsWindow", { seconds: calls.window_s })}>
        {count.format(calls.per_minute)}
      </Figure>
      <Figure name={t("running")} note={`${t("refused")}: ${count.format(calls.refused)}`}>
        {count.format(calls.open_jobs)}
      </Figure>
      <Figure name={t("errors")} note={t("errorsOf", { failed: calls.failed, ended: calls.ended })}>
        {share.format(calls.error_share)}
      </Figure>
      {margin !== null && (
        <Figure
          name={t("margin")}
          note={
            <>
              {t("charged")} <Amount value={margin.charge} /> · {t("cost")} <Amount value={margin.cost} />
              <br />
              {t("completeUntil")} <Time value={overview.margin_complete_until} as="relative" />
            </>
          }
        >
          <Amount value={margin.margin} signed />
        </Figure>
      )}
    </SimpleGrid>
  );
}

function Figure({ name, note, children }: { name: string; note: ReactNode; children: ReactNode }) {
  return (
    <Paper className="figure">
      <Text c="dimmed" size="sm">
        {name}
      </Text>
      <Text className="figure-value" fw={600} lh={1.4}>
        {children}
      </Text>
      <Text c="dimmed" size="sm">
        {note}
      </Text>
    </Paper>
  );
}

const REVIEWED = ["recharges", "refunds", "adjustments", "withdrawals", "approvals", "closings"] as const;
// Cases that have a queue of their own.
const QUEUE_OF: Readonly<Record<string, "risk" | "disputes">> = { risk: "risk", dispute: "disputes" };

function Queues({ overview }: { overview: Overview }) {
  const t = useText(messages);
  const say = useText(words);
  const queueOf = useText(queueWords);
  const kindOf = useCaseKind();
  const { waiting, open_cases, delivery_unknown } = overview;
  const may = useMay();
  // Only what the reader may open.
  const reviewed = REVIEWED.filter((queue) => waiting[queue] > 0 && may(QUEUE_NEEDS[queue].read));
  const cases = Object.entries(open_cases).filter(
    ([kind, count]) => count > 0 && may(QUEUE_NEEDS[QUEUE_OF[kind] ?? "cases"].read),
  );
  const asked = may("support:read") ? waiting.support : 0;
  const unsure = may("money:read") ? delivery_unknown : 0;
  const isCalm = reviewed.length + cases.length + asked + unsure === 0;
  return (
    <section>
      <Title order={2} mb="xs">
        {t("queues")}
      </Title>
      {isCalm && <Text c="dimmed">{t("none")}</Text>}
      <List listStyleType="none" spacing={6}>
        {reviewed.map((queue) => (
          <Line key={queue} count={waiting[queue]}>
            <LinkAnchor to="/admin/review/$queue" params={{ queue }}>
              {queueOf(queue)}
            </LinkAnchor>
          </Line>
        ))}
        {asked > 0 && (
          <Line count={asked}>
            <LinkAnchor to="/admin/support">{say("support")}</LinkAnchor>
          </Line>
        )}
        {cases.map(([kind, count]) => {
          const queue = QUEUE_OF[kind];
          return (
            <Line key={kind} count={count}>
              <LinkAnchor
                to="/admin/review/$queue"
                params={{ queue: queue ?? "cases" }}
                search={{ kind: queue === undefined && isCaseKind(kind) ? kind : undefined }}
              >
                {queue === undefined ? kindOf(kind) : queueOf(queue)}
              </LinkAnchor>
            </Line>
          );
        })}
        {unsure > 0 && (
          <Line count={unsure}>
            <LinkAnchor to="/admin/jobs" search={{ unknown: true }}>
              {t("unknown")}
            </LinkAnchor>
          </Line>
        )}
      </List>
      {overview.waiting_mail > 0 && may("notices:read") && (
        <Text c="dimmed" mt="xs">
          <LinkAnchor to="/admin/operation/$area" params={{ area: "mail" }} inherit>
            {t("mail")}
          </LinkAnchor>
          : {overview.waiting_mail}
        </Text>
      )}
    </section>
  );
}

function Line({ count, children }: { count: number; children: ReactNode }) {
  return (
    <List.Item>
      <Group gap="xs">
        <Badge miw={32}>{count}</Badge>
        {children}
      </Group>
    </List.Item>
  );
}

function Workers({ workers }: { workers: Overview["workers"] }) {
  const t = useText(messages);
  return (
    <section>
      <Title order={2} mb="xs">
        {t("workers")}
      </Title>
      <DataTable
        label={t("workers")}
        rows={workers}
        id={(worker) => worker.id}
        columns={[
          { key: "id", title: t("worker"), cell: (worker) => <Id value={worker.id} /> },
          { key: "started", title: t("started"), cell: (worker) => <Time value={worker.started_at} as="relative" /> },
          {
            key: "beat",
            title: t("beat"),
            cell: (worker) =>
              worker.is_silent ? (
                <Badge color="red">{t("silent")}</Badge>
              ) : (
                t("beating", { seconds: Math.round(worker.silent_s) })
              ),
          },
        ]}
      />
    </section>
  );
}
