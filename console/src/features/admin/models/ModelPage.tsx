/* One model: its prices over time, its routes, its switches. */

import { Stack, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { Amount } from "../../../components/Amount";
import { DataTable } from "../../../components/DataTable";
import { Facts } from "../../../components/Facts";
import { Loaded } from "../../../components/Loaded";
import { Page } from "../../../components/Page";
import { useText } from "../../../lib/i18n";
import { messages as words } from "../messages";
import { WriteButton, Writing } from "../Writing";
import { AllRates } from "./AllRates";
import { EditModel } from "./EditModel";
import { useFeatureText } from "../../models/features/useFeatureText";
import { messages } from "./messages";
import { ModelState } from "./ModelsPage";
import { PriceHistory } from "./PriceHistory";
import { modelQuery, type Model } from "./queries";
import { SetPrices } from "./SetPrices";
import { ShownRates } from "./ShownRates";

const route = getRouteApi("/admin/models/$model");

export function ModelPage() {
  const { model: name } = route.useParams();
  const query = useQuery(modelQuery(name));
  return (
    <Writing scope="catalogue:write">
      <Page title={name} wide actions={query.data !== undefined && <Actions model={query.data} />}>
        <Loaded query={query}>{(model) => <Detail model={model} />}</Loaded>
      </Page>
    </Writing>
  );
}

const DIALOGS = { prices: SetPrices, edit: EditModel } as const;

function Actions({ model }: { model: Model }) {
  const t = useText(messages);
  const [opened, setOpened] = useState<keyof typeof DIALOGS | null>(null);
  const Dialog = opened === null ? null : DIALOGS[opened];
  return (
    <>
      <WriteButton variant="default" onClick={() => setOpened("edit")}>
        {t("edit")}
      </WriteButton>
      <WriteButton onClick={() => setOpened("prices")}>{t("setPrices")}</WriteButton>
      {Dialog !== null && <Dialog model={model} onClose={() => setOpened(null)} />}
    </>
  );
}

function Detail({ model }: { model: Model }) {
  const t = useText(messages);
  const say = useText(words);
  const features = useFeatureText();
  return (
    <Stack gap="xl">
      <Facts
        facts={[
          [say("status"), <ModelState key="state" model={model} />],
          model.rates === null && [t("price"), t("noPrice")],
          [t("tasks"), features("task", model.tasks)],
          model.family !== "" && [t("family"), model.family],
          [t("context_tokens"), model.context_tokens?.toLocaleString() ?? "–"],
          [t("most_output_tokens"), model.most_output_tokens?.toLocaleString() ?? "–"],
          [t("daily_cap"), model.daily_cap ? <Amount key="cap" value={model.daily_cap} /> : "–"],
          [t("account_daily_cap"), model.account_daily_cap ? <Amount key="own" value={model.account_daily_cap} /> : "–"],
        ]}
      />
      {model.rates !== null && (
        <section>
          <Title order={2} mb="xs">
            {t("inForce")}
          </Title>
          <AllRates rates={model.rates} />
        </section>
      )}
      <section>
        <Title order={2} mb="xs">
          {t("routes")}
        </Title>
        <DataTable
          label={t("routes")}
          rows={model.routes}
          id={(each) => `${each.channel}/${each.upstream_model}`}
          columns={[
            { key: "channel", title: t("channel"), cell: (each) => each.channel },
            { key: "upstream", title: t("upstream"), cell: (each) => each.upstream_model },
            { key: "priority", title: t("priority"), align: "right", from: "sm", cell: (each) => each.priority },
            { key: "weight", title: t("weight"), align: "right", from: "sm", cell: (each) => each.weight },
            { key: "cost", title: t("cost"), align: "right", cell: (each) => <ShownRates rates={each.cost} /> },
          ]}
        />
      </section>
      <PriceHistory model={model.name} />
    </Stack>
  );
}
