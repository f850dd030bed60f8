/* The newest few of everything that belongs to an account. */

import { Badge, Code, SimpleGrid, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Amount } from "../../../components/Amount";
import { DataTable, type Column } from "../../../components/DataTable";
import { Id } from "../../../components/Id";
import { Time } from "../../../components/Time";
import { useText } from "../../../lib/i18n";
import { messages as words } from "../messages";
import { useCaseKind } from "../review/kinds";
import { Value } from "../values/Value";
import { messages } from "./messages";
import type { Account } from "./queries";

export function AccountLists({ account }: { account: Account }) {
  return (
    <>
      <Cases cases={account.cases} />
      <Statement lines={account.statement} />
      <Lots lots={account.credits.lots} />
      <Calls calls={account.jobs} />
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="xl">
        <Keys keys={account.keys} />
        <Members members={account.members} />
      </SimpleGrid>
      <Traces traces={account.traces} />
    </>
  );
}

interface SectionProps<Row> {
  title: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  id: (row: Row) => string;
}

function Section<Row>({ title, rows, columns, id }: SectionProps<Row>): ReactNode {
  const t = useText(messages);
  return (
    <section>
      <Title order={2} mb="xs">
        {title}
      </Title>
      {rows.length === 0 ? (
        <Text c="dimmed">{t("nothing")}</Text>
      ) : (
        <DataTable label={title} rows={rows} columns={columns} id={id} />
      )}
    </section>
  );
}

function Cases({ cases }: { cases: Account["cases"] }) {
  const t = useText(messages);
  const say = useText(words);
  const kindOf = useCaseKind();
  return (
    <Section
      title={t("cases")}
      rows={cases}
      id={(each) => each.id}
      columns={[
        { key: "kind", title: t("kind"), cell: (each) => kindOf(each.kind) },
        { key: "subject", title: t("subject"), cell: (each) => <Code>{each.subject}</Code> },
        { key: "since", title: say("since"), cell: (each) => <Time value={each.opened_at} as="relative" /> },
      ]}
    />
  );
}

function Statement({ lines }: { lines: Account["statement"] }) {
  const t = useText(messages);
  return (
    <Section
      title={t("statement")}
      rows={lines}
      id={(line) => line.id}
      columns={[
        { key: "at", title: t("time"), cell: (line) => <Time value={line.at} /> },
        { key: "kind", title: t("kind"), cell: (line) => <Value of={line.kind} /> },
        { key: "ref", title: t("reference"), from: "md", cell: (line) => <Id value={line.job_id ?? line.id} /> },
        { key: "amount", title: t("amount"), align: "right", cell: (line) => <Amount value={line.amount} signed /> },
        { key: "after", title: t("after"), align: "right", cell: (line) => <Amount value={line.balance_after} /> },
      ]}
    />
  );
}

function Lots({ lots }: { lots: Account["credits"]["lots"] }) {
  const t = useText(messages);
  return (
    <Section
      title={t("lots")}
      rows={lots}
      id={(lot) => lot.id}
      columns={[
        { key: "at", title: t("time"), cell: (lot) => <Time value={lot.created_at} /> },
        { key: "kind", title: t("kind"), cell: (lot) => <Value of={lot.kind} /> },
        { key: "original", title: t("amount"), align: "right", cell: (lot) => <Amount value={lot.original} /> },
        { key: "left", title: t("remaining"), align: "right", cell: (lot) => <Amount value={lot.remaining} /> },
        {
          key: "expires",
          title: t("expires"),
          from: "md",
          cell: (lot) => (lot.expires_at === null ? "–" : <Time value={lot.expires_at} as="date" />),
        },
      ]}
    />
  );
}

function Calls({ calls }: { calls: Account["jobs"] }) {
  const t = useText(messages);
  return (
    <Section
      title={t("jobs")}
      rows={calls}
      id={(call) => call.id}
      columns={[
        { key: "at", title: t("time"), cell: (call) => <Time value={call.created_at} /> },
        { key: "model", title: t("model"), cell: (call) => call.model },
        { key: "status", title: t("kind"), from: "sm", cell: (call) => <Value of={call.code ?? call.status} /> },
        {
          key: "charge",
          title: t("charge"),
          align: "right",
          cell: (call) => (call.charge === null ? "–" : <Amount value={call.charge} />),
        },
      ]}
    />
  );
}

function Keys({ keys }: { keys: Account["keys"] }) {
  const t = useText(messages);
  return (
    <Section
      title={t("keys")}
      rows={keys}
      id={(key) => key.id}
      columns={[
        { key: "prefix", title: t("keys"), cell: (key) => <Code>{key.prefix}…</Code> },
        { key: "name", title: t("name"), cell: (key) => key.name },
        { key: "status", title: t("kind"), cell: (key) => <Badge color="gray"><Value of={key.status} /></Badge> },
      ]}
    />
  );
}

function Members({ members }: { members: Account["members"] }) {
  const t = useText(messages);
  return (
    <Section
      title={t("members")}
      rows={members}
      id={(member) => member.person_id}
      columns={[
        { key: "email", title: t("members"), cell: (member) => member.email },
        { key: "role", title: t("role"), cell: (member) => <Value of={member.role} /> },
      ]}
    />
  );
}

function Traces({ traces }: { traces: Account["traces"] }) {
  const t = useText(messages);
  return (
    <Section
      title={t("traces")}
      rows={traces}
      id={(trace) => trace.kind}
      columns={[
        { key: "kind", title: t("kind"), cell: (trace) => <Value of={trace.kind} /> },
        { key: "count", title: t("count"), align: "right", cell: (trace) => trace.count },
        { key: "addresses", title: t("networks"), align: "right", cell: (trace) => trace.addresses },
        { key: "countries", title: t("countries"), from: "sm", cell: (trace) => trace.countries.join(", ") || "–" },
        { key: "last", title: t("time"), cell: (trace) => <Time value={trace.last_at} as="relative" /> },
      ]}
    />
  );
}
