import { Text } from "@mantine/core";
import { Amount } from "../../../components/Amount";
import { useText } from "../../../lib/i18n";
import { isNothing, linesOf } from "../../models/rateLines";
import { messages } from "./messages";
import type { Rates } from "./queries";

/** Prices in one line: those of input and output, of the first piece, or of a call; and how many more there are. */
export function ShownRates({ rates }: { rates: Rates }) {
  const t = useText(messages);
  if (rates.kind === "per_token") {
    const { input, output } = rates.prices;
    const others = linesOf(rates).filter((line) => line.name !== "input" && line.name !== "output");
    const sells = others[0];
    const isFree = isNothing(input) && isNothing(output);
    const more = isFree && sells !== undefined ? others.length - 1 : others.length;
    return (
      <span className="nowrap">
        {isFree && sells !== undefined ? (
          <>
            <Amount value={sells.price} /> {t("each")}
          </>
        ) : (
          <>
            <Amount value={input} /> / <Amount value={output} />
          </>
        )}
        {more > 0 && (
          <Text component="span" c="dimmed" size="sm">
            {" "}
            {t("morePlaces", { count: more })}
          </Text>
        )}
      </span>
    );
  }
  const tiers = rates.tiers ?? [];
  return (
    <Text component="span">
      {tiers.map((tier, index) => (
        <span key={index}>
          {index > 0 && " · "}
          <Amount value={tier.per_call} />
        </span>
      ))}{" "}
      × {rates.multiplier} {t("aCall")}
    </Text>
  );
}
