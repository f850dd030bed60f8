/* The account at a glance. */

import { Alert, Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { IconAlertCircle, IconReceipt } from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { DataTable } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { Figure, Figures } from "../../components/Figures";
import { LinkAnchor } from "../../components/links";
import { Loaded } from "../../components/Loaded";
import { Page } from "../../components/Page";
import { Time } from "../../components/Time";
import { Waiting } from "../../components/Waiting";
import { isZero } from "../../lib/amount";
import { useText } from "../../lib/i18n";
import { useCallColumns } from "../logs/columns";
import { messages } from "./messages";
import { useOverview, type Overview } from "./queries";

// Beyond this, nobody plans by it.
const LONG_DAYS = 400;

const Spending = lazy(() => import("./Spending"));

export function OverviewPage() {
  const t = useText(messages);
  return (
    <Page title={t("title")} wide>
      <Loaded query={useOverview()}>
        {(overview) => (
          <Stack gap="xl">
            <LowBalance overview={overview} />
            <Sums overview={overview} />
            <Cases cases={overview.open_cases} />
            {overview.recent_jobs.length > 0 && (
              <Suspense fallback={<Waiting rows={1} height={220} />}>
                <Spending />
              </Suspense>
            )}
            <Recent jobs={overview.recent_jobs} />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function LowBalance({ overview }: { overview: Overview }) {
  const t = useText(messages);
  // Who has not called yet needs no credit yet.
  if (!overview.low_balance.is_low || overview.recent_jobs.length === 0) return null;
  return (
    <Alert color="yellow" icon={<IconAlertCircle />} title={t("lowTitle")}>
      <Group justify="space-between">
        <Text>{isZero(overview.spendable) ? t("lowEmpty") : t("lowSoon")}</Text>
        <Button component={Link} to="/dashboard/recharge">
          {t("recharge")}
        </Button>
      </Group>
    </Alert>
  );
}

function Sums({ overview }: { overview: Overview }) {
  const t = useText(messages);
  const days = overview.low_balance.lasts_days;
  return (
    <Figures>
      <Figure name={t("spendable")} value={overview.spendable} available>
        {days !== null && days > 0 && days < LONG_DAYS && t("lasts", { days })}
      </Figure>
      <Figure name={t("held")} value={overview.held}>
        {overview.open_jobs > 0 && t("openJobs", { count: overview.open_jobs })}
      </Figure>
      <Figure name={t("today")} value={overview.spent_today} />
      <Figure name={t("month")} value={overview.spent_this_month} />
      {!isZero(overview.debt) && (
        <Figure name={t("debt")} value={overview.debt}>
          {t("debtWhy")}
        </Figure>
      )}
    </Figures>
  );
}

const CASES = ["payment", "dispute", "delivery_unknown"] as const;

function Cases({ cases }: { cases: Overview["open_cases"] }) {
  const t = useText(messages);
  if (cases.length === 0) return null;
  return (
    <section>
      <Title order={2} mb="sm">
        {t("cases")}
      </Title>
      <Stack gap={4}>
        {cases.map((each) => {
          const kind = CASES.find((known) => known === each.kind);
          return (
            <Text key={each.id}>
              {kind === undefined ? each.kind : t(`case_${kind}`)} · {t("since")}{" "}
              <Time value={each.opened_at} as="date" />
            </Text>
          );
        })}
      </Stack>
    </section>
  );
}

function Recent({ jobs }: { jobs: Overview["recent_jobs"] }) {
  const t = useText(messages);
  const columns = useCallColumns();
  const navigate = useNavigate();
  if (jobs.length === 0) {
    return (
      <Paper>
        <EmptyState
          icon={IconReceipt}
          title={t("noneTitle")}
          action={
            <Button component={Link} to="/dashboard/start">
              {t("first")}
            </Button>
          }
        >
          {t("none")}
        </EmptyState>
      </Paper>
    );
  }
  return (
    <section>
      <Group justify="space-between" mb="sm">
        <Title order={2}>{t("recent")}</Title>
        <LinkAnchor to="/dashboard/logs">{t("all")}</LinkAnchor>
      </Group>
      <DataTable
        label={t("recent")}
        columns={columns}
        rows={jobs}
        id={(call) => call.id}
        onOpen={(call) => void navigate({ to: "/dashboard/logs", search: { job: call.id } })}
      />
    </section>
  );
}
