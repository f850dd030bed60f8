/* Discounts on models, for a time. */

import { Badge, Group, TagsInput, TextInput } from "@mantine/core";
import { IconDiscount } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import { paged } from "../../../api/paged";
import type { Body, Item } from "../../../api/types";
import { PagedTable, type Column } from "../../../components/DataTable";
import { EmptyState } from "../../../components/EmptyState";
import { Time } from "../../../components/Time";
import { useText } from "../../../lib/i18n";
import { Deed, DeedButton } from "../Deed";
import { messages as words } from "../messages";
import { MomentInput } from "../MomentInput";
import { WriteButton } from "../Writing";
import { messages } from "./messages";

type Discount = Item<"/admin/discounts">;
type New = Body<"/admin/discounts">;

const COLOURS = { coming: "blue", running: "green", ended: "gray" } as const;

const discountsQuery = paged(["admin", "discounts"], (after, signal) =>
  ask(api.GET("/admin/discounts", { params: { query: { after } }, signal })),
);

export function Discounts() {
  const t = useText(messages);
  const [isMaking, setMaking] = useState(false);
  return (
    <>
      <Group justify="flex-end" mb="md">
        <WriteButton onClick={() => setMaking(true)}>{t("addDiscount")}</WriteButton>
      </Group>
      <PagedTable
        label={t("discounts")}
        columns={useColumns()}
        query={useInfiniteQuery(discountsQuery)}
        id={(each) => each.id}
        empty={<EmptyState icon={IconDiscount} title={t("noDiscounts")} />}
      />
      {isMaking && <AddDiscount onClose={() => setMaking(false)} />}
    </>
  );
}

function useColumns(): readonly Column<Discount>[] {
  const t = useText(messages);
  const say = useText(words);
  return [
    { key: "name", title: t("name"), cell: (each) => each.name },
    { key: "off", title: t("off"), align: "right", cell: (each) => `${each.off_percent} %` },
    { key: "models", title: say("modelsSold"), from: "sm", cell: (each) => each.models.join(", ") },
    { key: "state", title: say("status"), cell: (each) => <Badge color={COLOURS[each.state]}>{t(each.state)}</Badge> },
    { key: "from", title: t("from"), from: "md", cell: (each) => <Time value={each.starts_at} /> },
    {
      key: "until",
      title: t("until"),
      from: "md",
      cell: (each) => (each.ends_at === null ? "–" : <Time value={each.ends_at} />),
    },
    { key: "deeds", title: say("actions"), align: "right", cell: (each) => each.state !== "ended" && <End discount={each} /> },
  ];
}

function End({ discount }: { discount: Discount }) {
  const t = useText(messages);
  return (
    <DeedButton
      small
      action={t("end")}
      what={t("endWhat")}
      run={() =>
        ask(api.POST("/admin/discounts/{discount_id}/end", { params: { path: { discount_id: discount.id } }, body: {} }))
      }
    />
  );
}

function AddDiscount({ onClose }: { onClose: () => void }) {
  const t = useText(messages);
  const [wanted, setWanted] = useState<New>({ name: "", models: [], off_percent: "" });
  const change = (part: Partial<New>) => setWanted((now) => ({ ...now, ...part }));
  return (
    <Deed
      title={t("addDiscount")}
      action={t("addDiscount")}
      run={() => ask(api.POST("/admin/discounts", { body: wanted }))}
      onClose={onClose}
    >
      <TextInput
        label={t("name")}
        description={t("nameHint")}
        required
        maxLength={200}
        value={wanted.name}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      <TagsInput
        label={t("models")}
        description={t("modelsHint")}
        required
        value={wanted.models}
        onChange={(models) => change({ models })}
      />
      <TextInput
        label={t("offPercent")}
        inputMode="decimal"
        required
        value={wanted.off_percent}
        onChange={(event) => change({ off_percent: event.currentTarget.value.trim() })}
      />
      <MomentInput label={t("from")} description={t("now")} value={wanted.starts_at} onChange={(starts_at) => change({ starts_at })} />
      <MomentInput label={t("until")} description={t("noEnd")} value={wanted.ends_at} onChange={(ends_at) => change({ ends_at })} />
    </Deed>
  );
}
