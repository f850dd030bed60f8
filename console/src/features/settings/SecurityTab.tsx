/* Ways to sign in. Changes end other sessions; guarded ones ask for the second factor. */

import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Loaded } from "../../components/Loaded";
import { Waiting } from "../../components/Waiting";
import { BackupCodes, NewBackupCodes } from "./BackupCodes";
import { LinkedAccounts } from "./LinkedAccounts";
import { Passkeys } from "./Passkeys";
import { Password } from "./Password";
import { securityQuery } from "./queries";
import { Totp } from "./Totp";

export function SecurityTab() {
  const query = useQuery(securityQuery);
  const [codes, setCodes] = useState<readonly string[]>([]);
  return (
    <Loaded query={query} waiting={<Waiting rows={5} />}>
      {(security) => (
        <Stack gap={40}>
          {codes.length > 0 && <NewBackupCodes codes={codes} />}
          <Password hasOne={security.has_password} />
          <Totp security={security} onCodes={setCodes} />
          <Passkeys security={security} onCodes={setCodes} />
          <LinkedAccounts security={security} />
          <BackupCodes left={security.backup_codes_left} onCodes={setCodes} />
        </Stack>
      )}
    </Loaded>
  );
}
