/* Payments of all accounts; those that fit no recharge wait for somebody. */

import { Badge, Checkbox } from "@mantine/core";
import { IconCashBanknote } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { api, ask } from "../../../api/client";
import { paged } from "../../../api/paged";
import type { Item } from "../../../api/types";
import { Amount } from "../../../components/Amount";
import { PagedTable, type Column } from "../../../components/DataTable";
import { EmptyState } from "../../../components/EmptyState";
import { FilterBar } from "../../../components/FilterBar";
import { SideDrawer } from "../../../components/SideDrawer";
import { Time } from "../../../components/Time";
import { fromMinor } from "../../../lib/amount";
import { useText } from "../../../lib/i18n";
import { AccountFilter } from "../accounts/AccountFilter";
import { messages as words } from "../messages";
import { Value } from "../values/Value";
import { messages } from "./messages";
import { PaymentDetail } from "./PaymentDetail";

const route = getRouteApi("/admin/operation/$area");

type Payment = Item<"/admin/payments">;

const paymentsQuery = (odd: true | undefined, account: string | undefined) =>
  paged(["admin", "payments", odd, account], (after, signal) =>
    ask(api.GET("/admin/payments", { params: { query: { with_problem: odd, account_id: account, after } }, signal })),
  );

export function Payments() {
  const t = useText(messages);
  const { payment, odd, account } = route.useSearch();
  const navigate = route.useNavigate();
  const open = (id: string | undefined) => void navigate({ search: (now) => ({ ...now, payment: id }) });
  return (
    <>
      <FilterBar active={odd === true || account !== undefined} onClear={() => void navigate({ search: {} })}>
        <Checkbox
          label={t("odd")}
          checked={odd === true}
          onChange={(event) => {
            const wanted = event.currentTarget.checked || undefined;
            void navigate({ search: (now) => ({ ...now, odd: wanted }) });
          }}
        />
        <AccountFilter />
      </FilterBar>
      <PagedTable
        label={t("payments")}
        columns={useColumns()}
        query={useInfiniteQuery(paymentsQuery(odd, account))}
        id={(each) => each.id}
        onOpen={(each) => open(each.id)}
        selected={payment}
        empty={<EmptyState icon={IconCashBanknote} title={t("noPayments")} />}
      />
      <SideDrawer opened={payment !== undefined} onClose={() => open(undefined)} title={t("payment")}>
        {payment !== undefined && <PaymentDetail key={payment} id={payment} />}
      </SideDrawer>
    </>
  );
}

function useColumns(): readonly Column<Payment>[] {
  const t = useText(messages);
  const say = useText(words);
  return [
    {
      key: "at",
      title: t("time"),
      cell: (each) => <Time value={each.paid_at ?? each.created_at} />,
    },
    { key: "provider", title: t("provider"), from: "sm", cell: (each) => <Value of={each.provider} /> },
    {
      key: "paid",
      title: t("paid"),
      align: "right",
      cell: (each) => <Amount value={fromMinor(each.paid_minor, each.currency)} currency={each.currency} />,
    },
    { key: "credited", title: t("credited"), align: "right", from: "md", cell: (each) => <Amount value={each.credited} /> },
    {
      key: "state",
      title: say("status"),
      cell: (each) => (
        <>
          <Value of={each.state} /> {each.problem !== "" && <Badge color="red"><Value of={each.problem} /></Badge>}
        </>
      ),
    },
  ];
}
