/* Names and values, one below the other. */

import { Table } from "@mantine/core";
import type { ReactNode } from "react";

type Fact = readonly [name: string, value: ReactNode];

/** `false` among the facts is left out. */
export function Facts({ facts }: { facts: readonly (Fact | false)[] }) {
  return (
    <Table className="facts" variant="vertical" withRowBorders={false}>
      <Table.Tbody>
        {facts
          .filter((fact) => fact !== false)
          .map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Th scope="row" fw={400} c="dimmed" pl={0}>
                {name}
              </Table.Th>
              <Table.Td>{value}</Table.Td>
            </Table.Tr>
          ))}
      </Table.Tbody>
    </Table>
  );
}
