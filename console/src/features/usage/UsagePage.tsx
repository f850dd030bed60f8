/* What was used, by model, key or member. The charts come in a chunk of their own. */

import { SegmentedControl, Stack } from "@mantine/core";
import { IconChartBar } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { CsvButton } from "../../components/CsvButton";
import { EmptyState } from "../../components/EmptyState";
import { FilterBar } from "../../components/FilterBar";
import { LinkButton } from "../../components/links";
import { Loaded } from "../../components/Loaded";
import { Page } from "../../components/Page";
import { Waiting } from "../../components/Waiting";
import { useText } from "../../lib/i18n";
import { messages } from "./messages";
import { useNames } from "./names";
import { usageFilter, usageQuery } from "./queries";
import { SPANS, SPLITS, type UsageSearch } from "./search";
import { MEASURES } from "./series";
import { UsageChart } from "./UsageChart";

const route = getRouteApi("/dashboard/usage");

export function UsagePage() {
  const t = useText(messages);
  const search = route.useSearch();
  const query = useQuery(usageQuery(search));
  const nameOf = useNames(search.split);
  return (
    <Page
      title={t("title")}
      lead={t("lead")}
      wide
      actions={<CsvButton path="/api/usage.csv" query={usageFilter(search)} name="usage" />}
    >
      <Filters search={search} />
      <Loaded query={query} waiting={<Waiting rows={3} height={220} />}>
        {(series) =>
          series.data.length === 0 ? (
            <Nothing />
          ) : (
            <Stack gap={40}>
              {MEASURES.map((measure) => (
                <UsageChart key={measure} series={series} measure={measure} title={t(measure)} nameOf={nameOf} />
              ))}
            </Stack>
          )
        }
      </Loaded>
    </Page>
  );
}

function Filters({ search }: { search: UsageSearch }) {
  const t = useText(messages);
  const navigate = route.useNavigate();
  const set = (change: UsageSearch) => void navigate({ search: (now) => ({ ...now, ...change }), replace: true });
  return (
    <FilterBar active={false} onClear={() => set({})}>
      <SegmentedControl
        aria-label={t("by")}
        data={SPLITS.map((split) => ({ value: split, label: t(split) }))}
        value={search.split ?? "model"}
        onChange={(split) => set({ split: SPLITS.find((each) => each === split) })}
      />
      <SegmentedControl
        aria-label={t("span")}
        data={SPANS.map((span) => ({ value: span, label: t(span) }))}
        value={search.span ?? "month"}
        onChange={(span) => set({ span: SPANS.find((each) => each === span) })}
      />
    </FilterBar>
  );
}

function Nothing() {
  const t = useText(messages);
  return (
    <EmptyState
      icon={IconChartBar}
      title={t("noneTitle")}
      action={<LinkButton to="/dashboard/start">{t("first")}</LinkButton>}
    >
      {t("none")}
    </EmptyState>
  );
}
