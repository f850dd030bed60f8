/* Every change of the balance. Debit and credit are told by sign and word. */

import { Group, Select, Text, Title } from "@mantine/core";
import { IconReceipt } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Amount } from "../../components/Amount";
import { CsvButton } from "../../components/CsvButton";
import { PagedTable, type Column } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { FilterBar } from "../../components/FilterBar";
import { LinkAnchor } from "../../components/links";
import { messages as common } from "../../components/messages";
import { Time } from "../../components/Time";
import { isNegative } from "../../lib/amount";
import { useText } from "../../lib/i18n";
import { messages } from "./messages";
import { ledgerFilter, ledgerQuery, paymentsQuery, type Line } from "./queries";
import { SPANS, type LedgerSearch } from "./search";

const route = getRouteApi("/dashboard/credits");
const KINDS = [
  "charge",
  "recharge",
  "promo",
  "grant",
  "adjustment",
  "claw_back",
  "restore",
  "refund",
  "forgive",
  "expiry",
  "payout",
  "migration",
  "forfeiture",
] as const;

export function Ledger() {
  const t = useText(messages);
  const say = useText(common);
  const search = route.useSearch();
  const query = useInfiniteQuery(ledgerQuery(search));
  const isFiltered = search.kind !== undefined || search.span !== undefined;
  return (
    <section>
      <Group justify="space-between" mb="sm">
        <Title order={2}>{t("ledger")}</Title>
        <CsvButton path="/api/ledger.csv" query={ledgerFilter(search)} name="ledger" />
      </Group>
      <Filters search={search} active={isFiltered} />
      <PagedTable
        label={t("ledger")}
        columns={useColumns()}
        query={query}
        id={(line) => line.id}
        empty={
          isFiltered ? (
            <EmptyState icon={IconReceipt} title={say("noneMatch")} />
          ) : (
            <EmptyState icon={IconReceipt} title={t("noneTitle")}>
              {t("none")}
            </EmptyState>
          )
        }
      />
    </section>
  );
}

function useColumns(): readonly Column<Line>[] {
  const t = useText(messages);
  const payments = usePayments();
  return [
    { key: "date", title: t("date"), cell: (line) => <Time value={line.at} as="date" /> },
    { key: "what", title: t("what"), cell: (line) => <What line={line} payments={payments} /> },
    {
      key: "amount",
      title: t("amount"),
      align: "right",
      cell: (line) => (
        <Group gap={6} justify="flex-end" wrap="nowrap">
          <Text span size="xs" c="dimmed" visibleFrom="sm">
            {isNegative(line.amount) ? t("debit") : t("credit")}
          </Text>
          <Amount value={line.amount} signed />
        </Group>
      ),
    },
    {
      key: "after",
      title: t("after"),
      align: "right",
      from: "sm",
      cell: (line) => <Amount value={line.balance_after} />,
    },
  ];
}

function What({ line, payments }: { line: Line; payments: ReadonlyMap<string, string> }) {
  const t = useText(messages);
  const kind = KINDS.find((known) => known === line.kind);
  const name = kind === undefined ? line.kind.replaceAll("_", " ") : t(`kind_${kind}`);
  if (line.job_id !== null) {
    return (
      <LinkAnchor to="/dashboard/logs" search={{ job: line.job_id }} inherit>
        {name} <span className="nowrap">…{line.job_id.slice(-8)}</span>
      </LinkAnchor>
    );
  }
  const payment = payments.get(line.reference.replace(/:bonus$/, ""));
  if (payment === undefined) return <Text span>{name}</Text>;
  return (
    <LinkAnchor
      from="/dashboard/credits"
      to="/dashboard/credits"
      search={(now) => ({ ...now, payment })}
      resetScroll={false}
      inherit
    >
      {name}
    </LinkAnchor>
  );
}

/** Ids of payments by what the ledger knows them as; of those that the page has read. */
function usePayments(): ReadonlyMap<string, string> {
  const pages = useInfiniteQuery(paymentsQuery).data?.pages ?? [];
  return new Map(pages.flatMap(({ data }) => data.map((each) => [`${each.provider}:${each.reference}`, each.id])));
}

function Filters({ search, active }: { search: LedgerSearch; active: boolean }) {
  const t = useText(messages);
  const navigate = route.useNavigate();
  const set = (change: LedgerSearch) => void navigate({ search: (now) => ({ ...now, ...change }), replace: true });
  return (
    <FilterBar active={active} onClear={() => set({ kind: undefined, span: undefined })}>
      <Select
        label={t("kind")}
        placeholder={t("any")}
        data={KINDS.map((kind) => ({ value: kind, label: t(`kind_${kind}`) }))}
        value={search.kind ?? null}
        onChange={(kind) => set({ kind: kind ?? undefined })}
        clearable
        w={220}
      />
      <Select
        label={t("since")}
        placeholder={t("any")}
        data={SPANS.map((span) => ({ value: span, label: t(span) }))}
        value={search.span ?? null}
        onChange={(span) => set({ span: SPANS.find((each) => each === span) })}
        clearable
        w={170}
      />
    </FilterBar>
  );
}
