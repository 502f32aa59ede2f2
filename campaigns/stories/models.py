"""Tables of the slice: public stories: news, themed pages, interviews, courses, hotlines."""
