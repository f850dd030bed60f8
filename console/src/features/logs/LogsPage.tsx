/* The log: the pattern of all list pages. Filters and the open drawer stand in the address; a page is one request. */

import { Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconListDetails } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { CsvButton } from "../../components/CsvButton";
import { PagedTable } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { FilterBar } from "../../components/FilterBar";
import { messages as common } from "../../components/messages";
import { Page } from "../../components/Page";
import { SideDrawer } from "../../components/SideDrawer";
import { useText } from "../../lib/i18n";
import { FirstCall } from "../start/FirstCall";
import { useCallColumns } from "./columns";
import { JobDetails } from "./JobDetails";
import { messages } from "./messages";
import { callsQuery, filterOf } from "./queries";
import { SPANS, STATUSES, type LogsSearch } from "./search";

const route = getRouteApi("/dashboard/logs");
const TYPING_MS = 300;

export function LogsPage() {
  const t = useText(messages);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const query = useInfiniteQuery(callsQuery(search));
  const columns = useCallColumns();
  const isFiltered = Object.values(filterOf(search)).some((value) => value !== undefined);
  const open = (job: string | undefined) => void navigate({ search: (now) => ({ ...now, job }) });
  return (
    <Page
      title={t("title")}
      lead={t("lead")}
      wide
      actions={<CsvButton path="/api/jobs.csv" query={filterOf(search)} name="jobs" />}
    >
      <Filters search={search} active={isFiltered} />
      <PagedTable
        label={t("table")}
        columns={columns}
        query={query}
        id={(call) => call.id}
        onOpen={(call) => open(call.id)}
        selected={search.job}
        empty={<Nothing isFiltered={isFiltered} />}
      />
      <SideDrawer opened={search.job !== undefined} onClose={() => open(undefined)} title={t("receipt")}>
        {search.job !== undefined && <JobDetails job={search.job} />}
      </SideDrawer>
    </Page>
  );
}

function Filters({ search, active }: { search: LogsSearch; active: boolean }) {
  const t = useText(messages);
  const navigate = route.useNavigate();
  const set = (change: Partial<LogsSearch>) =>
    void navigate({ search: (now) => ({ ...now, ...change, job: undefined }), replace: true });
  const setModel = useDebouncedCallback((model: string) => set({ model: model || undefined }), TYPING_MS);
  const spans = { day: t("lastDay"), week: t("lastWeek"), month: t("lastMonth") };
  return (
    <FilterBar active={active} onClear={() => void navigate({ search: {} })}>
      <Select
        label={t("status")}
        placeholder={t("any")}
        data={STATUSES.map((status) => ({ value: status, label: t(status) }))}
        value={search.status ?? null}
        onChange={(status) => set({ status: STATUSES.find((each) => each === status) })}
        clearable
        w={150}
      />
      <Select
        label={t("since")}
        placeholder={t("any")}
        data={SPANS.map((span) => ({ value: span, label: spans[span] }))}
        value={search.span ?? null}
        onChange={(span) => set({ span: SPANS.find((each) => each === span) })}
        clearable
        w={160}
      />
      <TextInput
        key={search.model ?? ""}
        label={t("model")}
        placeholder={t("any")}
        defaultValue={search.model ?? ""}
        onChange={(event) => setModel(event.currentTarget.value)}
        w={200}
      />
    </FilterBar>
  );
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  const t = useText(messages);
  const say = useText(common);
  if (isFiltered) return <EmptyState icon={IconListDetails} title={say("noneMatch")} />;
  return (
    <EmptyState icon={IconListDetails} title={t("noneTitle")}>
      {t("none")}
      <FirstCall />
    </EmptyState>
  );
}
