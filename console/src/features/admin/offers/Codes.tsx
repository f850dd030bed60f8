/* Batches of codes. The codes of a batch are seen once: when it is made. */

import { Badge, Button, Group, Modal, NumberInput, Select, Stack, Text, TextInput } from "@mantine/core";
import { IconTicket } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import { paged } from "../../../api/paged";
import type { Answer, Body, Item } from "../../../api/types";
import { Amount } from "../../../components/Amount";
import { PagedTable, type Column } from "../../../components/DataTable";
import { EmptyState } from "../../../components/EmptyState";
import { messages as common } from "../../../components/messages";
import { Snippet } from "../../../components/Snippet";
import { Time } from "../../../components/Time";
import { useText } from "../../../lib/i18n";
import { Deed, DeedButton } from "../Deed";
import { messages as words } from "../messages";
import { MomentInput } from "../MomentInput";
import { messages } from "./messages";

type Batch = Item<"/admin/codes">;
type Made = Answer<"/admin/codes", "post">;
type New = Body<"/admin/codes">;

const KINDS = ["promo", "sold"] as const;

const batchesQuery = paged(["admin", "codes"], (after, signal) =>
  ask(api.GET("/admin/codes", { params: { query: { after } }, signal })),
);

export function Codes() {
  const t = useText(messages);
  const [isMaking, setMaking] = useState(false);
  const [made, setMade] = useState<Made | null>(null);
  return (
    <>
      <Group justify="flex-end" mb="md">
        <Button onClick={() => setMaking(true)}>{t("makeCodes")}</Button>
      </Group>
      <PagedTable
        label={t("batches")}
        columns={useColumns()}
        query={useInfiniteQuery(batchesQuery)}
        id={(batch) => batch.id}
        empty={<EmptyState icon={IconTicket} title={t("noCodes")} />}
      />
      {isMaking && <MakeCodes onMade={setMade} onClose={() => setMaking(false)} />}
      {made !== null && <MadeCodes made={made} onClose={() => setMade(null)} />}
    </>
  );
}

function useColumns(): readonly Column<Batch>[] {
  const t = useText(messages);
  const say = useText(words);
  return [
    { key: "made", title: t("made"), cell: (batch) => <Time value={batch.created_at} as="date" /> },
    { key: "kind", title: t("kind"), cell: (batch) => t(batch.kind) },
    { key: "amount", title: t("amount"), align: "right", cell: (batch) => <Amount value={batch.amount} /> },
    { key: "used", title: t("redeemed"), align: "right", cell: (batch) => `${batch.redeemed} / ${batch.count}` },
    { key: "note", title: t("note"), from: "md", cell: (batch) => batch.note },
    {
      key: "state",
      title: say("status"),
      align: "right",
      cell: (batch) =>
        batch.voided_at === null ? (
          <DeedButton
            small
            danger
            action={t("void")}
            what={t("voidWhat")}
            reason="needed"
            run={(reason) =>
              ask(api.POST("/admin/codes/{batch_id}/void", { params: { path: { batch_id: batch.id } }, body: { reason } }))
            }
          />
        ) : (
          <Badge color="gray">{t("voided")}</Badge>
        ),
    },
  ];
}

function MakeCodes({ onMade, onClose }: { onMade: (made: Made) => void; onClose: () => void }) {
  const t = useText(messages);
  const [wanted, setWanted] = useState<New>({ kind: "promo", count: 10, amount: "", most_per_account: 1, credit_days: 0, note: "" });
  const change = (part: Partial<New>) => setWanted((now) => ({ ...now, ...part }));
  return (
    <Deed
      title={t("makeCodes")}
      action={t("makeCodes")}
      money
      run={(_, header) => ask(api.POST("/admin/codes", { params: { header }, body: wanted }))}
      onDone={onMade}
      onClose={onClose}
    >
      <Select
        label={t("kind")}
        data={KINDS.map((kind) => ({ value: kind, label: t(kind) }))}
        allowDeselect={false}
        value={wanted.kind}
        onChange={(kind) => change({ kind: KINDS.find((each) => each === kind) ?? "promo" })}
      />
      <Group grow>
        <NumberInput
          label={t("count")}
          required
          min={1}
          allowDecimal={false}
          value={wanted.count}
          onChange={(value) => change({ count: Number(value) || 1 })}
        />
        <TextInput
          label={t("amountEach")}
          inputMode="decimal"
          required
          value={wanted.amount}
          onChange={(event) => change({ amount: event.currentTarget.value.trim() })}
        />
      </Group>
      {wanted.kind === "sold" && (
        <Group grow>
          <NumberInput
            label={t("priceMinor")}
            required
            min={1}
            allowDecimal={false}
            value={wanted.price_minor ?? ""}
            onChange={(value) => change({ price_minor: value === "" ? null : Number(value) })}
          />
          <TextInput
            label={t("currency")}
            required
            maxLength={3}
            value={wanted.currency ?? ""}
            onChange={(event) => change({ currency: event.currentTarget.value.trim().toUpperCase() || null })}
          />
        </Group>
      )}
      <NumberInput
        label={t("mostPerAccount")}
        description={t("noLimit")}
        min={1}
        allowDecimal={false}
        value={wanted.most_per_account ?? ""}
        onChange={(value) => change({ most_per_account: value === "" ? null : Number(value) })}
      />
      <MomentInput label={t("redeemUntil")} description={t("noEnd")} value={wanted.redeem_until} onChange={(redeem_until) => change({ redeem_until })} />
      <TextInput
        label={t("note")}
        maxLength={200}
        value={wanted.note}
        onChange={(event) => change({ note: event.currentTarget.value })}
      />
    </Deed>
  );
}

function MadeCodes({ made, onClose }: { made: Made; onClose: () => void }) {
  const t = useText(messages);
  const say = useText(common);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("madeTitle")}
      // They are never shown again: nothing but the button takes them away.
      closeOnClickOutside={false}
      closeOnEscape={false}
      closeButtonProps={{ "aria-label": say("close") }}
    >
      <Stack>
        <Text>{t("madeWhat")}</Text>
        <Snippet code={made.codes.map((each) => each.code).join("\n")} />
      </Stack>
    </Modal>
  );
}
