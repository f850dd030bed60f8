import { Badge, Text, Title } from "@mantine/core";
import { IconCreditCardPay } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Amount } from "../../components/Amount";
import { PagedTable, type Column } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { Time } from "../../components/Time";
import { useUnit } from "../../components/unit";
import { fromMinor, isZero, writtenWhole } from "../../lib/amount";
import { useLanguage, useText } from "../../lib/i18n";
import { messages } from "./messages";
import { rechargesQuery, type Recharge } from "./queries";

interface HistoryProps {
  selected: string | undefined;
  onOpen: (id: string) => void;
}

export function History({ selected, onOpen }: HistoryProps) {
  const t = useText(messages);
  return (
    <section>
      <Title order={2} mb="sm">
        {t("history")}
      </Title>
      <PagedTable
        label={t("history")}
        columns={useColumns()}
        query={useInfiniteQuery(rechargesQuery)}
        id={(recharge) => recharge.id}
        onOpen={(recharge) => onOpen(recharge.id)}
        selected={selected}
        empty={<EmptyState icon={IconCreditCardPay} title={t("noneTitle")} />}
      />
    </section>
  );
}

const COLOURS = {
  pending: "blue",
  checkout: "blue",
  review: "yellow",
  credited: "green",
  declined: "red",
  expired: "gray",
  failed: "red",
  cancelled: "gray",
} as const;

export function RechargeState({ state }: Pick<Recharge, "state">) {
  const t = useText(messages);
  return <Badge color={COLOURS[state]}>{t(state)}</Badge>;
}

function useColumns(): readonly Column<Recharge>[] {
  const t = useText(messages);
  const { language } = useLanguage();
  const unit = useUnit();
  return [
    {
      key: "when",
      title: t("when"),
      cell: ({ created_at }) => (created_at === null ? "–" : <Time value={created_at} />),
    },
    { key: "method", title: t("method"), from: "sm", cell: ({ method }) => t(method) },
    { key: "state", title: t("state"), cell: ({ state }) => <RechargeState state={state} /> },
    {
      key: "price",
      title: t("price"),
      align: "right",
      from: "sm",
      cell: ({ price_minor, currency }) => <Amount value={fromMinor(price_minor, currency)} currency={currency} />,
    },
    {
      key: "credit",
      title: t("credit"),
      align: "right",
      cell: ({ credit, bonus }) => (
        <>
          <Amount value={credit} />
          {!isZero(bonus) && (
            <Text size="xs" c="green">
              {t("bonus", { amount: writtenWhole(bonus, unit, language) })}
            </Text>
          )}
        </>
      ),
    },
  ];
}
