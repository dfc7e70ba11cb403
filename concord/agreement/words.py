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
        "Two edits, characters", "1 less the edit distance over the longer length.", _SHARE, _BASELINE
    ),
    "edit_rouge_l": Word("Two edits, ROUGE-L", "F1 of the longest common run of words.", _SHARE, _BASELINE),
    "edit_chrf": Word("Two edits, chrF", "F-score of character sequences.", _SHARE, _BASELINE),
    "edit_bleu": Word("Two edits, BLEU", "Precision of word sequences, smoothed.", _SHARE, _BASELINE),
    **{
        f"draft_{name}": Word(
            f"Edit and draft, {title}",
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

_OTHER = "krippendorff_alpha_interval"
WORDS[_OTHER] = WORDS["krippendorff_alpha"]


def word(name: str) -> Word:
    """The word for a statistic; a name that has none stands for itself."""
    return WORDS.get(name, Word(name.replace("_", " "), "", "", ""))
