"""Messages to people: in the site, by e-mail, by SMS. Everything that leaves is a row first."""
