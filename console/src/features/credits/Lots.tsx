/* What the balance is made of: lots with credit left, and, when asked for, those that are spent, too. */

import { Group, SegmentedControl, Text, Title } from "@mantine/core";
import { IconStack2 } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Amount } from "../../components/Amount";
import { DataTable, PagedTable, type Column } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { LinkAnchor } from "../../components/links";
import { Time } from "../../components/Time";
import { useText } from "../../lib/i18n";
import { messages } from "./messages";
import { lotsQuery, type Credits, type Lot } from "./queries";

const route = getRouteApi("/dashboard/credits");

export function Lots({ open }: { open: Credits["lots"] }) {
  const t = useText(messages);
  const { lots } = route.useSearch();
  const navigate = route.useNavigate();
  const columns = useColumns();
  return (
    <section>
      <Group justify="space-between" align="flex-end" mb="sm">
        <div>
          <Title order={2}>{t("lots")}</Title>
          <Text size="sm" c="dimmed">
            {t("lotsWhy")}
          </Text>
        </div>
        <SegmentedControl
          aria-label={t("lots")}
          data={[
            { value: "open", label: t("lotsOpen") },
            { value: "all", label: t("lotsAll") },
          ]}
          value={lots ?? "open"}
          onChange={(value) =>
            void navigate({
              search: (now) => ({ ...now, lots: value === "all" ? "all" : undefined }),
              replace: true,
              resetScroll: false,
            })
          }
        />
      </Group>
      {lots === "all" ? (
        <AllLots columns={columns} />
      ) : open.length > 0 ? (
        <DataTable label={t("lots")} columns={columns} rows={open} id={(lot) => lot.id} />
      ) : (
        <Text c="dimmed">{t("noLots")}</Text>
      )}
    </section>
  );
}

function AllLots({ columns }: { columns: readonly Column<Lot>[] }) {
  const t = useText(messages);
  return (
    <PagedTable
      label={t("lots")}
      columns={columns}
      query={useInfiniteQuery(lotsQuery)}
      id={(lot) => lot.id}
      empty={<EmptyState icon={IconStack2} title={t("noLots")} />}
    />
  );
}

function useColumns(): readonly Column<Lot>[] {
  const t = useText(messages);
  return [
    { key: "origin", title: t("origin"), cell: (lot) => <Origin lot={lot} /> },
    { key: "since", title: t("since"), from: "sm", cell: (lot) => <Time value={lot.created_at} as="date" /> },
    {
      key: "expires",
      title: t("expires"),
      from: "sm",
      cell: (lot) => (lot.expires_at === null ? t("never") : <Time value={lot.expires_at} as="date" />),
    },
    {
      key: "refundable",
      title: t("refundable"),
      align: "right",
      from: "md",
      cell: (lot) => <Amount value={lot.refundable} />,
    },
    {
      key: "original",
      title: t("original"),
      align: "right",
      from: "sm",
      cell: (lot) => <Amount value={lot.original} />,
    },
    { key: "left", title: t("left"), align: "right", cell: (lot) => <Amount value={lot.remaining} /> },
  ];
}

function Origin({ lot }: { lot: Lot }) {
  const t = useText(messages);
  if (lot.job_id === null) return <Text span>{t(lot.kind)}</Text>;
  return (
    <LinkAnchor to="/dashboard/logs" search={{ job: lot.job_id }} inherit>
      {t(lot.kind)} …{lot.job_id.slice(-8)}
    </LinkAnchor>
  );
}
