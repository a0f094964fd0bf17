// Hears of the ends of builds for as long as somebody looks: a browser has six connections to a server and no more, so a page
// no one sees gives up its own. Whoever begins to listen, be it again, is told at once. What stops a build is shown.
import { show } from "/_sitegen/overlay.js";

export function listen(built) {
  let events = null, heard = 0;
  const leave = () => { events?.close(); events = null; };
  const follow = () => {
    if (document.hidden) return leave();
    if (events) return;
    heard = Date.now();
    const source = events = new EventSource("/_sitegen/events");
    source.addEventListener("beat", () => { heard = Date.now(); });
    source.addEventListener("problems", (event) => { heard = Date.now(); show(JSON.parse(event.data)); });
    source.addEventListener("built", () => { heard = Date.now(); built(); });
    source.onerror = () => {
      if (source.readyState !== EventSource.CLOSED || events !== source) return;
      leave();
      setTimeout(follow, 1000);
    };
  };
  // After a sleep a connection may be dead without knowing it: the server is heard every fifteen seconds.
  setInterval(() => { if (events && Date.now() - heard > 40000) { leave(); follow(); } }, 5000);
  document.addEventListener("visibilitychange", follow);
  addEventListener("pagehide", leave);
  addEventListener("pageshow", follow);
  addEventListener("online", () => { leave(); follow(); });
  follow();
}
