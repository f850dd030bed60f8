/* The newest few of everything that belongs to an account. */

import { Badge, Code, SimpleGrid } from "@mantine/core";
import { Amount } from "../../../components/Amount";
import { Id } from "../../../components/Id";
import { LinkAnchor } from "../../../components/links";
import { Time } from "../../../components/Time";
import { useText } from "../../../lib/i18n";
import { useMay } from "../../session/scopes";
import { useStatementColumns } from "../statements/columns";
import { Value } from "../values/Value";
import { messages } from "./messages";
import type { Account } from "./queries";
import { Section } from "./Section";
import { Cases, Signals, Traces } from "./Suspicions";

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
      <Statements statements={account.statements} />
      <Signals signals={account.signals} />
      <Traces traces={account.traces} />
    </>
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
        { key: "after", title: t("after"), align: "right", from: "sm", cell: (line) => <Amount value={line.balance_after} /> },
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
        { key: "original", title: t("amount"), align: "right", from: "sm", cell: (lot) => <Amount value={lot.original} /> },
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
  const may = useMay();
  return (
    <Section
      title={t("jobs")}
      rows={calls}
      id={(call) => call.id}
      columns={[
        {
          key: "at",
          title: t("time"),
          cell: (call) =>
            may("money:read") ? (
              <LinkAnchor to="/admin/jobs" search={{ job: call.id }}>
                <Time value={call.created_at} />
              </LinkAnchor>
            ) : (
              <Time value={call.created_at} />
            ),
        },
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
        {
          key: "email",
          title: t("members"),
          cell: (member) => (
            <LinkAnchor
              to="/admin/operation/$area"
              params={{ area: "people" }}
              search={{ person: member.person_id, email: member.email || undefined }}
            >
              <span className="address">{member.email || "–"}</span>
            </LinkAnchor>
          ),
        },
        { key: "role", title: t("role"), cell: (member) => <Value of={member.role} /> },
      ]}
    />
  );
}

function Statements({ statements }: { statements: Account["statements"] }) {
  const t = useText(messages);
  return <Section title={t("statements")} rows={statements} columns={useStatementColumns()} id={(each) => each.id} />;
}
