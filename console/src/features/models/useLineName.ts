import { useLanguage, useText } from "../../lib/i18n";
import { messages } from "./messages";
import type { PriceLine } from "./price";

/** What a line of a price list is of. */
export function useLineName(): (line: PriceLine) => string {
  const t = useText(messages);
  const { language } = useLanguage();
  const count = new Intl.NumberFormat(language);
  return (line) => {
    if (line.name === "call") {
      return line.upTo === null ? t("larger") : t("upTo", { tokens: count.format(line.upTo) });
    }
    const name = line.size ? `${t(line.name)} ${line.size}` : t(line.name);
    return line.above === undefined ? name : t("above", { name, tokens: count.format(line.above) });
  };
}
