// A text area with a live word diff, for use inside a form: there setStateValue is free, so it is sent at every input.
// data: { key, label, draft, text, url, token, pause_ms }; state "text".
// The browser's own copy exists only while the server does not have the text: what is saved or submitted leaves no trace.
const editors = new WeakMap()
const MOST_TOKENS = 1500            // beyond this square, one deletion and one insertion are shown
const MOST_KEEPALIVE = 60_000       // browsers refuse keepalive bodies over 64 KiB
const RETRY_MS = 3000

const tokens = text => text.match(/\s+|[\p{L}\p{N}_'’-]+|[^\s\p{L}\p{N}_]/gu) ?? []
const words = text => text.match(/[\p{L}\p{N}_'’-]+/gu)?.length ?? 0

// Storage may be full or forbidden: the editor works without it.
const keep = (slot, text) => { try { localStorage.setItem(slot, text) } catch { /* the server's copy remains */ } }
const forget = slot => { try { localStorage.removeItem(slot) } catch { /* nothing is kept, then */ } }
const recall = slot => { try { return localStorage.getItem(slot) } catch { return null } }

let changesOff = recall("concord:changes") === "off"     // for all drafts, until it is switched on again

function middle(x, y) {             // longest common subsequence, as [sign, token] steps
  const width = y.length + 1, common = new Uint16Array((x.length + 1) * width)
  for (let i = x.length - 1; i >= 0; i--) for (let j = y.length - 1; j >= 0; j--)
    common[i * width + j] = x[i] === y[j] ? common[(i + 1) * width + j + 1] + 1
      : Math.max(common[(i + 1) * width + j], common[i * width + j + 1])
  const steps = []
  let i = 0, j = 0
  while (i < x.length || j < y.length) {
    if (i < x.length && j < y.length && x[i] === y[j]) { steps.push(["=", x[i++]]); j++ }
    else if (j >= y.length || (i < x.length && common[(i + 1) * width + j] >= common[i * width + j + 1])) steps.push(["-", x[i++]])
    else steps.push(["+", y[j++]])
  }
  return steps
}

function wordDiff(before, after) {  // runs of ["=" | "-" | "+", text]
  const x = tokens(before), y = tokens(after)
  let start = 0, end = 0
  while (start < x.length && start < y.length && x[start] === y[start]) start++
  while (end < x.length - start && end < y.length - start && x[x.length - 1 - end] === y[y.length - 1 - end]) end++
  const left = x.slice(start, x.length - end), right = y.slice(start, y.length - end)
  const steps = left.length * right.length > MOST_TOKENS ** 2
    ? [["-", left.join("")], ["+", right.join("")]] : middle(left, right)
  const runs = []
  for (const [sign, text] of [["=", x.slice(0, start).join("")], ...steps, ["=", x.slice(x.length - end).join("")]]) {
    if (!text) continue
    if (runs.at(-1)?.[0] === sign) runs.at(-1)[1] += text
    else runs.push([sign, text])
  }
  return runs
}

function marked([sign, text]) {
  const node = document.createElement({ "+": "ins", "-": "del", "=": "span" }[sign])
  node.textContent = text
  return node
}

function countOf(runs) {
  const sum = sign => runs.reduce((total, run) => total + (run[0] === sign ? words(run[1]) : 0), 0)
  if (runs.every(run => run[0] === "=")) return "unchanged"
  const added = sum("+")
  return `${added} ${added === 1 ? "word" : "words"} added, ${sum("-")} removed`
}

export default function (component) {
  const { data, parentElement, setStateValue } = component
  const root = parentElement.querySelector(".editor"), area = root.querySelector("textarea"), bar = root.querySelector(".restore")
  let editor = editors.get(root)
  if (!editor) {
    editor = { key: null, timer: 0, frame: 0, dirty: false, abort: new AbortController() }
    editors.set(root, editor)
    const options = { signal: editor.abort.signal }
    window.addEventListener("pagehide", () => editor.leave(), options)
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && editor.leave(), options)
  }
  const slot = `concord:${data.key}`

  const show = (text, problem = false) => {
    const saved = root.querySelector(".saved")
    saved.textContent = text
    saved.classList.toggle("problem", problem)
  }
  const paint = () => {
    cancelAnimationFrame(editor.frame)
    if (data.draft === null) return
    root.querySelector(".back").hidden = area.value === data.draft
    if (changesOff) return
    editor.frame = requestAnimationFrame(() => {
      const runs = wordDiff(data.draft, area.value)
      root.querySelector(".diff").replaceChildren(...runs.map(marked))
      root.querySelector(".count").textContent = countOf(runs)
    })
  }
  const body = () => JSON.stringify({ token: data.token, text: area.value })
  const again = why => {
    editor.dirty = true
    show(why, true)
    clearTimeout(editor.timer)
    editor.timer = setTimeout(save, RETRY_MS)
  }
  const save = async () => {
    clearTimeout(editor.timer)
    if (!editor.dirty) return
    editor.dirty = false
    show("Saving…")
    const sent = body(), text = area.value
    try {
      const answer = await fetch(data.url, {
        method: "POST", body: sent, keepalive: sent.length < MOST_KEEPALIVE, headers: { "Content-Type": "application/json" } })
      if (answer.status >= 500) again("Not saved yet: trying again")
      else if (!answer.ok) show("Not saved: reload the page", true)
      else {
        const { saved } = await answer.json()
        if (recall(slot) === text) forget(slot)
        if (!saved) show("Not kept: you submitted this before. Copy your text, then reload the page.", true)
        else if (!editor.dirty) show("Saved")
      }
    } catch { again("Offline: kept in this browser") }
  }
  editor.leave = () => {            // only a beacon outlives the page
    clearTimeout(editor.timer)
    if (!editor.dirty) return
    if (navigator.sendBeacon(data.url, new Blob([body()], { type: "application/json" }))) editor.dirty = false
  }
  area.oninput = () => {
    keep(slot, area.value)
    setStateValue("text", area.value)
    editor.dirty = true
    show("Editing…")
    clearTimeout(editor.timer)
    editor.timer = setTimeout(save, data.pause_ms)
    paint()
  }
  area.onblur = save
  area.onkeydown = event => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save() }

  root.querySelector(".back").onclick = () => {
    area.select()
    document.execCommand("insertText", false, data.draft)   // unlike an assignment, Ctrl+Z takes it back
  }

  root.querySelector("label").textContent = data.label
  const arrange = () => {
    const button = root.querySelector(".changes")
    button.hidden = data.draft === null
    button.setAttribute("aria-pressed", String(changesOff))
    root.classList.toggle("alone", data.draft === null || changesOff)
  }
  root.querySelector(".changes").onclick = () => {
    changesOff = !changesOff
    if (changesOff) keep("concord:changes", "off")
    else forget("concord:changes")
    arrange()
    paint()
  }
  arrange()
  if (editor.key !== data.key) {
    Object.assign(editor, { key: data.key, dirty: false })
    area.value = data.text
    const kept = recall(slot)
    if (kept === data.text) forget(slot)
    bar.hidden = kept === null || kept === data.text
    bar.querySelector("button").onclick = () => { area.value = kept; bar.hidden = true; area.oninput() }
    area.focus({ preventScroll: true })
  }
  paint()
  return () => { editor.leave(); editor.abort.abort(); editors.delete(root) }
}
