"""The same picture, sound or text in two entries: found in the background, judged by people, never by the machine."""
