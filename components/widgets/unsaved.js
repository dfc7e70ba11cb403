// What is entered and not submitted: sent to the server while somebody works. It stands before a component's own text.
// The one component of a page that has a keeper keeps the whole page; what is said of facts reaches it as an event.
// data: { key, url, token, pause_ms, facts }.
// The browser's own copy exists only while the server does not have it: what is saved or submitted leaves no trace.
const MOST_KEEPALIVE = 60_000       // browsers refuse keepalive bodies over 64 KiB
const RETRY_MS = 3000
const PATIENCE_MS = 15_000          // a network that swallows what is sent says nothing

// Storage may be full or forbidden: the page works without it.
const keep = (slot, text) => { try { localStorage.setItem(slot, text) } catch { /* the server's copy remains */ } }
const forget = slot => { try { localStorage.removeItem(slot) } catch { /* nothing is kept, then */ } }
const recall = slot => { try { return localStorage.getItem(slot) } catch { return null } }
const parsed = text => { try { return JSON.parse(text) } catch { return null } }
const alike = (a, b) => a === b || (Object(a) === a && Object(b) === b
  && Object.keys({ ...a, ...b }).every(name => alike(a[name], b[name])))

function keeperOf(root) {           // one for a component, as long as it is on the screen
  let page = null                   // { data, state, dirty, saving, timer }: of each key another one
  const abort = new AbortController(), options = { signal: abort.signal }

  const show = (of, text, problem = false) => {
    if (of !== page) return
    const saved = root.querySelector(".saved")
    saved.textContent = text
    saved.classList.toggle("problem", problem)
  }
  const slotOf = of => `concord:${of.data.key}`
  const body = of => JSON.stringify({ token: of.data.token, state: of.state })
  const later = (of, pause) => {
    clearTimeout(of.timer)
    of.timer = setTimeout(() => save(of), pause)
  }
  const again = (of, why) => {
    of.dirty = true
    show(of, why, true)
    later(of, RETRY_MS)
  }
  async function save(of) {
    clearTimeout(of?.timer)
    if (!of?.dirty) return
    if (of.saving) return later(of, of.data.pause_ms)      // one after the other: the newest has to arrive last
    Object.assign(of, { dirty: false, saving: true })
    show(of, "Saving…")
    const sent = body(of), copy = JSON.stringify(of.state)
    try {
      const answer = await fetch(of.data.url, {
        method: "POST", body: sent, keepalive: sent.length < MOST_KEEPALIVE, headers: { "Content-Type": "application/json" },
        signal: AbortSignal.timeout(PATIENCE_MS) })
      if (answer.status >= 500) again(of, "Not saved yet: trying again")
      else if (!answer.ok) show(of, "Not saved: reload the page", true)
      else {
        const { saved } = await answer.json()
        if (recall(slotOf(of)) === copy) forget(slotOf(of))
        if (!saved) show(of, "Not kept: you submitted this before. Copy what you need, then reload the page.", true)
        else if (!of.dirty) show(of, "Saved")
      }
    } catch { again(of, "Offline: kept in this browser") } finally { of.saving = false }
  }
  function leave() {                // only a beacon outlives the page, and it does not say whether it arrived
    if (page?.dirty) navigator.sendBeacon(page.data.url, new Blob([body(page)], { type: "application/json" }))
  }
  function change(parts) {          // some parts of the page are like this now
    page.state = { ...page.state, ...parts }
    page.dirty = true
    keep(slotOf(page), JSON.stringify(page.state))
    show(page, "Unsaved")
    later(page, page.data.pause_ms)
  }
  function offer(restore) {         // what only this browser has
    const kept = parsed(recall(slotOf(page))), bar = root.querySelector(".restore")
    bar.hidden = !kept || alike(kept, page.state)
    if (kept && bar.hidden) forget(slotOf(page))
    bar.querySelector("button").onclick = () => {
      bar.hidden = true
      restore(kept)
      document.dispatchEvent(new CustomEvent("concord:restored", { detail: kept.facts }))
      change(kept)
    }
  }
  function begins(data, state, restore) {       // whether the page is another one than before
    const before = page
    if (before?.data.key === data.key) {
      before.data = data
      return false
    }
    save(before)
    page = { data, state: { ...state, facts: data.facts }, dirty: false, saving: false, timer: 0 }
    show(page, "")
    offer(restore)
    return true
  }
  function end() {
    abort.abort()
    save(page)
  }

  window.addEventListener("pagehide", leave, options)
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" ? leave() : save(page), options)
  document.addEventListener("concord:fact", event => change({ facts: { ...page.state.facts, ...event.detail } }), options)
  return { begins, change, end, save: () => save(page) }
}
