/* Accounts: found by what an operator has in hand, one click from all of it. */

import { Select, Text } from "@mantine/core";
import { IconBuildingBank, IconSearch } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { Amount } from "../../../components/Amount";
import { PagedTable, type Column } from "../../../components/DataTable";
import { EmptyState } from "../../../components/EmptyState";
import { FilterBar } from "../../../components/FilterBar";
import { messages as common } from "../../../components/messages";
import { Page } from "../../../components/Page";
import { Time } from "../../../components/Time";
import { TypedFilter } from "../../../components/TypedFilter";
import { isZero, negate } from "../../../lib/amount";
import { useText } from "../../../lib/i18n";
import { messages as words } from "../messages";
import { AccountStatus } from "./AccountStatus";
import { messages } from "./messages";
import { accountsQuery, type AccountLine } from "./queries";
import { STATUSES, type AccountsSearch } from "./search";

const route = getRouteApi("/admin/accounts");

export function AccountsPage() {
  const t = useText(messages);
  const say = useText(words);
  const shared = useText(common);
  const search = route.useSearch();
  const navigate = useNavigate();
  const query = useInfiniteQuery(accountsQuery(search));
  const isFiltered = search.q !== undefined || search.status !== undefined;
  return (
    <Page title={say("accounts")} lead={t("lead")} wide>
      <Filters search={search} active={isFiltered} />
      <PagedTable
        label={say("accounts")}
        columns={useColumns()}
        query={query}
        id={(account) => account.id}
        onOpen={(account) => void navigate({ to: "/admin/accounts/$account", params: { account: account.id } })}
        empty={
          isFiltered ? (
            <EmptyState icon={IconSearch} title={shared("noneMatch")} />
          ) : (
            <EmptyState icon={IconBuildingBank} title={t("noneTitle")}>
              {t("none")}
            </EmptyState>
          )
        }
      />
    </Page>
  );
}

function Filters({ search, active }: { search: AccountsSearch; active: boolean }) {
  const t = useText(messages);
  const say = useText(words);
  const navigate = route.useNavigate();
  const set = (change: Partial<AccountsSearch>) =>
    void navigate({ search: (now) => ({ ...now, ...change }), replace: true });
  return (
    <FilterBar active={active} onClear={() => void navigate({ search: {} })}>
      <TypedFilter
        label={t("search")}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={search.q}
        onTyped={(q) => set({ q })}
        maxLength={254}
        w={280}
      />
      <Select
        label={say("status")}
        placeholder={say("any")}
        data={STATUSES.map((status) => ({ value: status, label: say(status) }))}
        value={search.status ?? null}
        onChange={(status) => set({ status: STATUSES.find((each) => each === status) })}
        clearable
        w={150}
      />
    </FilterBar>
  );
}

function useColumns(): readonly Column<AccountLine>[] {
  const t = useText(messages);
  const say = useText(words);
  return [
    { key: "email", title: t("account"), cell: (account) => <span className="address">{account.email}</span> },
    { key: "name", title: t("name"), from: "md", cell: (account) => account.name || <Text c="dimmed">–</Text> },
    { key: "status", title: say("status"), cell: (account) => <AccountStatus status={account.status} /> },
    { key: "balance", title: t("balance"), align: "right", cell: (account) => <Amount value={account.balance} /> },
    {
      key: "held",
      title: t("held"),
      align: "right",
      from: "md",
      cell: (account) => <Amount value={account.held} />,
    },
    {
      key: "debt",
      title: t("debt"),
      align: "right",
      from: "lg",
      cell: (account) => (isZero(account.debt) ? "–" : <Amount value={negate(account.debt)} />),
    },
    {
      key: "created",
      title: t("created"),
      from: "lg",
      cell: (account) => (account.created_at === null ? "–" : <Time value={account.created_at} as="date" />),
    },
  ];
}
