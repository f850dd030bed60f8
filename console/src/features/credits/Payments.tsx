/* What was paid. Which payment is open stands in the address; lines of the ledger lead there, too. */

import { Anchor, Title } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { Amount } from "../../components/Amount";
import { PagedTable, type Column } from "../../components/DataTable";
import { SideDrawer } from "../../components/SideDrawer";
import { Time } from "../../components/Time";
import { fromMinor, isZero } from "../../lib/amount";
import { useText } from "../../lib/i18n";
import { messages } from "./messages";
import { PaymentDetails } from "./PaymentDetails";
import { PaymentState } from "./PaymentState";
import { paymentsQuery, type Payment } from "./queries";

const route = getRouteApi("/dashboard/credits");

/** No table for who has never paid. */
export function Payments() {
  const t = useText(messages);
  const { payment } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useInfiniteQuery(paymentsQuery);
  const columns = useColumns();
  const open = (id: string | undefined) =>
    void navigate({ search: (now) => ({ ...now, payment: id }), resetScroll: false });
  return (
    <>
      {query.data?.pages[0]?.data.length !== 0 && (
        <section>
          <Title order={2} mb="sm">
            {t("payments")}
          </Title>
          <PagedTable
            label={t("payments")}
            columns={columns}
            query={query}
            id={({ id }) => id}
            onOpen={({ id }) => open(id)}
            selected={payment}
            empty={null}
          />
        </section>
      )}
      <SideDrawer opened={payment !== undefined} onClose={() => open(undefined)} title={t("payment")}>
        {payment !== undefined && <PaymentDetails id={payment} />}
      </SideDrawer>
    </>
  );
}

function useColumns(): readonly Column<Payment>[] {
  const t = useText(messages);
  return [
    { key: "date", title: t("date"), cell: (each) => <Time value={each.paid_at ?? each.created_at} as="date" /> },
    { key: "state", title: t("state"), from: "sm", cell: ({ state }) => <PaymentState state={state} /> },
    {
      key: "invoice",
      title: t("invoice"),
      from: "sm",
      cell: ({ invoice_url }) =>
        invoice_url === "" ? (
          "–"
        ) : (
          <Anchor href={invoice_url} target="_blank" rel="noreferrer" inherit onClick={(event) => event.stopPropagation()}>
            {t("invoice")}
          </Anchor>
        ),
    },
    {
      key: "paid",
      title: t("paidMoney"),
      align: "right",
      cell: ({ paid_minor, currency }) => <Amount value={fromMinor(paid_minor, currency)} currency={currency} />,
    },
    { key: "credited", title: t("credited"), align: "right", cell: (each) => <Amount value={each.credited} /> },
    {
      key: "taken",
      title: t("takenBack"),
      align: "right",
      from: "md",
      cell: ({ taken_back }) => (isZero(taken_back) ? "–" : <Amount value={taken_back} />),
    },
  ];
}
