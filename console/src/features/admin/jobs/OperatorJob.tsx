/* One job with what only the operator sees, and its adjustment in one step. */

import { Stack, TextInput } from "@mantine/core";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import type { Answer } from "../../../api/types";
import { Amount } from "../../../components/Amount";
import { Facts } from "../../../components/Facts";
import { Id } from "../../../components/Id";
import { LinkAnchor } from "../../../components/links";
import { Loaded } from "../../../components/Loaded";
import { Time } from "../../../components/Time";
import { isZero } from "../../../lib/amount";
import { useLanguage, useText } from "../../../lib/i18n";
import { duration } from "../../../lib/time";
import { Deed } from "../Deed";
import { messages as words } from "../messages";
import { Value } from "../values/Value";
import { WriteButton } from "../Writing";
import { JobReceipt } from "./JobReceipt";
import { messages } from "./messages";

type Job = Answer<"/admin/jobs/{job_id}">;

const jobQuery = (id: string) =>
  queryOptions({
    queryKey: ["admin", "job", id],
    queryFn: ({ signal }) => ask(api.GET("/admin/jobs/{job_id}", { params: { path: { job_id: id } }, signal })),
  });

export function OperatorJob({ id }: { id: string }) {
  return <Loaded query={useQuery(jobQuery(id))}>{(job) => <Shown job={job} />}</Loaded>;
}

function Shown({ job }: { job: Job }) {
  const t = useText(messages);
  const say = useText(words);
  const { language } = useLanguage();
  const [isAdjusting, setAdjusting] = useState(false);
  const count = new Intl.NumberFormat(language);
  return (
    <Stack>
      <Facts
        facts={[
          [t("job"), <Id key="id" value={job.id} full />],
          [
            t("account"),
            <LinkAnchor key="ac" to="/admin/accounts/$account" params={{ account: job.account_id }}>
              {job.account_id}
            </LinkAnchor>,
          ],
          [t("time"), <Time key="at" value={job.created_at} />],
          [t("model"), job.model],
          [t("endpoint"), job.endpoint],
          [say("status"), t(job.status)],
          [t("outcome"), <Value key="outcome" of={job.outcome} />],
          job.delivery_unknown && [t("uncertain"), "✓"],
          [t("channel"), job.channel ?? "–"],
          job.provider_request_id !== null && [t("request"), <Id key="rq" value={job.provider_request_id} full />],
          [t("tokens"), `${count.format(job.input_tokens)} / ${count.format(job.output_tokens)}`],
          [t("usage"), <Value key="usage" of={job.usage_source} />],
          job.latency_ms !== null && [t("took"), duration(job.latency_ms)],
          [t("charge"), <Amount key="ch" value={job.charge} />],
          [t("cost"), <Amount key="co" value={job.cost} />],
          [t("margin"), <Amount key="ma" value={job.margin} signed />],
          !isZero(job.write_off) && [t("writeOff"), <Amount key="wo" value={job.write_off} />],
          !isZero(job.adjusted) && [t("adjusted"), <Amount key="ad" value={job.adjusted} />],
        ]}
      />
      <JobReceipt job={job.id} />
      {job.status === "settled" && !isZero(job.charge) && (
        <WriteButton variant="default" onClick={() => setAdjusting(true)}>
          {t("adjust")}
        </WriteButton>
      )}
      {isAdjusting && <AdjustDialog job={job} onClose={() => setAdjusting(false)} />}
    </Stack>
  );
}

function AdjustDialog({ job, onClose }: { job: Job; onClose: () => void }) {
  const t = useText(messages);
  const [amount, setAmount] = useState("");
  return (
    <Deed
      title={t("adjust")}
      action={t("adjust")}
      what={t("adjustWhat")}
      reason="needed"
      money
      run={(reason, header) =>
        ask(
          api.POST("/admin/jobs/{job_id}/adjust", {
            params: { path: { job_id: job.id }, header },
            body: { amount: amount.trim() || null, reason },
          }),
        )
      }
      onClose={onClose}
    >
      <TextInput
        label={t("adjustAmount")}
        inputMode="decimal"
        value={amount}
        onChange={(event) => setAmount(event.currentTarget.value)}
      />
    </Deed>
  );
}
