/* Credit that is left, by where it came from. */

import { Badge, Group, Text, Title } from "@mantine/core";
import type { Answer } from "../../../api/types";
import { Amount } from "../../../components/Amount";
import { DataTable } from "../../../components/DataTable";
import { Time } from "../../../components/Time";
import { add, negate } from "../../../lib/amount";
import { useText } from "../../../lib/i18n";
import { Value } from "../values/Value";
import { messages } from "./messages";

type Lot = Answer<"/admin/withdrawals/{withdrawal_id}">["lots"][number];

interface LotsLeftProps {
  lots: readonly Lot[];
  /** Lots of this payment are marked. */
  reference?: string;
}

export function LotsLeft({ lots, reference }: LotsLeftProps) {
  const t = useText(messages);
  return (
    <section>
      <Title order={3}>{t("lots")}</Title>
      {lots.length === 0 ? (
        <Text c="dimmed">{t("noLots")}</Text>
      ) : (
        <DataTable
          label={t("lots")}
          rows={lots}
          id={(lot) => lot.id}
          columns={[
            {
              key: "kind",
              title: t("kind"),
              cell: (lot) => (
                <Group gap="xs" wrap="nowrap">
                  <Value of={lot.kind === "paid" ? "bought" : lot.kind} />
                  {lot.reference === reference && <Badge>{t("concerned")}</Badge>}
                </Group>
              ),
            },
            { key: "since", title: t("from"), from: "sm", cell: (lot) => <Time value={lot.created_at} as="date" /> },
            { key: "original", title: t("credit"), align: "right", from: "sm", cell: (lot) => <Amount value={lot.original} /> },
            {
              key: "used",
              title: t("gone"),
              align: "right",
              from: "md",
              cell: (lot) => <Amount value={add(lot.original, negate(lot.remaining))} />,
            },
            { key: "left", title: t("left"), align: "right", cell: (lot) => <Amount value={lot.remaining} /> },
            {
              key: "until",
              title: t("until"),
              from: "md",
              cell: (lot) => (lot.expires_at === null ? "–" : <Time value={lot.expires_at} as="date" />),
            },
          ]}
        />
      )}
    </section>
  );
}
