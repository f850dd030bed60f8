/* What calls brought and what they cost: by model, channel or account. */

import { SegmentedControl } from "@mantine/core";
import { IconScale } from "@tabler/icons-react";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { api, ask } from "../../../api/client";
import type { Answer } from "../../../api/types";
import { Amount } from "../../../components/Amount";
import { CsvButton } from "../../../components/CsvButton";
import { DataTable, type Column } from "../../../components/DataTable";
import { EmptyState } from "../../../components/EmptyState";
import { FilterBar } from "../../../components/FilterBar";
import { Loaded } from "../../../components/Loaded";
import { useLanguage, useText } from "../../../lib/i18n";
import { SPLITS } from "../operation/search";
import { messages } from "./messages";

const route = getRouteApi("/admin/operation/$area");

type Report = Answer<"/admin/reports/margin">;
type Line = Pick<Report["data"][number], "name" | "label" | "jobs" | "charge" | "cost" | "margin" | "write_off">;
type Split = (typeof SPLITS)[number];

const reportQuery = (split: Split) =>
  queryOptions({
    queryKey: ["admin", "margins", split],
    queryFn: ({ signal }) =>
      ask(api.GET("/admin/reports/margin", { params: { query: { split, step: "whole" } }, signal })),
  });

export function Margins() {
  const t = useText(messages);
  const { split = "model" } = route.useSearch();
  const navigate = route.useNavigate();
  const columns = useColumns();
  return (
    <>
      <FilterBar active={false} onClear={() => undefined}>
        <SegmentedControl
          aria-label={t("split")}
          data={SPLITS.map((each) => ({ value: each, label: t(each) }))}
          value={split}
          onChange={(chosen) => void navigate({ search: { split: SPLITS.find((each) => each === chosen) } })}
        />
        <CsvButton path="/admin/reports/margin.csv" query={{ split, step: "whole" }} name="margins" />
      </FilterBar>
      <Loaded query={useQuery(reportQuery(split))}>
        {({ data, total }) =>
          data.length === 0 ? (
            <EmptyState icon={IconScale} title={t("none")} />
          ) : (
            <DataTable
              label={t("margin")}
              rows={[...data, { ...total, name: t("total"), label: "total" }]}
              columns={columns}
              id={(line) => line.label}
            />
          )
        }
      </Loaded>
    </>
  );
}

function useColumns(): readonly Column<Line>[] {
  const t = useText(messages);
  const { language } = useLanguage();
  const count = new Intl.NumberFormat(language);
  return [
    { key: "name", title: t("what"), cell: (line) => line.name || line.label || t("total") },
    { key: "jobs", title: t("jobs"), align: "right", from: "sm", cell: (line) => count.format(line.jobs) },
    { key: "charge", title: t("charge"), align: "right", cell: (line) => <Amount value={line.charge} /> },
    { key: "cost", title: t("cost"), align: "right", from: "sm", cell: (line) => <Amount value={line.cost} /> },
    { key: "off", title: t("writeOff"), align: "right", from: "md", cell: (line) => <Amount value={line.write_off} /> },
    { key: "margin", title: t("margin"), align: "right", cell: (line) => <Amount value={line.margin} signed /> },
  ];
}
