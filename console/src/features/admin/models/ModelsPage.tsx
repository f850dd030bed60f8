/* What is sold, at which prices, over which ways. */

import { Badge, Box, Group } from "@mantine/core";
import { IconBox, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { DataTable, type Column } from "../../../components/DataTable";
import { EmptyState } from "../../../components/EmptyState";
import { Loaded } from "../../../components/Loaded";
import { Page } from "../../../components/Page";
import { useText } from "../../../lib/i18n";
import { messages as words } from "../messages";
import { WriteButton, Writing } from "../Writing";
import { AddModel } from "./AddModel";
import { messages } from "./messages";
import { modelsQuery, type Model } from "./queries";
import { ShownRates } from "./ShownRates";

export function ModelsPage() {
  const t = useText(messages);
  const say = useText(words);
  const columns = useColumns();
  const navigate = useNavigate();
  const [isAdding, setAdding] = useState(false);
  const query = useQuery(modelsQuery);
  const hasAny = (query.data?.data.length ?? 0) > 0;
  const open = (model: string) => void navigate({ to: "/admin/models/$model", params: { model } });
  const add = (
    <WriteButton leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
      {t("add")}
    </WriteButton>
  );
  return (
    <Writing scope="catalogue:write">
      <Page title={say("models")} lead={t("lead")} wide actions={hasAny && add}>
        <Loaded query={query}>
          {({ data }) =>
            data.length === 0 ? (
              <EmptyState icon={IconBox} title={t("noneTitle")} action={add}>
                {t("none")}
              </EmptyState>
            ) : (
              <DataTable
                label={say("models")}
                rows={data}
                columns={columns}
                id={(model) => model.name}
                onOpen={(model) => open(model.name)}
              />
            )
          }
        </Loaded>
        {isAdding && <AddModel onAdded={open} onClose={() => setAdding(false)} />}
      </Page>
    </Writing>
  );
}

export function ModelState({ model }: { model: Model }) {
  const t = useText(messages);
  return (
    <Group gap={4}>
      {model.stopped && <Badge color="red">{t("stopped")}</Badge>}
      <Badge color={model.enabled ? "green" : "gray"}>{model.enabled ? t("onSale") : t("offSale")}</Badge>
      {model.coming > 0 && <Badge color="blue">{t("comingPrices")}</Badge>}
    </Group>
  );
}

/** On a phone its state stands below it. */
function Name({ model }: { model: Model }) {
  return (
    <>
      <span className="address">{model.name}</span>
      <Box hiddenFrom="sm">
        <ModelState model={model} />
      </Box>
    </>
  );
}

function useColumns(): readonly Column<Model>[] {
  const t = useText(messages);
  const say = useText(words);
  return [
    { key: "name", title: t("model"), cell: (model) => <Name model={model} /> },
    { key: "state", title: say("status"), from: "sm", cell: (model) => <ModelState model={model} /> },
    {
      key: "price",
      title: t("price"),
      align: "right",
      cell: ({ rates }) => (rates === null ? t("noPrice") : <ShownRates rates={rates} />),
    },
    {
      key: "routes",
      title: t("routes"),
      from: "md",
      cell: (model) => [...new Set(model.routes.map((route) => route.channel))].join(", "),
    },
    {
      key: "context",
      title: t("context"),
      align: "right",
      from: "lg",
      cell: (model) => model.context_tokens?.toLocaleString() ?? "–",
    },
  ];
}
