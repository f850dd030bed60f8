/* Everything that a model's prices hold, line by line. */

import { Box, Text } from "@mantine/core";
import { Amount } from "../../../components/Amount";
import { DataTable } from "../../../components/DataTable";
import { useLanguage, useText } from "../../../lib/i18n";
import { linesOf, type RateLine } from "../../models/rateLines";
import { messages } from "./messages";
import type { Rates } from "./queries";
import { ShownRates } from "./ShownRates";

export function AllRates({ rates }: { rates: Rates }) {
  const t = useText(messages);
  const nameOf = useLineName();
  if (rates.kind === "per_call") return <ShownRates rates={rates} />;
  return (
    <Box maw={720}>
      <Text c="dimmed" size="sm">
        {t("perMillion")}
      </Text>
      <DataTable
        label={t("price")}
        rows={linesOf(rates)}
        id={(line) => [line.name, line.above, line.size].join(" ")}
        columns={[
          { key: "name", title: t("priceOf"), cell: nameOf },
          { key: "price", title: t("base"), align: "right", cell: (line) => <Amount value={line.price} /> },
        ]}
      />
    </Box>
  );
}

function useLineName(): (line: RateLine) => string {
  const t = useText(messages);
  const { language } = useLanguage();
  const count = new Intl.NumberFormat(language);
  return ({ name, size, above }) => {
    if (name === "image") return t("anImage", { kind: size || t("anySize") });
    return above === undefined ? t(name) : `${t(name)} · ${t("aboveTokens", { tokens: count.format(above) })}`;
  };
}
