/* What wants a decision about an account, what rules have found of it, and where its calls came from. */

import { Code } from "@mantine/core";
import { LinkAnchor } from "../../../components/links";
import { Time } from "../../../components/Time";
import { useText } from "../../../lib/i18n";
import { messages as words } from "../messages";
import { useCaseKind } from "../review/kinds";
import { Value } from "../values/Value";
import { messages } from "./messages";
import type { Account } from "./queries";
import { Section } from "./Section";

export function Cases({ cases }: { cases: Account["cases"] }) {
  const t = useText(messages);
  const say = useText(words);
  const kindOf = useCaseKind();
  return (
    <Section
      title={t("cases")}
      rows={cases}
      id={(each) => each.id}
      columns={[
        {
          key: "kind",
          title: t("kind"),
          cell: (each) => (
            <LinkAnchor
              to="/admin/review/$queue"
              params={{ queue: each.kind === "risk" ? "risk" : "cases" }}
              search={{ item: each.id }}
            >
              {kindOf(each.kind)}
            </LinkAnchor>
          ),
        },
        { key: "subject", title: t("subject"), cell: (each) => <Code className="id address">{each.subject}</Code> },
        { key: "since", title: say("since"), cell: (each) => <Time value={each.opened_at} as="relative" /> },
      ]}
    />
  );
}

export function Signals({ signals }: { signals: Account["signals"] }) {
  const t = useText(messages);
  return (
    <Section
      title={t("signals")}
      rows={signals}
      id={(signal) => signal.id}
      columns={[
        { key: "at", title: t("time"), cell: (signal) => <Time value={signal.raised_at} /> },
        { key: "kind", title: t("kind"), cell: (signal) => <Value of={signal.kind} /> },
        {
          key: "measured",
          title: t("measured"),
          align: "right",
          cell: (signal) => t("measuredOf", { measured: signal.measured, threshold: signal.threshold }),
        },
        { key: "action", title: t("followed"), from: "sm", cell: (signal) => t(`action_${signal.action}`) },
      ]}
    />
  );
}

export function Traces({ traces }: { traces: Account["traces"] }) {
  const t = useText(messages);
  return (
    <Section
      title={t("traces")}
      rows={traces}
      id={(trace) => trace.kind}
      columns={[
        { key: "kind", title: t("kind"), cell: (trace) => <Value of={trace.kind} /> },
        { key: "count", title: t("count"), align: "right", cell: (trace) => trace.count },
        { key: "addresses", title: t("networks"), align: "right", cell: (trace) => trace.addresses },
        { key: "countries", title: t("countries"), from: "sm", cell: (trace) => trace.countries.join(", ") || "–" },
        { key: "last", title: t("time"), cell: (trace) => <Time value={trace.last_at} as="relative" /> },
      ]}
    />
  );
}
