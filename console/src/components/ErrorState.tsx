/* What happened, whether money moved, and what to do: for what could not be read, and for what could not be done. */

import { Alert, Button, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconPlugConnectedX } from "@tabler/icons-react";
import { useContext, useEffect } from "react";
import { isCode, Unreachable } from "../api/problem";
import { useText } from "../lib/i18n";
import { useFailureText } from "./failure";
import { messages } from "./messages";
import { NotFoundHint } from "./notFoundHint";

const TRY_EVERY_MS = 5_000;

interface ErrorStateProps {
  failure: unknown;
  /** Asks again; while the server is away that happens by itself, too. */
  retry?: () => void;
}

/** In place of what could not be read. Reading moves no money. */
export function ErrorState({ failure, retry }: ErrorStateProps) {
  const t = useText(messages);
  const text = useFailureText();
  const isAway = failure instanceof Unreachable;
  const hint = useContext(NotFoundHint);
  useEffect(() => {
    if (!isAway || retry === undefined) return;
    const timer = setInterval(retry, TRY_EVERY_MS);
    return () => clearInterval(timer);
  }, [isAway, retry]);
  return (
    <Alert
      role="alert"
      color={isAway ? "yellow" : "red"}
      icon={isAway ? <IconPlugConnectedX /> : <IconAlertTriangle />}
      title={isAway ? t("unreachableTitle") : t("failedTitle")}
    >
      <Stack gap="sm" align="flex-start">
        <Text>{text(failure)}</Text>
        {isCode(failure, "not_found") && hint}
        {retry !== undefined && (
          <Button variant="default" onClick={retry}>
            {t("retry")}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

interface ActionErrorProps {
  failure: unknown;
  /** Whether the action would have moved money: then it is said that none was, or that nobody knows. */
  money?: boolean;
}

/** Beside the button of what could not be done. Renders nothing without a failure. */
export function ActionError({ failure, money = false }: ActionErrorProps) {
  const t = useText(messages);
  const text = useFailureText();
  if (failure === null || failure === undefined) return null;
  const isUnknown = failure instanceof Unreachable && money;
  return (
    <Alert role="alert" color="red" icon={<IconAlertTriangle />}>
      {isUnknown ? t("unreachableMoney") : text(failure)}
      {money && !isUnknown && ` ${t("noMoneyMoved")}`}
    </Alert>
  );
}
