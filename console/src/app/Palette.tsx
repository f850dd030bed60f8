/* The command palette: pages, keys of the account, jobs by id and, for operators, accounts. */

import "@mantine/spotlight/styles.css";
import { Spotlight, createSpotlight, type SpotlightActionData } from "@mantine/spotlight";
import { IconArrowRight, IconKey, IconReceipt, IconUsers } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { messages as operatorWords } from "../features/admin/messages";
import { mayOpen, OPERATOR_PAGES } from "../features/admin/pages";
import { keysQuery } from "../features/keys/queries";
import { useSession } from "../features/session/queries";
import { useMay } from "../features/session/scopes";
import { useText } from "../lib/i18n";
import { isId } from "../lib/search";
import { messages } from "./messages";
import { CUSTOMER_PAGES } from "./pages";

const SHOWN = 8;

const [store, palette] = createSpotlight();

export default function Palette({ onClose }: { onClose: () => void }) {
  const t = useText(messages);
  const sayOperator = useText(operatorWords);
  const session = useSession();
  const may = useMay();
  const navigate = useNavigate();
  const [query, setQuery] = useState("");
  const isCustomer = session.account_id !== null;
  const keys = useInfiniteQuery({ ...keysQuery, enabled: isCustomer });
  useEffect(() => palette.open(), []);

  const pages = [
    ...(isCustomer ? CUSTOMER_PAGES.map(({ to, name }) => ({ to, label: t(name) })) : []),
    ...OPERATOR_PAGES.filter((page) => mayOpen(session.scopes, page)).map(({ to, name }) => ({
      to,
      label: `${t("operator")}: ${sayOperator(name)}`,
    })),
  ];
  const actions: SpotlightActionData[] = pages.map(({ to, label }) => ({
    id: String(to),
    label,
    leftSection: <IconArrowRight size={18} aria-hidden />,
    onClick: () => void navigate({ to }),
  }));
  for (const key of keys.data?.pages.flatMap((page) => page.data) ?? []) {
    actions.push({
      id: key.id,
      label: key.name || key.prefix,
      description: key.prefix,
      leftSection: <IconKey size={18} aria-hidden />,
      onClick: () => void navigate({ to: "/dashboard/tokens", search: { key: key.id } }),
    });
  }
  const wanted = query.trim();
  const found = isId(wanted) ? [] : actions.filter((action) => matches(action, wanted));
  if (isId(wanted)) {
    const id = wanted.slice(-SHOWN);
    if (isCustomer) {
      found.push({
        id: "job",
        label: t("openJob", { id }),
        leftSection: <IconReceipt size={18} aria-hidden />,
        onClick: () => void navigate({ to: "/dashboard/logs", search: { job: wanted } }),
      });
    }
    if (may("money:read")) {
      found.push({
        id: "operator job",
        label: `${t("operator")}: ${t("openJob", { id })}`,
        leftSection: <IconReceipt size={18} aria-hidden />,
        onClick: () => void navigate({ to: "/admin/jobs", search: { job: wanted } }),
      });
    }
    if (may("accounts:read")) {
      found.push({
        id: "account",
        label: t("openAccount", { id }),
        leftSection: <IconUsers size={18} aria-hidden />,
        onClick: () => void navigate({ href: `/admin/accounts/${wanted}` }),
      });
    }
  }
  return (
    <Spotlight
      store={store}
      actions={found}
      filter={(_, all) => all}
      query={query}
      onQueryChange={setQuery}
      onSpotlightClose={onClose}
      shortcut={null}
      nothingFound={t("paletteNothing")}
      limit={SHOWN}
      searchProps={{ placeholder: t("palettePlaceholder"), "aria-label": t("palette") }}
    />
  );
}

function matches(action: SpotlightActionData, wanted: string): boolean {
  const words = `${action.label} ${action.description ?? ""}`.toLocaleLowerCase();
  return words.includes(wanted.toLocaleLowerCase());
}
