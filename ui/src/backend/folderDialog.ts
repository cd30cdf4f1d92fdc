/** Where a host without native dialogs asks the screens for a folder: one question at a time. */
type Question = { answer: (folder: string | null) => void };

let open: Question | null = null;
const listeners = new Set<() => void>();

function set(next: Question | null) {
  open = next;
  for (const listener of listeners) listener();
}

export function askForFolder(): Promise<string | null> {
  open?.answer(null);
  return new Promise((resolve) => {
    set({
      answer(folder) {
        set(null);
        resolve(folder);
      },
    });
  });
}

export const folderQuestion = {
  get: () => open,
  subscribe(listener: () => void) {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
};
