/* Charges that the account called wrong; as long as nobody has decided, the dispute can be taken back. */

import { Title } from "@mantine/core";
import { IconReceiptRefund } from "@tabler/icons-react";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, ask } from "../../api/client";
import { PagedTable, type Column } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { ActionError } from "../../components/ErrorState";
import { LinkAnchor } from "../../components/links";
import { useText } from "../../lib/i18n";
import { useDecisionColumns, useTakeBackColumn } from "./decisionColumns";
import { messages } from "./messages";
import { disputesQuery, type Dispute } from "./queries";

export function Disputes() {
  const t = useText(messages);
  const cache = useQueryClient();
  const withdraw = useMutation({
    mutationFn: (id: string) =>
      ask(api.POST("/api/adjustments/{request_id}/withdraw", { params: { path: { request_id: id } } })),
    onSettled: () => cache.invalidateQueries({ queryKey: disputesQuery.queryKey }),
  });
  const job: Column<Dispute> = {
    key: "job",
    title: t("job"),
    cell: ({ job_id }) => (
      <LinkAnchor to="/dashboard/logs" search={{ job: job_id }} inherit className="nowrap">
        …{job_id.slice(-8)}
      </LinkAnchor>
    ),
  };
  const takeBack = useTakeBackColumn<Dispute>(withdraw.mutate);
  return (
    <section>
      <Title order={2} mb="sm">
        {t("disputes")}
      </Title>
      <ActionError failure={withdraw.error} />
      <PagedTable
        label={t("disputes")}
        columns={[job, ...useDecisionColumns<Dispute>("xs"), takeBack]}
        query={useInfiniteQuery(disputesQuery)}
        id={(dispute) => dispute.id}
        empty={
          <EmptyState icon={IconReceiptRefund} title={t("noneTitle")}>
            {t("noDisputes")}
          </EmptyState>
        }
      />
    </section>
  );
}
