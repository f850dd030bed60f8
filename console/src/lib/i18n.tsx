/* Words in four languages: which one is shown, and how places in them are filled. */

import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from "react";

export const LANGUAGES = ["en", "zh-CN", "zh-TW", "ja"] as const;
export type Language = (typeof LANGUAGES)[number];

/** What each language calls itself. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = {
  en: "English",
  "zh-CN": "简体中文",
  "zh-TW": "繁體中文",
  ja: "日本語",
};

/** The same words in every language, in the order of LANGUAGES. */
export type Words = readonly [en: string, simplified: string, traditional: string, japanese: string];
export type Messages = Readonly<Record<string, Words>>;
export type Values = Readonly<Record<string, string | number>>;

const KEPT_AS = "farebox.language";

/** The words of one language with `{places}` filled. */
export function say(words: Words, language: Language, values: Values = {}): string {
  const chosen = words[LANGUAGES.indexOf(language)] ?? words[0];
  return chosen.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));
}

/** The language of ours that comes closest to what a browser prefers. */
export function closest(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const lower = tag.toLowerCase();
    if (/^zh-(tw|hk|mo|hant)/.test(lower)) return "zh-TW";
    if (lower.startsWith("zh")) return "zh-CN";
    if (lower.startsWith("ja")) return "ja";
    if (lower.startsWith("en")) return "en";
  }
  return "en";
}

interface Spoken {
  language: Language;
  speak: (language: Language) => void;
}

const SpokenContext = createContext<Spoken>({ language: "en", speak: () => undefined });

/** Keeps the chosen language in this browser, and tells the document of it. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(remembered);
  const speak = useCallback((chosen: Language) => {
    setLanguage(chosen);
    localStorage.setItem(KEPT_AS, chosen);
  }, []);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const spoken = useMemo(() => ({ language, speak }), [language, speak]);
  return <SpokenContext.Provider value={spoken}>{children}</SpokenContext.Provider>;
}

export function useLanguage(): Spoken {
  return useContext(SpokenContext);
}

export type Say<M extends Messages> = (key: keyof M, values?: Values) => string;

/** `t("key", { place: value })` of a feature's messages, in the language that is shown. */
export function useText<M extends Messages>(messages: M): Say<M> {
  const { language } = useLanguage();
  return useCallback((key, values) => say(messages[key] as Words, language, values), [messages, language]);
}

function remembered(): Language {
  const kept = localStorage.getItem(KEPT_AS);
  return LANGUAGES.find((each) => each === kept) ?? closest(navigator.languages);
}
