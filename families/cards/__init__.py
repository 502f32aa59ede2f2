"""亲情寄语 → 桌签: words of the family on a card for the desk."""
