// Questions with choices, one after the other, by click or keys.
// data: { key, questions: [{ name, question, choices, keys, low, high, multi, scale }], answers } and what unsaved.js asks for;
// state "answers": { name: [choice] }, without those that have none.
const boards = new WeakMap()

export default function (component) {
  const { data, parentElement, setStateValue } = component
  const root = parentElement.querySelector(".board")
  let board = boards.get(root)
  if (!board) {
    board = { keeper: keeperOf(root), answers: {}, at: 0, abort: new AbortController() }
    boards.set(root, board)
    document.addEventListener("keydown", event => board.onKey(event), { signal: board.abort.signal })
  }

  const last = data.questions.length - 1
  const given = question => board.answers[question.name] ?? []
  const firstOpen = () => data.questions.findIndex(question => !given(question).length)

  function answer(question, choices) {
    const { [question.name]: _, ...others } = board.answers
    board.answers = choices.length ? { ...others, [question.name]: choices } : others
    setStateValue("answers", board.answers)
    board.keeper.change({ answers: board.answers })
    root.querySelector(".sr").textContent = `${question.name}: ${choices.join(", ") || "no answer"}`
  }

  function choose(i, choice) {
    const question = data.questions[i], before = given(question)
    board.at = i
    if (!question.multi) {
      answer(question, [choice])
      board.at = firstOpen() < 0 ? i : firstOpen()
    } else answer(question, question.choices.filter(other => before.includes(other) !== (other === choice)))
    mark()
  }

  function back() {            // takes back the answer before, as on the rank board
    const at = given(data.questions[board.at]).length ? board.at : Math.max(board.at - 1, 0)
    board.at = at
    if (given(data.questions[at]).length) answer(data.questions[at], [])
    mark()
  }

  board.onKey = event => {
    if (isElsewhere(event) || !root.isConnected) return
    const question = data.questions[board.at], digit = digitOf(event)
    const onButton = event.composedPath()[0] instanceof HTMLButtonElement
    if (digit && question.keys.includes(digit)) choose(board.at, question.choices[question.keys.indexOf(digit)])
    else if (event.key === "Backspace") back()
    else if (event.key === "Enter" && !onButton) {
      board.at = Math.min(board.at + 1, last)
      mark()
    } else return
    event.preventDefault()
  }

  function option(i, n) {
    const question = data.questions[i], choice = question.choices[n]
    const node = element("button", "option")
    node.type = "button"
    node.choice = choice
    node.append(element("span", "", choice))
    if (question.keys[n] && !question.scale) node.append(element("kbd", "", question.keys[n]))
    node.setAttribute("aria-label", `${question.name}: ${choice}`)
    node.onclick = () => choose(i, choice)
    return node
  }

  function block(question, i) {
    const node = element("div", "question")
    node.setAttribute("role", "group")
    node.setAttribute("aria-label", question.name)
    const title = element("div", "title")
    title.append(element("b", "", question.name), element("span", "", question.question))
    const options = element("div", question.scale ? "options scale" : "options")
    options.append(...question.choices.map((_, n) => option(i, n)))
    node.append(title, options)
    if (question.low || question.high) {
      const ends = element("div", "ends")
      ends.append(element("span", "", question.low), element("span", "", question.high))
      node.append(ends)
    } else if (question.multi) node.append(element("div", "ends", "Choose all that apply."))
    return node
  }

  function mark() {
    root.querySelectorAll(".question").forEach((node, i) => {
      node.classList.toggle("current", i === board.at)
      for (const one of node.querySelectorAll(".option")) {
        one.setAttribute("aria-pressed", String(given(data.questions[i]).includes(one.choice)))
      }
    })
  }

  const begin = ({ answers }) => {
    board.answers = answers
    board.at = Math.max(firstOpen(), 0)
  }
  const restore = state => {
    begin(state)
    setStateValue("answers", state.answers)
    mark()
  }
  const began = { answers: data.answers }
  if (board.keeper.begins(data, began, restore)) {
    begin(began)
    root.querySelector(".list").replaceChildren(...data.questions.map(block))
  }
  mark()
  return () => { board.keeper.end(); board.abort.abort(); boards.delete(root) }
}
