/* One account to be repaid: its lots with the payments that they came from, and what has become of it. */

import { Group, SegmentedControl, Stack, Text, Textarea, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import { Amount } from "../../../components/Amount";
import { DataTable } from "../../../components/DataTable";
import { Facts } from "../../../components/Facts";
import { LinkAnchor } from "../../../components/links";
import { Loaded } from "../../../components/Loaded";
import { Time } from "../../../components/Time";
import { fromMinor } from "../../../lib/amount";
import { useText } from "../../../lib/i18n";
import { Deed } from "../Deed";
import { messages as words } from "../messages";
import { LISTED_STATES } from "../operation/search";
import { Value } from "../values/Value";
import { WriteButton } from "../Writing";
import { messages } from "./messages";
import { listedQuery, type ListedDetail } from "./queries";

export function ListedAccount({ id }: { id: string }) {
  return <Loaded query={useQuery(listedQuery(id))}>{(listed) => <Shown listed={listed} />}</Loaded>;
}

function Shown({ listed }: { listed: ListedDetail }) {
  const t = useText(messages);
  const say = useText(words);
  const [isMarking, setMarking] = useState(false);
  return (
    <Stack>
      <Facts
        facts={[
          [t("account"), listed.email || listed.account_id],
          [t("accountStatus"), <Value key="status" of={listed.status} />],
          [t("state"), t(listed.state)],
          [t("left"), <Amount key="left" value={listed.refundable} />],
          [t("balance"), <Amount key="balance" value={listed.balance} />],
          [t("held"), <Amount key="held" value={listed.held} />],
          [t("atFirst"), <Amount key="first" value={listed.listed_refundable} />],
          [t("listed"), <Time key="at" value={listed.listed_at} />],
          listed.changed_at !== null && [t("marked"), <Time key="marked" value={listed.changed_at} />],
          listed.note !== "" && [t("note"), listed.note],
        ]}
      />
      <Group>
        <WriteButton variant="default" onClick={() => setMarking(true)}>
          {t("mark")}
        </WriteButton>
        <LinkAnchor to="/admin/accounts/$account" params={{ account: listed.account_id }}>
          {say("openAccount")}
        </LinkAnchor>
      </Group>
      <Lots lots={listed.lots} />
      {isMarking && <MarkDialog listed={listed} onClose={() => setMarking(false)} />}
    </Stack>
  );
}

function Lots({ lots }: { lots: ListedDetail["lots"] }) {
  const t = useText(messages);
  return (
    <section>
      <Title order={3} mb="xs">
        {t("lots")}
      </Title>
      {lots.length === 0 ? (
        <Text c="dimmed">{t("noLots")}</Text>
      ) : (
        <DataTable
          label={t("lots")}
          rows={lots}
          id={(lot) => lot.lot_id}
          columns={[
            { key: "kind", title: t("lotKind"), cell: (lot) => <Value of={lot.kind} /> },
            { key: "from", title: t("from"), cell: (lot) => <Value of={lot.provider ?? "–"} /> },
            { key: "left", title: t("remaining"), align: "right", cell: (lot) => <Amount value={lot.remaining} /> },
            { key: "paid", title: t("wasPaid"), align: "right", cell: (lot) => <PaidFor lot={lot} /> },
          ]}
        />
      )}
    </section>
  );
}

function PaidFor({ lot }: { lot: ListedDetail["lots"][number] }) {
  const { refundable_minor: minor, paid_currency: currency } = lot;
  if (minor === null || currency === null) return "–";
  return <Amount value={fromMinor(minor, currency)} currency={currency} />;
}

function MarkDialog({ listed, onClose }: { listed: ListedDetail; onClose: () => void }) {
  const t = useText(messages);
  const [state, setState] = useState(listed.state);
  const [note, setNote] = useState(listed.note);
  const path = { account_id: listed.account_id };
  return (
    <Deed
      title={`${t("mark")}: ${listed.email}`}
      action={t("mark")}
      what={t("markWhat")}
      run={() => ask(api.POST("/admin/wind-down/{account_id}/mark", { params: { path }, body: { state, note } }))}
      onClose={onClose}
    >
      <SegmentedControl
        aria-label={t("state")}
        data={LISTED_STATES.map((each) => ({ value: each, label: t(each) }))}
        value={state}
        onChange={(chosen) => setState(LISTED_STATES.find((each) => each === chosen) ?? "open")}
      />
      <Textarea
        label={t("note")}
        maxLength={2_000}
        autosize
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
    </Deed>
  );
}
