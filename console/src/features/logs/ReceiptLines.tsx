import { Table, Text } from "@mantine/core";
import { Amount } from "../../components/Amount";
import { isZero } from "../../lib/amount";
import { useLanguage, useText } from "../../lib/i18n";
import { useChargedFor } from "./charges/useChargedFor";
import { messages } from "./messages";
import type { Receipt } from "./queries";

/** The charge, line by line, from what was held to what is left. */
export function ReceiptLines({ receipt }: { receipt: Receipt }) {
  const t = useText(messages);
  const chargedFor = useChargedFor();
  const { language } = useLanguage();
  const count = new Intl.NumberFormat(language);
  const totals: [string, string | null | undefined][] = [
    [t("hold"), receipt.hold],
    [t("total"), receipt.charge],
    [t("adjusted"), isZero(receipt.adjusted) ? null : receipt.adjusted],
    [t("balanceAfter"), receipt.balance_after],
  ];
  return (
    <>
      <Table className="data-table">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("what")}</Table.Th>
            <Table.Th ta="right">{t("quantity")}</Table.Th>
            <Table.Th ta="right" visibleFrom="xs">
              {t("unitPrice")}
            </Table.Th>
            <Table.Th ta="right">{t("amount")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {receipt.lines.map((line) => (
            <Table.Tr key={line.class}>
              <Table.Td>{chargedFor(line.class)}</Table.Td>
              <Table.Td ta="right">{count.format(line.quantity)}</Table.Td>
              <Table.Td ta="right" visibleFrom="xs">
                <Amount value={line.unit_price} />
              </Table.Td>
              <Table.Td ta="right">
                <Amount value={line.amount} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
        <Table.Tfoot>
          {totals.map(
            ([name, value]) =>
              value !== null &&
              value !== undefined && (
                <Table.Tr key={name}>
                  <Table.Th colSpan={2}>{name}</Table.Th>
                  <Table.Td ta="right" colSpan={2} fw={name === t("total") ? 600 : undefined}>
                    <Amount value={value} />
                  </Table.Td>
                </Table.Tr>
              ),
          )}
        </Table.Tfoot>
      </Table>
      {receipt.charge_reason !== null && receipt.charge_reason !== undefined && (
        <Text size="sm" c="dimmed" mt="xs">
          {t(`reason_${receipt.charge_reason}`)}
        </Text>
      )}
      {receipt.rate_card !== null && receipt.rate_card !== undefined && (
        <Text size="sm" c="dimmed" mt={4}>
          {t("rateCard")} {receipt.rate_card}
        </Text>
      )}
    </>
  );
}
