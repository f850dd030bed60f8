/* What to buy and how to pay. One wish has one key: pressed twice, it is still bought once. */

import { Button, Checkbox, Group, Radio, SimpleGrid, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, ask, once } from "../../api/client";
import { Amount } from "../../components/Amount";
import { AmountInput } from "../../components/AmountInput";
import { ActionError } from "../../components/ErrorState";
import { useFieldFailure } from "../../components/failure";
import { useUnit } from "../../components/unit";
import { abridge, fromMinor, isZero, written } from "../../lib/amount";
import { useLanguage, useText } from "../../lib/i18n";
import { messages } from "./messages";
import { rechargesQuery, type Method, type Options } from "./queries";

const FREE = "free";

interface BuyFormProps {
  options: Options;
  /** With the id of a recharge that needs no page elsewhere to be paid. */
  onMade: (id: string) => void;
}

export function BuyForm({ options, onMade }: BuyFormProps) {
  const t = useText(messages);
  const cache = useQueryClient();
  const [choice, setChoice] = useState(options.packages[0]?.id ?? FREE);
  const [amount, setAmount] = useState("");
  const [method, setMethod] = useState<Method | null>(null);
  const [transfer, setTransfer] = useState({ evidence: "", note: "" });
  const [keep, setKeep] = useState(false);
  const offered = methodsFor(options, choice);
  const chosen = offered.find((each) => each === method) ?? offered[0];
  const wish = JSON.stringify([choice, amount, chosen, transfer, keep]);
  const header = useKeyOf(wish);
  const buy = useMutation({
    mutationFn: (by: Method) =>
      ask(
        api.POST("/api/recharges", {
          params: { header },
          body: {
            method: by,
            package: choice === FREE ? null : choice,
            amount: choice === FREE ? amount : null,
            evidence: by === "manual" ? transfer.evidence : "",
            note: by === "manual" ? transfer.note : "",
            keep_method: by === "stripe" && keep,
          },
        }),
      ),
    onSuccess: async (made) => {
      if (made.checkout_url !== null) {
        location.assign(made.checkout_url);
        return;
      }
      await cache.invalidateQueries({ queryKey: rechargesQuery.queryKey });
      onMade(made.id);
    },
  });
  const wrong = useFieldFailure(buy.error, "evidence", ...(choice === FREE ? (["amount"] as const) : []));
  if (chosen === undefined) return <Text>{t("nothing")}</Text>;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        buy.mutate(chosen);
      }}
    >
      <Stack gap="lg">
        <Packages options={options} choice={choice} onChoose={setChoice} />
        {choice === FREE && options.free_amount !== null && (
          <FreeAmount
            free={options.free_amount}
            amount={amount}
            wrong={wrong.at.amount}
            onAmount={(typed) => {
              // What was refused is being mended.
              buy.reset();
              setAmount(typed);
            }}
          />
        )}
        <Radio.Group label={t("method")} value={chosen} onChange={(value) => setMethod(value as Method)}>
          <Stack gap="xs" mt={6}>
            {offered.map((each) => (
              <Radio
                key={each}
                value={each}
                label={t(each)}
                description={needsReview(options, each) ? t("reviewed") : undefined}
              />
            ))}
          </Stack>
        </Radio.Group>
        {chosen === "manual" && (
          <Stack gap="sm">
            <TextInput
              label={t("evidence")}
              error={wrong.at.evidence}
              description={t("evidenceHint")}
              required
              maxLength={200}
              value={transfer.evidence}
              onChange={(event) => setTransfer({ ...transfer, evidence: event.currentTarget.value })}
            />
            <Textarea
              label={t("note")}
              maxLength={2000}
              value={transfer.note}
              onChange={(event) => setTransfer({ ...transfer, note: event.currentTarget.value })}
            />
          </Stack>
        )}
        {chosen === "stripe" && (
          <Checkbox label={t("keep")} checked={keep} onChange={(event) => setKeep(event.currentTarget.checked)} />
        )}
        <ActionError failure={wrong.rest} money />
        <Group>
          <Button type="submit" loading={buy.isPending}>
            {chosen === "manual" ? t("handIn") : t("goPay")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

interface PackagesProps {
  options: Options;
  choice: string;
  onChoose: (choice: string) => void;
}

function Packages({ options, choice, onChoose }: PackagesProps) {
  const t = useText(messages);
  const { language } = useLanguage();
  const unit = useUnit();
  if (options.packages.length === 0) return null;
  return (
    <Radio.Group label={t("packages")} value={choice} onChange={onChoose}>
      <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }} mt={6}>
        {options.packages.map((each) => (
          <Radio.Card key={each.id} value={each.id} display="flex" p="md" radius="md">
            <Group wrap="nowrap" align="flex-start">
              <Radio.Indicator />
              <div>
                <Text fw={600}>
                  <Amount value={each.credit} />
                </Text>
                {!isZero(each.bonus) && (
                  <Text size="sm" c="green">
                    {t("bonus", { amount: written(abridge(each.bonus).text, unit, language) })}
                  </Text>
                )}
                <Text size="sm" c="dimmed">
                  {t("price")} <Amount value={fromMinor(each.price_minor, each.currency)} currency={each.currency} />
                </Text>
              </div>
            </Group>
          </Radio.Card>
        ))}
        {options.free_amount !== null && (
          <Radio.Card value={FREE} display="flex" p="md" radius="md">
            <Group wrap="nowrap" align="flex-start">
              <Radio.Indicator />
              <Text fw={600}>{t("free")}</Text>
            </Group>
          </Radio.Card>
        )}
      </SimpleGrid>
    </Radio.Group>
  );
}

interface FreeAmountProps {
  free: NonNullable<Options["free_amount"]>;
  amount: string;
  wrong: string | undefined;
  onAmount: (amount: string) => void;
}

function FreeAmount({ free, amount, wrong, onAmount }: FreeAmountProps) {
  const t = useText(messages);
  const { language } = useLanguage();
  const unit = useUnit();
  const shown = (value: string) => written(abridge(value).text, unit, language);
  const bounds = t("bounds", { least: shown(free.least), most: shown(free.most) });
  const rate = t("rate", { credit: free.credit_per_unit, currency: free.currency });
  return (
    <AmountInput
      label={t("amount")}
      error={wrong}
      description={`${bounds} · ${rate}`}
      required
      value={amount}
      onChange={onAmount}
      maw={320}
    />
  );
}

function methodsFor(options: Options, choice: string): readonly Method[] {
  if (choice === FREE) return options.free_amount?.methods ?? [];
  return options.packages.find((each) => each.id === choice)?.methods ?? [];
}

function needsReview(options: Options, method: Method): boolean {
  return options.methods.some((each) => each.method === method && each.needs_review);
}

/** The same header for the same wish, another one when the wish has changed. */
function useKeyOf(wish: string) {
  const [made, setMade] = useState(() => ({ wish, header: once() }));
  if (made.wish === wish) return made.header;
  const fresh = { wish, header: once() };
  setMade(fresh);
  return fresh.header;
}
