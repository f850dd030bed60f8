/* What an operator sets up and looks after: each area is a chunk of its own. */

import { Select, UnstyledButton } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { lazy, Suspense, type ComponentType, type LazyExoticComponent } from "react";
import { Page } from "../../../components/Page";
import { Waiting } from "../../../components/Waiting";
import { useText } from "../../../lib/i18n";
import { useMay } from "../../session/scopes";
import { Writing } from "../Writing";
import { messages } from "./messages";
import { AREA_NEEDS } from "./scopes";
import { isArea, type AreaName } from "./search";

const route = getRouteApi("/admin/operation/$area");

const GROUPS: readonly (readonly [keyof typeof messages, readonly AreaName[]])[] = [
  ["tell", ["announcements", "terms", "texts", "mail"]],
  ["offer", ["discounts", "groups", "codes"]],
  ["money", ["payments", "events", "statements", "reconciliation", "margins"]],
  ["access", ["people", "invitations", "operators", "tokens", "audit"]],
  ["service", ["policy", "signals", "winddown"]],
];

type Area = LazyExoticComponent<ComponentType>;

const SHOWN: Readonly<Record<AreaName, Area>> = {
  announcements: lazy(async () => ({ default: (await import("../notices/Announcements")).Announcements })),
  terms: lazy(async () => ({ default: (await import("../notices/TermsVersions")).TermsVersions })),
  texts: lazy(async () => ({ default: (await import("../notices/SiteTexts")).SiteTexts })),
  mail: lazy(async () => ({ default: (await import("../notices/Outbox")).Outbox })),
  discounts: lazy(async () => ({ default: (await import("../offers/Discounts")).Discounts })),
  groups: lazy(async () => ({ default: (await import("../offers/Groups")).Groups })),
  codes: lazy(async () => ({ default: (await import("../offers/Codes")).Codes })),
  payments: lazy(async () => ({ default: (await import("../payments/Payments")).Payments })),
  events: lazy(async () => ({ default: (await import("../payments/Events")).Events })),
  statements: lazy(async () => ({ default: (await import("../statements/StatementList")).StatementList })),
  reconciliation: lazy(async () => ({ default: (await import("../reconciliation/Comparisons")).Comparisons })),
  margins: lazy(async () => ({ default: (await import("../reports/Margins")).Margins })),
  people: lazy(async () => ({ default: (await import("../access/People")).People })),
  invitations: lazy(async () => ({ default: (await import("../access/Invitations")).Invitations })),
  operators: lazy(async () => ({ default: (await import("../access/Operators")).Operators })),
  tokens: lazy(async () => ({ default: (await import("../access/Tokens")).Tokens })),
  audit: lazy(async () => ({ default: (await import("../audit/AuditTrail")).AuditTrail })),
  policy: lazy(async () => ({ default: (await import("../policy/Rules")).Rules })),
  signals: lazy(async () => ({ default: (await import("../signals/Signals")).Signals })),
  winddown: lazy(async () => ({ default: (await import("../winddown/WindDown")).WindDown })),
};

export function OperationPage() {
  const t = useText(messages);
  const { area } = route.useParams();
  const name = isArea(area) ? area : "announcements";
  const Shown = SHOWN[name];
  return (
    <Page title={t(name)} lead={t(`lead_${name}`)} wide>
      <div className="operation">
        <Areas name={name} />
        <div>
          <Suspense fallback={<Waiting rows={6} />}>
            <Writing scope={AREA_NEEDS[name].write}>
              <Shown key={name} />
            </Writing>
          </Suspense>
        </div>
      </div>
    </Page>
  );
}

/** Those that one may see. Where there is room they stand beside the one that is open; else they are chosen from. */
function Areas({ name }: { name: AreaName }) {
  const t = useText(messages);
  const may = useMay();
  const navigate = route.useNavigate();
  const groups = GROUPS.map(([group, all]) => [group, all.filter((each) => may(AREA_NEEDS[each].read))] as const).filter(
    ([, areas]) => areas.length > 0,
  );
  return (
    <>
      <Select
        aria-label={t("areas")}
        data={groups.map(([group, areas]) => ({
          group: t(group),
          items: areas.map((each) => ({ value: each, label: t(each) })),
        }))}
        value={name}
        onChange={(area) => {
          if (area !== null) void navigate({ to: "/admin/operation/$area", params: { area }, search: {} });
        }}
        allowDeselect={false}
        hiddenFrom="md"
      />
      <nav aria-label={t("areas")} className="operation-links">
        {groups.map(([group, areas]) => (
          <div key={group} className="operation-group">
            <h2 className="rail-group">{t(group)}</h2>
            {areas.map((each) => (
              <UnstyledButton
                key={each}
                className="operation-link"
                data-open={each === name || undefined}
                aria-current={each === name ? "page" : undefined}
                renderRoot={(props) => <Link {...props} to="/admin/operation/$area" params={{ area: each }} />}
              >
                {t(each)}
              </UnstyledButton>
            ))}
          </div>
        ))}
      </nav>
    </>
  );
}
