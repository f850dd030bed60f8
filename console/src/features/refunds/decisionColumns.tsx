/* What is the same of all that an operator decides. */

import { Badge, Button } from "@mantine/core";
import { Amount } from "../../components/Amount";
import type { Column } from "../../components/DataTable";
import { Time } from "../../components/Time";
import { useText } from "../../lib/i18n";
import { messages } from "./messages";
import type { RefundRequest } from "./queries";

const COLOURS = { open: "blue", approved: "green", declined: "red", withdrawn: "gray" } as const;

function State({ state }: Pick<RefundRequest, "state">) {
  const t = useText(messages);
  return <Badge color={COLOURS[state]}>{t(state)}</Badge>;
}

type Decided = Pick<RefundRequest, "id" | "amount" | "approved" | "note" | "state" | "created_at" | "due_at">;

/** `whenFrom`: the narrowest screen that shows when it was asked for; without, all. */
export function useDecisionColumns<Row extends Decided>(whenFrom?: Column<Row>["from"]): Column<Row>[] {
  const t = useText(messages);
  return [
    { key: "when", title: t("when"), from: whenFrom, cell: (row) => <Time value={row.created_at} as="date" /> },
    { key: "state", title: t("state"), cell: (row) => <State state={row.state} /> },
    {
      key: "due",
      title: t("due"),
      from: "md",
      cell: (row) => (row.state === "open" ? <Time value={row.due_at} as="date" /> : "–"),
    },
    { key: "note", title: t("note"), from: "md", cell: (row) => row.note || "–" },
    {
      key: "asked",
      title: t("asked"),
      align: "right",
      from: "sm",
      cell: (row) => (row.amount === null ? t("all") : <Amount value={row.amount} />),
    },
    {
      key: "given",
      title: t("given"),
      align: "right",
      cell: (row) => (row.approved === null ? "–" : <Amount value={row.approved} />),
    },
  ];
}

/** What is not decided yet can be taken back. */
export function useTakeBackColumn<Row extends Decided>(onTakeBack: (id: string) => void): Column<Row> {
  const t = useText(messages);
  return {
    key: "withdraw",
    title: t("withdraw"),
    quiet: true,
    align: "right",
    cell: ({ id, state }) =>
      state === "open" && (
        <Button size="compact-sm" variant="subtle" onClick={() => onTakeBack(id)}>
          {t("withdraw")}
        </Button>
      ),
  };
}
