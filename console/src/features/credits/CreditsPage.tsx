/* What the account has, and, like a bank statement, how it came about. */

import { Group, Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Amount } from "../../components/Amount";
import { DataTable, type Column } from "../../components/DataTable";
import { LinkButton } from "../../components/links";
import { Loaded } from "../../components/Loaded";
import { Page } from "../../components/Page";
import { Time } from "../../components/Time";
import { Waiting } from "../../components/Waiting";
import { isZero } from "../../lib/amount";
import { useText } from "../../lib/i18n";
import { Ledger } from "./Ledger";
import { messages } from "./messages";
import { creditsQuery, type Credits } from "./queries";
import { Statements } from "./Statements";

export function CreditsPage() {
  const t = useText(messages);
  return (
    <Page
      title={t("title")}
      wide
      actions={
        <>
          <LinkButton to="/dashboard/refunds" variant="default">
            {t("refund")}
          </LinkButton>
          <LinkButton to="/dashboard/recharge">{t("recharge")}</LinkButton>
        </>
      }
    >
      <Stack gap={40}>
        <Loaded query={useQuery(creditsQuery)} waiting={<Waiting rows={3} />}>
          {(credits) => <Funds credits={credits} />}
        </Loaded>
        <Ledger />
        <Statements />
      </Stack>
    </Page>
  );
}

function Funds({ credits }: { credits: Credits }) {
  const t = useText(messages);
  const figures = [
    ["spendable", credits.spendable],
    ["balance", credits.balance],
    ["held", credits.held],
    ...(isZero(credits.debt) ? [] : [["debt", credits.debt] as const]),
  ] as const;
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: figures.length }}>
        {figures.map(([name, value]) => (
          <Paper key={name}>
            <Text size="sm" c="dimmed">
              {t(name)}
            </Text>
            <Text fz={22} fw={600}>
              <Amount value={value} />
            </Text>
          </Paper>
        ))}
      </SimpleGrid>
      {credits.lots.length > 0 && <Lots lots={credits.lots} />}
    </>
  );
}

function Lots({ lots }: { lots: Credits["lots"] }) {
  const t = useText(messages);
  const columns: Column<Credits["lots"][number]>[] = [
    { key: "origin", title: t("origin"), cell: (lot) => t(lot.kind) },
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
  return (
    <section>
      <Group gap="xs" align="baseline" mb="sm">
        <Title order={2}>{t("lots")}</Title>
        <Text size="sm" c="dimmed">
          {t("lotsWhy")}
        </Text>
      </Group>
      <DataTable label={t("lots")} columns={columns} rows={lots} id={(lot) => lot.id} />
    </section>
  );
}
