/* Words for what went wrong, in the reader's language: by the code of a refusal, else in the API's own English. */

import { useCallback, useMemo } from "react";
import { Problem, Unreachable, type FieldError } from "../api/problem";
import { wordsAtHand } from "../api/refusal";
import { writtenWhole } from "../lib/amount";
import { say, useLanguage, useText, type Language, type Say, type Words } from "../lib/i18n";
import { shortTime } from "../lib/time";
import { messages } from "./messages";
import { useUnit } from "./unit";

interface Reader {
  t: Say<typeof messages>;
  language: Language;
  unit: string | undefined;
}

/** A sentence that says what happened and what to do. */
export function useFailureText(): (failure: unknown) => string {
  const reader = useReader();
  return useCallback((failure) => describe(failure, reader), [reader]);
}

/** What is wrong with the fields that a form shows, and what is left to be said beside its button. */
export interface FieldFailure<Field extends string> {
  at: Partial<Record<Field, string>>;
  rest: unknown;
}

/** Tells a refusal apart by the names that the API has for the form's fields. */
export function useFieldFailure<Field extends string>(failure: unknown, ...fields: readonly Field[]): FieldFailure<Field> {
  const reader = useReader();
  const at: Partial<Record<Field, string>> = {};
  if (!(failure instanceof Problem)) return { at, rest: failure };
  const shown = (name: string | undefined) => fields.find((field) => field === name);
  for (const error of failure.errors) {
    const field = shown(error.at.at(-1));
    if (field !== undefined) at[field] = describeField(error, reader);
  }
  const one = failure.errors.length === 0 ? shown(failure.field) : undefined;
  if (one !== undefined) at[one] = describe(failure, reader);
  const isTold = one !== undefined || (failure.errors.length > 0 && failure.errors.every((error) => shown(error.at.at(-1))));
  return { at, rest: isTold ? null : failure };
}

function useReader(): Reader {
  const t = useText(messages);
  const { language } = useLanguage();
  const unit = useUnit();
  return useMemo(() => ({ t, language, unit }), [t, language, unit]);
}

function describe(failure: unknown, reader: Reader): string {
  const { t } = reader;
  if (failure instanceof Unreachable) return t("unreachable");
  if (!(failure instanceof Problem)) return t("serverFailed");
  if (failure.code === "not_found") return t("notFound");
  const words = (wordsAtHand()?.REFUSALS as Readonly<Record<string, Words>> | undefined)?.[failure.code];
  const told = words === undefined ? undefined : filled(words, failure, reader);
  if (told !== undefined) return told;
  if (failure.status >= 500 && failure.code.startsWith("http_")) return t("serverFailed");
  if (failure.status === 429 && failure.retryAfterS !== undefined) {
    return t("tooManyTries", { seconds: failure.retryAfterS });
  }
  return failure.message;
}

/** The words with their places filled; undefined when the API did not tell what belongs into one of them. */
function filled(words: Words, failure: Problem, reader: Reader): string | undefined {
  const values: Record<string, string | number> = {
    detail: failure.errors.map((error) => `${error.at.at(-1) ?? ""}: ${describeField(error, reader)}`).join(" "),
  };
  if (failure.errors.length === 0) values["detail"] = failure.message;
  for (const [name, value] of Object.entries(failure.values)) values[name] = inWords(name, value, reader);
  const isComplete = [...words[0].matchAll(/\{(\w+)\}/g)].every(([, place = ""]) => place in values);
  return isComplete ? say(words, reader.language, values) : undefined;
}

function inWords(name: string, value: string | number, { language, unit }: Reader): string | number {
  if (name.endsWith("_amount")) return writtenWhole(String(value), unit, language);
  if (name.endsWith("_at")) return shortTime(String(value), language);
  return value;
}

function describeField({ kind, bound, message }: FieldError, { language }: Reader): string {
  const words = wordsAtHand()?.FIELD_ERRORS;
  if (words === undefined) return message;
  const isBare = bound === undefined && words[kind][0].includes("{bound}");
  return isBare ? say(words.wrong_form, language) : say(words[kind], language, bound === undefined ? {} : { bound });
}
