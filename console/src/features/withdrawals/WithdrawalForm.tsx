/* Asks for a payout, or for a move to another account of one's own. */

import { Button, Group, Radio, Select, Stack, Text, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask, once } from "../../api/client";
import { Amount } from "../../components/Amount";
import { AmountInput } from "../../components/AmountInput";
import { ActionError } from "../../components/ErrorState";
import { useFieldFailure } from "../../components/failure";
import { Facts } from "../../components/Facts";
import { messages as common } from "../../components/messages";
import { useUnit } from "../../components/unit";
import { fromMinor, writtenWhole } from "../../lib/amount";
import { useLanguage, useText } from "../../lib/i18n";
import { shortTime } from "../../lib/time";
import { useSession } from "../session/queries";
import { personQuery } from "../settings/queries";
import { messages } from "./messages";
import type { Offer } from "./queries";

interface WithdrawalFormProps {
  offer: Offer;
  onClose: () => void;
}

const BLANK = { amount: "", currency: "", destination: "", target: "", reason: "" };

export function WithdrawalForm({ offer, onClose }: WithdrawalFormProps) {
  const t = useText(messages);
  const say = useText(common);
  const { language } = useLanguage();
  const unit = useUnit();
  const cache = useQueryClient();
  const [header] = useState(once);
  const [kind, setKind] = useState<"payout" | "migration">(offer.payable.length > 0 ? "payout" : "migration");
  const [wish, setWish] = useState({ ...BLANK, currency: offer.payable[0]?.currency ?? "" });
  const set = (change: Partial<typeof wish>) => setWish({ ...wish, ...change });
  const payable = offer.payable.find((each) => each.currency === wish.currency);
  const isPayout = kind === "payout";
  const most = isPayout ? (payable?.amount ?? "0") : offer.movable;
  const send = useMutation({
    mutationFn: () =>
      ask(
        api.POST("/api/withdrawals", {
          params: { header },
          body: {
            kind,
            amount: wish.amount,
            currency: isPayout ? wish.currency : null,
            destination: isPayout ? wish.destination : "",
            to_account_id: isPayout ? null : wish.target,
            reason: wish.reason,
          },
        }),
      ),
    onSuccess: () => cache.invalidateQueries({ queryKey: ["withdrawals"] }),
  });
  const wrong = useFieldFailure(send.error, "amount", "destination");
  if (send.data !== undefined) {
    return (
      <Stack>
        <Text role="status">{t("sent", { time: shortTime(send.data.due_at, language) })}</Text>
        <Button onClick={onClose}>{say("close")}</Button>
      </Stack>
    );
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate();
      }}
    >
      <Stack>
        {offer.payable.length > 0 && offer.migration && (
          <Radio.Group
            label={t("kind")}
            value={kind}
            onChange={(chosen) => setKind(chosen === "migration" ? "migration" : "payout")}
          >
            <Stack gap="xs" mt={6}>
              <Radio value="payout" label={t("payout")} />
              <Radio value="migration" label={t("migration")} />
            </Stack>
          </Radio.Group>
        )}
        {isPayout && offer.payable.length > 1 && (
          <Select
            label={t("currency")}
            data={offer.payable.map((each) => each.currency)}
            value={wish.currency}
            allowDeselect={false}
            onChange={(currency) => set({ currency: currency ?? wish.currency })}
          />
        )}
        <AmountInput
          label={t("amount")}
          error={wrong.at.amount}
          description={t("most", { amount: writtenWhole(most, unit, language) })}
          required
          value={wish.amount}
          onChange={(amount) => set({ amount })}
          rightSectionWidth={110}
          rightSection={
            <Button size="compact-sm" variant="subtle" onClick={() => set({ amount: most })}>
              {t("all")}
            </Button>
          }
        />
        {isPayout ? (
          <>
            {payable !== undefined && (
              <Facts
                facts={[
                  [
                    t("worth"),
                    <Amount
                      key="worth"
                      value={fromMinor(payable.paid_minor, payable.currency)}
                      currency={payable.currency}
                    />,
                  ],
                ]}
              />
            )}
            <Textarea
              label={t("destination")}
              error={wrong.at.destination}
              description={t("destinationHint")}
              required
              autosize
              minRows={2}
              maxLength={2000}
              value={wish.destination}
              onChange={(event) => set({ destination: event.currentTarget.value })}
            />
          </>
        ) : (
          <Target value={wish.target} onChange={(target) => set({ target })} />
        )}
        <Textarea
          label={t("reason")}
          autosize
          maxLength={2000}
          value={wish.reason}
          onChange={(event) => set({ reason: event.currentTarget.value })}
        />
        <ActionError failure={wrong.rest} money />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {say("cancel")}
          </Button>
          <Button type="submit" disabled={!isPayout && wish.target === ""} loading={send.isPending}>
            {t("send")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Target({ value, onChange }: { value: string; onChange: (account: string) => void }) {
  const t = useText(messages);
  const here = useSession().account_id;
  const memberships = useQuery(personQuery).data?.memberships;
  const others = memberships?.filter((each) => each.account_id !== here) ?? [];
  if (memberships !== undefined && others.length === 0) return <Text>{t("noTarget")}</Text>;
  return (
    <Select
      label={t("target")}
      required
      data={others.map((each) => ({ value: each.account_id, label: each.name || each.account_id }))}
      value={value || null}
      onChange={(chosen) => onChange(chosen ?? "")}
    />
  );
}
