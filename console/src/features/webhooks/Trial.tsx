/* An event of no meaning is sent, and what the customer's server says to it is shown as soon as it does. */

import { Alert, Button, Group, Stack } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../api/client";
import { ActionError } from "../../components/ErrorState";
import { useText } from "../../lib/i18n";
import { messages } from "./messages";
import { deliveriesQuery, isUnderWay, type Delivery } from "./queries";

export function Trial({ id }: { id: string }) {
  const t = useText(messages);
  const cache = useQueryClient();
  const query = deliveriesQuery(id);
  const newest = useInfiniteQuery(query).data?.pages[0]?.data.find(({ kind }) => kind === "test");
  // The newest test before this one, whose outcome is not what is asked for.
  const [before, setBefore] = useState<string | null | undefined>(undefined);
  const send = useMutation({
    mutationFn: () =>
      ask(api.POST("/api/webhooks/{webhook_id}/test", { params: { path: { webhook_id: id } } })),
    onMutate: () => setBefore(newest?.id ?? null),
    onSuccess: async () => {
      // A list that was asked for before the test would do for the one after it, and not have it.
      await cache.cancelQueries({ queryKey: query.queryKey });
      await cache.invalidateQueries({ queryKey: query.queryKey });
    },
  });
  const shown = before !== undefined && newest !== undefined && newest.id !== before ? newest : undefined;
  return (
    <Stack align="flex-start">
      <Group>
        <Button loading={send.isPending || (shown !== undefined && isUnderWay(shown))} onClick={() => send.mutate()}>
          {t("test")}
        </Button>
      </Group>
      <ActionError failure={send.error} />
      <div role="status">{shown !== undefined && <Outcome delivery={shown} />}</div>
    </Stack>
  );
}

function Outcome({ delivery }: { delivery: Delivery }) {
  const t = useText(messages);
  if (isUnderWay(delivery)) return <Alert color="blue">{t("testWaiting")}</Alert>;
  const isTaken = delivery.state === "delivered";
  return (
    <Alert color={isTaken ? "green" : "red"}>
      {t(isTaken ? "testTaken" : "testFailed", { answer: answerOf(delivery) })}
    </Alert>
  );
}

/** The status that the server answered with, or why there was none. */
export function answerOf({ status_code, error }: Delivery): string {
  return status_code === null ? error || "–" : `HTTP ${status_code}`;
}
