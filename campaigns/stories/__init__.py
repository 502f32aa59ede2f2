"""Public stories: news, themed pages, interviews, courses, hotlines."""
