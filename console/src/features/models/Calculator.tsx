import { Group, NumberInput, Select, Text, Title } from "@mantine/core";
import { useState } from "react";
import { Amount } from "../../components/Amount";
import { useText } from "../../lib/i18n";
import { messages } from "./messages";
import { estimate } from "./price";
import type { Model } from "./queries";

/** What so many calls of such a size would cost. */
export function Calculator({ models }: { models: readonly Model[] }) {
  const t = useText(messages);
  const [name, setName] = useState(models[0]?.name ?? "");
  const [sizes, setSizes] = useState({ calls: 1_000, input: 1_000, output: 500 });
  const model = models.find((each) => each.name === name);
  const cost = model === undefined ? null : estimate(model, sizes.calls, sizes.input, sizes.output);
  const fields = [
    ["calls", t("calls")],
    ["input", t("inputTokens")],
    ["output", t("outputTokens")],
  ] as const;
  return (
    <section>
      <Title order={2} mb="sm">
        {t("calculator")}
      </Title>
      <Group align="flex-end" className="fields">
        <Select
          label={t("name")}
          data={models.map((each) => each.name)}
          value={name}
          onChange={(value) => setName(value ?? name)}
          searchable
          allowDeselect={false}
        />
        {fields.map(([field, label]) => (
          <NumberInput
            key={field}
            label={label}
            w={130}
            min={0}
            max={1_000_000_000}
            allowDecimal={false}
            value={sizes[field]}
            onChange={(value) => setSizes({ ...sizes, [field]: typeof value === "number" ? value : 0 })}
          />
        ))}
      </Group>
      <Text mt="md" fz="lg" fw={600} role="status">
        {t("estimate")} {cost === null ? "–" : <Amount value={cost} />}
      </Text>
      <Text size="sm" c="dimmed">
        {t("estimateWhy")}
      </Text>
    </section>
  );
}
