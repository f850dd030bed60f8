/* Ended jobs of all accounts. Filters and the open drawer stand in the address. */

import { Checkbox, Group, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconListDetails } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { api, ask } from "../../../api/client";
import { paged } from "../../../api/paged";
import type { Item } from "../../../api/types";
import { Amount } from "../../../components/Amount";
import { CsvButton } from "../../../components/CsvButton";
import { PagedTable, type Column } from "../../../components/DataTable";
import { EmptyState } from "../../../components/EmptyState";
import { FilterBar } from "../../../components/FilterBar";
import { messages as common } from "../../../components/messages";
import { Page } from "../../../components/Page";
import { SideDrawer } from "../../../components/SideDrawer";
import { Time } from "../../../components/Time";
import { useText } from "../../../lib/i18n";
import { messages as words } from "../messages";
import { Writing } from "../Writing";
import { OperatorJob } from "./OperatorJob";
import { messages } from "./messages";
import { STATUSES, type JobsSearch } from "./search";

const route = getRouteApi("/admin/jobs");
const TYPING_MS = 300;

type Job = Item<"/admin/jobs">;

function filterOf({ account, status, model, unknown, loss }: JobsSearch) {
  return { account_id: account, status, model, loss, doubt: unknown && ("delivery_unknown" as const) };
}

const jobsQuery = (filter: ReturnType<typeof filterOf>) =>
  paged(["admin", "jobs", filter], (after, signal) =>
    ask(api.GET("/admin/jobs", { params: { query: { ...filter, after } }, signal })),
  );

export function JobsPage() {
  const t = useText(messages);
  const say = useText(words);
  const shared = useText(common);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const filter = filterOf(search);
  const isFiltered = Object.values(filter).some((value) => value !== undefined);
  const open = (job: string | undefined) => void navigate({ search: (now) => ({ ...now, job }) });
  return (
    <Writing scope="money:write">
      <Page
        title={say("jobs")}
        lead={t("lead")}
        wide
        actions={<CsvButton path="/admin/jobs.csv" query={filter} name="jobs" />}
      >
        <Filters search={search} active={isFiltered} />
        <PagedTable
          label={say("jobs")}
          columns={useColumns()}
          query={useInfiniteQuery(jobsQuery(filter))}
          id={(job) => job.id}
          onOpen={(job) => open(job.id)}
          selected={search.job}
          empty={<EmptyState icon={IconListDetails} title={isFiltered ? shared("noneMatch") : t("noneTitle")} />}
        />
        <SideDrawer opened={search.job !== undefined} onClose={() => open(undefined)} title={t("job")}>
          {search.job !== undefined && <OperatorJob id={search.job} />}
        </SideDrawer>
      </Page>
    </Writing>
  );
}

function Filters({ search, active }: { search: JobsSearch; active: boolean }) {
  const t = useText(messages);
  const say = useText(words);
  const navigate = route.useNavigate();
  const set = (change: Partial<JobsSearch>) =>
    void navigate({ search: (now) => ({ ...now, ...change, job: undefined }), replace: true });
  const setModel = useDebouncedCallback((model: string) => set({ model: model || undefined }), TYPING_MS);
  return (
    <FilterBar active={active} onClear={() => void navigate({ search: {} })}>
      <Select
        label={say("status")}
        placeholder={say("any")}
        data={STATUSES.map((status) => ({ value: status, label: t(status) }))}
        value={search.status ?? null}
        onChange={(status) => set({ status: STATUSES.find((each) => each === status) })}
        clearable
        w={150}
      />
      <TextInput
        key={search.model === undefined ? "empty" : "set"}
        label={t("model")}
        placeholder={say("any")}
        defaultValue={search.model ?? ""}
        onChange={(event) => setModel(event.currentTarget.value)}
        w={200}
      />
      <Group h={36} gap="md">
        <Checkbox
          label={t("uncertain")}
          checked={search.unknown === true}
          onChange={(event) => set({ unknown: event.currentTarget.checked || undefined })}
        />
        <Checkbox
          label={t("loss")}
          checked={search.loss === true}
          onChange={(event) => set({ loss: event.currentTarget.checked || undefined })}
        />
      </Group>
    </FilterBar>
  );
}

function useColumns(): readonly Column<Job>[] {
  const t = useText(messages);
  const say = useText(words);
  return [
    { key: "time", title: t("time"), cell: (job) => <Time value={job.created_at} /> },
    { key: "model", title: t("model"), cell: (job) => job.model },
    { key: "channel", title: t("channel"), from: "md", cell: (job) => job.channel ?? "–" },
    { key: "status", title: say("status"), from: "sm", cell: (job) => t(job.status) },
    { key: "charge", title: t("charge"), align: "right", cell: (job) => <Amount value={job.charge} /> },
    { key: "cost", title: t("cost"), align: "right", from: "md", cell: (job) => <Amount value={job.cost} /> },
    {
      key: "margin",
      title: t("margin"),
      align: "right",
      from: "md",
      cell: (job) => <Amount value={job.margin} signed />,
    },
  ];
}
