/* All prices a model ever had, and those that come. */

import { Badge, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { api, ask } from "../../../api/client";
import { DataTable } from "../../../components/DataTable";
import { Loaded } from "../../../components/Loaded";
import { Time } from "../../../components/Time";
import { useText } from "../../../lib/i18n";
import { DeedButton } from "../Deed";
import { messages as words } from "../messages";
import { messages } from "./messages";
import { pricesQuery, type Version } from "./queries";
import { ShownRates } from "./ShownRates";

export function PriceHistory({ model }: { model: string }) {
  const t = useText(messages);
  const say = useText(words);
  return (
    <section>
      <Title order={2} mb="xs">
        {t("history")}
      </Title>
      <Loaded query={useQuery(pricesQuery(model))}>
        {({ data }) => (
          <DataTable
            label={t("history")}
            rows={data}
            id={(version) => String(version.version)}
            columns={[
              { key: "version", title: t("version"), from: "sm", cell: (version) => version.version },
              { key: "from", title: t("startsAt"), cell: (version) => <Time value={version.starts_at} /> },
              { key: "rates", title: t("price"), align: "right", cell: (version) => <ShownRates rates={version.rates} /> },
              { key: "set", title: t("setAt"), from: "md", cell: (version) => <Time value={version.set_at} /> },
              { key: "coming", title: say("actions"), cell: (version) => version.coming && <Coming model={model} version={version} /> },
            ]}
          />
        )}
      </Loaded>
    </section>
  );
}

function Coming({ model, version }: { model: string; version: Version }) {
  const t = useText(messages);
  return (
    <>
      <Badge color="blue" mr="sm">
        {t("coming")}
      </Badge>
      <DeedButton
        small
        action={t("takeBack")}
        what={t("takeBackWhat")}
        reason="optional"
        run={(reason) => ask(api.POST("/admin/prices/cancel", { body: { model, version: version.version, reason } }))}
      />
    </>
  );
}
