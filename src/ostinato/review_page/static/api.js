// What is asked of the server, and what it says by itself. A change is sent until it is answered:
// its token tells the server that it is the same one.
export class Refused extends Error {
  constructor(status, text, body) {
    super(text);
    this.status = status;
    this.body = body;
  }
}

const answered = async (response) => {
  const isJson = (response.headers.get("content-type") ?? "").startsWith("application/json");
  const body = isJson ? await response.json() : await response.text();
  if (!response.ok) throw new Refused(response.status, isJson ? body.why : String(body).trim(), body);
  return body;
};

export const get = async (path) => answered(await fetch(path, { credentials: "same-origin" }));

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export const post = async (path, wish, { onWait } = {}) => {
  const body = JSON.stringify({ token: crypto.randomUUID(), ...wish });
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await answered(await fetch(path, {
        method: "POST", credentials: "same-origin", headers: { "content-type": "application/json" }, body,
      }));
    } catch (error) {
      // started again since: the new link lets this page in as well, and the change is sent then
      if (error instanceof Refused && error.status !== 401) throw error;
      onWait?.(attempt);
      await pause(Math.min(5000, 250 * 2 ** attempt));
    }
  }
};

export const listen = (handlers) => {
  const source = new EventSource("/api/events");
  for (const [name, act] of Object.entries(handlers)) {
    if (name === "open" || name === "error") source.addEventListener(name, act);
    else source.addEventListener(name, (event) => act(JSON.parse(event.data)));
  }
  // refused, as by a server that was started again: it is asked once more
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) setTimeout(() => listen(handlers), 2000);
  });
};
