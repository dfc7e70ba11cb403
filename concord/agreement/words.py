"""What each number is, in words: its name, what it is, its range, when to trust it."""

from __future__ import annotations

from typing import NamedTuple


class Word(NamedTuple):
    """How a statistic is explained to a reader who never met it."""

    name: str
    what: str
    range: str
    trust: str

    def __str__(self) -> str:
        """All of it as one text."""
        return f"{self.what} {self.range} {self.trust}"


_CHANCE = "1: all agree; 0: what chance would give; below 0: systematic disagreement."
_SHARE = "From 0 to 1."
_SKEWED = "Low where one value prevails, even if most answers agree: read it beside percent and prevalence."
_PANEL = "For a few annotators who each judge many items."
_BLOCKS = "Only where every item has a rating of every annotator; otherwise read alpha."
_BASELINE = "Edits of one draft are alike because of the draft: read it beside the likeness of edit and draft."

WORDS: dict[str, Word] = {
    "krippendorff_alpha": Word(
        "Krippendorff’s α",
        "Disagreement within items against disagreement across all of them.",
        _CHANCE,
        f"For any number of annotators, with answers missing. {_SKEWED}",
    ),
    "percent_agreement": Word(
        "Percent agreement",
        "The share of pairs of answers to one item that are equal.",
        _SHARE,
        "Nothing is taken off for chance: compare it only at the same choices.",
    ),
    "percent_agreement_without_ties": Word(
        "Percent agreement without ties",
        "The share of pairs of votes that are equal, after ties were dropped.",
        "From 0 to 1; chance gives .5.",
        "The figure that studies of preferences mostly print.",
    ),
    "percent_within_one_step": Word(
        "Percent within one step",
        "The share of pairs of answers that lie at most one step apart.",
        _SHARE,
        "High on short scales by chance alone.",
    ),
    "gwet_ac1": Word("Gwet’s AC1", "Agreement beyond chance that skewed prevalence pulls down less.", _CHANCE, _PANEL),
    "gwet_ac2": Word("Gwet’s AC2", "AC1 with a near miss counted as nearly agreed.", _CHANCE, _PANEL),
    "fleiss_kappa": Word("Fleiss’ κ", "Agreement beyond the chance of pooled answers.", _CHANCE, _SKEWED),
    "scott_pi": Word("Scott’s π", "Fleiss’ κ of two annotators.", _CHANCE, _SKEWED),
    "brennan_prediger": Word(
        "Brennan–Prediger κ",
        "Agreement beyond a chance that spreads evenly over the choices.",
        _CHANCE,
        "Rises with choices nobody uses.",
    ),
    "conger_kappa": Word("Conger’s κ", "Agreement of a fixed panel beyond each member’s own habits.", _CHANCE, _PANEL),
    "cohen_kappa": Word(
        "Cohen’s κ", "Agreement of two annotators beyond their own habits; Light’s mean over pairs.", _CHANCE, _PANEL
    ),
    "cohen_kappa_quadratic": Word(
        "Cohen’s κ, quadratic", "Cohen’s κ where a miss counts by the square of its steps.", _CHANCE, _PANEL
    ),
    "cohen_kappa_linear": Word(
        "Cohen’s κ, linear", "Cohen’s κ where a miss counts by its steps; Light’s mean over pairs.", _CHANCE, _PANEL
    ),
    "leave_one_out": Word(
        "Leave one out",
        "How often an answer is what most of the other annotators gave; 1/k where k values are level.",
        _SHARE,
        "With two or three annotators the others are often level.",
    ),
    **{
        f"icc_{form}": Word(
            f"ICC({form.replace('_', ',')})",
            f"How much of the variance is between items: {what}.",
            "At most 1.",
            _BLOCKS,
        )
        for form, what in (
            ("1_1", "one rating, annotators at random"),
            ("2_1", "one rating, absolute agreement"),
            ("3_1", "one rating, consistency"),
            ("1_k", "the mean rating, annotators at random"),
            ("2_k", "the mean rating, absolute agreement"),
            ("3_k", "the mean rating, consistency"),
        )
    },
    "kendall_tau_b": Word(
        "Kendall’s τ-b",
        "How far two annotators order the drafts alike.",
        "1: the same; 0: unrelated; −1: reversed.",
        "Takes ties and unranked drafts.",
    ),
    "kendall_w": Word(
        "Kendall’s W",
        "Concordance of all rankings of an item.",
        "From 0 to 1, never negative.",
        "Of two unrelated rankings W is .5: read τ-b first.",
    ),
    "share_significant": Word(
        "Items with significant W",
        "The share of items ranked more alike than chance would, at p < .05.",
        _SHARE,
        "Chance gives .05 or less; few drafts cannot reach it.",
    ),
    "edit_similarity": Word(
        "Likeness of two edits, characters",
        "How alike two edits of an item are: 1 less their edit distance, as a share of the longer one.",
        _SHARE,
        _BASELINE,
    ),
    "edit_rouge_l": Word("Likeness of two edits, ROUGE-L", "F1 of the longest common run of words.", _SHARE, _BASELINE),
    "edit_chrf": Word("Likeness of two edits, chrF", "F-score of character sequences.", _SHARE, _BASELINE),
    "edit_bleu": Word("Likeness of two edits, BLEU", "Precision of word sequences, smoothed.", _SHARE, _BASELINE),
    **{
        f"draft_{name}": Word(
            f"Likeness of edit and draft, {title}",
            "The baseline: how alike an edit and its draft are.",
            _SHARE,
            "1 where nothing was changed.",
        )
        for name, title in (("similarity", "characters"), ("rouge_l", "ROUGE-L"), ("chrf", "chrF"), ("bleu", "BLEU"))
    },
    "share_unchanged": Word(
        "Drafts left unchanged",
        "The share of edits that changed nothing.",
        _SHARE,
        "High where drafts are good, and where nobody reads them.",
    ),
}

_PEER = "Nobody can agree more with others than with himself."
WORDS.update(
    {
        "strength": Word(
            "Strength",
            "Log-odds of being preferred: a difference of 1 is odds of 2.7 to 1 (Bradley and Terry).",
            "The mean over all models is 0.",
            "Only differences between models mean something, and only where models met often.",
        ),
        "with_judge": Word(
            "Agreement with people",
            "The share of a person’s judgements of pairs that are the judge’s own.",
            _SHARE,
            "Read it beside what two people reach on the same items.",
        ),
        "adjudications": Word(
            "The reviewer’s draft is the best one",
            "The share of judgements of decided items whose best draft is the one that the reviewer picked.",
            _SHARE,
            "The reviewer saw the judgements before deciding: it does not say who is right.",
        ),
        "adjudicated_texts": Word(
            "Likeness to the decided text",
            "How alike an edit and the text that the reviewer decided on are, character by character.",
            _SHARE,
            "A reviewer who takes somebody’s edit as it is makes theirs a 1.",
        ),
        "known_answers": Word(
            "Hits of known answers",
            "The share of choices that are the known ones; of a ranking, whether the best draft is put first.",
            _SHARE,
            "A few answers say little: see the interval.",
        ),
        "first_shown": Word(
            "First shown preferred",
            "The share of decided pairs in which the draft that was shown first won.",
            "From 0 to 1; without a pull .5.",
            "The desk draws the order at random, so that no quality goes with a side.",
        ),
        "longer": Word(
            "Longer preferred",
            "The share of decided pairs in which the longer draft won.",
            "From 0 to 1; without a pull .5.",
            "A longer draft may well be the better one.",
        ),
        "formatted": Word(
            "More formatted preferred",
            "The share of decided pairs in which the draft with more lists, headings and bold won.",
            "From 0 to 1; without a pull .5.",
            "Formatting may well serve the reader.",
        ),
        "below_reading_time": Word(
            "Quicker than reading",
            "The share of judgements that took less time than reading all that was shown at 600 words a minute.",
            _SHARE,
            "Whoever knows the texts already needs less.",
        ),
        "changes_beyond_peers": Word(
            "Changes beyond peers",
            "How much more of a draft is changed than others change of it on the same items.",
            "From −1 to 1; 0: as much as others.",
            "Who changes more may be the one who reads.",
        ),
        "drafted_minus_undrafted": Word(
            "Likeness owed to drafts",
            "How much more alike two edits are that began from a draft than two answers from nothing.",
            "From −1 to 1; 0: drafts add nothing.",
            "Only where items of both kinds were given out at random, as the queue does.",
        ),
        "canaries_caught": Word(
            "Faults seen",
            "The share of planted faults that were ranked below the sound draft, or edited away.",
            _SHARE,
            "Planted faults are easier, or harder, than those that models make.",
        ),
        "repeats_same_order": Word(
            "Same order again",
            "The share of pairs of drafts that one person ranked alike at first and at second sight.",
            _SHARE,
            "Who remembers the item repeats the answer.",
        ),
        "repeats_tau_b": Word(
            "τ-b with oneself",
            "How far one person’s two rankings of an item order its drafts alike.",
            "1: the same; 0: unrelated; −1: reversed.",
            _PEER,
        ),
        "repeats_same_answer": Word(
            "Same answer again",
            "The share of choices and ratings that one person gave alike at first and at second sight.",
            _SHARE,
            _PEER,
        ),
        "repeats_edit_similarity": Word(
            "Same edit again",
            "How alike the two edits are that one person made of one item.",
            _SHARE,
            "Edits of one draft are alike because of the draft.",
        ),
    }
)

HEADS: dict[str, str] = {
    "value": "The number itself; the row says what it is.",
    "95 % interval": "Where the value lies in 95 of 100 draws of items like these; nothing about other annotators.",
    "items": "Items that two or more annotators judged, which the number rests on.",
    "annotations": "Judgements that the number rests on.",
    "annotators": "People whose judgements these are.",
    "note": "What limits the number, or why it is not defined.",
    "percent": "The share of items that both judged alike: a κ says little without it.",
    "share": "Of all current answers.",
    "answers": "How many current answers there are.",
    "first half": "Agreement with the others in the earlier half of the person’s judgements.",
    "second half": "The same in the later half: a lower value may be drift, or harder items.",
    "s an item": "The median of the active seconds at the desk.",
    "differs most": "What the person said where most others said something else, the most frequent first.",
    "pairs that agree": "The share of pairs of answers to the item that are equal.",
    "half-width": "Half of the interval: the value plus or minus this.",
    "won": "Wins with ties as half a win, of all duels.",
    "duels": "Pairs of drafts of two models that somebody set side by side.",
    "judged again": "Pairs of texts that the person judged more than once.",
    "reversed": "Of these, those judged both ways round.",
    "triples": "Three texts of which the person preferred one in each pair.",
    "in a circle": "Of these, those where each beats the next: no order fits them.",
    "hits": "Choices that are the known ones.",
    "share of hits": "Hits by all choices.",
    "of": "Choices that known answers made: one a ranking, one a question, one a checked draft.",
    "τ-b": "The mean likeness of rankings to the known ones, from −1 to 1.",
    "chrf": "The mean likeness of edits to the known texts, from 0 to 1.",
    "accuracy": "The share of right answers that Dawid and Skene’s model estimates.",
    "majority": "The share of answers that are the majority’s; the person counts in it.",
}
"""What the columns of the report's tables hold."""

_OTHER = "krippendorff_alpha_interval"
WORDS[_OTHER] = WORDS["krippendorff_alpha"]


def word(name: str) -> Word:
    """The word for a statistic; a name that has none stands for itself."""
    return WORDS.get(name, Word(name.replace("_", " "), "", "", ""))
