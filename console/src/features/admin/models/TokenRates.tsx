/* Prices per token by class, other ones for large inputs, and what is priced by the piece. */

import { Accordion, Badge, SimpleGrid, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { useText } from "../../../lib/i18n";
import { isNothing, MAIN_CLASSES, OTHER_CLASSES, PIECES, type TokenClass, type TokenPrices } from "../../models/rateLines";
import { ImagePrices } from "./ImagePrices";
import { messages } from "./messages";
import { Overrides } from "./Overrides";
import { PriceField } from "./PriceField";
import type { PerToken } from "./queries";
import { withPrice } from "./rates";

interface TokenRatesProps {
  rates: PerToken;
  onChange: (rates: PerToken) => void;
}

export function TokenRates({ rates, onChange }: TokenRatesProps) {
  const t = useText(messages);
  const { prices, overrides, images } = rates;
  const setPrices = (changed: TokenPrices) => onChange({ ...rates, prices: changed });
  const others = OTHER_CLASSES.filter((name) => (prices[name] ?? null) !== null).length;
  const pieces = PIECES.filter((name) => !isNothing(rates[name])).length;
  return (
    <>
      <Text c="dimmed" size="sm">
        {t("perMillion")}
      </Text>
      <ClassFields classes={MAIN_CLASSES} prices={prices} onChange={setPrices} />
      <Accordion variant="contained" multiple>
        <Folded value="classes" title={t("morePrices")} count={others}>
          <ClassFields classes={OTHER_CLASSES} prices={prices} onChange={setPrices} />
        </Folded>
        <Folded value="overrides" title={t("overrides")} count={overrides.length}>
          <Overrides overrides={overrides} onChange={(changed) => onChange({ ...rates, overrides: changed })} />
        </Folded>
        <Folded value="images" title={t("images")} count={images.length}>
          <ImagePrices images={images} onChange={(changed) => onChange({ ...rates, images: changed })} />
        </Folded>
        <Folded value="pieces" title={t("pieces")} count={pieces}>
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            {PIECES.map((name) => (
              <PriceField
                key={name}
                label={t(name)}
                value={rates[name]}
                onChange={(price) => onChange({ ...rates, [name]: price })}
              />
            ))}
          </SimpleGrid>
        </Folded>
      </Accordion>
    </>
  );
}

interface ClassFieldsProps {
  classes: readonly TokenClass[];
  prices: TokenPrices;
  onChange: (prices: TokenPrices) => void;
}

export function ClassFields({ classes, prices, onChange }: ClassFieldsProps) {
  const t = useText(messages);
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }}>
      {classes.map((name) => (
        <PriceField
          key={name}
          label={t(name)}
          required={name === "input" || name === "output"}
          value={prices[name]}
          onChange={(price) => onChange(withPrice(prices, name, price))}
        />
      ))}
    </SimpleGrid>
  );
}

/** A part of the form that most prices do without; how much is in it is told while it is folded. */
function Folded({ value, title, count, children }: { value: string; title: string; count: number; children: ReactNode }) {
  return (
    <Accordion.Item value={value}>
      <Accordion.Control>
        {title} {count > 0 && <Badge>{count}</Badge>}
      </Accordion.Control>
      <Accordion.Panel>{children}</Accordion.Panel>
    </Accordion.Item>
  );
}
