/* Who changed what; and whether the chain over it is whole. */

import { Alert, Button, Code, Group, Stack, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
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
import { messages as common } from "../../../components/messages";
import { SideDrawer } from "../../../components/SideDrawer";
import { Snippet } from "../../../components/Snippet";
import { Time } from "../../../components/Time";
import { useText } from "../../../lib/i18n";
import { isId } from "../../../lib/search";
import { messages as words } from "../messages";
import type { OperationSearch } from "../operation/search";
import { messages } from "./messages";

const route = getRouteApi("/admin/operation/$area");
const TYPING_MS = 400;
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
      <SideDrawer opened={opened !== null} onClose={() => setOpened(null)} title={opened?.action}>
        {opened !== null && <Change line={opened} />}
      </SideDrawer>
    </>
  );
}

function Filters({ search }: { search: OperationSearch }) {
  const t = useText(messages);
  const say = useText(words);
  const navigate = route.useNavigate();
  const set = useDebouncedCallback(
    (part: OperationSearch) => void navigate({ search: (now) => ({ ...now, ...part }), replace: true }),
    TYPING_MS,
  );
  const isSet = search.account !== undefined || search.action !== undefined;
  return (
    <FilterBar active={isSet} onClear={() => void navigate({ search: {} })}>
      <TextInput
        key={search.action === undefined ? "no action" : "action"}
        label={t("action")}
        placeholder="account.freeze"
        defaultValue={search.action ?? ""}
        maxLength={100}
        onChange={(event) => set({ action: event.currentTarget.value.trim() || undefined })}
      />
      <TextInput
        key={search.account === undefined ? "no account" : "account"}
        label={say("account")}
        defaultValue={search.account ?? ""}
        maxLength={36}
        onChange={(event) => {
          const typed = event.currentTarget.value.trim();
          set({ account: isId(typed) ? typed : undefined });
        }}
        w={300}
      />
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
  return [
    { key: "at", title: t("time"), cell: (line) => <Time value={line.at} /> },
    { key: "action", title: t("action"), cell: (line) => <Code>{line.action}</Code> },
    { key: "actor", title: t("actor"), from: "sm", cell: (line) => line.actor_name || line.actor_kind },
    { key: "target", title: t("target"), from: "md", cell: (line) => <Target line={line} /> },
    { key: "reason", title: say("reason"), from: "lg", cell: (line) => line.reason },
  ];
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
          [t("actor"), `${line.actor_name || line.actor_kind} ${line.actor_id ?? ""}`],
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
