/* Server-sent events, cut out of the pieces in which a body arrives. */

export class EventCutter {
  #rest = "";
  readonly #decoder = new TextDecoder();

  /** The data of all events that are complete with this piece. A character may be split between pieces. */
  feed(piece: Uint8Array): string[] {
    // A line's end may be split between pieces, too.
    this.#rest = (this.#rest + this.#decoder.decode(piece, { stream: true })).replaceAll("\r\n", "\n");
    const events = this.#rest.split("\n\n");
    this.#rest = events.pop() ?? "";
    return events.map(dataOf).filter((data) => data !== "");
  }
}

function dataOf(event: string): string {
  return event
    .split("\n")
    .filter((line) => line.startsWith("data:"))
    .map((line) => line.slice(5).replace(/^ /, ""))
    .join("\n");
}
