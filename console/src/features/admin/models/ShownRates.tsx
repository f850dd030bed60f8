import { Text } from "@mantine/core";
import { Amount } from "../../../components/Amount";
import { useText } from "../../../lib/i18n";
import { messages } from "./messages";
import type { Rates } from "./queries";

/** Prices in one line: those of input and output, or of a call. */
export function ShownRates({ rates }: { rates: Rates }) {
  const t = useText(messages);
  if (rates.kind === "per_token") {
    return (
      <span className="nowrap">
        <Amount value={rates.prices.input} /> / <Amount value={rates.prices.output} />
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
