// A weak order by drag and drop, click or keys.
// data: { key, ids: string[], labels: string[], asks_reason }, the state that it begins with and what unsaved.js asks for;
// state "tiers": best first, ranked ids only; "rest": "missing", "unranked" or "all_bad"; "reason".
const boards = new WeakMap()

const filled = tiers => tiers.map(tier => [...tier]).filter(tier => tier.length)
const without = (tiers, id) => filled(tiers.map(tier => tier.filter(other => other !== id)))

export default function (component) {
  const { data, parentElement, setStateValue } = component
  const root = parentElement.querySelector(".board")
  let board = boards.get(root)
  if (!board) {
    board = { keeper: keeperOf(root), tiers: [], rest: "missing", tieNext: false, abort: new AbortController() }
    boards.set(root, board)
    document.addEventListener("keydown", event => board.onKey(event), { signal: board.abort.signal })
  }
  const begin = ({ tiers, rest, reason }) => {
    Object.assign(board, { tiers: filled(tiers), rest, asked: false, tieNext: false })
    root.querySelector(".why textarea").value = reason
  }
  const restore = state => {
    begin(state)
    for (const part of ["tiers", "rest", "reason"]) setStateValue(part, state[part])
    render()
  }
  const began = { tiers: data.tiers, rest: data.rest, reason: data.reason }
  if (board.keeper.begins(data, began, restore)) begin(began)

  const label = id => data.labels[data.ids.indexOf(id)]
  const tierOf = id => board.tiers.findIndex(tier => tier.includes(id))
  const unranked = () => data.ids.filter(id => tierOf(id) < 0)
  const chipOf = id => root.querySelector(`[data-id="${CSS.escape(id)}"]`)
  const say = text => { root.querySelector(".sr").textContent = text }

  function place(id) {
    const i = tierOf(id)
    if (i < 0) return `Draft ${label(id)}, ${board.rest === "all_bad" ? "bad" : "not ranked"}`
    const others = board.tiers[i].filter(other => other !== id).map(label)
    return `Draft ${label(id)}, rank ${i + 1} of ${board.tiers.length}` + (others.length ? `, tied with ${others.join(", ")}` : "")
  }

  function commit(tiers, id) {
    board.tiers = filled(tiers)
    board.tieNext = false
    setStateValue("tiers", board.tiers)
    setRest("missing")
    render(id)
    say(place(id))
  }

  function setRest(rest) {
    board.rest = rest
    setStateValue("rest", rest)
    board.keeper.change({ tiers: board.tiers, rest })
  }

  function callAllBad() {            // pressed again, it is taken back
    board.tieNext = false
    setStateValue("tiers", board.tiers = [])
    setRest(board.rest === "all_bad" ? "missing" : "all_bad")
    render()
    say(board.rest === "all_bad" ? "None of the drafts is an answer" : "No draft is ranked")
  }

  function leaveUnranked() {
    if (!board.tiers.length || !unranked().length) return
    setRest(board.rest === "unranked" ? "missing" : "unranked")
    render()
    say(board.rest === "unranked" ? "The rest is left unranked" : "The rest is to be ranked")
  }

  // target: {kind: "tier", i} joins a tie, {kind: "gap", i} opens a rank before i, {kind: "tray"} unranks
  function drop(id, target) {
    if (target.kind === "tray") return commit(without(board.tiers, id), id)
    const tiers = board.tiers.map(tier => tier.filter(other => other !== id))
    if (target.kind === "tier") tiers[target.i].push(id)
    else tiers.splice(target.i, 0, [id])
    commit(tiers, id)
  }

  function rankNext(id) {
    const last = board.tiers.length - 1
    drop(id, board.tieNext && last >= 0 ? { kind: "tier", i: last } : { kind: "gap", i: last + 1 })
  }

  function step(id, direction) {   // walks through every weak order: out of a tie, or into the neighbour's
    const i = tierOf(id)
    if (i < 0) return rankNext(id)
    if (board.tiers[i].length > 1) return drop(id, { kind: "gap", i: direction < 0 ? i : i + 1 })
    const next = i + direction
    if (next >= 0 && next < board.tiers.length) drop(id, { kind: "tier", i: next })
  }

  board.onKey = event => {
    if (isElsewhere(event) || !root.isConnected) return
    const digit = digitOf(event)
    const id = digit && data.ids[digit - 1]
    if (event.key === "=") {       // before the digits: on some keyboards it is Shift with one of them
      board.tieNext = board.tiers.length > 0 && unranked().length > 0
      render()
      if (board.tieNext) say("The next draft ties with the last one")
    } else if (id) {
      if (tierOf(id) < 0) rankNext(id)
      else chipOf(id)?.focus()
    } else if (event.key === "Backspace" && board.tiers.length) {
      const last = board.tiers.at(-1).at(-1)
      commit(without(board.tiers, last), last)
    } else if (event.key === "0") callAllBad()
    else if (event.key === "l") leaveUnranked()
    else return
    event.preventDefault()
  }

  function chip(id) {
    const node = element("button", "chip")
    node.type = "button"
    node.dataset.id = id
    node.setAttribute("aria-label", place(id))
    node.append(element("b", "", label(id)))
    const number = data.ids.indexOf(id) + 1
    if (number <= 9) node.append(element("kbd", "", String(number)))
    node.onclick = () => { if (tierOf(id) < 0) rankNext(id) }
    node.onkeydown = event => {
      const direction = { ArrowUp: -1, ArrowDown: 1 }[event.key]
      if (direction) step(id, direction)
      else if (event.key === "Delete") drop(id, { kind: "tray" })
      else return
      event.preventDefault()
    }
    node.onpointerdown = event => startDrag(event, id, node)
    return node
  }

  function startDrag(start, id, node) {
    if (start.button !== 0) return
    const box = node.getBoundingClientRect(), x = start.clientX - box.left, y = start.clientY - box.top
    const listening = new AbortController()
    let ghost = null, over = null
    const move = event => {
      if (!ghost) {
        if (Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) < 4) return
        ghost = node.cloneNode(true)
        ghost.classList.add("ghost")
        root.append(ghost)
        node.classList.add("dragged")
      }
      ghost.style.left = `${event.clientX - x}px`
      ghost.style.top = `${event.clientY - y}px`
      const hit = parentElement.elementFromPoint(event.clientX, event.clientY)?.closest("[data-kind]") ?? null
      if (hit === over) return
      over?.classList.remove("over")
      hit?.classList.add("over")
      over = hit
    }
    const end = () => {
      listening.abort()
      node.classList.remove("dragged")
      over?.classList.remove("over")
      if (!ghost) return
      ghost.remove()
      node.onclick = null          // the click that ends a drag is no click
      if (over) drop(id, { kind: over.dataset.kind, i: Number(over.dataset.i) })
      else render()
    }
    const options = { signal: listening.signal }
    window.addEventListener("pointermove", move, options)
    window.addEventListener("pointerup", end, options)
    window.addEventListener("pointercancel", end, options)
  }

  function zone(className, kind, i, caption) {
    const node = element("div", className)
    node.dataset.kind = kind
    node.dataset.i = String(i)
    if (caption) node.append(element("span", "place", caption))
    return node
  }

  function chips(...nodes) {
    const node = element("div", "chips")
    node.append(...nodes)
    return node
  }

  function tierZone(tier, i) {
    const node = zone("zone tier", "tier", i, i === 0 ? "1 · best" : String(i + 1))
    const tied = tier.flatMap((id, n) => n ? [element("span", "tie", "="), chip(id)] : [chip(id)])
    if (board.tieNext && i === board.tiers.length - 1) tied.push(element("span", "tie", "="), element("span", "pending", "next"))
    node.append(chips(...tied))
    return node
  }

  function verdict(rest, words, key, act) {
    const node = element("button", "verdict", words)
    node.type = "button"
    node.dataset.rest = rest
    node.setAttribute("aria-pressed", String(board.rest === rest))
    node.append(element("kbd", "", key))
    node.onclick = act
    return node
  }

  function render(focusId) {
    focusId ??= parentElement.activeElement?.dataset?.id   // a rerun calls us again: keep the keyboard focus
    const rows = [zone("gap", "gap", 0)]
    board.tiers.forEach((tier, i) => rows.push(tierZone(tier, i), zone("gap", "gap", i + 1)))
    if (!board.tiers.length && board.rest !== "all_bad") {
      const start = zone("zone start", "gap", 0)
      start.textContent = "Drag the best draft here, click it, or press its number."
      rows.push(start, zone("gap", "gap", 0))
    }
    const rest = unranked()
    if (rest.length) {
      const tray = zone("zone tray", "tray", -1, { missing: "Not ranked", unranked: "Left out", all_bad: "All bad" }[board.rest])
      tray.append(chips(...rest.map(chip)))
      rows.push(tray)
    }
    root.querySelector(".list").replaceChildren(...rows)
    const told = parentElement.activeElement?.dataset?.rest
    root.querySelector(".row").replaceChildren(
      verdict("all_bad", "All bad", "0", callAllBad),
      ...(board.tiers.length && rest.length ? [verdict("unranked", "Leave the rest unranked", "L", leaveUnranked)] : []))
    if (told) root.querySelector(`[data-rest="${told}"]`)?.focus({ preventScroll: true })
    if (focusId) chipOf(focusId)?.focus({ preventScroll: true })
  }

  render()
  askReason(root, board, component)
  return () => { board.keeper.end(); board.abort.abort(); boards.delete(root) }
}
