/* Requests to the operator. Links from a job or a recharge open the form with its id filled in. */

import { Badge, Button, Modal } from "@mantine/core";
import { IconLifebuoy, IconPlus } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { PagedTable, type Column } from "../../components/DataTable";
import { EmptyState } from "../../components/EmptyState";
import { LinkButton } from "../../components/links";
import { messages as common } from "../../components/messages";
import { Page } from "../../components/Page";
import { Time } from "../../components/Time";
import { useText } from "../../lib/i18n";
import { messages } from "./messages";
import { RequestForm } from "./RequestForm";
import { requestsQuery, type Request } from "./queries";

const route = getRouteApi("/dashboard/support");

export function SupportPage() {
  const t = useText(messages);
  const say = useText(common);
  const search = route.useSearch();
  const navigate = useNavigate();
  const isAsking = search.new === true || search.job !== undefined || search.payment !== undefined;
  const create = (
    <Button
      leftSection={<IconPlus size={16} aria-hidden />}
      onClick={() => void navigate({ to: "/dashboard/support", search: { new: true } })}
    >
      {t("create")}
    </Button>
  );
  return (
    <Page
      title={t("title")}
      lead={t("lead")}
      wide
      actions={
        <>
          <LinkButton to="/dashboard/refunds" variant="default">
            {t("refunds")}
          </LinkButton>
          {create}
        </>
      }
    >
      <PagedTable
        label={t("title")}
        columns={useColumns()}
        query={useInfiniteQuery(requestsQuery)}
        id={(request) => request.id}
        onOpen={({ id }) => void navigate({ to: "/dashboard/support/$request", params: { request: id } })}
        empty={
          <EmptyState icon={IconLifebuoy} title={t("noneTitle")}>
            {t("none")}
          </EmptyState>
        }
      />
      <Modal
        opened={isAsking}
        onClose={() => void navigate({ to: "/dashboard/support", search: {} })}
        title={t("create")}
        size="lg"
        // What was written must not vanish by a stray click.
        closeOnClickOutside={false}
        closeButtonProps={{ "aria-label": say("close") }}
      >
        <RequestForm job={search.job ?? ""} payment={search.payment ?? ""} />
      </Modal>
    </Page>
  );
}

const COLOURS = { open: "blue", answered: "green", closed: "gray" } as const;

export function RequestState({ state }: Pick<Request, "state">) {
  const t = useText(messages);
  return <Badge color={COLOURS[state]}>{t(state)}</Badge>;
}

function useColumns(): readonly Column<Request>[] {
  const t = useText(messages);
  return [
    { key: "subject", title: t("subject"), cell: ({ subject }) => subject },
    { key: "state", title: t("state"), cell: ({ state }) => <RequestState state={state} /> },
    { key: "when", title: t("when"), from: "sm", cell: ({ created_at }) => <Time value={created_at} /> },
    {
      key: "due",
      title: t("due"),
      from: "md",
      cell: ({ state, due_at }) => (state === "open" ? <Time value={due_at} as="date" /> : "–"),
    },
  ];
}
