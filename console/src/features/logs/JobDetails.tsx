/* One call: what happened, what it cost line by line, how long it took, and what one can do about it. */

import { Button, Code, Group, Stack, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Facts } from "../../components/Facts";
import { Id } from "../../components/Id";
import { LinkButton } from "../../components/links";
import { Loaded } from "../../components/Loaded";
import { Time } from "../../components/Time";
import { isZero } from "../../lib/amount";
import { useText } from "../../lib/i18n";
import { DisputeForm } from "./DisputeForm";
import { messages } from "./messages";
import { receiptQuery, type Receipt } from "./queries";
import { ReceiptLines } from "./ReceiptLines";
import { useRefusedWhy } from "./refusals/useRefusedWhy";
import { StatusBadge } from "./StatusBadge";
import { TimingBar } from "./TimingBar";

export function JobDetails({ job }: { job: string }) {
  return <Loaded query={useQuery(receiptQuery(job))}>{(receipt) => <Details receipt={receipt} />}</Loaded>;
}

function Details({ receipt }: { receipt: Receipt }) {
  const t = useText(messages);
  const { outcome, code } = receipt;
  return (
    <Stack gap="lg">
      <Facts
        facts={[
          [t("job"), <Id key="id" value={receipt.id} full />],
          [t("time"), <Time key="time" value={receipt.created_at} />],
          [t("model"), receipt.model],
          [t("endpoint"), receipt.endpoint + (receipt.stream === true ? ` (${t("streamed")})` : "")],
          [t("status"), <StatusBadge key="status" status={receipt.status} code={code ?? null} />],
          outcome !== null && [t("outcome"), t(outcome)],
          code !== null &&
            code !== undefined && [t("code"), <Why key="code" code={code} status={receipt.http_status ?? null} />],
        ]}
      />
      {receipt.latency_ms !== null && receipt.latency_ms !== undefined && (
        <TimingBar
          holdMs={receipt.hold_ms ?? null}
          firstByteMs={receipt.first_byte_ms ?? null}
          totalMs={receipt.latency_ms}
        />
      )}
      {receipt.hold !== null && receipt.hold !== undefined && (
        <section>
          <Title order={3} mb="xs">
            {t("lines")}
          </Title>
          <ReceiptLines receipt={receipt} />
        </section>
      )}
      <Actions receipt={receipt} />
    </Stack>
  );
}

function Why({ code, status }: { code: string; status: number | null }) {
  const why = useRefusedWhy()(code);
  const told = status === null ? code : `${code}, ${status}`;
  return (
    <>
      {why} <Code className="nowrap">{told}</Code>
    </>
  );
}

function Actions({ receipt }: { receipt: Receipt }) {
  const t = useText(messages);
  const [isDisputing, setDisputing] = useState(false);
  const { charge } = receipt;
  const isCharged = receipt.status === "settled" && charge !== null && charge !== undefined && !isZero(charge);
  if (isDisputing) return <DisputeForm job={receipt.id} onClose={() => setDisputing(false)} />;
  return (
    <Group>
      {isCharged && (
        <Button variant="default" onClick={() => setDisputing(true)}>
          {t("dispute")}
        </Button>
      )}
      <LinkButton to="/dashboard/support" search={{ job: receipt.id }} variant="subtle">
        {t("askSupport")}
      </LinkButton>
    </Group>
  );
}
