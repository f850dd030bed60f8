/* Conversations are kept in this browser and nowhere else. */

import type { Conversation } from "./conversation";

const DATABASE = "farebox";
const STORE = "conversations";

/** Those of one account, the last changed first. */
export async function loadHistory(account: string): Promise<Conversation[]> {
  const all = await inStore<Conversation[]>("readonly", (store) => store.getAll());
  return all.filter((each) => each.account === account).sort((left, right) => right.changedAt - left.changedAt);
}

export async function keep(conversation: Conversation): Promise<void> {
  await inStore("readwrite", (store) => store.put(conversation));
}

export async function forget(id: string): Promise<void> {
  await inStore("readwrite", (store) => store.delete(id));
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new Error("the browser's database cannot be opened"));
  });
}

async function inStore<T = unknown>(
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest,
): Promise<T> {
  const database = await open();
  try {
    return await new Promise<T>((resolve, reject) => {
      const request = act(database.transaction(STORE, mode).objectStore(STORE));
      request.onsuccess = () => resolve(request.result as T);
      request.onerror = () => reject(new Error("the browser's database refused"));
    });
  } finally {
    database.close();
  }
}
