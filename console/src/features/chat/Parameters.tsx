import { Accordion, Group, NumberInput, Select, SimpleGrid, Stack, Textarea } from "@mantine/core";
import { useText } from "../../lib/i18n";
import type { Settings } from "./conversation";
import { messages } from "./messages";

interface ParametersProps {
  names: readonly string[];
  settings: Settings;
  onChange: (settings: Settings) => void;
  disabled: boolean;
}

/** Which models, and how they are asked. */
export function Parameters({ names, settings, onChange, disabled }: ParametersProps) {
  const t = useText(messages);
  const [first = "", second] = settings.models;
  return (
    <Stack gap="sm">
      <Group>
        <Select
          label={t("model")}
          data={[...names]}
          value={first}
          disabled={disabled}
          searchable
          allowDeselect={false}
          onChange={(name) => name !== null && onChange({ ...settings, models: [name, ...settings.models.slice(1)] })}
        />
        <Select
          label={t("second")}
          placeholder={t("none")}
          data={[...names]}
          value={second ?? null}
          disabled={disabled}
          searchable
          clearable
          onChange={(name) => onChange({ ...settings, models: name === null ? [first] : [first, name] })}
        />
      </Group>
      <Accordion variant="contained">
        <Accordion.Item value="parameters">
          <Accordion.Control>{t("parameters")}</Accordion.Control>
          <Accordion.Panel>
            <Stack gap="sm">
              <Textarea
                label={t("system")}
                autosize
                minRows={2}
                maxRows={8}
                value={settings.system}
                onChange={(event) => onChange({ ...settings, system: event.currentTarget.value })}
              />
              <SimpleGrid cols={{ base: 1, xs: 2 }}>
                <NumberInput
                  label={t("temperature")}
                  placeholder={t("asModel")}
                  min={0}
                  max={2}
                  step={0.1}
                  value={settings.temperature ?? ""}
                  onChange={(value) => onChange({ ...settings, temperature: numberOrNull(value) })}
                />
                <NumberInput
                  label={t("mostTokens")}
                  placeholder={t("asModel")}
                  min={1}
                  allowDecimal={false}
                  value={settings.mostTokens ?? ""}
                  onChange={(value) => onChange({ ...settings, mostTokens: numberOrNull(value) })}
                />
              </SimpleGrid>
            </Stack>
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
    </Stack>
  );
}

function numberOrNull(value: string | number): number | null {
  return typeof value === "number" ? value : null;
}
