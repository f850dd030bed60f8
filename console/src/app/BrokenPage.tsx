import { Button, Container } from "@mantine/core";
import { IconBug } from "@tabler/icons-react";
import { useRouter, type ErrorComponentProps } from "@tanstack/react-router";
import { useCallback } from "react";
import { Problem, Unreachable } from "../api/problem";
import { EmptyState } from "../components/EmptyState";
import { ErrorState } from "../components/ErrorState";
import { useText } from "../lib/i18n";
import { messages } from "./messages";

/** In place of a page that failed: by the API's answer, for want of one, or by a fault of ours. */
export function BrokenPage({ error, reset }: ErrorComponentProps) {
  const t = useText(messages);
  const router = useRouter();
  const retry = useCallback(() => {
    reset();
    void router.invalidate();
  }, [reset, router]);
  if (error instanceof Unreachable || error instanceof Problem) {
    return (
      <Container size="xs" py="xl">
        <ErrorState failure={error} retry={retry} />
      </Container>
    );
  }
  return (
    <EmptyState
      whole
      icon={IconBug}
      title={t("brokenTitle")}
      action={<Button onClick={() => location.reload()}>{t("reload")}</Button>}
    >
      {t("broken")}
    </EmptyState>
  );
}
