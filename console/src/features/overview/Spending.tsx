/* What was spent lately, by model. In a chunk of its own: charts are large. */

import { useQuery } from "@tanstack/react-query";
import { Loaded } from "../../components/Loaded";
import { useText } from "../../lib/i18n";
import { UsageChart } from "../usage/UsageChart";
import { usageQuery } from "../usage/queries";
import { messages } from "./messages";

export default function Spending() {
  const t = useText(messages);
  const query = useQuery(usageQuery({ split: "model", span: "month" }));
  return (
    <Loaded query={query}>
      {(series) => <UsageChart series={series} measure="charge" title={t("spending")} height={200} />}
    </Loaded>
  );
}
