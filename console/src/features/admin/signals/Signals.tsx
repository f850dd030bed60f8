/* What the policy's rules have found, of all accounts or of one; the rules themselves; and whom a provider means. */

import { Button, Group, Select } from "@mantine/core";
import { IconRadar2 } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { api, ask } from "../../../api/client";
import { paged } from "../../../api/paged";
import type { Item } from "../../../api/types";
import { PagedTable, type Column } from "../../../components/DataTable";
import { EmptyState } from "../../../components/EmptyState";
import { FilterBar } from "../../../components/FilterBar";
import { LinkAnchor } from "../../../components/links";
import { messages as common } from "../../../components/messages";
import { SideDrawer } from "../../../components/SideDrawer";
import { Time } from "../../../components/Time";
import { useLanguage, useText } from "../../../lib/i18n";
import { timeSpan } from "../../../lib/time";
import { AccountFilter } from "../accounts/AccountFilter";
import { messages as words } from "../messages";
import { SIGNALS, type OperationSearch } from "../operation/search";
import { useValueText } from "../values/useValueText";
import { Value } from "../values/Value";
import { EndUser } from "./EndUser";
import { messages } from "./messages";
import { RiskRules } from "./RiskRules";

const route = getRouteApi("/admin/operation/$area");

type Signal = Item<"/admin/signals">;

const signalsQuery = ({ account, signal: kind }: OperationSearch) =>
  paged(["admin", "signals", account, kind], (after, signal) =>
    ask(api.GET("/admin/signals", { params: { query: { account_id: account, kind, after } }, signal })),
  );

export function Signals() {
  const t = useText(messages);
  const say = useText(common);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const show = (drawer: OperationSearch["drawer"]) => void navigate({ search: (now) => ({ ...now, drawer }) });
  return (
    <>
      <Group mb="md">
        <Button variant="default" onClick={() => show("rules")}>
          {t("rules")}
        </Button>
        <Button variant="default" onClick={() => show("end-user")}>
          {t("endUser")}
        </Button>
      </Group>
      <Filters search={search} />
      <PagedTable
        label={t("signals")}
        columns={useColumns()}
        query={useInfiniteQuery(signalsQuery(search))}
        id={(signal) => signal.id}
        empty={
          <EmptyState icon={IconRadar2} title={isNarrowed(search) ? say("noneMatch") : t("noneTitle")}>
            {!isNarrowed(search) && t("none")}
          </EmptyState>
        }
      />
      <SideDrawer opened={search.drawer === "rules"} onClose={() => show(undefined)} title={t("rules")}>
        {search.drawer === "rules" && <RiskRules />}
      </SideDrawer>
      <SideDrawer opened={search.drawer === "end-user"} onClose={() => show(undefined)} title={t("endUser")}>
        {search.drawer === "end-user" && <EndUser />}
      </SideDrawer>
    </>
  );
}

function isNarrowed({ account, signal }: OperationSearch): boolean {
  return account !== undefined || signal !== undefined;
}

function Filters({ search }: { search: OperationSearch }) {
  const t = useText(messages);
  const say = useText(words);
  const navigate = route.useNavigate();
  const nameOf = useValueText();
  return (
    <FilterBar active={isNarrowed(search)} onClear={() => void navigate({ search: {} })}>
      <AccountFilter />
      <Select
        label={t("signal")}
        placeholder={say("any")}
        data={SIGNALS.map((kind) => ({ value: kind, label: nameOf(kind) }))}
        value={search.signal ?? null}
        onChange={(chosen) => {
          const signal = SIGNALS.find((kind) => kind === chosen);
          void navigate({ search: (now) => ({ ...now, signal }), replace: true });
        }}
        clearable
        w={260}
      />
    </FilterBar>
  );
}

function useColumns(): readonly Column<Signal>[] {
  const t = useText(messages);
  const say = useText(words);
  const { language } = useLanguage();
  return [
    { key: "at", title: t("time"), cell: (signal) => <Time value={signal.raised_at} /> },
    { key: "kind", title: t("signal"), cell: (signal) => <Value of={signal.kind} /> },
    {
      key: "account",
      title: say("account"),
      from: "sm",
      cell: (signal) => (
        <LinkAnchor to="/admin/accounts/$account" params={{ account: signal.account_id }}>
          {say("openAccount")}
        </LinkAnchor>
      ),
    },
    {
      key: "measured",
      title: t("measured"),
      align: "right",
      from: "sm",
      cell: (signal) => `${signal.measured} / ${signal.threshold}`,
    },
    { key: "within", title: t("within"), from: "md", cell: (signal) => timeSpan(signal.window_minutes, language) },
    {
      key: "action",
      title: t("action"),
      cell: ({ case_id: id, action }) =>
        id === null ? (
          t(`action_${action}`)
        ) : (
          <LinkAnchor to="/admin/review/$queue" params={{ queue: "risk" }} search={{ item: id, all: true }}>
            {t(`action_${action}`)}
          </LinkAnchor>
        ),
    },
  ];
}
