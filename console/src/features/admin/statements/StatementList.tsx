/* Monthly statements of all accounts: numbered without gaps, to be printed or taken as a table. */

import { TextInput } from "@mantine/core";
import { IconFileText } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { api, ask } from "../../../api/client";
import { paged } from "../../../api/paged";
import { PagedTable, type Column } from "../../../components/DataTable";
import { EmptyState } from "../../../components/EmptyState";
import { FilterBar } from "../../../components/FilterBar";
import { LinkAnchor } from "../../../components/links";
import { messages as common } from "../../../components/messages";
import { useText } from "../../../lib/i18n";
import { AccountFilter } from "../accounts/AccountFilter";
import { messages as words } from "../messages";
import { useStatementColumns, type MonthlyStatement } from "./columns";
import { messages } from "./messages";

const route = getRouteApi("/admin/operation/$area");

const statementsQuery = (month: string | undefined, account: string | undefined) =>
  paged(["admin", "statements", month, account], (after, signal) =>
    ask(api.GET("/admin/statements", { params: { query: { month, account_id: account, after } }, signal })),
  );

export function StatementList() {
  const t = useText(messages);
  const say = useText(words);
  const shared = useText(common);
  const { month, account } = route.useSearch();
  const navigate = route.useNavigate();
  const isFiltered = month !== undefined || account !== undefined;
  const ofAccount: Column<MonthlyStatement> = {
    key: "account",
    title: say("account"),
    from: "md",
    cell: (statement) => (
      <LinkAnchor to="/admin/accounts/$account" params={{ account: statement.account_id }}>
        {say("openAccount")}
      </LinkAnchor>
    ),
  };
  return (
    <>
      <FilterBar active={isFiltered} onClear={() => void navigate({ search: {} })}>
        <TextInput
          type="month"
          label={t("month")}
          value={month ?? ""}
          onChange={(event) => {
            const chosen = event.currentTarget.value || undefined;
            void navigate({ search: (now) => ({ ...now, month: chosen }), replace: true });
          }}
        />
        <AccountFilter />
      </FilterBar>
      <PagedTable
        label={t("statements")}
        columns={[ofAccount, ...useStatementColumns()]}
        query={useInfiniteQuery(statementsQuery(month, account))}
        id={(statement) => statement.id}
        empty={
          <EmptyState icon={IconFileText} title={isFiltered ? shared("noneMatch") : t("none")}>
            {!isFiltered && t("noneWhy")}
          </EmptyState>
        }
      />
    </>
  );
}
