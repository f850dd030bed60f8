/* Who changed what; and whether the chain over it is whole. */

import { Alert, Button, Code, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconHistory } from "@tabler/icons-react";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import { paged } from "../../../api/paged";
import type { Item } from "../../../api/types";
import { PagedTable, type Column } from "../../../components/DataTable";
import { EmptyState } from "../../../components/EmptyState";
import { ActionError } from "../../../components/ErrorState";
import { Facts } from "../../../components/Facts";
import { FilterBar } from "../../../components/FilterBar";
import { Id } from "../../../components/Id";
import { messages as common } from "../../../components/messages";
import { SideDrawer } from "../../../components/SideDrawer";
import { Snippet } from "../../../components/Snippet";
import { Time } from "../../../components/Time";
import { TypedFilter } from "../../../components/TypedFilter";
import { useText } from "../../../lib/i18n";
import { AccountFilter } from "../accounts/AccountFilter";
import { messages as words } from "../messages";
import { Value } from "../values/Value";
import { useActionText } from "./actions/useActionText";
import type { OperationSearch } from "../operation/search";
import { messages } from "./messages";

const route = getRouteApi("/admin/operation/$area");
// Other signs the API refuses.
const ACTION = /^[a-z_.]+$/;

type Line = Item<"/admin/audit">;

function trailQuery({ account, action }: OperationSearch) {
  const wanted = { account_id: account, action: action !== undefined && ACTION.test(action) ? action : undefined };
  return paged(["admin", "audit", wanted], (after, signal) =>
    ask(api.GET("/admin/audit", { params: { query: { ...wanted, after } }, signal })),
  );
}

export function AuditTrail() {
  const t = useText(messages);
  const shared = useText(common);
  const search = route.useSearch();
  const name = useActionText();
  const [opened, setOpened] = useState<Line | null>(null);
  return (
    <>
      <Filters search={search} />
      <Chain />
      <PagedTable
        label={t("trail")}
        columns={useColumns()}
        query={useInfiniteQuery(trailQuery(search))}
        id={(line) => line.id}
        onOpen={setOpened}
        selected={opened?.id}
        empty={<EmptyState icon={IconHistory} title={shared("noneMatch")} />}
      />
      <SideDrawer opened={opened !== null} onClose={() => setOpened(null)} title={opened === null ? "" : name(opened.action)}>
        {opened !== null && <Change line={opened} />}
      </SideDrawer>
    </>
  );
}

function Filters({ search }: { search: OperationSearch }) {
  const t = useText(messages);
  const navigate = route.useNavigate();
  const isSet = search.account !== undefined || search.action !== undefined;
  return (
    <FilterBar active={isSet} onClear={() => void navigate({ search: {} })}>
      <TypedFilter
        label={t("action")}
        placeholder="account.freeze"
        value={search.action}
        maxLength={100}
        onTyped={(action) => void navigate({ search: (now) => ({ ...now, action }), replace: true })}
      />
      <AccountFilter />
    </FilterBar>
  );
}

function Chain() {
  const t = useText(messages);
  const check = useMutation({ mutationFn: () => ask(api.GET("/admin/audit/chain")) });
  return (
    <Stack mb="md" align="flex-start">
      <Group>
        <Button variant="light" loading={check.isPending} onClick={() => check.mutate()}>
          {t("check")}
        </Button>
      </Group>
      <ActionError failure={check.error} />
      {check.data !== undefined && (
        <Alert
          role="status"
          color={check.data.ok ? "green" : "red"}
          icon={check.data.ok ? <IconCheck /> : <IconAlertTriangle />}
        >
          {check.data.ok ? t("whole") : check.data.problems.join("; ")}
        </Alert>
      )}
    </Stack>
  );
}

function useColumns(): readonly Column<Line>[] {
  const t = useText(messages);
  const say = useText(words);
  const name = useActionText();
  return [
    { key: "at", title: t("time"), cell: (line) => <Time value={line.at} /> },
    { key: "action", title: t("action"), cell: (line) => <Action name={name(line.action)} of={line} /> },
    { key: "actor", title: t("actor"), from: "sm", cell: (line) => <Who line={line} /> },
    { key: "target", title: t("target"), from: "md", cell: (line) => <Target line={line} /> },
    { key: "reason", title: say("reason"), from: "lg", cell: (line) => line.reason },
  ];
}

/** In words, and by the name that the filter takes. */
function Action({ name, of: { action } }: { name: string; of: Line }) {
  return (
    <>
      {name !== action && <Text lh={1.3}>{name}</Text>}
      <Text size="xs" c="dimmed" ff="monospace">
        {action}
      </Text>
    </>
  );
}

/** Who did it: by name where there is one, and with the id where there is room. */
function Who({ line, full = false }: { line: Line; full?: boolean }) {
  const { actor_name: name, actor_kind: kind, actor_id: id } = line;
  return (
    <>
      {name || <Value of={kind} />} {full && id !== null && <Id value={id} full />}
    </>
  );
}

/** What was changed: of an id its end, which tells ids of one day apart. */
function Target({ line }: { line: Line }) {
  return (
    <Code className="id nowrap" title={line.target}>
      {line.target.replace(/[0-9a-f-]{28}([0-9a-f]{8})$/, "…$1")}
    </Code>
  );
}

function Change({ line }: { line: Line }) {
  const t = useText(messages);
  const say = useText(words);
  return (
    <Stack>
      <Facts
        facts={[
          [t("time"), <Time key="at" value={line.at} />],
          [t("action"), <Code key="action">{line.action}</Code>],
          [t("actor"), <Who key="actor" line={line} full />],
          [t("target"), line.target],
          line.reason !== "" && [say("reason"), line.reason],
        ]}
      />
      {line.before !== null && (
        <section>
          <h3>{t("before")}</h3>
          <Snippet code={JSON.stringify(line.before, null, 2)} />
        </section>
      )}
      {line.after !== null && (
        <section>
          <h3>{t("after")}</h3>
          <Snippet code={JSON.stringify(line.after, null, 2)} />
        </section>
      )}
    </Stack>
  );
}
