import { notifications } from "@mantine/notifications";
import { useText } from "../../lib/i18n";
import { messages } from "./messages";

/** Tells that something was saved. */
export function useSaved(): () => void {
  const t = useText(messages);
  return () => void notifications.show({ message: t("saved") });
}
