import { Table, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Time } from "../../components/Time";
import { useLanguage, useText } from "../../lib/i18n";
import { messages } from "./messages";
import { Price } from "./ModelsPage";
import type { TokenClass } from "./price";
import type { Model } from "./queries";

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
  const count = new Intl.NumberFormat(language);
  const tokens = (value: number | null) => (value === null ? "–" : count.format(value));
  const rows: [string, (model: Model) => ReactNode][] = [
    ...CLASSES.map((kind): [string, (model: Model) => ReactNode] => [
      t(kind),
      (model) => <Price model={model} kind={kind} />,
    ]),
    [t("context"), (model) => tokens(model.context_tokens)],
    [t("mostOutput"), (model) => tokens(model.most_output_tokens)],
    [t("takes"), (model) => model.input_modalities.join(", ") || "–"],
    [t("does"), (model) => model.tasks.join(", ") || "–"],
    [
      t("coming"),
      ({ coming: [next] }) => (next === undefined ? "–" : <Time value={next.starts_at} as="date" />),
    ],
  ];
  return (
    <section>
      <Title order={2} mb="sm">
        {t("comparison")}
      </Title>
      <Table.ScrollContainer minWidth={0} type="native">
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
