/* What is on sale: search, compare, reckon. Shown to everybody, and within the customer's area. */

import { Badge, Button, Checkbox, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { IconCpu } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Amount } from "../../components/Amount";
import { DataTable, type Column } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { Loaded } from "../../components/Loaded";
import { Page } from "../../components/Page";
import { useUnit } from "../../components/unit";
import { useLanguage, useText } from "../../lib/i18n";
import { Calculator } from "./Calculator";
import { Comparison } from "./Comparison";
import { useFeatureText } from "./features/useFeatureText";
import { messages } from "./messages";
import { chargedFor, soldBy } from "./price";
import { modelsQuery, type Model } from "./queries";
import type { TokenClass } from "./rateLines";
import type { ModelsSearch } from "./search";

const MOST_COMPARED = 4;

export function ModelsPage() {
  const t = useText(messages);
  const unit = useUnit() ?? "";
  const search: ModelsSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const set = (change: ModelsSearch) =>
    void navigate({ to: ".", search: (now: ModelsSearch) => ({ ...now, ...change }), replace: true });
  return (
    <Page title={t("title")} lead={t("lead", { unit })} wide>
      <Loaded query={useQuery(modelsQuery)}>{({ data }) => <Models models={data} search={search} set={set} />}</Loaded>
    </Page>
  );
}

interface ModelsProps {
  models: readonly Model[];
  search: ModelsSearch;
  set: (change: ModelsSearch) => void;
}

function Models({ models, search, set }: ModelsProps) {
  const t = useText(messages);
  const compared = search.compare?.split(",") ?? [];
  const toggle = (name: string) => {
    const names = compared.includes(name) ? compared.filter((each) => each !== name) : [...compared, name];
    set({ compare: names.slice(-MOST_COMPARED).join(",") || undefined });
  };
  const columns = useColumns(compared, toggle);
  if (models.length === 0) return <EmptyState icon={IconCpu} title={t("noneTitle")} />;
  const wanted = (search.q ?? "").toLowerCase();
  const found = models.filter(
    (model) => model.name.toLowerCase().includes(wanted) && (search.family ?? model.family) === model.family,
  );
  const families = [...new Set(models.map((model) => model.family))];
  return (
    <Stack gap="xl">
      <Group role="search" aria-label={t("search")} className="fields" align="flex-end">
        <TextInput
          label={t("search")}
          type="search"
          value={search.q ?? ""}
          onChange={(event) => set({ q: event.currentTarget.value || undefined })}
        />
        {families.length > 1 && (
          <Select
            label={t("family")}
            placeholder={t("any")}
            data={families}
            value={search.family ?? null}
            onChange={(family) => set({ family: family ?? undefined })}
            searchable
            clearable
          />
        )}
        {compared.length > 0 && (
          <Button variant="subtle" color="gray" onClick={() => set({ compare: undefined })}>
            {t("clear")}
          </Button>
        )}
      </Group>
      {compared.length > 1 && <Comparison models={models.filter((model) => compared.includes(model.name))} />}
      {found.length === 0 ? (
        <EmptyState icon={IconCpu} title={t("noneMatch")} />
      ) : (
        <DataTable label={t("title")} columns={columns} rows={found} id={(model) => model.name} />
      )}
      <Calculator models={models} />
    </Stack>
  );
}

function useColumns(compared: readonly string[], toggle: (name: string) => void): readonly Column<Model>[] {
  const t = useText(messages);
  const { language } = useLanguage();
  const compact = new Intl.NumberFormat(language, { notation: "compact" });
  const features = useFeatureText();
  const price = (kind: TokenClass): Column<Model> => ({
    key: kind,
    title: t(kind),
    align: "right",
    from: kind === "cached_input" ? "md" : undefined,
    cell: (model) => <Price model={model} kind={kind} />,
  });
  return [
    { key: "name", title: t("name"), cell: (model) => <Name model={model} /> },
    price("input"),
    price("cached_input"),
    price("output"),
    {
      key: "context",
      title: t("context"),
      align: "right",
      from: "sm",
      cell: ({ context_tokens }) => (context_tokens === null ? "–" : compact.format(context_tokens)),
    },
    { key: "takes", title: t("takes"), from: "lg", cell: (model) => features("takes", model.input_modalities) },
    {
      key: "compare",
      title: t("compare"),
      align: "right",
      cell: ({ name }) => (
        <Checkbox
          display="inline-block"
          aria-label={t("compareWhat", { name })}
          checked={compared.includes(name)}
          onChange={() => toggle(name)}
        />
      ),
    },
  ];
}

function Price({ model, kind }: { model: Model; kind: TokenClass }) {
  const t = useText(messages);
  const [first, ...others] = soldBy(model);
  if (first === undefined) {
    const value = chargedFor(model, kind);
    return value === null ? "–" : <Amount value={value} />;
  }
  if (kind !== "input") return "–";
  return (
    <>
      <Amount value={first.price} /> {t(`each_${first.name}`)}
      {others.length > 0 && (
        <Text span c="dimmed" size="sm">
          {" "}
          {t("more", { count: others.length })}
        </Text>
      )}
    </>
  );
}

function Name({ model }: { model: Model }) {
  const t = useText(messages);
  return (
    <Group gap="xs">
      <Text span fw={500}>
        {model.name}
      </Text>
      {model.free && <Badge color="green">{t("free")}</Badge>}
      {model.stopped && <Badge color="red">{t("stopped")}</Badge>}
      {model.discount !== null && <Badge>{t("off", { percent: model.discount.off_percent })}</Badge>}
    </Group>
  );
}
