import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { api, ask } from "../api/client";
import { useFailureText } from "../components/failure";
import { endChatKey } from "../features/chat/chatKey";
import { tellOtherTabs } from "../features/session/otherTabs";

/** Ends the session and goes to the door. */
export function useSignOut() {
  const navigate = useNavigate();
  const cache = useQueryClient();
  const failureText = useFailureText();
  return useMutation({
    mutationFn: endSession,
    onSuccess: async () => {
      await navigate({ to: "/sign-in" });
      cache.clear();
      tellOtherTabs("session");
    },
    // Still signed in: whoever leaves this screen has to know.
    onError: (failure) => notifications.show({ color: "red", message: failureText(failure) }),
  });
}

/** The key that the chat has made in this browser goes, too: who comes next must not spend with it. */
async function endSession(): Promise<void> {
  try {
    await endChatKey();
  } finally {
    await ask(api.DELETE("/api/session"));
  }
}
