/* Where notices of what was done appear. */

import { Notifications } from "@mantine/notifications";
import "@mantine/notifications/styles.layer.css";

export default function NoticeArea() {
  return <Notifications position="bottom-right" />;
}
