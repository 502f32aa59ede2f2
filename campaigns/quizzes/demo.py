"""The demo's quizzes."""
