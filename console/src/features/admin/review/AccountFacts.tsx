/* How the account stands about which somebody decides: its money, what there was before, what rules have found. */

import { Stack, Text, Title } from "@mantine/core";
import type { Answer } from "../../../api/types";
import { Amount } from "../../../components/Amount";
import { Facts } from "../../../components/Facts";
import { Time } from "../../../components/Time";
import { isZero } from "../../../lib/amount";
import { useText } from "../../../lib/i18n";
import { Value } from "../values/Value";
import { useCaseKind } from "./kinds";
import { messages } from "./messages";
import { ToAccount } from "./ToAccount";

export type Standing = Answer<"/admin/recharges/{recharge_id}">["account"];

export function AccountFacts({ id, account }: { id: string; account: Standing }) {
  const t = useText(messages);
  const kindOf = useCaseKind();
  return (
    <section>
      <Title order={3}>{t("account")}</Title>
      <Facts
        facts={[
          [t("account"), <ToAccount key="account" id={id} email={account.email} />],
          [
            t("accountStatus"),
            <span key="status">
              <Value of={account.status} />
              {account.status_reason !== "" && ` · ${account.status_reason}`}
            </span>,
          ],
          account.created_at !== null && [t("accountSince"), <Since key="since" value={account.created_at} />],
          [t("balance"), <Amount key="balance" value={account.balance} />],
          !isZero(account.held) && [t("held"), <Amount key="held" value={account.held} />],
          !isZero(account.owed) && [t("owed"), <Amount key="owed" value={account.owed} />],
          [
            t("rechargesBefore"),
            account.recharges === 0 ? (
              t("none")
            ) : (
              <span key="recharges">
                {account.recharges} · <Amount value={account.recharged} />
              </span>
            ),
          ],
          [t("earlier"), `${account.refunds_before} / ${account.disputes}`],
          [t("openCases"), counted(account.open_cases.map(kindOf)) || t("none")],
          [t("signals"), <SignalLines key="signals" signals={account.signals} />],
        ]}
      />
    </section>
  );
}

/** Each name once, with how often it stands there. */
function counted(names: readonly string[]): string {
  const times = (name: string) => names.filter((each) => each === name).length;
  return [...new Set(names)].map((name) => (times(name) > 1 ? `${name} ×${times(name)}` : name)).join(", ");
}

function Since({ value }: { value: string }) {
  return (
    <>
      <Time value={value} as="date" /> (<Time value={value} as="relative" />)
    </>
  );
}

function SignalLines({ signals }: { signals: Standing["signals"] }) {
  const t = useText(messages);
  if (signals.length === 0) return t("none");
  return (
    <Stack gap={2}>
      {signals.map((signal) => (
        <span key={signal.id}>
          <Value of={signal.kind} />{" "}
          <Text component="span" c="dimmed" size="sm">
            {t("measured", { measured: signal.measured, threshold: signal.threshold })} ·{" "}
            <Time value={signal.raised_at} as="relative" />
          </Text>
        </span>
      ))}
    </Stack>
  );
}
