/* The end of a service: explained first, then who is to be repaid, and what has become of each. */

import { Alert, Badge, Group, List, Paper, Select, Stack, Switch, Title } from "@mantine/core";
import { IconDoorExit } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import { Amount } from "../../../components/Amount";
import { CsvButton } from "../../../components/CsvButton";
import { PagedTable, type Column } from "../../../components/DataTable";
import { EmptyState } from "../../../components/EmptyState";
import { SideDrawer } from "../../../components/SideDrawer";
import { Time } from "../../../components/Time";
import { useText } from "../../../lib/i18n";
import { Deed } from "../Deed";
import { LISTED_STATES } from "../operation/search";
import { WriteButton } from "../Writing";
import { ListedAccount } from "./ListedAccount";
import { messages } from "./messages";
import { listQuery, type Listed } from "./queries";

const route = getRouteApi("/admin/operation/$area");

const STEPS = ["step_tell", "step_stop", "step_list", "step_repay", "step_mark"] as const;

export function WindDown() {
  const t = useText(messages);
  const { listed, state } = route.useSearch();
  const navigate = route.useNavigate();
  const query = useInfiniteQuery(listQuery(state));
  const isEmpty = state === undefined && query.data?.pages[0]?.data.length === 0;
  const open = (id: string | undefined) => void navigate({ search: (now) => ({ ...now, listed: id }) });
  return (
    <Stack gap="lg">
      <Steps isEmpty={isEmpty} />
      {!isEmpty && (
        <Group justify="space-between" align="flex-end">
          <Select
            label={t("state")}
            placeholder={t("any")}
            data={LISTED_STATES.map((each) => ({ value: each, label: t(each) }))}
            value={state ?? null}
            onChange={(chosen) => void navigate({ search: { state: LISTED_STATES.find((each) => each === chosen) } })}
            clearable
            w={180}
          />
          <CsvButton path="/admin/wind-down/lots.csv" query={{}} name="wind-down-lots" />
        </Group>
      )}
      <PagedTable
        label={t("list")}
        columns={useColumns()}
        query={query}
        id={(each) => each.account_id}
        onOpen={(each) => open(each.account_id)}
        selected={listed}
        empty={
          <EmptyState icon={IconDoorExit} title={t("none")}>
            {t("noneWhy")}
          </EmptyState>
        }
      />
      <SideDrawer opened={listed !== undefined} onClose={() => open(undefined)} title={t("account")}>
        {listed !== undefined && <ListedAccount key={listed} id={listed} />}
      </SideDrawer>
    </Stack>
  );
}

/** What has to be done in which order; the list is made in two steps, so that nobody makes it by accident. */
function Steps({ isEmpty }: { isEmpty: boolean }) {
  const t = useText(messages);
  const [isMaking, setMaking] = useState(false);
  const [added, setAdded] = useState<number | null>(null);
  return (
    <Paper>
      <Title order={2} mb="sm">
        {t("how")}
      </Title>
      <List type="ordered" spacing="xs" maw={720}>
        {STEPS.map((step) => (
          <List.Item key={step}>{t(step)}</List.Item>
        ))}
      </List>
      <Group mt="md">
        <WriteButton variant="light" color="red" onClick={() => setMaking(true)}>
          {isEmpty ? t("make") : t("again")}
        </WriteButton>
      </Group>
      {added !== null && (
        <Alert role="status" mt="md">
          {t("added", { count: added })}
        </Alert>
      )}
      {isMaking && <MakeList onMade={setAdded} onClose={() => setMaking(false)} />}
    </Paper>
  );
}

function MakeList({ onMade, onClose }: { onMade: (added: number) => void; onClose: () => void }) {
  const t = useText(messages);
  const [isMeant, setMeant] = useState(false);
  return (
    <Deed
      title={t("make")}
      action={t("make")}
      what={t("makeWhat")}
      danger
      disabled={!isMeant}
      run={() => ask(api.POST("/admin/wind-down"))}
      onDone={({ added }) => onMade(added)}
      onClose={onClose}
    >
      <Switch
        label={t("meant")}
        color="red"
        checked={isMeant}
        onChange={(event) => setMeant(event.currentTarget.checked)}
      />
    </Deed>
  );
}

function useColumns(): readonly Column<Listed>[] {
  const t = useText(messages);
  return [
    { key: "email", title: t("account"), cell: (each) => <span className="address">{each.email || "–"}</span> },
    {
      key: "state",
      title: t("state"),
      cell: (each) => <Badge color={each.state === "open" ? "yellow" : "gray"}>{t(each.state)}</Badge>,
    },
    { key: "left", title: t("left"), align: "right", cell: (each) => <Amount value={each.refundable} /> },
    {
      key: "first",
      title: t("atFirst"),
      align: "right",
      from: "md",
      cell: (each) => <Amount value={each.listed_refundable} />,
    },
    { key: "at", title: t("listed"), from: "lg", cell: (each) => <Time value={each.listed_at} as="date" /> },
    { key: "note", title: t("note"), from: "lg", cell: (each) => each.note },
  ];
}
