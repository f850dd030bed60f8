/* One recharge: also where the way back from a checkout leads, so it waits for the payment. */

import { Alert, Button, Group, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { api, ask } from "../../api/client";
import { Amount } from "../../components/Amount";
import { ActionError } from "../../components/ErrorState";
import { Facts } from "../../components/Facts";
import { Id } from "../../components/Id";
import { LinkButton } from "../../components/links";
import { Loaded } from "../../components/Loaded";
import { Time } from "../../components/Time";
import { fromMinor, isZero } from "../../lib/amount";
import { useText } from "../../lib/i18n";
import { creditsQuery } from "../credits/queries";
import { overviewQuery } from "../overview/queries";
import { RechargeState } from "./History";
import { messages } from "./messages";
import { isOpen, rechargeQuery, rechargesQuery, type Recharge } from "./queries";

export function RechargeDetails({ id }: { id: string }) {
  const query = useQuery(rechargeQuery(id));
  const cache = useQueryClient();
  const state = query.data?.state;
  useEffect(() => {
    if (state === undefined) return;
    // What it has changed is shown elsewhere on the page.
    for (const { queryKey } of [overviewQuery, creditsQuery, rechargesQuery]) void cache.invalidateQueries({ queryKey });
  }, [state, cache]);
  return <Loaded query={query}>{(recharge) => <Details recharge={recharge} />}</Loaded>;
}

function Details({ recharge }: { recharge: Recharge }) {
  const t = useText(messages);
  return (
    <Stack gap="lg">
      <div role="status">
        {recharge.state === "credited" && <Alert color="green">{t("arrivedTitle")}</Alert>}
        {isOpen(recharge.state) && (
          <Alert color="blue" title={t("waitingTitle")}>
            {t("waiting")}
          </Alert>
        )}
      </div>
      <Facts
        facts={[
          [t("state"), <RechargeState key="state" state={recharge.state} />],
          [t("credit"), <Amount key="credit" value={recharge.credit} />],
          !isZero(recharge.bonus) && ["+", <Amount key="bonus" value={recharge.bonus} />],
          [
            t("price"),
            <Amount
              key="price"
              value={fromMinor(recharge.price_minor, recharge.currency)}
              currency={recharge.currency}
            />,
          ],
          [t("method"), t(recharge.method)],
          recharge.created_at !== null && [t("when"), <Time key="when" value={recharge.created_at} />],
          recharge.evidence !== "" && [t("evidence"), recharge.evidence],
          recharge.review_note !== "" && [t("reviewNote"), recharge.review_note],
          ["ID", <Id key="id" value={recharge.id} full />],
        ]}
      />
      {recharge.needs_review && recharge.state === "review" && <Text c="dimmed">{t("reviewed")}</Text>}
      <Actions recharge={recharge} />
    </Stack>
  );
}

function Actions({ recharge }: { recharge: Recharge }) {
  const t = useText(messages);
  const cache = useQueryClient();
  const cancel = useMutation({
    mutationFn: () =>
      ask(api.POST("/api/recharges/{recharge_id}/cancel", { params: { path: { recharge_id: recharge.id } } })),
    onSuccess: (cancelled) => cache.setQueryData(rechargeQuery(recharge.id).queryKey, cancelled),
  });
  const url = recharge.checkout_url;
  return (
    <>
      <ActionError failure={cancel.error} money />
      <Group>
        {url !== null && <Button onClick={() => location.assign(url)}>{t("pay")}</Button>}
        {(isOpen(recharge.state) || recharge.state === "review") && (
          <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate()}>
            {t("cancel")}
          </Button>
        )}
        <LinkButton to="/dashboard/support" search={{ payment: recharge.id }} variant="subtle">
          {t("support")}
        </LinkButton>
      </Group>
    </>
  );
}
