"""Tables of the slice: question bank, papers, attempts, prize draws; awareness surveys."""

from campaigns.quizzes.models.attempts import Answer, Attempt
from campaigns.quizzes.models.bank import Question
from campaigns.quizzes.models.draws import Draw, PrizeEntry
from campaigns.quizzes.models.papers import Quiz, QuizItem
from campaigns.quizzes.models.surveys import (
    Survey,
    SurveyChoice,
    SurveyOption,
    SurveyQuestion,
    SurveyResponse,
    SurveyTally,
    TallyBatch,
)

__all__ = [
    "Answer",
    "Attempt",
    "Draw",
    "PrizeEntry",
    "Question",
    "Quiz",
    "QuizItem",
    "Survey",
    "SurveyChoice",
    "SurveyOption",
    "SurveyQuestion",
    "SurveyResponse",
    "SurveyTally",
    "TallyBatch",
]
