/* Where notices of what was done appear. */

import { MantineThemeProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import "@mantine/notifications/styles.layer.css";
import { messages } from "../components/messages";
import { useText } from "../lib/i18n";

export default function NoticeArea() {
  const t = useText(messages);
  // Whoever shows a notice does not name its cross: all of them are called the same.
  const named = { Notification: { defaultProps: { closeButtonProps: { "aria-label": t("close") } } } };
  return (
    <MantineThemeProvider theme={{ components: named }}>
      <Notifications position="bottom-right" />
    </MantineThemeProvider>
  );
}
