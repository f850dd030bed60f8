/* One question: how much, of what, when. Its total stands in the title, the same data in a table. */

import "@mantine/charts/styles.css";
import { BarChart } from "@mantine/charts";
import { Button, Group, Table, Title } from "@mantine/core";
import { useState } from "react";
import { Amount } from "../../components/Amount";
import { useUnit } from "../../components/unit";
import { abridge, trim, written } from "../../lib/amount";
import { useLanguage, useText } from "../../lib/i18n";
import { messages } from "./messages";
import type { Series } from "./queries";
import { coloursOf, OTHER, stack, totalOf, type Measure } from "./series";

interface UsageChartProps {
  series: Series;
  measure: Measure;
  title: string;
  height?: number;
  /** What a label is called: names of keys and members instead of their ids. */
  nameOf?: (label: string) => string;
}

export function UsageChart({ series, measure, title, height = 280, nameOf = (label) => label }: UsageChartProps) {
  const t = useText(messages);
  const { language } = useLanguage();
  const [isTable, setTable] = useState(false);
  const shown = useShown(measure);
  const named = (label: string) => (label === OTHER ? t("other") : label === "" ? t("nobody") : nameOf(label));
  const stacked = stack(series, measure);
  const colours = coloursOf(stacked.labels);
  const when = new Intl.DateTimeFormat(language, {
    timeZone: "UTC",
    ...(series.step === "hour" ? { hour: "2-digit", minute: "2-digit" } : { month: "short", day: "numeric" }),
  });
  return (
    <section>
      <Group justify="space-between" align="flex-start" wrap="nowrap" mb="sm">
        <Title order={2}>
          {t("sum", { title })}
          {measure === "charge" ? <Amount value={series.total.charge} /> : shown(totalOf(series, measure))}
        </Title>
        <Button variant="subtle" size="compact-sm" flex="none" onClick={() => setTable(!isTable)}>
          {isTable ? t("asChart") : t("asTable")}
        </Button>
      </Group>
      {isTable ? (
        <Table.ScrollContainer minWidth={0} type="native">
          <Table className="data-table" aria-label={title}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("when")}</Table.Th>
                {stacked.labels.map((label) => (
                  <Table.Th key={label} ta="right">
                    {named(label)}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {stacked.rows.map((row) => (
                <Table.Tr key={row.at}>
                  <Table.Td>{when.format(new Date(row.at))}</Table.Td>
                  {stacked.labels.map((label) => (
                    <Table.Td key={label} ta="right">
                      {shown(row.values[label] ?? "0")}
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
            <Table.Tfoot>
              <Table.Tr>
                <Table.Th>{t("total")}</Table.Th>
                {stacked.labels.map((label) => (
                  <Table.Th key={label} ta="right">
                    {shown(stacked.totals[label] ?? "0")}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Tfoot>
          </Table>
        </Table.ScrollContainer>
      ) : (
        <BarChart
          h={height}
          data={stacked.rows.map((row) => ({ when: when.format(new Date(row.at)), ...numbers(row.values) }))}
          dataKey="when"
          type="stacked"
          series={stacked.labels.map((label) => ({
            name: keyOf(label),
            label: named(label),
            color: colours[label] ?? "gray.5",
          }))}
          valueFormatter={(value) => shown(plain(value))}
          withLegend={stacked.labels.length > 1}
          tickLine="none"
          yAxisProps={{ width: 88 }}
          maxBarWidth={28}
          barProps={{ isAnimationActive: false }}
        />
      )}
    </section>
  );
}

function useShown(measure: Measure): (value: string) => string {
  const { language } = useLanguage();
  const unit = useUnit();
  return (value) =>
    measure === "charge" ? written(abridge(value).text, unit, language) : written(trim(value), undefined, language);
}

/** Recharts reads dots in keys as paths. */
function keyOf(label: string): string {
  return `s:${label.replaceAll(".", "\u2024")}`;
}

/** Bars are pictures, for which floats are good enough; what is written beside them comes from the strings. */
function numbers(values: Readonly<Record<string, string>>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([label, value]) => [keyOf(label), Number(value)]));
}

function plain(value: number): string {
  return trim(value.toFixed(9));
}
