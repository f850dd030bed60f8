import { Button, Group, Modal, NumberInput, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask } from "../../../api/client";
import type { Body } from "../../../api/types";
import { ActionError } from "../../../components/ErrorState";
import { messages as common } from "../../../components/messages";
import { useText } from "../../../lib/i18n";
import { messages } from "./messages";
import { accountQuery, type Account } from "./queries";

type Limits = Body<"/admin/accounts/{account_id}/limits", "put">;

const COUNTS = ["requests_per_minute", "tokens_per_minute", "concurrency"] as const;
const SPENDS = ["daily_spend", "monthly_spend", "total_spend"] as const;

/** What all keys of an account may use together. */
export function LimitsDialog({ account, onClose }: { account: Account; onClose: () => void }) {
  const t = useText(messages);
  const say = useText(common);
  const cache = useQueryClient();
  const [limits, setLimits] = useState<Limits>(account.limits);
  const save = useMutation({
    mutationFn: () =>
      ask(
        api.PUT("/admin/accounts/{account_id}/limits", { params: { path: { account_id: account.id } }, body: limits }),
      ),
    onSuccess: () => {
      void cache.invalidateQueries({ queryKey: accountQuery(account.id).queryKey });
      onClose();
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={`${t("limits")}: ${account.email}`}
      closeButtonProps={{ "aria-label": say("close") }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack>
          <Text c="dimmed">{t("limitsWhat")}</Text>
          {COUNTS.map((name) => (
            <NumberInput
              key={name}
              label={t(name)}
              value={limits[name] ?? ""}
              min={1}
              allowDecimal={false}
              allowNegative={false}
              onChange={(value) => setLimits({ ...limits, [name]: value === "" ? null : Number(value) })}
            />
          ))}
          {SPENDS.map((name) => (
            <TextInput
              key={name}
              label={t(name)}
              inputMode="decimal"
              value={limits[name] ?? ""}
              onChange={(event) => setLimits({ ...limits, [name]: event.currentTarget.value.trim() || null })}
            />
          ))}
          <ActionError failure={save.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {say("cancel")}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {t("save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
