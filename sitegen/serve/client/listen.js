// Hears what the server has to tell for as long as somebody looks: a browser has six connections to a server and no more, so
// a page that no one sees gives up its own.

/** `address` gives where to listen each time; `acts` by the name of an event: given the event and the line it came on. */
export function listen(address, acts) {
  let events = null, heard = 0;
  const leave = () => { events?.close(); events = null; };
  const follow = () => {
    if (document.hidden) return leave();
    if (events) return;
    heard = Date.now();
    const source = events = new EventSource(address());
    const line = {
      holds: () => events === source,
      again(later) { if (events === source) { leave(); setTimeout(follow, later); } },
    };
    for (const [name, act] of Object.entries({ beat() {}, ...acts })) {
      source.addEventListener(name, (event) => { heard = Date.now(); act(event, line); });
    }
    source.onerror = () => { if (source.readyState === EventSource.CLOSED) line.again(1000); };
  };
  // After a sleep a connection may be dead without knowing it: the server is heard every fifteen seconds.
  setInterval(() => { if (events && Date.now() - heard > 40000) { leave(); follow(); } }, 5000);
  document.addEventListener("visibilitychange", follow);
  addEventListener("pagehide", leave);
  addEventListener("pageshow", follow);
  addEventListener("online", () => { leave(); follow(); });
  follow();
}
