/* Asking for money back: for what is left of a payment, and, by job, for single charges. */

import { Badge, Button, Modal, Stack, Text, Title } from "@mantine/core";
import { IconReceiptRefund } from "@tabler/icons-react";
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../api/client";
import { Amount } from "../../components/Amount";
import { DataTable, PagedTable, type Column } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { ActionError } from "../../components/ErrorState";
import { Loaded } from "../../components/Loaded";
import { messages as common } from "../../components/messages";
import { Page } from "../../components/Page";
import { Time } from "../../components/Time";
import { Waiting } from "../../components/Waiting";
import { fromMinor } from "../../lib/amount";
import { useText } from "../../lib/i18n";
import { RefundRulesLink } from "../legal/published/RefundRulesLink";
import { mayManageMoney, useSession } from "../session/queries";
import { WithdrawalsSection } from "../withdrawals/WithdrawalsSection";
import { useDecisionColumns, useTakeBackColumn } from "./decisionColumns";
import { Disputes } from "./Disputes";
import { messages } from "./messages";
import { refundableQuery, refundsQuery, type Refundable, type RefundRequest } from "./queries";
import { RefundForm } from "./RefundForm";

export function RefundsPage() {
  const t = useText(messages);
  return (
    <Page
      title={t("title")}
      lead={
        <>
          {t("lead")} <RefundRulesLink />
        </>
      }
      wide
    >
      <Stack gap={40}>
        {mayManageMoney(useSession()) && <Payments />}
        <Requests />
        <Disputes />
        <WithdrawalsSection />
      </Stack>
    </Page>
  );
}

function Payments() {
  const t = useText(messages);
  const say = useText(common);
  const [chosen, setChosen] = useState<Refundable | null>(null);
  const columns: Column<Refundable>[] = [
    { key: "paid", title: t("paidAt"), cell: ({ paid_at }) => (paid_at === null ? "–" : <Time value={paid_at} as="date" />) },
    {
      key: "price",
      title: t("price"),
      align: "right",
      from: "sm",
      cell: ({ paid_minor, currency }) => <Amount value={fromMinor(paid_minor, currency)} currency={currency} />,
    },
    { key: "credited", title: t("credited"), align: "right", from: "sm", cell: (each) => <Amount value={each.credited} /> },
    {
      key: "refundable",
      title: t("refundable"),
      align: "right",
      cell: (each) => (
        <>
          {each.is_duplicate && <Badge mr="xs">{t("duplicate")}</Badge>}
          <Amount value={each.refundable} />
        </>
      ),
    },
    {
      key: "ask",
      title: t("ask"),
      quiet: true,
      align: "right",
      cell: (each) => (
        <Button size="compact-sm" variant="default" onClick={() => setChosen(each)}>
          {t("ask")}
        </Button>
      ),
    },
  ];
  return (
    <section>
      <Title order={2} mb="sm">
        {t("payments")}
      </Title>
      <Loaded query={useQuery(refundableQuery)} waiting={<Waiting rows={2} />}>
        {({ data }) =>
          data.length === 0 ? (
            <Text c="dimmed">{t("noPayments")}</Text>
          ) : (
            <DataTable label={t("payments")} columns={columns} rows={data} id={(each) => each.payment_id} />
          )
        }
      </Loaded>
      <Modal
        opened={chosen !== null}
        onClose={() => setChosen(null)}
        title={t("ask")}
        closeButtonProps={{ "aria-label": say("close") }}
      >
        {chosen !== null && <RefundForm payment={chosen} onClose={() => setChosen(null)} />}
      </Modal>
    </section>
  );
}

function Requests() {
  const t = useText(messages);
  const cache = useQueryClient();
  const withdraw = useMutation({
    mutationFn: (id: string) =>
      ask(api.POST("/api/refunds/{request_id}/withdraw", { params: { path: { request_id: id } } })),
    onSettled: () => cache.invalidateQueries({ queryKey: ["refunds"] }),
  });
  const takeBack = useTakeBackColumn<RefundRequest>(withdraw.mutate);
  return (
    <section>
      <Title order={2} mb="sm">
        {t("requests")}
      </Title>
      <ActionError failure={withdraw.error} />
      <PagedTable
        label={t("requests")}
        columns={[...useDecisionColumns<RefundRequest>(), takeBack]}
        query={useInfiniteQuery(refundsQuery)}
        id={(request) => request.id}
        empty={<EmptyState icon={IconReceiptRefund} title={t("noneTitle")} />}
      />
    </section>
  );
}
