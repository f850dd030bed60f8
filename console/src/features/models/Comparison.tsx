import { Table, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Amount } from "../../components/Amount";
import { Time } from "../../components/Time";
import { useLanguage, useText } from "../../lib/i18n";
import { useFeatureText } from "./features/useFeatureText";
import { messages } from "./messages";
import { chargedFor, priceLines, type PriceLine } from "./price";
import type { Model } from "./queries";
import type { TokenClass } from "./rateLines";
import { useLineName } from "./useLineName";

const CLASSES: readonly TokenClass[] = [
  "input",
  "cached_input",
  "cache_write",
  "cache_write_1h",
  "image_input",
  "audio_input",
  "output",
  "reasoning",
  "image_output",
  "audio_output",
];

/** Models in columns, all that is known of them in rows. */
export function Comparison({ models }: { models: readonly Model[] }) {
  const t = useText(messages);
  const { language } = useLanguage();
  const features = useFeatureText();
  const nameOf = useLineName();
  const count = new Intl.NumberFormat(language);
  const tokens = (value: number | null) => (value === null ? "–" : count.format(value));
  const rows: (readonly [string, (model: Model) => ReactNode])[] = [
    ...allLines(models).map((line) => [nameOf(line), (model: Model) => <LinePrice model={model} line={line} />] as const),
    [t("context"), (model) => tokens(model.context_tokens)],
    [t("mostOutput"), (model) => tokens(model.most_output_tokens)],
    [t("takes"), (model) => features("takes", model.input_modalities)],
    [t("does"), (model) => features("task", model.tasks)],
  ];
  if (models.some(({ coming }) => coming.length > 0)) {
    rows.push([
      t("coming"),
      ({ coming: [next] }) => (next === undefined ? "–" : <Time value={next.starts_at} as="date" />),
    ]);
  }
  return (
    <section>
      <Title order={2} mb="sm">
        {t("comparison")}
      </Title>
      {/* What scrolls must be reachable by keyboard. */}
      <Table.ScrollContainer minWidth={0} type="native" tabIndex={0}>
        <Table className="data-table" aria-label={t("comparison")}>
          <Table.Thead>
            <Table.Tr>
              <Table.Td />
              {models.map(({ name }) => (
                <Table.Th key={name} ta="right">
                  {name}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map(([name, cell]) => (
              <Table.Tr key={name}>
                <Table.Th scope="row">{name}</Table.Th>
                {models.map((model) => (
                  <Table.Td key={model.name} ta="right">
                    {cell(model)}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </section>
  );
}

/** What at least one of them charges for, each once. */
function allLines(models: readonly Model[]): PriceLine[] {
  const found = new Map(models.flatMap(priceLines).map((line) => [line.key, line]));
  return [...found.values()].sort((a, b) => rank(a) - rank(b));
}

/** Base prices before those of large inputs, and these before pieces and calls. */
function rank(line: PriceLine): number {
  if (line.name === "call") return Number.MAX_SAFE_INTEGER;
  const place = CLASSES.findIndex((name) => name === line.name);
  return place < 0 ? CLASSES.length : place + (line.above ?? 0) * CLASSES.length;
}

function LinePrice({ model, line }: { model: Model; line: PriceLine }) {
  const own = priceLines(model).find(({ key }) => key === line.key);
  if (own !== undefined) return <Amount value={own.price} />;
  const kind = CLASSES.find((name) => name === line.key.trim());
  const price = kind === undefined ? null : chargedFor(model, kind);
  return price === null ? "–" : <Amount value={price} />;
}
