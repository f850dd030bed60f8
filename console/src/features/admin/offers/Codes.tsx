/* Batches of codes. The codes of a batch are seen once, when it is made; later each is known by how it begins. */

import { Badge, Button, Group } from "@mantine/core";
import { IconTicket } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import { paged } from "../../../api/paged";
import { Amount } from "../../../components/Amount";
import { PagedTable, type Column } from "../../../components/DataTable";
import { EmptyState } from "../../../components/EmptyState";
import { SideDrawer } from "../../../components/SideDrawer";
import { Time } from "../../../components/Time";
import { useText } from "../../../lib/i18n";
import { messages as words } from "../messages";
import { WriteButton } from "../Writing";
import { BatchDetail, type Batch, type Code } from "./BatchDetail";
import { FindCode } from "./FindCode";
import { MadeCodes } from "./MadeCodes";
import { MakeCodes, type Made } from "./MakeCodes";
import { messages } from "./messages";

const route = getRouteApi("/admin/operation/$area");

const batchesQuery = paged(["admin", "codes"], (after, signal) =>
  ask(api.GET("/admin/codes", { params: { query: { after } }, signal })),
);

export function Codes() {
  const t = useText(messages);
  const { batch } = route.useSearch();
  const navigate = route.useNavigate();
  const [dialog, setDialog] = useState<"make" | "find" | null>(null);
  const [made, setMade] = useState<Made | null>(null);
  const [found, setFound] = useState<Code | undefined>();
  const open = (id: string | undefined, code?: Code) => {
    setFound(code);
    void navigate({ search: { batch: id } });
  };
  return (
    <>
      <Group justify="flex-end" mb="md">
        <Button variant="default" onClick={() => setDialog("find")}>
          {t("findCode")}
        </Button>
        <WriteButton onClick={() => setDialog("make")}>{t("makeCodes")}</WriteButton>
      </Group>
      <PagedTable
        label={t("batches")}
        columns={useColumns()}
        query={useInfiniteQuery(batchesQuery)}
        id={(each) => each.id}
        onOpen={(each) => open(each.id)}
        selected={batch}
        empty={<EmptyState icon={IconTicket} title={t("noCodes")} />}
      />
      <SideDrawer opened={batch !== undefined} onClose={() => open(undefined)} title={t("batch")}>
        {batch !== undefined && <BatchDetail key={batch} id={batch} found={found} />}
      </SideDrawer>
      {dialog === "make" && <MakeCodes onMade={setMade} onClose={() => setDialog(null)} />}
      {dialog === "find" && <FindCode onFound={(code) => open(code.batch_id, code)} onClose={() => setDialog(null)} />}
      {made !== null && <MadeCodes made={made} onClose={() => setMade(null)} />}
    </>
  );
}

function useColumns(): readonly Column<Batch>[] {
  const t = useText(messages);
  const say = useText(words);
  return [
    { key: "made", title: t("made"), cell: (batch) => <Time value={batch.created_at} as="date" /> },
    { key: "kind", title: t("kind"), cell: (batch) => t(batch.kind) },
    { key: "amount", title: t("amount"), align: "right", cell: (batch) => <Amount value={batch.amount} /> },
    { key: "used", title: t("redeemed"), align: "right", cell: (batch) => `${batch.redeemed} / ${batch.count}` },
    { key: "note", title: t("note"), from: "md", cell: (batch) => batch.note },
    {
      key: "state",
      title: say("status"),
      from: "xs",
      cell: (batch) => (batch.voided_at === null ? "–" : <Badge color="gray">{t("voided")}</Badge>),
    },
  ];
}
