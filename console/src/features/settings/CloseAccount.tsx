import { Button, Text, Textarea, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask, once } from "../../api/client";
import { Confirm } from "../../components/Confirm";
import { LinkAnchor } from "../../components/links";
import { useLanguage, useText } from "../../lib/i18n";
import { shortTime } from "../../lib/time";
import { useGuarded } from "../session/proof";
import { messages } from "./messages";
import { closingQuery } from "./queries";

const WORD = "close this account";

/** Closing is final, so its words are asked for. */
export function CloseAccount() {
  const t = useText(messages);
  const { language } = useLanguage();
  const cache = useQueryClient();
  const guarded = useGuarded();
  const closing = useQuery(closingQuery).data;
  const [isAsking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  const [header] = useState(once);
  const close = useMutation({
    mutationFn: () =>
      guarded(() => ask(api.POST("/api/closing", { params: { header }, body: { confirm: WORD, reason } }))),
    onSuccess: (begun) => {
      cache.setQueryData(closingQuery.queryKey, begun);
      setAsking(false);
      return cache.invalidateQueries();
    },
  });
  return (
    <section>
      <Title order={2} mb="sm">
        {t("closeTitle")}
      </Title>
      <Text c="dimmed" mb="sm">
        {t("closeLead")}{" "}
        <LinkAnchor to="/dashboard/settings/$tab" params={{ tab: "profile" }} underline="always">
          {t("eraseTitle")}
        </LinkAnchor>
      </Text>
      {closing === undefined ? (
        <Button variant="light" color="red" onClick={() => setAsking(true)}>
          {t("closeTitle")}
        </Button>
      ) : (
        <Text>{t("closing", { time: shortTime(closing.created_at, language) })}</Text>
      )}
      <Confirm
        opened={isAsking}
        onClose={() => setAsking(false)}
        title={t("closeTitle")}
        action={t("closeTitle")}
        danger
        word={{ value: WORD, label: t("closeWord") }}
        onConfirm={() => close.mutate()}
        pending={close.isPending}
        failure={close.error}
        money
      >
        {t("closeWhat")}
        <Textarea
          mt="sm"
          label={t("closeReason")}
          maxLength={2000}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </Confirm>
    </section>
  );
}
