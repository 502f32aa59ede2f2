"""What was typed is kept: autosave, 存草稿, and rescue when a session or the database fails."""
