/* What was compared with what, and what differed: that nothing differs is told from that nobody looked. */

import { Badge, Code, Group, List, Stack, Text, Title } from "@mantine/core";
import { IconScale } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { api, ask } from "../../../api/client";
import { paged } from "../../../api/paged";
import type { Item } from "../../../api/types";
import { PagedTable, type Column } from "../../../components/DataTable";
import { EmptyState } from "../../../components/EmptyState";
import { Facts } from "../../../components/Facts";
import { LinkAnchor } from "../../../components/links";
import { SideDrawer } from "../../../components/SideDrawer";
import { Time } from "../../../components/Time";
import { useLanguage, useText } from "../../../lib/i18n";
import { useValueText } from "../values/useValueText";
import { messages } from "./messages";

const route = getRouteApi("/admin/operation/$area");

type Comparison = Item<"/admin/reconciliation">;

const comparisonsQuery = paged(["admin", "reconciliation"], (after, signal) =>
  ask(api.GET("/admin/reconciliation", { params: { query: { after } }, signal })),
);

export function Comparisons() {
  const t = useText(messages);
  const { comparison } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useInfiniteQuery(comparisonsQuery);
  const opened = query.data?.pages.flatMap((page) => page.data).find((each) => each.id === comparison);
  const nameOf = useSubject();
  const open = (id: string | undefined) => void navigate({ search: { comparison: id } });
  return (
    <>
      <Group mb="md">
        <LinkAnchor to="/admin/review/$queue" params={{ queue: "cases" }} search={{ kind: "reconciliation" }}>
          {t("toCases")}
        </LinkAnchor>
      </Group>
      <PagedTable
        label={t("comparisons")}
        columns={useColumns()}
        query={query}
        id={(each) => each.id}
        onOpen={(each) => open(each.id)}
        selected={comparison}
        empty={
          <EmptyState icon={IconScale} title={t("none")}>
            {t("noneWhy")}
          </EmptyState>
        }
      />
      <SideDrawer opened={opened !== undefined} onClose={() => open(undefined)} title={opened && nameOf(opened.subject)}>
        {opened !== undefined && <Detail comparison={opened} />}
      </SideDrawer>
    </>
  );
}

/** What was compared, in words. */
function useSubject(): (subject: string) => string {
  const t = useText(messages);
  const nameOf = useValueText();
  return (subject) => {
    if (subject === "ledger") return t("ledger");
    const provider = subject.replace("payments:", "");
    return provider === "wash" ? t("wash") : t("withProvider", { provider: nameOf(provider) });
  };
}

function useCount(): (comparison: Comparison) => string {
  const t = useText(messages);
  const { language } = useLanguage();
  return ({ subject, compared }) => {
    const kind = subject === "ledger" ? "ledger" : subject === "payments:wash" ? "wash" : "payments";
    return t(`countOf_${kind}`, { count: new Intl.NumberFormat(language).format(compared) });
  };
}

function useColumns(): readonly Column<Comparison>[] {
  const t = useText(messages);
  const nameOf = useSubject();
  const countOf = useCount();
  return [
    { key: "what", title: t("what"), cell: (each) => nameOf(each.subject) },
    { key: "at", title: t("time"), from: "sm", cell: (each) => <Time value={each.at} /> },
    { key: "compared", title: t("compared"), align: "right", from: "md", cell: countOf },
    { key: "result", title: t("result"), cell: (each) => <Result comparison={each} /> },
  ];
}

function Result({ comparison: { failure, differences } }: { comparison: Comparison }) {
  const t = useText(messages);
  if (failure !== "") return <Badge color="yellow">{t("away")}</Badge>;
  if (differences > 0) return <Badge color="red">{t("differences", { count: differences })}</Badge>;
  return <Badge color="gray">{t("equal")}</Badge>;
}

function Detail({ comparison }: { comparison: Comparison }) {
  const t = useText(messages);
  const countOf = useCount();
  const { found, differences } = comparison;
  return (
    <Stack>
      <Facts
        facts={[
          [t("time"), <Time key="at" value={comparison.at} />],
          comparison.failure === "" && [t("compared"), countOf(comparison)],
          [t("result"), <Result key="result" comparison={comparison} />],
        ]}
      />
      {comparison.failure !== "" && (
        <Text>
          {t("awayWhy")} <Code>{comparison.failure}</Code>
        </Text>
      )}
      {found.length > 0 && (
        <section>
          <Title order={3} mb="xs">
            {t("found")}
          </Title>
          <List spacing={6} size="sm">
            {found.map((difference) => (
              <List.Item key={difference} className="as-written">
                {difference}
              </List.Item>
            ))}
          </List>
          {differences > found.length && <Text c="dimmed">{t("first", { shown: found.length, count: differences })}</Text>}
        </section>
      )}
    </Stack>
  );
}
