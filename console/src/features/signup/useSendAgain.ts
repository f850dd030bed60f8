import { useMutation } from "@tanstack/react-query";
import { api, ask } from "../../api/client";
import { prove } from "./proof";

/** Has the link to confirm an address sent again, if the address waits for one. */
export function useSendAgain() {
  return useMutation({
    mutationFn: async (email: string) => {
      const { proof_of_work } = await ask(api.GET("/api/sign-up"));
      return ask(api.POST("/api/sign-up/resend", { body: { email, proof: proof_of_work ? await prove() : null } }));
    },
  });
}
