/* Signing in: password, passkey or a provider elsewhere; then, where one is enrolled, the second factor. */

import { Stack, Text, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useRouter } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { api, ask } from "../../api/client";
import { useLanguage, useText, LANGUAGES } from "../../lib/i18n";
import { ownPath } from "../../lib/search";
import { ArrivalError } from "./ArrivalError";
import { messages } from "./messages";
import { tellOtherTabs } from "./otherTabs";
import { sessionQuery, type Session } from "./queries";
import { PasswordForm } from "./PasswordForm";
import { SecondFactorForm } from "./SecondFactorForm";

const route = getRouteApi("/door/sign-in");

type Methods = readonly ("totp" | "backup_code" | "passkey")[];

// After a journey to a provider elsewhere, the address tells what is still to be shown, but not which of these there are.
const ALL_METHODS: Methods = ["totp", "backup_code", "passkey"];

export function SignInPage() {
  const t = useText(messages);
  const { next } = route.useSearch();
  const arrival = useArrival();
  const [methods, setMethods] = useState<Methods | null>(arrival.needsFactor ? ALL_METHODS : null);
  const goOn = useGoOn(ownPath(next));
  useEffect(() => {
    // Whoever is signed in already has nothing to do here. The page does not wait to hear it.
    ask(api.GET("/api/session")).then(goOn, () => undefined);
    // Asked once: what happens here afterwards is told by the forms.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  return (
    <Stack>
      <Title order={1}>{methods === null ? t("title") : t("factorTitle")}</Title>
      {next !== undefined && methods === null && <Text c="dimmed">{t("comeBack")}</Text>}
      {arrival.error !== null && <ArrivalError code={arrival.error} />}
      {methods === null ? (
        <PasswordForm onSession={goOn} onFactorNeeded={setMethods} />
      ) : (
        <SecondFactorForm methods={methods} onSession={goOn} onStartOver={() => setMethods(null)} />
      )}
    </Stack>
  );
}

/** What the way back from a provider elsewhere left behind the #. */
function useArrival() {
  const [arrival] = useState(() => {
    const told = location.hash.slice(1);
    return { needsFactor: told === "second-factor", error: told.startsWith("error=") ? told.slice(6) : null };
  });
  useEffect(() => {
    if (arrival.needsFactor || arrival.error !== null) history.replaceState(history.state, "", location.pathname);
  }, [arrival]);
  return arrival;
}

function useGoOn(next: string | undefined) {
  const cache = useQueryClient();
  const router = useRouter();
  const { speak } = useLanguage();
  return (session: Session) => {
    // Nothing that somebody else saw in this tab may be shown to whoever is here now.
    cache.clear();
    cache.setQueryData(sessionQuery.queryKey, session);
    tellOtherTabs("session");
    const language = LANGUAGES.find((each) => each === session.language);
    if (language !== undefined) speak(language);
    const home = session.account_id === null && session.scopes.length > 0 ? "/admin" : "/dashboard";
    router.history.push(next ?? home);
  };
}
