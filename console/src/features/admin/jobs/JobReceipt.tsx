import { Title } from "@mantine/core";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, ask } from "../../../api/client";
import { Loaded } from "../../../components/Loaded";
import { useText } from "../../../lib/i18n";
import { ReceiptLines } from "../../logs/ReceiptLines";
import { messages } from "./messages";

const receiptQuery = (job: string) =>
  queryOptions({
    queryKey: ["admin", "receipt", job],
    queryFn: ({ signal }) =>
      ask(api.GET("/admin/jobs/{job_id}/receipt", { params: { path: { job_id: job } }, signal })),
  });

/** The receipt of a job, as the customer sees it. */
export function JobReceipt({ job }: { job: string }) {
  const t = useText(messages);
  return (
    <section>
      <Title order={3} mb="xs">
        {t("receipt")}
      </Title>
      <Loaded query={useQuery(receiptQuery(job))}>{(receipt) => <ReceiptLines receipt={receipt} />}</Loaded>
    </section>
  );
}
