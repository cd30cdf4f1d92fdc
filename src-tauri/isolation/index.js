// Every message of the page passes here before it reaches the program. Only these may.
const allowed = new Set([
  "rpc",
  "pick_folder",
  "pick_file",
  "plugin:event|listen",
  "plugin:event|unlisten",
]);

window.__TAURI_ISOLATION_HOOK__ = (message) => {
  if (!allowed.has(message.cmd)) throw new Error("The window does not have this command.");
  return message;
};
