/* Balances that leave: only where the rules of the deployment let them, or where some have left before. */

import { Badge, Button, Group, Modal, Text, Title } from "@mantine/core";
import { IconCashBanknote } from "@tabler/icons-react";
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../api/client";
import { Amount } from "../../components/Amount";
import { PagedTable, type Column } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { ActionError } from "../../components/ErrorState";
import { messages as common } from "../../components/messages";
import { Time } from "../../components/Time";
import { fromMinor, isZero } from "../../lib/amount";
import { useText } from "../../lib/i18n";
import { useSession } from "../session/queries";
import { messages } from "./messages";
import { offerQuery, withdrawalsQuery, type Offer, type Withdrawal } from "./queries";
import { WithdrawalForm } from "./WithdrawalForm";

export function WithdrawalsSection() {
  const t = useText(messages);
  const say = useText(common);
  const [isAsking, setAsking] = useState(false);
  const isOwner = useSession().role === "owner";
  const offer = useQuery(offerQuery).data;
  const query = useInfiniteQuery(withdrawalsQuery);
  const cache = useQueryClient();
  const cancel = useMutation({
    mutationFn: (id: string) =>
      ask(api.POST("/api/withdrawals/{withdrawal_id}/cancel", { params: { path: { withdrawal_id: id } } })),
    onSettled: () => cache.invalidateQueries({ queryKey: ["withdrawals"] }),
  });
  const columns = useColumns(isOwner ? cancel.mutate : undefined);
  const isOffered = offer !== undefined && (offer.payout || offer.migration);
  const had = query.data?.pages.some(({ data }) => data.length > 0) === true;
  if (!isOffered && !had) return null;
  return (
    <section>
      <Group justify="space-between" mb="sm">
        <Title order={2}>{t("title")}</Title>
        {isOffered && isOwner && hasSomething(offer) && (
          <Button variant="default" onClick={() => setAsking(true)}>
            {t("ask")}
          </Button>
        )}
      </Group>
      <Text c="dimmed" maw={720} mb="sm">
        {t("rules")}
      </Text>
      <ActionError failure={cancel.error} money />
      <PagedTable
        label={t("title")}
        columns={columns}
        query={query}
        id={(each) => each.id}
        empty={
          <EmptyState icon={IconCashBanknote} title={t("noneTitle")}>
            {isOffered && !hasSomething(offer) && t("nothingLeft")}
          </EmptyState>
        }
      />
      <Modal
        opened={isAsking}
        onClose={() => setAsking(false)}
        title={t("ask")}
        closeOnClickOutside={false}
        closeButtonProps={{ "aria-label": say("close") }}
      >
        {isAsking && offer !== undefined && <WithdrawalForm offer={offer} onClose={() => setAsking(false)} />}
      </Modal>
    </section>
  );
}

function hasSomething({ payable, movable }: Offer): boolean {
  return payable.length > 0 || !isZero(movable);
}

const COLOURS = {
  asked: "blue",
  seconding: "blue",
  approved: "blue",
  done: "green",
  failed: "red",
  declined: "red",
  cancelled: "gray",
} as const;

function useColumns(cancel: ((id: string) => void) | undefined): readonly Column<Withdrawal>[] {
  const t = useText(messages);
  const isOpen = ({ state }: Withdrawal) => state === "asked" || state === "seconding";
  const columns: Column<Withdrawal>[] = [
    { key: "when", title: t("when"), cell: (each) => <Time value={each.created_at} as="date" /> },
    { key: "what", title: t("what"), from: "sm", cell: ({ kind }) => t(kind) },
    { key: "state", title: t("state"), cell: ({ state }) => <Badge color={COLOURS[state]}>{t(state)}</Badge> },
    {
      key: "due",
      title: t("due"),
      from: "md",
      cell: (each) => (isOpen(each) ? <Time value={each.due_at} as="date" /> : "–"),
    },
    { key: "note", title: t("note"), from: "md", cell: ({ note }) => note || "–" },
    {
      key: "paid",
      title: t("paid"),
      align: "right",
      from: "sm",
      cell: ({ paid_minor, currency }) =>
        paid_minor === null ? "–" : <Amount value={fromMinor(paid_minor, currency)} currency={currency} />,
    },
    { key: "amount", title: t("amount"), align: "right", cell: ({ amount }) => <Amount value={amount} /> },
  ];
  if (cancel === undefined) return columns;
  return [
    ...columns,
    {
      key: "cancel",
      title: t("cancel"),
      quiet: true,
      align: "right",
      cell: (each) =>
        isOpen(each) && (
          <Button size="compact-sm" variant="subtle" onClick={() => cancel(each.id)}>
            {t("cancel")}
          </Button>
        ),
    },
  ];
}
