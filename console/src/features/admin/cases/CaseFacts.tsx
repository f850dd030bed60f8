/* What a case knows, in words: names of the API are said, ids lead to what they name, money has its currency. */

import { Code, Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { Amount } from "../../../components/Amount";
import { Facts } from "../../../components/Facts";
import { Id } from "../../../components/Id";
import { Time } from "../../../components/Time";
import { fromMinor } from "../../../lib/amount";
import { useLanguage, useText } from "../../../lib/i18n";
import { timeSpan } from "../../../lib/time";
import { useValueText } from "../values/useValueText";
import { Value } from "../values/Value";
import { messages } from "./messages";
import { isLinked, LinkedId } from "./LinkedId";

type Known = Readonly<Record<string, unknown>>;

export function CaseFacts({ facts }: { facts: Known }) {
  const nameOf = useFactName();
  const shown = Object.entries(facts).filter(([name]) => name !== "currency" && name !== "queue");
  if (shown.length === 0) return null;
  return (
    <Facts
      facts={shown.map(([name, value]) => [nameOf(name), <FactValue key={name} name={name} value={value} among={facts} />])}
    />
  );
}

function useFactName(): (name: string) => string {
  const t = useText(messages);
  // Facts of a risk case stand under the names of their signals.
  const valueText = useValueText();
  return (name) => (isSaid(name) ? t(`fact_${name}`) : valueText(name));
}

/** The names that the catalogue has words for. */
type Said = keyof typeof messages extends `fact_${infer Name}` ? Name : never;

function isSaid(name: string): name is Said {
  return Object.hasOwn(messages, `fact_${name}`);
}

interface FactValueProps {
  name: string;
  value: unknown;
  /** What is known beside it: the currency of an amount, the queue of a request. */
  among: Known;
}

function FactValue({ name, value, among }: FactValueProps): ReactNode {
  const { language } = useLanguage();
  if (value === null || value === "") return "–";
  if (typeof value === "string" && isLinked(name)) return <LinkedId name={name} id={value} queue={among.queue} />;
  if (typeof value === "string") return name.endsWith("_at") ? <Time value={value} /> : <Value of={value} />;
  if (typeof value === "number" && name.endsWith("_minor") && typeof among.currency === "string") {
    return <Amount value={fromMinor(value, among.currency)} currency={among.currency} />;
  }
  if (typeof value === "number" && name === "window_minutes") return timeSpan(value, language);
  if (Array.isArray(value)) return <Several name={name} values={value} among={among} />;
  if (typeof value === "object") return <CaseFacts facts={value as Known} />;
  return JSON.stringify(value);
}

function Several({ name, values, among }: { name: string; values: readonly unknown[]; among: Known }) {
  return (
    <Stack gap={2}>
      {values.map((each, index) =>
        typeof each === "string" && !isLinked(name) ? (
          <WrittenOut key={index} text={each} />
        ) : (
          <FactValue key={index} name={name} value={each} among={among} />
        ),
      )}
    </Stack>
  );
}

const LONG = 40;

/** Lines that were written for people are text; short ones are ids and names. */
function WrittenOut({ text }: { text: string }) {
  if (/^[0-9a-f-]{36}$/.test(text)) return <Id value={text} />;
  return text.length > LONG ? <span className="as-written">{text}</span> : <Code>{text}</Code>;
}
