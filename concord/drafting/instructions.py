"""What the model is told in each step of a recipe; fixed texts, which the demo drafter recognises."""

from __future__ import annotations

ACTIONS = (
    "Do not answer yet. First list the single actions that this task asks of you, one a line, each beginning with '- '."
)
PLAN = "Do not answer yet. Write a short numbered plan that carries out these actions in a sensible order."
EXECUTE = (
    "Now carry out the plan. Write the answer alone: no plan, no comment, no heading that the task does not ask for."
)
REPAIR = "The answer has this fault: {faults}. Write the answer again without it, and nothing else."
CHECK = (
    "You check whether an answer keeps to guidelines. Reply with the single word OK when it keeps to all of them. "
    "Otherwise write one line for each breach, beginning with '- '."
)
REVISE = (
    "A check against the guidelines found:\n{breaches}\n"
    "Write the answer again so that it keeps to them, and nothing else."
)
SUPPORT = (
    "You check whether an answer keeps to its task. Quote each statement of fact in the answer that the text of the "
    "task does not support; what is common knowledge, and what the task asks to invent, needs no support. Reply with a "
    'JSON object alone: {"claims": ["…", …]}, with an empty list when all is supported.'
)
JUDGE = (
    "You compare two answers to the same task. Reply with A when the first is better, with B when the second is, "
    "and with TIE when neither is. Reply with that one word. The order of the answers means nothing, nor does length."
)
