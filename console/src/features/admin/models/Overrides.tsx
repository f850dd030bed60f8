/* Other prices for a whole call whose input is larger than so many tokens. */

import { Fieldset, NumberInput, Stack, Text } from "@mantine/core";
import { useText } from "../../../lib/i18n";
import { MAIN_CLASSES, OTHER_CLASSES } from "../../models/rateLines";
import { AddButton, RemoveButton } from "./ListButtons";
import { messages } from "./messages";
import { withMember, type Override } from "./rates";
import { ClassFields } from "./TokenRates";

interface OverridesProps {
  overrides: readonly Override[];
  onChange: (overrides: Override[]) => void;
}

export function Overrides({ overrides, onChange }: OverridesProps) {
  const t = useText(messages);
  return (
    <Stack gap="sm">
      <Text c="dimmed" size="sm">
        {t("overridesWhat")}
      </Text>
      {overrides.map((override, at) => (
        <Fieldset
          key={at}
          legend={
            <>
              {t("override", { number: at + 1 })}{" "}
              <RemoveButton label={t("removeOverride")} onClick={() => onChange(withMember(overrides, at, null))} />
            </>
          }
        >
          <Stack gap="sm">
            <NumberInput
              label={t("above")}
              required
              min={1}
              max={10 ** 9}
              allowDecimal={false}
              thousandSeparator=" "
              value={override.above_input_tokens || ""}
              onChange={(value) =>
                onChange(withMember(overrides, at, { ...override, above_input_tokens: Number(value) || 0 }))
              }
            />
            <ClassFields
              classes={[...MAIN_CLASSES, ...OTHER_CLASSES]}
              prices={override.prices}
              onChange={(prices) => onChange(withMember(overrides, at, { ...override, prices }))}
            />
          </Stack>
        </Fieldset>
      ))}
      <AddButton onClick={() => onChange([...overrides, { above_input_tokens: 0, prices: { input: "", output: "" } }])}>
        {t("addOverride")}
      </AddButton>
    </Stack>
  );
}
