/* From where people and calls of an account came, in sum. */

import { Title } from "@mantine/core";
import type { Answer } from "../../../api/types";
import { DataTable } from "../../../components/DataTable";
import { useText } from "../../../lib/i18n";
import { Value } from "../values/Value";
import { messages } from "./messages";

type Trace = Answer<"/admin/approvals/{account_id}">["traces"][number];

export function Traces({ traces }: { traces: readonly Trace[] }) {
  const t = useText(messages);
  if (traces.length === 0) return null;
  return (
    <section>
      <Title order={3}>{t("traces")}</Title>
      <DataTable
        label={t("traces")}
        rows={traces}
        id={(trace) => trace.kind}
        columns={[
          { key: "kind", title: t("kind"), cell: (trace) => <Value of={trace.kind} /> },
          { key: "count", title: t("count"), align: "right", cell: (trace) => trace.count },
          { key: "addresses", title: t("networks"), align: "right", cell: (trace) => trace.addresses },
          { key: "countries", title: t("country"), cell: (trace) => trace.countries.join(", ") || "–" },
        ]}
      />
    </section>
  );
}
