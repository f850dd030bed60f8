/* One batch: its terms, and what has become of each of its codes, which are known by how they begin. */

import { Badge, Code as Written, Group, Select, Stack } from "@mantine/core";
import { IconTicket } from "@tabler/icons-react";
import { queryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import { paged } from "../../../api/paged";
import type { Answer, Item } from "../../../api/types";
import { Amount } from "../../../components/Amount";
import { PagedTable, type Column } from "../../../components/DataTable";
import { EmptyState } from "../../../components/EmptyState";
import { Facts } from "../../../components/Facts";
import { Id } from "../../../components/Id";
import { LinkAnchor } from "../../../components/links";
import { Loaded } from "../../../components/Loaded";
import { messages as common } from "../../../components/messages";
import { Time } from "../../../components/Time";
import { fromMinor } from "../../../lib/amount";
import { useText } from "../../../lib/i18n";
import { DeedButton } from "../Deed";
import { messages as words } from "../messages";
import { messages } from "./messages";

export type Batch = Answer<"/admin/codes/{batch_id}">;
export type Code = Item<"/admin/codes/{batch_id}/codes">;
type State = Code["state"];

const STATES = ["open", "redeemed", "void", "expired"] as const satisfies readonly State[];

const batchQuery = (id: string) =>
  queryOptions({
    queryKey: ["admin", "batch", id],
    queryFn: ({ signal }) => ask(api.GET("/admin/codes/{batch_id}", { params: { path: { batch_id: id } }, signal })),
  });

const codesQuery = (id: string, state: State | null) =>
  paged(["admin", "codes of", id, state], (after, signal) =>
    ask(
      api.GET("/admin/codes/{batch_id}/codes", {
        params: { path: { batch_id: id }, query: { state: state ?? undefined, after } },
        signal,
      }),
    ),
  );

/** `found` is a code that was looked for: it stands above the others. */
export function BatchDetail({ id, found }: { id: string; found?: Code | undefined }) {
  return (
    <Stack>
      <Loaded query={useQuery(batchQuery(id))}>{(batch) => <Terms batch={batch} />}</Loaded>
      {found !== undefined && <Found code={found} />}
      <Codes batch={id} />
    </Stack>
  );
}

function Terms({ batch }: { batch: Batch }) {
  const t = useText(messages);
  const { price_minor: price, currency } = batch;
  return (
    <>
      <Facts
        facts={[
          [t("batch"), <Id key="id" value={batch.id} full />],
          [t("kind"), t(batch.kind)],
          [t("amountEach"), <Amount key="amount" value={batch.amount} />],
          price !== null &&
            currency !== null && [t("price"), <Amount key="p" value={fromMinor(price, currency)} currency={currency} />],
          [t("redeemed"), `${batch.redeemed} / ${batch.count}`],
          [t("mostPerAccount"), batch.most_per_account ?? "–"],
          batch.redeem_until !== null && [t("redeemUntil"), <Time key="until" value={batch.redeem_until} />],
          batch.credit_days > 0 && [t("creditDays"), batch.credit_days],
          [t("made"), <Time key="made" value={batch.created_at} />],
          batch.note !== "" && [t("note"), batch.note],
          batch.voided_at !== null && [t("voided"), <Time key="void" value={batch.voided_at} />],
        ]}
      />
      {batch.voided_at === null && (
        <Group>
          <DeedButton
            danger
            action={t("voidBatch")}
            what={t("voidWhat")}
            reason="needed"
            money
            run={(reason) =>
              ask(api.POST("/admin/codes/{batch_id}/void", { params: { path: { batch_id: batch.id } }, body: { reason } }))
            }
          />
        </Group>
      )}
    </>
  );
}

function Found({ code }: { code: Code }) {
  const t = useText(messages);
  return (
    <Facts
      facts={[
        [t("code"), <Written key="code">{code.hint}…</Written>],
        [t("state"), <CodeState key="state" state={code.state} />],
        code.redeemed_at !== null && [t("redeemedAt"), <Time key="at" value={code.redeemed_at} />],
        code.redeemed_by !== null && [t("redeemedBy"), <Redeemer key="by" account={code.redeemed_by} />],
      ]}
    />
  );
}

function Codes({ batch }: { batch: string }) {
  const t = useText(messages);
  const say = useText(words);
  const shared = useText(common);
  const [state, setState] = useState<State | null>(null);
  return (
    <>
      <Select
        label={t("state")}
        placeholder={say("any")}
        data={STATES.map((each) => ({ value: each, label: t(`state_${each}`) }))}
        value={state}
        onChange={(chosen) => setState(STATES.find((each) => each === chosen) ?? null)}
        clearable
        w={180}
      />
      <PagedTable
        label={t("codes")}
        columns={useColumns()}
        query={useInfiniteQuery(codesQuery(batch, state))}
        id={(code) => code.id}
        empty={<EmptyState icon={IconTicket} title={shared("noneMatch")} />}
      />
    </>
  );
}

function useColumns(): readonly Column<Code>[] {
  const t = useText(messages);
  const say = useText(words);
  return [
    { key: "hint", title: t("code"), cell: (code) => <Written>{code.hint}…</Written> },
    { key: "state", title: t("state"), cell: (code) => <CodeState state={code.state} /> },
    {
      key: "by",
      title: t("redeemedBy"),
      from: "sm",
      cell: (code) => (code.redeemed_by === null ? "–" : <Redeemer account={code.redeemed_by} />),
    },
    { key: "void", title: say("actions"), align: "right", cell: (code) => code.state === "open" && <VoidCode code={code} /> },
  ];
}

function Redeemer({ account }: { account: string }) {
  const say = useText(words);
  return (
    <LinkAnchor to="/admin/accounts/$account" params={{ account }}>
      {say("openAccount")}
    </LinkAnchor>
  );
}

function CodeState({ state }: { state: State }) {
  const t = useText(messages);
  return <Badge color={state === "open" ? undefined : "gray"}>{t(`state_${state}`)}</Badge>;
}

function VoidCode({ code }: { code: Code }) {
  const t = useText(messages);
  const path = { batch_id: code.batch_id, code_id: code.id };
  return (
    <DeedButton
      small
      danger
      action={t("void")}
      title={`${t("void")}: ${code.hint}…`}
      what={t("voidCodeWhat")}
      reason="needed"
      money
      run={(reason) =>
        ask(api.POST("/admin/codes/{batch_id}/codes/{code_id}/void", { params: { path }, body: { reason } }))
      }
    />
  );
}
